"""Columns whose values lie in other tables: tags and folders of a customer, customers of an activity, once a page."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.models.tag import Tag, Tagging
from c360.models.view import Folder, FolderMember
from c360.query.scope import live, reach
from c360.registry.entity import FieldSpec, entity_for
from c360.services import activity_lines
from c360.services.uow import UnitOfWork

KINDS = ("tags", "folders", "customers")


def is_related(spec: FieldSpec) -> bool:
    """Tell whether a field's values lie in another table."""
    return spec.kind.key in KINDS


def load(uow: UnitOfWork, spec: FieldSpec, ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Return what is linked to some records and the actor may see, by record."""
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    if not ids:
        return found
    if spec.kind.key == "tags":
        tag = entity_for("tag")
        rows = select(Tagging.customer_id, Tag.id, Tag.name, Tag.color).where(
            col(Tagging.tag_id) == col(Tag.id), col(Tagging.archived_at).is_(None), col(Tagging.customer_id).in_(ids),
            reach(tag, uow.actor, Verb.READ), live(tag),
        )  # fmt: skip
        for customer_id, tag_id, name, color in uow.session.exec(rows.order_by(col(Tag.folded))):
            found[customer_id].append({"id": str(tag_id), "label": name, "color": color})
        return found
    if spec.kind.key == "customers":
        linked = activity_lines.with_whom(uow, ids).items()
        return {one: [{"id": who.id or None, "label": who.name} for who in people] for one, people in linked}
    folder = entity_for("folder")
    held = select(FolderMember.customer_id, Folder.id, Folder.name).where(
        col(FolderMember.folder_id) == col(Folder.id), col(FolderMember.archived_at).is_(None),
        col(FolderMember.customer_id).in_(ids), reach(folder, uow.actor, Verb.READ), live(folder),
    )  # fmt: skip
    for customer_id, folder_id, name in uow.session.exec(held.order_by(col(Folder.position), col(Folder.name))):
        found[customer_id].append({"id": str(folder_id), "label": name})
    return found
