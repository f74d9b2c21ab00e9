"""Keeping what scans find of households: pairs of people who share a house and a name, but are not one person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, or_, update
from sqlmodel import Session, col, select

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.models.duplicate import HouseholdPair
from c360.services.mass import chunks


@dataclass(frozen=True, slots=True)
class Home:
    """Two people of one household, and on which level each of the fields that tell so is."""

    left_id: UUID
    right_id: UUID
    levels: Mapping[str, str]

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """Both, the smaller id first."""
        return min(self.left_id, self.right_id), max(self.left_id, self.right_id)


def put(session: Session, found: Sequence[Home], *, scan_id: UUID | None = None) -> None:
    """Keep pairs; one that is known stays as old as it is."""
    known: dict[tuple[UUID, UUID], UUID] = {}
    for part in chunks(sorted({one.pair[0] for one in found})):
        query = select(HouseholdPair.left_id, HouseholdPair.right_id, HouseholdPair.id)
        rows = session.exec(query.where(col(HouseholdPair.left_id).in_(part)))
        known |= {(left, right): one for left, right, one in rows}
    told = {one.pair: {"levels": dict(one.levels), "shared": len(one.levels), "scan_id": scan_id} for one in found}
    again = [{"id": known[pair], **values} for pair, values in told.items() if pair in known]
    fresh = [
        {"id": new_id(), "left_id": pair[0], "right_id": pair[1], "found_at": utc_now(), **values}
        for pair, values in told.items() if pair not in known
    ]  # fmt: skip
    if again:
        session.execute(update(HouseholdPair), again)
    if fresh:
        session.execute(insert(HouseholdPair), fresh)


def replace(session: Session, customer_ids: Collection[UUID], found: Sequence[Home]) -> None:
    """Put the pairs of some customers in the place of those they had."""
    kept = {one.pair for one in found}
    for part in chunks(sorted(customer_ids)):
        either = or_(col(HouseholdPair.left_id).in_(part), col(HouseholdPair.right_id).in_(part))
        rows = session.exec(select(HouseholdPair.id, HouseholdPair.left_id, HouseholdPair.right_id).where(either)).all()
        gone = [one for one, left, right in rows if (left, right) not in kept]
        for some in chunks(gone):
            session.execute(delete(HouseholdPair).where(col(HouseholdPair.id).in_(some)))
    put(session, found)


def finish(session: Session, entity: str, scan_id: UUID) -> None:
    """Take the pairs away that a whole scan of people did not find again."""
    if entity == "contact":
        session.execute(delete(HouseholdPair).where(col(HouseholdPair.scan_id).is_distinct_from(scan_id)))
