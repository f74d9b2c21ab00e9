"""What people decided on possible duplicates, as answers the next search learns from."""

from collections.abc import Collection, Mapping, Sequence
from math import log
from uuid import UUID

from sqlmodel import Session, col, select

from c360.matching import corrections, engine
from c360.matching.corrections import Answer
from c360.matching.evidence import ANSWERS, GUARD, Explanation, from_json
from c360.matching.explanation import levels_of
from c360.models.duplicate import MERGED, DuplicateGroup, DuplicatePair
from c360.services.mass import chunks
from c360.services.merged import survivors


def merged(session: Session, entity: str) -> list[Answer]:
    """Return the pairs of the queue that were merged and still are, as they looked when they were found."""
    decided = select(DuplicateGroup.id).where(DuplicateGroup.state == MERGED, DuplicateGroup.entity == entity)
    query = select(DuplicatePair).where(
        col(DuplicatePair.group_id).in_(decided), col(DuplicatePair.through_id).is_(None)
    )
    rows = session.exec(query.order_by(col(DuplicatePair.id))).all()
    into = _survivors(session, {one for row in rows for one in (row.left_id, row.right_id)})
    return [
        _answer(from_json(row.why), entity)
        for row in rows
        if into.get(row.left_id, row.left_id) == into.get(row.right_id, row.right_id)
    ]


def _survivors(session: Session, ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    found: dict[UUID, UUID] = {}
    for part in chunks(sorted(ids)):
        found |= survivors(session, part)
    return found


def _answer(why: Explanation, entity: str) -> Answer:
    """Return a pair that was one, by what the evidence said of it before any answer, rule or guard."""
    raw = why.bits - sum(bar.bits for bar in why.bars if bar.field in (ANSWERS, GUARD))
    return Answer(raw * log(2), levels_of(why, entity), True)


def taught(compared: engine.Compared, same: Sequence[Answer], apart: Sequence[int]) -> engine.Compared:
    """Return what was found as it is in the light of the answers: who is one, and the places of who is not."""
    different = [corrections.answer(compared, place, same=False) for place in apart]
    return corrections.taught(compared, corrections.learn(compared, [*same, *different]))
