"""The journal for auditors: everything that happened, filtered, on screen and as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from c360.core.actor import Actor, Verb
from c360.core.errors import Forbidden
from c360.core.i18n import text
from c360.models.journal import ChangeRow, ChangeSet
from c360.models.user import User
from c360.registry.entity import entities
from c360.services.history import MOST, Page, between, page
from c360.services.sheets import csv_line
from c360.services.told import entity_label
from c360.services.uow import UnitOfWork, ask, perform


@dataclass(frozen=True, slots=True)
class Filter:
    """What an auditor looks for; empty means everything."""

    user_id: UUID | None = None
    entity: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None


def audit(uow: UnitOfWork, wanted: Filter, *, after: int | None = None, limit: int = 50) -> Page:
    """Return everything that happened, filtered; for those who may read the journal."""
    require(uow)
    uow.saw("audit", "journal")
    return page(uow, *tests(wanted), after, limit)


def require(uow: UnitOfWork) -> None:
    """Raise ``Forbidden`` unless the actor may read the journal."""
    if not uow.actor.may(Verb.READ, "journal"):
        raise Forbidden("history.forbidden")


def tests(wanted: Filter) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """Return what an auditor's filter asks of rows and of sets."""
    rows = [col(ChangeRow.entity) == wanted.entity] if wanted.entity else []
    sets = [*between(wanted.since, wanted.until)]
    if wanted.user_id:
        sets.append(col(ChangeSet.actor_id) == wanted.user_id)
    if wanted.action:
        sets.append(col(ChangeSet.action).endswith(f".{wanted.action}", autoescape=True))
    return rows, sets


def actors(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Return every user by id and name: whom an auditor may ask for."""
    require(uow)
    return [(str(user_id), name) for user_id, name in uow.session.exec(select(User.id, User.name).order_by(User.name))]


def menus(uow: UnitOfWork) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
    """Return what an auditor may filter by: users, entities and actions, each as value and label."""
    language = uow.actor.language
    kinds = sorted(((e.key, entity_label(language, e.key)) for e in entities() if e.key != "customer"), key=_label)
    names = {action.rpartition(".")[2] for action in uow.session.exec(select(ChangeSet.action).distinct())}
    acts = sorted(((a, text(language, f"action.{a}", default=a.replace("_", " "))) for a in names if a), key=_label)
    return actors(uow), kinds, acts


def _label(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


def lines(actor: Actor, wanted: Filter) -> Iterator[str]:
    """Yield the filtered journal as CSV, a page at a time; that it was taken out is written down first."""
    perform(actor, _log)
    language = actor.language
    names = ("at", "user", "action", "record", "name", "field_name", "old", "new")
    yield "\ufeff" + csv_line([text(language, f"history.{name}") for name in names])
    after: int | None = None
    while True:
        found = ask(actor, audit, wanted, after=after, limit=MOST)
        for entry in found.entries:
            start = [entry.at.isoformat(), entry.who, entry.action]
            rows = [
                [part.entity_label, part.title, line.label, line.old, line.new]
                for part in entry.parts
                for line in part.lines
            ]
            yield "".join(csv_line([*start, *row]) for row in rows or [["", "", "", "", ""]])
        if found.after is None:
            return
        after = found.after


def _log(uow: UnitOfWork) -> None:
    require(uow)
    uow.log("journal.exported")
