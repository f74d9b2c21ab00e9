"""Where a customer's data comes from: of each field the file it was last taken from, of the record who made it how."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from c360.core.i18n import text
from c360.models.customer import NAMES
from c360.models.job import ImportBatch, ImportRow
from c360.models.journal import MERGED, ChangeRow, ChangeSet
from c360.services import api_keys, references
from c360.services.facts import Card, Fact
from c360.services.imports.plan import Plan, from_json
from c360.services.merging.atoms import ATOMS
from c360.services.merging.shapes import OF
from c360.services.uow import UnitOfWork

LOOKED_AT = 500
"""Changes of one record that are looked at, the newest first."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A change that set a value: when, by whom, and from which system and file when one was imported."""

    at: datetime
    actor_id: UUID | None
    source: str = ""
    file: str = ""
    row: int = 0
    filled: frozenset[str] = frozenset()
    """What the file said; what else a new record got is its default, and nobody's word."""
    picks: Mapping[str, UUID] = field(default_factory=dict)
    """Of a merge: the record each field was taken from."""
    key_id: UUID | None = None
    """The API key a program made the change by."""

    def gave(self, name: str) -> bool:
        """Tell whether an import gave a field its value."""
        return name in self.filled

    def told(self, name: str, language: str, who: Mapping[UUID, str]) -> str:
        """Return where a value came from, in a sentence."""
        when = format_date(self.at, "medium", locale=language)
        if self.gave(name):
            file = text(language, "provenance.row", file=self.file, row=self.row) if self.row else self.file
            return text(language, "provenance.import", source=self.source, file=file, when=when)
        by = who.get(self.actor_id, "") if self.actor_id else ""
        return text(language, "provenance.by_hand", who=by or text(language, "profile.system"), when=when)


class Sources:
    """The system each value of a record came from, read when somebody first asks for one of that record.

    With ``before``, the number of a change set, as it was then: that set and later ones count for nothing.
    """

    def __init__(self, uow: UnitOfWork, before: int | None = None) -> None:
        self._uow = uow
        self._before = before
        self._known: dict[UUID, dict[str, Origin]] = {}

    def of(self, record_id: UUID, name: str) -> str:
        """Return the system a field's value was imported from; "" when it was typed here."""
        if record_id not in self._known:
            ways = _by_field(self._uow, record_id, before=self._before)
            self._known[record_id] = {field: way[-1][1] for field, way in ways.items()}
        origin = self._known[record_id].get(name)
        return origin.source if origin is not None and origin.gave(name) else ""


def mark(uow: UnitOfWork, record: Any, told: Mapping[str, Fact]) -> None:
    """Say of every fact an import filled or a merge brought where it came from; where a merge was, of every fact."""
    filled, language = [fact for fact in told.values() if fact.text or fact.chips], uow.actor.language
    found = _by_field(uow, record.id) if filled else {}
    ways = {fact.name: found[fact.name] for fact in filled if fact.name in found}
    others = references.titles(uow, "customer", {step[0] for way in ways.values() for step in way} - {record.id})
    who = references.titles(uow, "user", {by for way in ways.values() if (by := way[-1][1].actor_id)})
    merged = any(step[1].picks for way in ways.values() for step in way)
    for fact in filled if ways else ():
        way = ways.get(fact.name)
        if way is None or not (merged or way[-1][1].gave(fact.name)):
            continue
        origin = way[-1][1]
        source = origin.source if origin.gave(fact.name) else text(language, "provenance.form")
        said = origin.told(fact.name, language, who)
        through = [others.get(one, references.NAMELESS) for one, _ in way if one != record.id]
        if through:
            said = text(language, "provenance.merged", name=through[-1], told=said)
            source = text(language, "provenance.from_record", name=through[-1], source=source)
        fact.origin, fact.origin_told = source, said


def card(uow: UnitOfWork, record: Any) -> Card:
    """Return how a record came here: typed by somebody, or from which row of which file of which system."""
    language = uow.actor.language
    made = _first(uow, record.id)
    told = [Fact("made_at", text(language, "provenance.at"), "moment", record.created_at.isoformat())]
    who = references.titles(uow, "user", [made.actor_id]) if made and made.actor_id else {}
    by = next(iter(who.values()), text(language, "profile.system"))
    told.append(Fact("made_by", text(language, "provenance.by"), "text", by))
    if made is not None and made.source:
        row = _row_of_import(uow, record.id)
        where = text(language, "provenance.row", file=row[0], row=row[1]) if row else made.file
        told.insert(0, Fact("made_from", text(language, "provenance.from"), "text", f"{made.source} · {where}"))
    else:
        told.insert(0, Fact("made_from", text(language, "provenance.from"), "text", _hand(uow, made)))
    return Card("origin", text(language, "profile.origin"), told)


