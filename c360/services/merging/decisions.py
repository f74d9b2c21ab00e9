"""What a merge decided, field by field: what was kept and by which rule, what was rejected, and what suggested it.

The change set keeps the picks and the evidence, the journal the values, so an erasure reaches them here as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.errors import NotFound
from c360.core.i18n import text
from c360.matching.evidence import from_json
from c360.models.duplicate import DuplicatePair
from c360.models.journal import ChangeSet
from c360.registry.entity import entity_for
from c360.services import asof, names, references
from c360.services.duplicates import sources, telling
from c360.services.merging.atoms import ATOMS
from c360.services.merging.shapes import BY, OF, TYPED
from c360.services.merging.unmerging import is_merge
from c360.services.told import Teller
from c360.services.uow import UnitOfWork

MOST = 20
"""Pairs whose evidence a merge keeps."""


@dataclass(slots=True)
class Decision:
    """One field: what was kept, by which rule, and what each of the others had said."""

    name: str
    label: str
    how: str
    kept: str
    rejected: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Decided:
    """A merge: who survived, who folded into him, why they were thought to be one, and every decision."""

    survivor: str = ""
    losers: str = ""
    suggested: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


def evidence(uow: UnitOfWork, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return the pairs of these customers a search for duplicates had found, the surest first."""
    pairs = select(DuplicatePair).where(col(DuplicatePair.left_id).in_(ids), col(DuplicatePair.right_id).in_(ids))
    found = uow.session.exec(pairs.order_by(col(DuplicatePair.score).desc(), col(DuplicatePair.id)).limit(MOST))
    return [{"score": one.score, "door": one.door, "why": one.why} for one in found]


def of(uow: UnitOfWork, set_id: UUID) -> Decided:
    """Return what a merge decided, as this reader may read it; ``NotFound`` out of his reach."""
    merge = uow.session.get(ChangeSet, set_id)
    if merge is None or not is_merge(merge):
        raise NotFound("unmerge.unknown")
    key, survivor_id = merge.action.partition(".")[0], UUID(merge.details["survivor"])
    ids = [survivor_id, *(UUID(one) for one in merge.details["losers"])]
    for one in ids:
        uow.get(key, one, archived=True)
    uow.saw("merge.decisions", key, survivor_id)
    before = asof.records(uow, key, ids, merge.at - timedelta(microseconds=1))
    kept = asof.records(uow, key, [survivor_id], merge.at)[survivor_id]
    teller = Teller(uow)
    teller.learn([(key, values) for values in (*before.values(), kept)])
    called = {one: _called(teller, key, before[one]) for one in ids}
    decisions = _decisions(teller, key, merge.details.get("picks", {}), before, kept, called)
    losers = ", ".join(called[one] for one in ids[1:])
    return Decided(called[survivor_id], losers, _suggested(uow, key, merge), list(decisions))


def _called(teller: Teller, key: str, values: asof.Values) -> str:
    """Return what a participant was called then."""
    parts = (teller.text(key, name, values.get(name)) for name in entity_for(key).title if teller.shown(key, name))
    return " ".join(filter(None, parts)) or references.NAMELESS


def _decisions(
    teller: Teller, key: str, picks: dict[str, str], before: asof.Records, kept: asof.Values, called: dict[UUID, str]
) -> Iterator[Decision]:
    for line, pick in picks.items():
        for part in ATOMS.get(line, (line,)):
            name = part if part in kept or any(part in one for one in before.values()) else f"custom.{part}"
            if not teller.shown(key, name):
                continue
            stays = teller.text(key, name, kept.get(name))
            other = {one: teller.text(key, name, values.get(name)) for one, values in before.items()}
            rejected = [f"{called[one]}: {said}" for one, said in other.items() if said and said != stays]
            if rejected:
                yield Decision(name, teller.label(key, name), _how(teller.language, pick, called), stays, rejected)


def _how(language: str, pick: str, called: dict[UUID, str]) -> str:
    """Return the rule in words: whose value, which strategy, or that it was typed."""
    if pick.startswith(OF):
        return called.get(UUID(pick[len(OF) :]), references.NAMELESS)
    return text(language, "wizard.how.typed" if pick.startswith(TYPED) else f"wizard.how.{pick[len(BY) :]}")


def _suggested(uow: UnitOfWork, key: str, merge: ChangeSet) -> list[str]:
    found, language = [], uow.actor.language
    for one in merge.details.get("suggested", []):
        why = from_json(one["why"])
        hidden = sources.hidden(uow, key, {bar.field for bar in why.fields})
        door = names.option("duplicate_door", one["door"], language)
        found.append(f"{door}: {telling.sentence(why, language, hidden)}")
    return found
