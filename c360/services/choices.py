"""Pick lists as administrators keep them: entries are ordered, coloured, retired; what is in use is never deleted."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import func, true
from sqlmodel import Session, col, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Invalid
from c360.core.fold import fold
from c360.models.choice import PICK_LISTS, Choice
from c360.models.customer import Customer
from c360.registry.entity import FieldSpec, entities, entity_for
from c360.services import fields, records
from c360.services.records import Values
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Use:
    """How often one field holds an entry, and the list that shows those records, if there is one."""

    entity: str
    field: str
    n: int
    href: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a pick list, as its administrator sees it."""

    id: UUID
    name: str
    color: str
    comment: str
    family: str
    is_default: bool
    retired: bool
    version: int
    used: int
    href: str


def entries(uow: UnitOfWork, pick_list: str) -> list[Entry]:
    """Return the entries of a pick list in their order, retired ones too, each with how often it is used."""
    uow.require(Verb.UPDATE, "choice")
    used = uses(uow.session, pick_list)
    return [
        Entry(
            row.id, row.name, row.color, row.comment or "", row.family or "", row.is_default,
            row.retired_at is not None, row.version, sum(use.n for use in used[row.id]),
            next((use.href for use in used[row.id] if use.href), ""),
        )
        for row in _rows(uow, pick_list)
    ]  # fmt: skip


def counts(uow: UnitOfWork) -> dict[str, int]:
    """Return how many live entries each pick list has."""
    uow.require(Verb.UPDATE, "choice")
    found = select(Choice.pick_list, func.count()).where(
        col(Choice.archived_at).is_(None), col(Choice.retired_at).is_(None)
    )
    known = {row[0]: row[1] for row in uow.session.execute(found.group_by(col(Choice.pick_list)))}
    return {pick_list: known.get(pick_list, 0) for pick_list in PICK_LISTS if pick_list in _lists_in_use()}


def uses(session: Session, pick_list: str) -> defaultdict[UUID, list[Use]]:
    """Count, entry by entry, what holds it: every column of every entity with this pick list, archived rows too."""
    found: defaultdict[UUID, list[Use]] = defaultdict(list)
    for entity, spec, model in _columns(pick_list):
        column = getattr(model, spec.name)
        if spec.kind.multiple:
            counted = _listed(session, model, spec.name)
        else:
            tally = select(column, func.count()).where(column.is_not(None)).group_by(column)
            counted = Counter({row[0]: row[1] for row in session.execute(tally)})
        for choice_id, n in counted.items():
            found[choice_id].append(Use(entity, spec.name, n, _href(entity, spec, choice_id)))
    return found


def add(uow: UnitOfWork, pick_list: str, values: Values) -> UUID:
    """Add an entry at the end of a pick list."""
    rows = _rows(uow, pick_list)
    _check_name(rows, str(values.get("name", "")))
    if pick_list == "communication_type" and not values.get("family"):
        raise Invalid.field("family", "error.required", field="Family")
    last = max((row.position for row in rows), default=-1)
    made = records.create(uow, "choice", {**values, "pick_list": pick_list, "position": str(last + 1)})
    uow.flush()
    _keep_one_default(uow, uow.get("choice", made), rows)
    return made


def change(uow: UnitOfWork, choice_id: UUID, values: Values, version: int | None = None) -> None:
    """Rename, recolour or comment an entry, or make it the default; its pick list stays."""
    row = uow.get("choice", choice_id, Verb.UPDATE)
    rows = _rows(uow, row.pick_list)
    if "name" in values:
        _check_name([other for other in rows if other is not row], str(values["name"]))
    if "family" in values and values["family"] != (row.family or "") and any(uses(uow.session, row.pick_list)[row.id]):
        raise Invalid.field("family", "choice.family.used", entry=row.name)
    records.update(uow, "choice", choice_id, {n: v for n, v in values.items() if n != "pick_list"}, version)
    if row.is_default and row.retired_at is not None:
        raise Invalid.field("is_default", "choice.default.retired", entry=row.name)
    _keep_one_default(uow, row, rows)


