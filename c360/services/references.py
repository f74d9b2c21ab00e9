"""References and choices: may this record name that one, and what is it called."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.errors import Invalid, Message
from c360.models.choice import Choice
from c360.models.user import User
from c360.registry.entity import FieldSpec, entity_for
from c360.services import fields

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

CHOSEN = ("choice", "choices")
PEOPLE = "people"
"""Where a unit of work keeps the names of users it has read; what is written makes it forget them."""
NAMELESS = "–"
"""What a record is called by whoever may not read its name."""


def check(uow: "UnitOfWork", known: Mapping[str, FieldSpec], parsed: Mapping[str, Any], record: Any = None) -> None:
    """Refuse a choice of another pick list, a retired one, and a record out of reach, unless it was there before."""
    wanted: dict[str, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for name, value in parsed.items():
        spec = known[name]
        target = "choice" if spec.kind.key in CHOSEN else spec.target
        if value in (None, []) or not target or spec.kind.key not in (*CHOSEN, "reference"):
            continue
        new = {UUID(str(part)) for part in (value if isinstance(value, list) else [value])}
        wanted[target][name] |= new - _present(spec, record)
    errors: dict[str, Message] = {}
    for target, names in wanted.items():
        found = _choices(uow, names.values()) if target == "choice" else _visible(uow, target, names.values())
        for name, ids in names.items():
            lists = {found.get(i) for i in ids}
            if lists - {known[name].pick_list if target == "choice" else target}:
                errors[name] = Message("error.option" if target == "choice" else "error.reference", {})
    if errors:
        raise Invalid(errors)


def _present(spec: FieldSpec, record: Any) -> set[UUID]:
    """Return the ids the field holds now: what was allowed once stays allowed."""
    if record is None:
        return set()
    value = (record.custom or {}).get(spec.name) if spec.source == "custom" else getattr(record, spec.name)
    return {UUID(str(part)) for part in (value if isinstance(value, list) else [value]) if part}


def _choices(uow: "UnitOfWork", groups: Iterable[set[UUID]]) -> dict[UUID, str]:
    ids = set().union(*groups)
    found = select(Choice.id, Choice.pick_list).where(
        col(Choice.id).in_(ids), col(Choice.archived_at).is_(None), col(Choice.retired_at).is_(None)
    )
    with uow.session.no_autoflush:
        return {row[0]: row[1] for row in uow.session.exec(found)} if ids else {}


def _visible(uow: "UnitOfWork", target: str, groups: Iterable[set[UUID]]) -> dict[UUID, str]:
    ids = set().union(*groups)
    model: Any = entity_for(target).model
    pending = {row.id for row in uow.session.new if isinstance(row, model)} & ids
    found = uow.select(target).with_only_columns(model.id).where(col(model.id).in_(ids - pending))
    if model is User:
        # Nobody hands work to someone who cannot sign in.
        found = found.where(col(User.disabled_at).is_(None))
    with uow.session.no_autoflush:
        rows = set(uow.session.scalars(found)) if ids - pending else set()
    return dict.fromkeys(rows | pending, target)


def titles(uow: "UnitOfWork", target: str, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what records in reach are called, archived ones included; the others are left out."""
    if not ids:
        return {}
    if target == "user":
        return _people(uow, ids)
    return _titles(uow, target, ids)


def _people(uow: "UnitOfWork", ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what users are called: every part of a page asks, mostly for the same few."""
    known: dict[UUID, str | None] = uow.session.info.setdefault(PEOPLE, {})
    unknown = set(ids).difference(known)
    known |= dict.fromkeys(unknown) | (_titles(uow, "user", unknown) if unknown else {})
    return {one: name for one in ids if (name := known[one]) is not None}


def _titles(uow: "UnitOfWork", target: str, ids: Collection[UUID]) -> dict[UUID, str]:
    model: Any = entity_for(target).model
    columns = [getattr(model, name) for name in _title(uow, target)]
    found = uow.select(target, archived=True).with_only_columns(model.id, *columns).where(col(model.id).in_(set(ids)))
    return {row[0]: _joined(row[1:]) for row in uow.session.execute(found)}


def called(uow: "UnitOfWork", key: str, record: Any) -> str:
    """Return what a loaded record is called, as far as the actor may read it."""
    return _joined([getattr(record, name) for name in _title(uow, key)])


def customer_name(uow: "UnitOfWork", kind: str, name: str) -> str:
    """Return a customer's name for who may read it; others read a dash."""
    return NAMELESS if fields.is_hidden(entity_for(kind), "name", uow.actor) else name


def _title(uow: "UnitOfWork", key: str) -> list[str]:
    entity = entity_for(key)
    return [name for name in entity.title if not fields.is_hidden(entity, name, uow.actor)]


def _joined(parts: Iterable[Any]) -> str:
    return ", ".join(str(part) for part in parts if part) or NAMELESS
