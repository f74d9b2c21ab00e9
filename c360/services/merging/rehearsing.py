"""What rules would have made of merges people have decided, and of groups that still wait: nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.i18n import text
from c360.models.customer import Customer
from c360.models.journal import ChangeRow, ChangeSet
from c360.registry.entity import entity_for
from c360.services import asof, names, references
from c360.services.duplicates import reviewing
from c360.services.journal import SEALED
from c360.services.merging import lines, policy, strategies
from c360.services.merging.lines import Unit
from c360.services.merging.strategies import Told, Trust
from c360.services.provenance import Sources
from c360.services.told import Teller
from c360.services.uow import UnitOfWork

MOST, LOOKED_AT = 10, 100
"""Groups a rehearsal shows, and merges it looks through for those the reader may see."""


@dataclass(slots=True)
class Rehearsed:
    """One field of a group: what its records said, what was decided, what the rule makes of it."""

    label: str
    rule: str
    said: list[str]
    kept: str
    made: str
    same: bool
    """Whether the rule makes what was decided."""


@dataclass(slots=True)
class Case:
    """A group of customers who became one, or who may: ``at`` is empty where nobody has decided."""

    name: str
    others: str
    at: str
    href: str
    fields: list[Rehearsed] = field(default_factory=list)


@dataclass(slots=True)
class Rehearsal:
    """What rules make of a few groups: how many conflicts people had decided, and how many of them the same way."""

    cases: list[Case] = field(default_factory=list)
    looked: int = 0
    """Groups in which the rules were tried, those without a conflict included."""
    decided: int = 0
    same: int = 0


@dataclass(slots=True)
class _Group:
    """Records that became one at a moment, the survivor first, or that wait now."""

    ids: list[UUID]
    at: datetime
    seq: int | None
    href: str


def rehearse(uow: UnitOfWork, key: str, rules: Mapping[str, str], trust: Trust | None = None) -> Rehearsal:
    """Return what rules by field make of the last ten merges the reader may see; open groups fill what is missing.

    ``trust`` says whose word counts most, by default as it is set. Fields the reader may not see or change, and
    values that were erased, are left out.
    """
    uow.require(Verb.READ, key)
    trust = trust or policy.of(uow.session, key).trust
    units = [one for one in lines.units(uow, entity_for(key)) if one.alone]
    ruled = [one for one in units if rules.get(one.name) in strategies.offered(one.spec)]
    found = Rehearsal()
    for group in _groups(uow, key) if ruled else ():
        case = _case(uow, key, group, {one: rules[one.name] for one in ruled}, trust)
        found.looked += 1
        if case.fields:
            found.cases.append(case)
        if group.seq is not None:
            found.decided += len(case.fields)
            found.same += sum(one.same for one in case.fields)
    return found


def _groups(uow: UnitOfWork, key: str) -> list[_Group]:
    past = list(_past(uow, key))
    if len(past) < MOST:
        for line in reviewing.groups(uow, entity=key, limit=MOST - len(past)):
            past.append(_Group([UUID(one.id) for one in line.members], utc_now(), None, f"/duplicates/{line.id}"))
    return past


def _past(uow: UnitOfWork, key: str) -> Iterator[_Group]:
    """Yield the newest merges that hold, each of whose records the reader may see, with none erased since."""
    back = aliased(ChangeSet)
    undone = select(back.id).where(back.reverses_id == ChangeSet.id).exists()
    merges = select(ChangeSet).where(ChangeSet.action == f"{key}.merged", ~undone)
    found = uow.session.exec(merges.order_by(col(ChangeSet.seq).desc()).limit(LOOKED_AT)).all()
    sides = {one.id: [UUID(one.details["survivor"]), *map(UUID, one.details["losers"])] for one in found}
    every = {one for ids in sides.values() for one in ids}
    seen = uow.select(key, archived=True).where(col(Customer.id).in_(every)).with_only_columns(col(Customer.id))
    known = set(uow.session.scalars(seen))
    emptied = select(ChangeRow.record_id).where(col(ChangeRow.record_id).in_(every), col(ChangeRow.salt).is_(None))
    known -= set(uow.session.exec(emptied))
    whole = [one for one in found if known.issuperset(sides[one.id])]
    for one in whole[:MOST]:
        yield _Group(sides[one.id], one.at, one.seq, f"/unmerge/{one.id}")


def _case(uow: UnitOfWork, key: str, group: _Group, rules: Mapping[Unit, str], trust: Trust) -> Case:
    survivor = group.ids[0]
    before = asof.records(uow, key, group.ids, group.at - timedelta(microseconds=1))
    kept = asof.records(uow, key, [survivor], group.at)[survivor]
    changed = _changed(uow, group)
    sources, teller = Sources(uow, group.seq), Teller(uow)
    ids = [survivor, *sorted(group.ids[1:], key=lambda one: (before[one].get("created_at", ""), one))]
    made: dict[Unit, Any] = {}
    for unit, rule in rules.items():
        said = [before[one].get(_stored(unit)) for one in ids]
        if len({str(value) for value in said if lines.is_filled([value])}) > 1 and SEALED not in said:
            given = [
                Told(changed.get(one, group.at), one, value, sources.of(one, unit.name))
                for one, value in zip(ids, said, strict=True)
                if lines.is_filled([value])
            ]
            made[unit] = strategies.apply(rule, unit.spec, given, trust)
    shown = {_stored(unit): value for unit, value in made.items()}
    teller.learn([(key, values) for values in (*before.values(), kept, shown)])
    titles = references.titles(uow, key, group.ids)
    called = [titles.get(one, references.NAMELESS) for one in ids]
    at = "" if group.seq is None else group.at.isoformat()
    told = [_told(teller, key, unit, rules[unit], [before[one] for one in ids], kept, made[unit]) for unit in made]
    uow.saw("merge.rehearsed", key, survivor, records=[str(one) for one in ids])
    return Case(called[0], ", ".join(called[1:]), at, group.href, told)


def _stored(unit: Unit) -> str:
    """Return the name the journal has for a line of one field."""
    return f"custom.{unit.name}" if unit.spec.source == "custom" else unit.name


def _changed(uow: UnitOfWork, group: _Group) -> dict[UUID, datetime]:
    """Return when each record was changed last before the moment."""
    query = select(ChangeRow.record_id, func.max(ChangeSet.at))
    query = query.join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
    query = query.where(col(ChangeRow.record_id).in_(group.ids)).group_by(col(ChangeRow.record_id))
    if group.seq is not None:
        query = query.where(col(ChangeSet.seq) < group.seq)
    return dict(uow.session.exec(query).all())


def _told(
    teller: Teller, key: str, unit: Unit, rule: str, said: Sequence[asof.Values], kept: asof.Values, made: Any
) -> Rehearsed:
    name, spec, language = _stored(unit), unit.spec, teller.language
    texts = [told for values in said if (told := teller.text(key, name, values.get(name)))]
    long = bool(spec.max_length and isinstance(made, str) and len(made) > spec.max_length)
    result = text(language, "rehearsal.long", max=spec.max_length) if long else teller.text(key, name, made)
    same = not long and made == kept.get(name)
    label = names.field_label(key, spec, language)
    return Rehearsed(label, text(language, f"wizard.how.{rule}"), texts, teller.text(key, name, kept.get(name)), result,
                     same)  # fmt: skip
