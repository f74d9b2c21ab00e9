"""Rules on trial: two records weighed, and what would become of the pairs that wait, before anything is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from c360.core.errors import NotFound
from c360.matching.keys import Row
from c360.matching.rule import everywhere
from c360.models.duplicate import WAITING, DuplicateGroup, DuplicatePair
from c360.services import names, references
from c360.services.duplicates import reviewing, scoping, sources, telling, weighing
from c360.services.duplicates.rules import Rules, of
from c360.services.duplicates.telling import Shown
from c360.services.uow import UnitOfWork

OFFERED, LOOKED_AT = 20, 2_000


@dataclass(slots=True)
class Blank:
    """A box of the test bench: a field that is compared and its two values."""

    name: str
    label: str
    left: str = ""
    right: str = ""


@dataclass(slots=True)
class Verdict:
    """What rules say of two records."""

    score: float
    band: str
    why: str
    met: list[str] = field(default_factory=list)
    """The rules both meet."""
    outside: list[str] = field(default_factory=list)
    """The rules both would meet, were they inside the scope."""
    bars: list[Shown] = field(default_factory=list)


@dataclass(slots=True)
class Effect:
    """How many of the pairs that wait would change their band."""

    looked_at: int = 0
    sure: int = 0
    no_longer_sure: int = 0
    leave: int = 0


def weigh(
    uow: UnitOfWork, entity: str, left: Mapping[str, str], right: Mapping[str, str], by: Rules,
    pair: tuple[UUID, UUID] | None = None,
) -> Verdict:  # fmt: skip
    """Weigh two typed records by rules that need not be kept yet.

    Typed over a ``pair`` of customers they are inside the scopes those are inside; of others the bench asks too little
    to tell, and they count as inside of all.
    """
    language = uow.actor.language
    sides = [
        Row({name: sources.text_of(name, side.get(name, "").strip()) for name in sources.COLUMNS[entity]})
        for side in (left, right)
    ]
    if pair:
        for customer_id in pair:
            uow.get(entity, customer_id)
    asked = scoping.asked(uow.session, entity, by, pair) if pair else everywhere(by.rules)
    [one] = weighing.weigh(uow.session, entity, weighing.table(entity, sides), [(0, 1)], by, asked)
    if not one.levels:
        return Verdict(0, "ignore", telling.text(language, "duplicate.nothing.typed"))
    met = [told for told in asked if told.rule.active and told.rule.meets(one.levels)]
    inside, outside = ([told.rule.name for told in met if told.holds == holds] for holds in (True, False))
    why, score = one.why, one.why.score
    return Verdict(score, by.band(score), telling.sentence(why, language), inside, outside, telling.bars(why, language))


def blanks(uow: UnitOfWork, entity: str, pair: tuple[UUID, UUID] | None = None) -> list[Blank]:
    """Return the boxes of the test bench, filled from two customers the actor may open; closed fields stay out."""
    own, place = uow.fields(entity), uow.fields("address")
    found = []
    for name in sources.COLUMNS[entity]:
        at = sources.FIELD.get(name, sources.SOURCES.get(name, name))
        spec, home = (own[at], entity) if at in own else (place.get(at), "address")
        if spec is not None:
            found.append(Blank(name, names.field_label(home, spec, uow.actor.language)))
    if pair:
        for customer_id in pair:
            uow.get(entity, customer_id)
        rows = sources.rows(uow.session, entity, pair)
        if len(rows) < len(set(pair)):
            raise NotFound("duplicate.group.gone")
        uow.saw("duplicates", entity, ids=[str(one) for one in pair])
        for blank in found:
            blank.left, blank.right = ((rows[one].texts.get(blank.name) or "") for one in pair)
    return found


def offered(uow: UnitOfWork, entity: str) -> list[tuple[str, str]]:
    """Return pairs that wait and the actor may open, the most doubtful first: ids and names."""
    left, right = reviewing.seen_by(uow, DuplicatePair.left_id), reviewing.seen_by(uow, DuplicatePair.right_id)
    query = _waiting(entity).where(left, right)
    rows = uow.session.exec(query.order_by(col(DuplicatePair.score), col(DuplicatePair.id)).limit(OFFERED)).all()
    titles = references.titles(uow, entity, {one for row in rows for one in (row.left_id, row.right_id)})
    uow.saw("duplicates", entity, ids=[str(one) for one in titles])
    return [(f"{row.left_id},{row.right_id}", f"{titles[row.left_id]} · {titles[row.right_id]}") for row in rows]


def effect(uow: UnitOfWork, entity: str, by: Rules) -> Effect:
    """Return what rules would do to the pairs that wait; pairs nobody found yet show with the next search."""
    rows = uow.session.exec(_waiting(entity).order_by(col(DuplicatePair.score).desc()).limit(LOOKED_AT)).all()
    known = sources.rows(uow.session, entity, {one for row in rows for one in (row.left_id, row.right_id)})
    place = {one: number for number, one in enumerate(known)}
    pairs = [
        (place[row.left_id], place[row.right_id]) for row in rows if row.left_id in place and row.right_id in place
    ]
    now, by, table = of(uow.session, entity).at("scan"), by.at("scan"), weighing.table(entity, list(known.values()))
    before, after = (
        weighing.weigh(uow.session, entity, table, pairs, one, scoping.asked(uow.session, entity, one, list(known)))
        for one in (now, by)
    )
    bands = [(now.band(one.why.score), by.band(other.why.score)) for one, other in zip(before, after, strict=True)]
    return Effect(
        len(bands), sum(a != "sure" == b for a, b in bands), sum(a == "sure" and b == "ask" for a, b in bands),
        sum(a != "ignore" == b for a, b in bands),
    )  # fmt: skip


def _waiting(entity: str) -> SelectOfScalar[DuplicatePair]:
    tied = select(DuplicateGroup.id).where(col(DuplicateGroup.state).in_(WAITING), DuplicateGroup.entity == entity)
    return select(DuplicatePair).where(col(DuplicatePair.group_id).in_(tied), col(DuplicatePair.through_id).is_(None))