def _hand(uow: UnitOfWork, made: Origin | None) -> str:
    """Return by what means a record was made that no import brought: a program's key, or a form."""
    language = uow.actor.language
    named = api_keys.names(uow, [made.key_id]) if made and made.key_id else {}
    typed = text(language, "provenance.typed")
    return next((text(language, "provenance.key", name=one) for one in named.values()), typed)


Way = tuple[tuple[UUID, Origin], ...]
"""How a value came here: the record and the change that set it there, back over merges to where it was said first."""


def _by_field(
    uow: UnitOfWork, record_id: UUID, seen: frozenset[UUID] = frozenset(), before: int | None = None
) -> dict[str, Way]:
    """Return how each field came to the value it has; what was undone, and the undoing, set nothing."""
    found: dict[str, Way] = {}
    elsewhere: dict[UUID, dict[str, Way]] = {}
    for row, origin in _changes(uow, record_id, newest=True, before=before):
        for full in row.after or {}:
            name, step = full.removeprefix("custom."), ((record_id, origin),)
            other = origin.picks.get(name)
            if name in found:
                continue
            if other is not None and other != record_id and other not in seen:
                if other not in elsewhere:
                    elsewhere[other] = _by_field(uow, other, seen | {record_id}, before)
                step = (*step, *elsewhere[other].get(name, ()))
            found[name] = step
    return found


def _first(uow: UnitOfWork, record_id: UUID) -> Origin | None:
    return next((origin for row, origin in _changes(uow, record_id, newest=False) if row.op == "create"), None)


def _changes(
    uow: UnitOfWork, record_id: UUID, *, newest: bool, before: int | None = None
) -> list[tuple[ChangeRow, Origin]]:
    back = aliased(ChangeSet)
    undone = select(back.id).where(back.reverses_id == ChangeSet.id).exists()
    query = (
        select(ChangeRow, ChangeSet)
        .join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
        .where(ChangeRow.record_id == record_id, col(ChangeSet.reverses_id).is_(None), ~undone)
    )
    if before is not None:
        query = query.where(col(ChangeSet.seq) < before)
    order = col(ChangeSet.seq).desc() if newest else col(ChangeSet.seq)
    rows = uow.session.exec(query.order_by(order).limit(LOOKED_AT if newest else 1)).all()
    batches = {UUID(str(head.details["batch"])) for _, head in rows if "batch" in head.details}
    files: dict[UUID, ImportBatch] = {}
    numbers: dict[UUID, int] = {}
    if batches:
        found = select(ImportRow.batch_id, ImportRow.number).where(
            col(ImportRow.batch_id).in_(batches), ImportRow.record_id == record_id
        )
        numbers = dict(uow.session.exec(found).all())
        files = {one.id: one for one in uow.session.exec(select(ImportBatch).where(col(ImportBatch.id).in_(batches)))}
    return [(row, _origin(head, files, numbers)) for row, head in rows]


def _origin(head: ChangeSet, files: Mapping[UUID, ImportBatch], numbers: Mapping[UUID, int]) -> Origin:
    batch = files.get(UUID(str(head.details["batch"]))) if "batch" in head.details else None
    if batch is None:
        key = head.details.get("api_key")
        return Origin(head.at, head.actor_id, picks=dict(_picked(head)), key_id=UUID(str(key)) if key else None)
    plan = from_json(batch.options)
    source = plan.source or batch.file_name
    row = numbers.get(batch.id, 0)
    return Origin(head.at, head.actor_id, source, batch.file_name, row, frozenset(_filled(plan)))


def _picked(head: ChangeSet) -> Iterator[tuple[str, UUID]]:
    """Yield the fields a merge took from one of its records, and from which."""
    for line, pick in (head.details.get("picks", {}) if head.action in MERGED else {}).items():
        if pick.startswith(OF):
            for part in ATOMS.get(line, (line,)):
                yield part, UUID(pick[len(OF) :])


def _filled(plan: Plan) -> Iterator[str]:
    """Yield the fields the columns and the defaults of a plan fill."""
    for target in (*(column.target for column in plan.columns), *plan.defaults):
        group, _, part = target.partition(".")
        yield target
        if target == "full_name":
            yield from NAMES
        elif group == "address":
            yield part.partition(".")[2]
        elif group == "reach":
            yield part


def _row_of_import(uow: UnitOfWork, record_id: UUID) -> tuple[str, int] | None:
    """Return the file and the row a record was made from, when an import made it."""
    found = select(ImportBatch.file_name, ImportRow.number).where(
        col(ImportRow.batch_id) == col(ImportBatch.id), ImportRow.record_id == record_id
    )
    row = uow.session.exec(found.limit(1)).first()
    return (row[0], row[1]) if row else None
