"""Ids that never die: where the id of a record that was merged leads, through any chain of merges in one question."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from c360.core.i18n import text
from c360.models.customer import Customer
from c360.models.journal import MERGED, ChangeRow, ChangeSet
from c360.models.user import User
from c360.services import merged, references
from c360.services.merging.shapes import Alias
from c360.services.uow import UnitOfWork


def resolve(uow: UnitOfWork, record_id: UUID) -> Alias | None:
    """Return where an old id leads this actor; None for an id that was not merged or leads out of his reach."""
    survivor_id = merged.survivors(uow.session, [record_id]).get(record_id)
    if survivor_id is None:
        return None
    record = uow.session.exec(uow.select("customer", archived=True).where(Customer.id == survivor_id)).one_or_none()
    if record is None:
        return None
    merge = uow.session.exec(
        select(ChangeSet, User.name)
        .join(ChangeRow, col(ChangeRow.set_id) == col(ChangeSet.id))
        .outerjoin(User, col(User.id) == col(ChangeSet.actor_id))
        .where(ChangeRow.record_id == record_id, col(ChangeSet.action).in_(MERGED))
        .order_by(col(ChangeSet.seq).desc())
        .limit(1)
    ).first()
    made, who = merge or (None, "")
    return Alias(
        record_id, survivor_id, record.kind,
        references.titles(uow, record.kind, [record_id]).get(record_id, references.NAMELESS),
        references.called(uow, record.kind, record), made.id if made else None,
        made.at.isoformat() if made else "", who or text(uow.actor.language, "history.system"),
    )  # fmt: skip


def follow(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, Alias]:
    """Return, for those of these ids whose record was merged, where they lead this actor."""
    found = {one: resolve(uow, one) for one in merged.survivors(uow.session, ids)}
    return {one: alias for one, alias in found.items() if alias is not None}
