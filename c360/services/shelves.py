"""What lies in a folder: the rows its rule finds, or those somebody put there."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false
from sqlmodel import col, select

from c360.core.errors import NotFound
from c360.models.view import Folder, FolderMember
from c360.query import criteria
from c360.query.complete import complete
from c360.registry.entity import Entity
from c360.services.uow import UnitOfWork


def inside(uow: UnitOfWork, entity: Entity, folder_id: UUID) -> ColumnElement[bool]:
    """Return the test that a row lies in a folder the actor may see; a dynamic one asks with his own rights."""
    folder: Folder = uow.get("folder", folder_id)
    if folder.entity not in (entity.key, "customer") and entity.key != "customer":
        raise NotFound("error.not_found", entity="Folder")
    if folder.mode == "static":
        members = select(col(FolderMember.customer_id)).where(
            col(FolderMember.folder_id) == folder.id, col(FolderMember.archived_at).is_(None)
        )
        return _id(entity).in_(members.correlate(None))
    rule = complete(criteria.from_json(folder.criteria))
    if not rule.of:
        # A rule that says nothing yet would show everything.
        return false()
    kind = getattr(entity.model, "kind", None)
    narrowed = [kind == folder.entity] if kind is not None and folder.entity in ("contact", "account") else []
    return and_(*narrowed, uow.where(folder.entity, rule))


def _id(entity: Entity) -> Any:
    return col(entity.model.id)
