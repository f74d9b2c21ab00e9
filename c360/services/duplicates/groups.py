"""Keeping what scans find: groups of customers and the pairs that tie them, each group as it was last found."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, or_, select

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.matching.evidence import Explanation, from_json
from c360.models.customer import Customer
from c360.models.duplicate import APART, MERGED, OPEN, WAITING, DuplicateGroup, DuplicatePair, DuplicateVerdict
from c360.services.duplicates import weighing

NAMES = UUID("6f1a2a52-91d4-4c5b-8f0e-0d5b1e6a1c11")
"""The space in which the ids of groups are made from their members."""
PIECE = 500
SMALL = 60
"""Members up to which a group keeps only the pairs that tie themselves."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two customers that may be one, how likely, and why; ``through`` ties them where nothing else does."""

    left_id: UUID
    right_id: UUID
    why: Explanation
    through: UUID | None = None

    @property
    def score(self) -> float:
        """How likely they are one."""
        return self.why.score


def put(
    session: Session, entity: str, found: Iterable[tuple[Collection[UUID], Sequence[Candidate]]], *,
    scan_id: UUID | None = None, door: str = "scan",
) -> None:  # fmt: skip
    """Keep groups with their pairs; one that is known keeps its place in people's work, unless it was decided."""
    groups = [(_id(members), members, pairs) for members, pairs in found]
    members = [one for _, some, _ in groups for one in some]
    _forget_pairs(session, members)
    values = _values(session, members)
    known = _known(session, [group_id for group_id, _, _ in groups])
    now = utc_now()
    fresh, kept, again, rows = [], [], [], []
    for group_id, some, pairs in groups:
        score = _sure(some, pairs)
        told = {
            "score": score, "size": len(some), "scan_id": scan_id,
            "worth": round(score * (1 + log1p(sum(values.get(one, 0) for one in some)) / 10), 6),
        }  # fmt: skip
        if group_id not in known:
            fresh.append({"id": group_id, "entity": entity, "state": OPEN, "note": "", "found_at": now, **told})
        elif known[group_id] in WAITING:
            kept.append({"id": group_id, **told})
        else:
            again.append({"id": group_id, **told, "state": OPEN, "decided_at": None, "decided_by_id": None})
        rows += [
            {
                "id": new_id(), "group_id": group_id, "entity": entity, "left_id": min(pair.left_id, pair.right_id),
                "right_id": max(pair.left_id, pair.right_id), "through_id": pair.through, "score": pair.score,
                "why": pair.why.to_json(), "door": door, "found_at": now,
            }
            for pair in pairs
        ]  # fmt: skip
    for changes in filter(None, (kept, again)):
        session.execute(update(DuplicateGroup), changes)
    if fresh:
        session.execute(insert(DuplicateGroup), fresh)
    if rows:
        session.execute(insert(DuplicatePair), rows)


def replace(
    session: Session, entity: str, customer_ids: Collection[UUID], pairs: Sequence[Candidate], door: str
) -> int:
    """Put the pairs of some customers in the place of those they had, and group whom this touches anew."""
    before = _touched(session, {*customer_ids, *(one for pair in pairs for one in (pair.left_id, pair.right_id))})
    mine = set(customer_ids)
    kept = [_candidate(row) for row in before if row.left_id not in mine and row.right_id not in mine]
    found = _grouped(session, [*kept, *pairs])
    old = {row.group_id for row in before}
    _forget_pairs(session, [one for row in before for one in (row.left_id, row.right_id)])
    put(session, entity, found, door=door)
    drop_empty(session, old)
    return len(found)


def drop_empty(session: Session, group_ids: Collection[UUID]) -> None:
    """Take those of these groups away that wait and hold no pair any more."""
    tied = select(DuplicatePair.group_id).where(col(DuplicatePair.group_id) == col(DuplicateGroup.id))
    ids = list(group_ids)
    for start in range(0, len(ids), PIECE):
        session.execute(
            delete(DuplicateGroup).where(
                col(DuplicateGroup.id).in_(ids[start : start + PIECE]), col(DuplicateGroup.state).in_(WAITING),
                ~tied.exists(),
            )
        )  # fmt: skip


def finish(session: Session, entity: str, scan_id: UUID) -> None:
    """Take the waiting groups away that a whole scan did not find again."""
    stale = select(DuplicateGroup.id).where(
        DuplicateGroup.entity == entity, col(DuplicateGroup.state).in_(WAITING),
        col(DuplicateGroup.scan_id).is_distinct_from(scan_id),
    )  # fmt: skip
    session.execute(delete(DuplicatePair).where(col(DuplicatePair.group_id).in_(stale)))
    session.execute(delete(DuplicateGroup).where(col(DuplicateGroup.id).in_(stale)))


def part(session: Session, left_id: UUID, right_id: UUID, user_id: UUID | None) -> None:
    """Take two customers out of one group because somebody told them apart; the last pair of a group decides it."""
    query = select(DuplicatePair).where(DuplicatePair.left_id == left_id, DuplicatePair.right_id == right_id)
    pair = session.exec(query).first()
    if pair is None:
        return
    rest = [row for row in _touched(session, [left_id]) if row.group_id == pair.group_id and row.id != pair.id]
    if not rest:
        decide(session, pair.group_id, APART, user_id)
        return
    session.execute(delete(DuplicatePair).where(col(DuplicatePair.id) == pair.id))
    put(session, pair.entity, _grouped(session, [_candidate(row) for row in rest]))
    drop_empty(session, [pair.group_id])


