"""What the wizard shows before anything is chosen: who should survive and why, field by field, kind by kind."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.i18n import text
from c360.models.customer import Customer
from c360.query.expressions import plain
from c360.registry.entity import Entity
from c360.services import facts, names, references
from c360.services.merging import folding, lines, mains, strategies, tables
from c360.services.merging import people as participants
from c360.services.merging.atoms import ATOMS
from c360.services.merging.lines import Unit
from c360.services.merging.people import People
from c360.services.merging.shapes import (
    CONFLICT,
    EQUAL,
    FILLED,
    Choices,
    Collection,
    FieldRow,
    Participant,
    Proposal,
)
from c360.services.merging.tables import Linked
from c360.services.merging.work import Fold
from c360.services.provenance import Sources
from c360.services.told import Teller
from c360.services.uow import UnitOfWork

SAMPLES = 3


def propose(uow: UnitOfWork, ids: Sequence[UUID], survivor_id: UUID | None = None) -> Proposal:
    """Return everything there is to choose; the survivor is the one most hangs on unless one is named."""
    people = participants.load(uow, ids, survivor_id)
    work = Fold(uow, people, Choices(people.survivor.id), reads=True)
    found = list(_collections(work))
    related = Counter({record.id: sum(one.counts[n] for one in found) for n, record in enumerate(people.records)})
    units = lines.units(uow, people.entity)
    filled = {record.id: sum(lines.is_filled(lines.values_of(u, record)) for u in units) for record in people.records}
    best, reason = _survivor(uow, people, related, filled)
    if survivor_id is None and best != people.survivor.id:
        # Which rows are twins does not hang on who survives; which values are proposed does.
        people = participants.load(uow, ids, best)
    shown = [*_fields(uow, people, units), *mains.offered(uow, people)]
    groups = Counter(row.group for row in shown)
    uow.saw("merge.proposed", people.entity.key, people.survivor.id, records=[str(one) for one in people.ids])
    return Proposal(
        people.entity.key, people.survivor.id, reason if people.survivor.id == best else "",
        tuple(_participants(uow, people, related, filled)), tuple(shown), tuple(found), groups[CONFLICT],
        groups[FILLED], groups[EQUAL], participants.questions(uow, people),
    )  # fmt: skip


def _survivor(
    uow: UnitOfWork, people: People, related: Mapping[UUID, int], filled: Mapping[UUID, int]
) -> tuple[UUID, str]:
    """Return who should stay and the reason: most hangs on it, most is known of it, it is the oldest."""
    oldest = sorted(people.records, key=lambda record: (record.created_at, record.id))
    best = max(oldest, key=lambda record: (related[record.id], filled[record.id]))
    others = [record for record in oldest if record is not best]
    for name, counts in (("related", related), ("filled", filled)):
        if all(counts[best.id] > counts[record.id] for record in others):
            return best.id, text(uow.actor.language, f"merge.reason.{name}", n=counts[best.id])
    return best.id, text(uow.actor.language, "merge.reason.oldest")


def _participants(
    uow: UnitOfWork, people: People, related: Mapping[UUID, int], filled: Mapping[UUID, int]
) -> Iterator[Participant]:
    owners = references.titles(uow, "user", {record.owner_id for record in people.records})
    told = facts.table(uow, people.entity.key, people.records, ("job_title", "email", "phone", "city"))
    for record, about in zip(people.records, told, strict=True):
        yield Participant(
            record.id, references.called(uow, people.entity.key, record),
            " · ".join([fact.text for fact in about.values() if fact.text][:3]), owners.get(record.owner_id, ""),
            record.created_at.isoformat(), record.updated_at.isoformat(), filled[record.id], related[record.id],
        )  # fmt: skip


def _fields(uow: UnitOfWork, people: People, units: Sequence[Unit]) -> Iterator[FieldRow]:
    """Yield the lines of the table, those of a section together; what nobody filled is left out."""
    entity, language = people.entity, uow.actor.language
    teller = Teller(uow)
    sources = Sources(uow)
    made = {unit.name: _offers(uow, unit, people, sources) for unit in units}
    values = [
        (entity.key, {spec.name: plain(facts.value_of(record, spec)) for spec in unit.specs})
        for unit in units
        for record in people.records
    ]
    teller.learn([*values, *((entity.key, {name: plain(v)}) for name, some in made.items() for v in some.values())])
    sections = {name: section.label for section in entity.sections for name in section.fields}
    order = {label: n for n, label in enumerate(dict.fromkeys(sections.values()))}
    rows = []
    for unit in units:
        group = lines.group(unit, people)
        if not group:
            continue
        cells = tuple(_cell(teller, entity, unit, record) for record in people.records)
        atom = unit.name in ATOMS
        label = (
            text(language, f"merge.line.{unit.name}") if atom else names.field_label(entity.key, unit.spec, language)
        )
        section = sections.get(unit.spec.name, "")
        offers = {name: teller.text(entity.key, unit.spec.name, plain(v)) for name, v in made[unit.name].items()}
        typed = unit.alone and unit.spec.editable
        options = tuple((v, names.option(unit.spec.options.key, v, language)) for v in unit.spec.options.values) if (
            typed and unit.spec.options and unit.spec.source == "column"
        ) else ()  # fmt: skip
        rows.append(FieldRow(
            unit.name, label, text(language, f"section.{section}", default=section), group, cells,
            lines.usual(unit, people), offers,
            text(language, unit.locked) if unit.locked else "", unit.spec.kind.widget if typed else "", options,
        ))  # fmt: skip
    yield from sorted(rows, key=lambda row: (order.get(row.section, len(order)), row.name not in ATOMS))


def _offers(uow: UnitOfWork, unit: Unit, people: People, sources: Sources) -> dict[str, Any]:
    if not unit.alone or lines.group(unit, people) != CONFLICT:
        return {}
    given = lines.given(unit, people, sources)
    return {name: lines.made(uow, people, unit, name, given) for name in strategies.offered(unit.spec)}


def _cell(teller: Teller, entity: Entity, unit: Unit, record: Any) -> str:
    told = zip(unit.specs, lines.values_of(unit, record), strict=True)
    joint = " " if unit.name == "name" else ", "
    return joint.join(filter(None, (teller.text(entity.key, spec.name, plain(value)) for spec, value in told)))


def _collections(work: Fold) -> Iterator[Collection]:
    """Yield each kind of rows: how many each participant has, how many fold into a twin, a few of the losers'."""
    people, language = work.people, work.uow.actor.language
    place = {record.id: n for n, record in enumerate(people.records)}
    for one in tables.linked():
        if one.entity is None or one.name in tables.BESIDE or not is_seen(work.uow, one):
            continue
        counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(place))
        others: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in folding.gather(work, one):
            for owner in {row.stored[name] for name in one.columns} & place.keys() if row.live else ():
                counts[row.kind][place[owner]] += 1
                if owner in work.loser_ids:
                    others[row.kind].append(row.stored)
        for kind in sorted(counts):
            collisions = work.counts[one.key(kind)]["collapsed"]
            samples = _samples(work.uow, one, others[kind][:SAMPLES])
            told, label = tuple(counts[kind]), one.label(kind, language)
            yield Collection(one.key(kind), label, told, sum(told), collisions, samples, one.replaceable)
    for name in tables.own():
        column = getattr(Customer, name)
        found = select(column, func.count()).where(column.in_(people.ids), col(Customer.merged_into_id).is_(None))
        numbers = {row[0]: row[1] for row in work.uow.session.execute(found.group_by(column))}
        if numbers:
            told = tuple(numbers.get(record.id, 0) for record in people.records)
            label = text(language, f"merge.rows.customer.{name}")
            yield Collection(f"customer.{name}", label, told, sum(told), 0, (), False)


def is_seen(uow: UnitOfWork, one: Linked) -> bool:
    """Tell whether the actor may read rows of a table at all."""
    return one.entity is None or one.entity.within is not None or uow.actor.may(Verb.READ, one.entity.key)


def _samples(uow: UnitOfWork, one: Linked, rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return what a few rows are called; a link is called what it leads to."""
    entity = one.entity
    if entity is None or not rows:
        return ()
    titles = references.titles(uow, entity.key, [row["id"] for row in rows])
    spec = entity.fields[entity.title[0]]
    if spec.target is None:
        return tuple(dict.fromkeys(titles.values()))
    model: Any = entity.model
    link = getattr(model, spec.name)
    ids = list(uow.session.scalars(select(link).where(model.id.in_([row["id"] for row in rows]))))
    return tuple(dict.fromkeys(references.titles(uow, spec.target, [i for i in ids if i]).values()))
