"""Rules of relations: fitting ends, days in order, nobody tied to himself or twice to the same, one primary relay."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect
from sqlmodel import col, or_, select

from c360.core.clock import today
from c360.core.errors import Conflict, Invalid
from c360.models.customer import Customer
from c360.models.relationship import RELAY, Relation, RelationType
from c360.services.rules.siblings import customer_of, others

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

FACTS = frozenset({"from_id", "to_id", "type_id", "since_on", "until_on", "is_former", "is_primary", "archived_at"})


def keep(uow: "UnitOfWork", record: Relation, changed: Collection[str]) -> None:
    """Refuse a relation that cannot be: to himself, between the wrong kinds, ended before it began, there already."""
    if record.since_on and record.until_on and record.until_on < record.since_on:
        raise Invalid.field("until_on", "relation.backwards")
    if record.from_id == record.to_id:
        raise Invalid.field("to_id", "relation.itself")
    _same_ends(record)
    if record.archived_at is None and FACTS & set(changed):
        kind = _type(uow, record)
        if {"type_id", "from_id", "to_id"} & set(changed):
            _fits(uow, record, kind)
        _twice(uow, record, kind)
        _one_primary(uow, record, kind)
    elif record.archived_at is not None:
        record.is_primary = False


def keep_type(uow: "UnitOfWork", record: RelationType, changed: Collection[str]) -> None:
    """Ask for the wording of the other side, and keep what a type in use says of its ends."""
    if record.shape != "equal" and not record.reverse:
        raise Invalid.field("reverse", "error.required", field="Wording from the other side")
    if record.part and (record.shape != "directed" or record.to_kind != "account"):
        raise Invalid.field("part", "relation_type.no_organisation")
    if not inspect(record).pending and _narrowed(record) and _used(uow, record):
        raise Conflict("relation_type.used", entry=record.name)


def _narrowed(record: RelationType) -> bool:
    """Tell whether the type means something else now: another direction, or ends it did not ask for before."""
    states = inspect(record).attrs
    changed = {n for n in ("shape", "from_kind", "to_kind") if states[n].history.has_changes()}
    return "shape" in changed or any(getattr(record, name) != "any" for name in changed)


def _used(uow: "UnitOfWork", record: RelationType) -> bool:
    with uow.session.no_autoflush:
        return uow.session.exec(select(Relation.id).where(Relation.type_id == record.id).limit(1)).first() is not None


def _same_ends(record: Relation) -> None:
    """A relation is turned round, never moved to somebody else: that is another relation."""
    if inspect(record).pending:
        return
    was = {n: inspect(record).attrs[n].history.deleted or [getattr(record, n)] for n in ("from_id", "to_id")}
    if {was["from_id"][0], was["to_id"][0]} != {record.from_id, record.to_id}:
        raise Invalid.field("to_id", "relation.moved")


def _type(uow: "UnitOfWork", record: Relation) -> Any:
    with uow.session.no_autoflush:
        kind = uow.session.get(RelationType, record.type_id)
    if kind is None:
        raise Invalid.field("type_id", "error.reference")
    return kind


def _fits(uow: "UnitOfWork", record: Relation, kind: RelationType) -> None:
    if kind.retired_at is not None and inspect(record).attrs["type_id"].history.has_changes():
        raise Invalid.field("type_id", "relation.retired", entry=kind.name)
    for name, wanted in (("from_id", kind.from_kind), ("to_id", kind.to_kind)):
        end = customer_of(uow, getattr(record, name), Customer)
        if end is None or end.merged_into_id is not None:
            raise Invalid.field(name, "error.reference")
        if wanted not in ("any", end.kind):
            raise Invalid.field("type_id", f"relation.unfit.{wanted}", entry=kind.name)


def _twice(uow: "UnitOfWork", record: Relation, kind: RelationType) -> None:
    """Refuse the same tie at the same time; an earlier one that is over stays beside it."""
    pairs = [(record.from_id, record.to_id)]
    if kind.shape == "equal":
        pairs.append((record.to_id, record.from_id))
    ends = select(Customer.id).where(col(Customer.id).in_(pairs[0])).order_by(col(Customer.id))
    same = or_(*((col(Relation.from_id) == a) & (col(Relation.to_id) == b) for a, b in pairs))
    live = select(Relation).where(same, Relation.type_id == record.type_id, col(Relation.archived_at).is_(None))
    with uow.session.no_autoflush:
        # Two people who tie the same two at once wait for each other.
        uow.session.exec(ends.with_for_update(key_share=True)).all()
        rows = list(uow.session.exec(live))
    rows += [row for row in uow.session.new if isinstance(row, Relation)]
    for other in rows:
        alike = other.type_id == record.type_id and (other.from_id, other.to_id) in pairs
        if alike and other.id != record.id and other.archived_at is None and _meet(record, other):
            raise Invalid.field("to_id", "relation.twice")


def _one_primary(uow: "UnitOfWork", record: Relation, kind: RelationType) -> None:
    """Keep one primary relay of an organisation; who is no relay, or no longer, is not the primary one."""
    if kind.part != RELAY or record.is_former or (record.until_on and record.until_on < today()):
        record.is_primary = False
    if record.is_primary:
        for other in others(uow, record, "to_id", col(Relation.is_primary).is_(True)):
            other.is_primary = False


def _meet(one: Relation, other: Relation) -> bool:
    """Tell whether two relations hold at the same time; what is over without a day meets nothing."""
    if (one.is_former and one.until_on is None) or (other.is_former and other.until_on is None):
        return False
    begins = max(filter(None, (one.since_on, other.since_on)), default=None)
    ends = min(filter(None, (one.until_on, other.until_on)), default=None)
    return begins is None or ends is None or begins <= ends