def decide(session: Session, group_id: UUID, state: str, user_id: UUID | None) -> None:
    """Note that a group was decided on, and by whom."""
    done = {"state": state, "decided_at": utc_now(), "decided_by_id": user_id}
    session.execute(update(DuplicateGroup).where(col(DuplicateGroup.id) == group_id).values(**done))


def leave(session: Session, customer_ids: Collection[UUID]) -> None:
    """Take customers that are archived or merged now out of the groups that wait for a decision.

    A group whose members were merged into one another was decided by that.
    """
    found = select(Customer.id, Customer.merged_into_id).where(
        col(Customer.id).in_(customer_ids),
        or_(
            col(Customer.archived_at).is_not(None), col(Customer.merged_into_id).is_not(None),
            col(Customer.inactive_at).is_not(None),
        ),
    )  # fmt: skip
    gone: dict[UUID, UUID | None] = dict(session.exec(found).all())
    rows = _touched(session, gone) if gone else []
    merged = {
        row.group_id for row in rows if gone.get(row.left_id) == row.right_id or gone.get(row.right_id) == row.left_id
    }
    done = {"state": MERGED, "decided_at": utc_now()}
    session.execute(update(DuplicateGroup).where(col(DuplicateGroup.id).in_(merged)).values(**done))
    for entity in {row.entity for row in rows}:
        left = [row for row in rows if row.entity == entity and not {row.left_id, row.right_id} & set(gone)]
        put(session, entity, _grouped(session, [_candidate(row) for row in left]))
    lost = [row.id for row in rows if row.group_id not in merged and {row.left_id, row.right_id} & set(gone)]
    session.execute(delete(DuplicatePair).where(col(DuplicatePair.id).in_(lost)))
    drop_empty(session, {row.group_id for row in rows})


def _candidate(row: DuplicatePair) -> Candidate:
    return Candidate(row.left_id, row.right_id, from_json(row.why), row.through_id)


def _id(members: Collection[UUID]) -> UUID:
    return uuid5(NAMES, " ".join(str(one) for one in sorted(members)))


def _sure(members: Collection[UUID], pairs: Sequence[Candidate]) -> float:
    """Return how sure a group is: as its weakest member is tied at his best."""
    best: dict[UUID, float] = defaultdict(float)
    for pair in pairs:
        for one in (pair.left_id, pair.right_id):
            best[one] = max(best[one], pair.score)
    return min((best[one] for one in members), default=0.0)


def _values(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """Return what each customer is worth to us: how often we were in contact."""
    found: dict[UUID, int] = {}
    for start in range(0, len(ids), PIECE):
        query = select(Customer.id, Customer.contacts_total).where(col(Customer.id).in_(ids[start : start + PIECE]))
        found |= dict(session.exec(query).all())
    return found


def _known(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    found: dict[UUID, str] = {}
    for start in range(0, len(ids), PIECE):
        query = select(DuplicateGroup.id, DuplicateGroup.state).where(
            col(DuplicateGroup.id).in_(ids[start : start + PIECE])
        )
        found |= dict(session.exec(query).all())
    return found


def _forget_pairs(session: Session, ids: Sequence[UUID]) -> None:
    for start in range(0, len(ids), PIECE):
        part = ids[start : start + PIECE]
        for side in (DuplicatePair.left_id, DuplicatePair.right_id):
            # Nobody looks at the rows read before again: to seek them in the session takes longer than to delete them.
            gone = delete(DuplicatePair).where(col(side).in_(part))
            session.execute(gone, execution_options={"synchronize_session": False})


def _touched(session: Session, customer_ids: Collection[UUID]) -> Sequence[DuplicatePair]:
    """Return every pair of the waiting groups some customers are in."""
    ids = list(customer_ids)
    groups: set[UUID] = set()
    for start in range(0, len(ids), PIECE):
        part = ids[start : start + PIECE]
        for side in (DuplicatePair.left_id, DuplicatePair.right_id):
            groups |= set(session.exec(select(DuplicatePair.group_id).where(col(side).in_(part))))
    waiting = select(DuplicateGroup.id).where(
        col(DuplicateGroup.id).in_(groups), col(DuplicateGroup.state).in_(WAITING)
    )
    return session.exec(select(DuplicatePair).where(col(DuplicatePair.group_id).in_(waiting))).all()


def _grouped(session: Session, pairs: Sequence[Candidate]) -> list[tuple[list[UUID], list[Candidate]]]:
    """Return who belongs together by these pairs, each group with its own pairs; who was told apart never does."""
    ids = sorted({one for pair in pairs for one in (pair.left_id, pair.right_id)})
    place: Mapping[UUID, int] = {one: number for number, one in enumerate(ids)}
    mine = {tuple(sorted((pair.left_id, pair.right_id))) for pair in pairs}
    links = [(place[pair.left_id], place[pair.right_id], pair.score) for pair in pairs]
    told = select(DuplicateVerdict.left_id, DuplicateVerdict.right_id).where(
        col(DuplicateVerdict.revoked_at).is_(None), col(DuplicateVerdict.left_id).in_(ids)
    )
    # A pair that is here all the same came closer since it was told apart.
    apart = [
        (place[left], place[right])
        for left, right in session.exec(told)
        if right in place and (left, right) not in mine
    ]
    label: Any = weighing.engine("clusters").linked(len(ids), links, apart)
    found: dict[int, tuple[list[UUID], list[Candidate]]] = {}
    for one in ids:
        found.setdefault(label[place[one]], ([], []))[0].append(one)
    for pair in pairs:
        group = label[place[pair.left_id]]
        if group == label[place[pair.right_id]]:
            found[group][1].append(pair)
    return [some for some in found.values() if len(some[0]) > 1]