def move(uow: UnitOfWork, choice_id: UUID, to: int) -> None:
    """Give an entry another place in its list; the first is 0."""
    row = uow.get("choice", choice_id, Verb.UPDATE)
    records.place(row, _rows(uow, row.pick_list), to)


def retire(uow: UnitOfWork, choice_id: UUID) -> None:
    """Offer an entry no longer; records and filters that have it keep it."""
    row = uow.get("choice", choice_id, Verb.UPDATE)
    if row.retired_at is None:
        row.retired_at, row.is_default = utc_now(), False


def offer(uow: UnitOfWork, choice_id: UUID) -> None:
    """Offer a retired entry again."""
    uow.get("choice", choice_id, Verb.UPDATE).retired_at = None


def delete(uow: UnitOfWork, choice_id: UUID) -> None:
    """Take an unused entry away; ``Conflict`` says how many records hold it. History can still name it."""
    row = uow.get("choice", choice_id, Verb.ARCHIVE)
    # Nobody may give the entry to a record between the count and the end of this unit of work.
    uow.session.exec(select(Choice.id).where(Choice.id == choice_id).with_for_update()).all()
    used = uses(uow.session, row.pick_list)[row.id]
    if used:
        href = next((use.href for use in used if use.href), "")
        raise Conflict("choice.in_use", entry=row.name, n=sum(use.n for use in used), href=href)
    records.archive(uow, "choice", choice_id)


def option_labels(session: Session, spec: FieldSpec) -> Mapping[str, tuple[str, str]]:
    """Return the label and colour of each option an administrator gave a custom field."""
    named = fields.choices(session, spec)
    return {key: (str(one.get("label", key)), str(one.get("color") or "gray")) for key, one in named.items()}


def _rows(uow: UnitOfWork, pick_list: str) -> list[Any]:
    if pick_list not in PICK_LISTS:
        raise Invalid.field("pick_list", "error.option")
    found = uow.select("choice").where(Choice.pick_list == pick_list)
    return list(uow.session.exec(found.order_by(col(Choice.position), col(Choice.name), col(Choice.id))))


def _columns(pick_list: str) -> Iterator[tuple[str, FieldSpec, Any]]:
    """Yield every column that holds entries of a pick list, once, with the entity whose list shows it best."""
    seen: set[tuple[Any, str]] = set()
    for entity in sorted(entities(), key=lambda one: one.key != "customer"):
        for spec in entity.fields.values():
            if spec.pick_list == pick_list and (entity.model, spec.name) not in seen:
                seen.add((entity.model, spec.name))
                yield entity.key, spec, entity.model


def _lists_in_use() -> set[str]:
    return {spec.pick_list for entity in entities() for spec in entity.fields.values() if spec.pick_list}


def _listed(session: Session, model: Any, name: str) -> Counter[UUID]:
    """Count the entries that a column of lists holds."""
    column = model.__table__.c[name]
    apart = func.jsonb_array_elements_text if session.get_bind().dialect.name == "postgresql" else func.json_each
    item = apart(column).table_valued("value")
    tally = select(item.c.value, func.count()).select_from(model.__table__).join(item, true()).group_by(item.c.value)
    return Counter({UUID(str(key)): n for key, n in session.execute(tally)})


def _href(entity: str, spec: FieldSpec, choice_id: UUID) -> str:
    if entity_for(entity).model is not Customer:
        return ""
    test = {"field": spec.name, "op": "has_any_of" if spec.kind.multiple else "is", "value": str(choice_id)}
    asked = json.dumps({"join": "all", "of": [test]}, separators=(",", ":"))
    return f"/{entity_for(entity).path}?f={quote(asked)}"


def _check_name(rows: list[Any], name: str) -> None:
    twin = next((row for row in rows if fold(row.name) == fold(name.strip())), None)
    if twin is not None:
        raise Invalid.field("name", "choice.taken.retired" if twin.retired_at else "choice.taken", entry=twin.name)


def _keep_one_default(uow: UnitOfWork, row: Any, rows: list[Any]) -> None:
    for other in rows:
        if row.is_default and other is not row and other.is_default:
            other.is_default = False
