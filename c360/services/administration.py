"""Changes of settings: each is checked, needs the right, and is journaled under its name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from c360.core.actor import Verb
from c360.core.errors import Invalid
from c360.core.i18n import LANGUAGES
from c360.core.ids import id_of
from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.registry import values
from c360.registry.entity import entity_for
from c360.services import code_mask, completeness, fields, queue, settings
from c360.services.duplicates import rule_book
from c360.services.merging import policy
from c360.services.privacy import care
from c360.services.uow import UnitOfWork

LONGEST, MOST_MONTHS = 500, 600
Check = Callable[[Session, Any], Any]


def change(uow: UnitOfWork, name: str, value: Any) -> None:
    """Set one setting; ``Invalid`` says what does not fit."""
    uow.require(Verb.UPDATE, "setting")
    if name not in CHECKS:
        raise Invalid.field(name, "error.unknown_field", field=name)
    try:
        checked = CHECKS[name](uow.session, value)
    except ValueError as error:
        raise Invalid.field(name, str(error)) from error
    settings.put(uow, name, checked)
    if name == "code_mask" and checked:
        _number_the_rest(uow)


def _number_the_rest(uow: UnitOfWork) -> None:
    """Let accounts that came before the mask get their codes, in the background."""
    bare = uow.select("account").where(col(Customer.code).is_(None)).limit(1)
    if uow.session.exec(bare).first() is not None:
        query = {"criteria": {"field": "code", "op": "is_empty"}, "include_inactive": True}
        everything = {"mode": "all", "ids": [], "query": query}
        queue.enqueue(uow, "bulk.change", entity="account", selection=everything, change={"kind": "number"})


def switch(uow: UnitOfWork, entity: str, part: str, *, on: bool) -> None:
    """Show or hide one part of an entity's pages."""
    off = {kind: list(names) for kind, names in settings.read(uow.session).parts_off.items()}
    mine = [name for name in off.get(entity, []) if name != part]
    change(uow, "parts_off", {**off, entity: mine if on else [*mine, part]})


def move(uow: UnitOfWork, entity: str, part: str, to: int) -> None:
    """Give a part another place among its own: a tab among the tabs, a field among those of its section."""
    groups = _groups(entity)
    now = settings.read(uow.session)
    places = [list(now.placed(entity, group)) for group in groups]
    group = next((names for names in places if part in names), None)
    if group is None:
        raise Invalid.field("section", "setting.bad")
    group.remove(part)
    group.insert(max(0, to), part)
    change(uow, "part_order", {**now.part_order, entity: [name for names in places for name in names]})


def _groups(entity: str) -> list[tuple[str, ...]]:
    """Return the parts of an entity's pages that can be put in order, those that stand together in one group."""
    fields_by_section = settings.fields_of(entity).values()
    return [settings.tabs_of(entity), settings.cards_of(entity), settings.sections_of(entity), *fields_by_section]


def _parts(_: Session, value: Any) -> dict[str, list[str]]:
    for kind, names in settings.by_kind(value).items():
        known = {part for group in _groups(kind) for part in group} | {*settings.activities_of(kind)}
        if set(names) - known:
            raise ValueError("setting.bad")
    return {kind: list(dict.fromkeys(names)) for kind, names in value.items()}


def _parts_off(session: Session, value: Any) -> dict[str, list[str]]:
    kept = _parts(session, value)
    if any(settings.is_fixed(kind, part) for kind, names in kept.items() for part in names):
        raise ValueError("setting.section.fixed")
    return kept


def _history(session: Session, value: Any) -> dict[str, list[str]]:
    for kind, names in settings.by_kind(value).items():
        if set(names) - set(fields.every(session, entity_for(kind))):
            raise ValueError("setting.bad")
    return {kind: sorted(set(names)) for kind, names in value.items()}


def _weights(session: Session, value: Any) -> dict[str, dict[str, int]]:
    for kind, weights in settings.by_kind(value).items():
        if any(not isinstance(w, int) or isinstance(w, bool) or not 0 <= w <= 100 for w in weights.values()):
            raise ValueError("setting.weights.whole")
        if set(weights) - set(completeness.weighable(session, kind)):
            raise ValueError("setting.bad")
        if sum(weights.values()) != 100:
            raise ValueError("setting.weights.total")
    kept = {kind: dict(weights) for kind, weights in settings.read(session).weights.items()}
    return kept | {kind: {name: w for name, w in weights.items() if w} for kind, weights in value.items()}


def _short(_: Session, value: Any) -> str:
    said = str(value).strip()
    if len(said) > LONGEST:
        raise ValueError("setting.long")
    return said


def _months(_: Session, value: Any) -> int:
    said = str(value).strip() or "0"
    if not said.isascii() or not said.isdigit() or int(said) > MOST_MONTHS:
        raise ValueError("setting.months")
    return int(said)


def _statuses(session: Session, value: Any) -> list[str]:
    known = set(session.exec(select(Choice.id).where(Choice.pick_list == "status")))
    if not isinstance(value, Sequence) or isinstance(value, str) or any(id_of(str(one)) not in known for one in value):
        raise ValueError("setting.bad")
    return [str(one) for one in dict.fromkeys(value)]


def _words(_: Session, value: Any) -> dict[str, list[str]]:
    if not isinstance(value, Mapping) or set(value) - set(LANGUAGES):
        raise ValueError("setting.bad")
    lists = {language: care.listed(str(said)) for language, said in value.items()}
    if any(len(words) > care.MOST or any(len(word) > care.LONGEST for word in words) for words in lists.values()):
        raise ValueError("setting.words")
    return lists


CHECKS: Mapping[str, Check] = {
    "parts_off": _parts_off,
    "part_order": _parts,
    "weights": _weights,
    "code_mask": lambda _, value: code_mask.check(str(value)),
    "currency": lambda _, value: values.currency(str(value)),
    "country": lambda _, value: values.country(str(value)),
    "unshown_history": _history,
    "duplicates": rule_book.checked,
    "merging": policy.checked,
    "controller": _short,
    "unused_months": _months,
    "prospects": _statuses,
    "sensitive_words": _words,
}
