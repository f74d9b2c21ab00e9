"""The access log for those who watch over personal data: who read what and when, from where, by what act."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select

from c360.core.actor import Actor
from c360.core.i18n import text
from c360.models.journal import AccessEntry
from c360.models.user import User
from c360.query.json_sql import has_any
from c360.query.moments import midnight
from c360.services import references
from c360.services.auditing import actors, require
from c360.services.sheets import csv_line
from c360.services.told import entity_label
from c360.services.uow import UnitOfWork, ask, perform

DAYS = 30
"""How far back the page looks unless a time frame is set."""
MOST = 500
NAMED = 5
"""Records of one entry that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; empty means everything. ``record_id`` finds every read that showed this customer."""

    user_id: UUID | None = None
    record_id: UUID | None = None
    act: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One read: when, who, by what act, what it showed and from which address."""

    id: str
    at: datetime
    who: str
    act: str
    what: str
    records: tuple[tuple[str, str], ...]
    more: int
    ip: str


@dataclass(frozen=True, slots=True)
class Page:
    """Reads, the newest first, and where the next page begins (None at the end)."""

    readings: tuple[Reading, ...]
    after: str | None


def look(uow: UnitOfWork, wanted: Filter, *, after: str | None = None, limit: int = 50) -> Page:
    """Return who read what, filtered, for those who may read the journal; that they looked is logged too."""
    require(uow)
    uow.saw("access_log.read", "access_log", wanted.record_id, ip=uow.actor.ip)
    limit = min(max(limit, 1), MOST)
    newest = (col(AccessEntry.at).desc(), col(AccessEntry.id).desc())
    found = select(AccessEntry).where(*_tests(wanted), *_beyond(after)).order_by(*newest).limit(limit + 1)
    rows = uow.session.exec(found).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(_told(uow, rows[:limit]), f"{last.at.isoformat()}|{last.id}" if last else None)


def _tests(wanted: Filter) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    if wanted.user_id:
        tests.append(col(AccessEntry.actor_id) == wanted.user_id)
    if wanted.act:
        tests.append(col(AccessEntry.act) == wanted.act)
    if wanted.record_id:
        listed = has_any(col(AccessEntry.details)["ids"], [str(wanted.record_id)])
        tests.append(or_(col(AccessEntry.record_id) == wanted.record_id, listed))
    if wanted.since:
        tests.append(col(AccessEntry.at) >= midnight(wanted.since))
    if wanted.until:
        tests.append(col(AccessEntry.at) < midnight(wanted.until + timedelta(days=1)))
    return tests


def _beyond(after: str | None) -> list[ColumnElement[bool]]:
    if not after:
        return []
    at, _, last = after.partition("|")
    moment, same = datetime.fromisoformat(at), col(AccessEntry.at)
    return [or_(same < moment, and_(same == moment, col(AccessEntry.id) < UUID(last)))]


def _told(uow: UnitOfWork, rows: Sequence[AccessEntry]) -> tuple[Reading, ...]:
    shown = {row.id: _ids(row) for row in rows}
    named = {i for ids in shown.values() for i in ids[:NAMED]}
    users = {row.actor_id for row in rows if row.actor_id}
    people = dict(uow.session.exec(select(User.id, User.name).where(col(User.id).in_(users | named))).all())
    customers = references.titles(uow, "customer", named)
    language = uow.actor.language
    nobody = text(language, "access.nobody")
    return tuple(
        Reading(
            id=str(row.id),
            at=row.at,
            who=people.get(row.actor_id, nobody) if row.actor_id else nobody,
            act=act_label(language, row.act),
            what=entity_label(language, row.entity),
            records=tuple(_record(i, people, customers) for i in shown[row.id][:NAMED] if i in people | customers),
            more=max(len(shown[row.id]) - NAMED, 0),
            ip=str(row.details.get("ip", "")),
        )
        for row in rows
    )  # fmt: skip


def _ids(row: AccessEntry) -> list[UUID]:
    listed = [UUID(str(i)) for i in row.details.get("ids", ())]
    return [*([row.record_id] if row.record_id else []), *listed]


def _record(record_id: UUID, people: dict[UUID, str], customers: dict[UUID, str]) -> tuple[str, str]:
    if record_id in customers:
        return customers[record_id], f"/customer/{record_id}"
    return people[record_id], ""


def act_label(language: str, act: str) -> str:
    """Return a kind of access as a person reads it."""
    return text(language, f"access.act.{act}", default=act.replace("_", " ").replace(".", ": "))


def menus(uow: UnitOfWork) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return whom and which kinds of access one may ask for, each as value and label."""
    language = uow.actor.language
    acts = uow.session.exec(select(AccessEntry.act).distinct()).all()
    return actors(uow), sorted(((act, act_label(language, act)) for act in acts), key=lambda pair: pair[1].casefold())


def title(uow: UnitOfWork, record_id: UUID) -> str:
    """Return what the customer is called whose readers are looked for, empty when he is out of reach."""
    require(uow)
    return references.titles(uow, "customer", [record_id]).get(record_id, "")


def lines(actor: Actor, wanted: Filter) -> Iterator[str]:
    """Yield the filtered log as CSV, a page at a time; that it was taken out is written down first."""
    perform(actor, _log)
    language = actor.language
    names = ("history.at", "history.user", "access.act", "access.what", "access.records", "access.more", "access.ip")
    yield "\ufeff" + csv_line([text(language, name) for name in names])
    after: str | None = None
    while True:
        found = ask(actor, look, wanted, after=after, limit=MOST)
        for one in found.readings:
            told = "; ".join(name for name, _ in one.records)
            yield csv_line([one.at.isoformat(), one.who, one.act, one.what, told, str(one.more or ""), one.ip])
        if found.after is None:
            return
        after = found.after


def _log(uow: UnitOfWork) -> None:
    require(uow)
    uow.log("access_log.exported")
