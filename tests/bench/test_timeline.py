"""The timeline, History and Future of a customer with 100,000 entries and of one with 100, against the bare SQL.

The bar: p95 within three times the floor's p95 plus ten milliseconds. The floor is every statement of the page straight
on the driver, the one that notes who looked and waits for the disk among them. ``C360_BENCH_BASE`` puts so many other
customers with ten activities each beside them; ``C360_BENCH_KEEP`` keeps that base.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, text
from sqlmodel import col, select

from c360.core import db, memory
from c360.core.actor import SYSTEM, Actor
from c360.core.ids import new_id
from c360.models.job import StoredFile
from c360.models.journal import ChangeRow, ChangeSet
from c360.models.relationship import RelationType
from c360.registry.entity import entity_for
from c360.services import activity_lines, mass, records, timeline
from c360.services.consents import purposes
from c360.services.uow import UnitOfWork, ask, perform, unit_of_work
from c360.services.users import oneself
from tests import conftest
from tests.bench import lives, sheet
from tests.bench.figures import line, p95
from tests.bench.lives import BEGAN, KINDS, YEARS
from tests.bench.stage import Statements, recorded
from tests.bench.test_lists import prepare

OTHERS = int(os.environ.get("C360_BENCH_BASE", "0"))
SIZES: tuple[int, ...] = (100, 100_000)
RUNS = 40
TITLE = "Timeline of one customer, server side, milliseconds"
COLUMNS = ("database", "entries", "what", "floor p50", "floor p95", "ours p50", "ours p95", "ratio p50", "bar met")
SAW = "INSERT INTO access_log"
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]


@dataclass
class Life:
    """A database of two customers, one with a short life and one with a long one, and who looks at them."""

    backend: str
    customers: Mapping[int, UUID]
    admin: Actor
    agent: Actor


@pytest.fixture(scope="module", params=conftest.BACKENDS)
def life(request: pytest.FixtureRequest, template: dict[str, str], tmp_path_factory) -> Iterator[Life]:
    """Fill a database of each kind."""
    if request.param not in template:
        pytest.skip("PostgreSQL is not running here")
    if OTHERS:
        prepare(request.param, OTHERS, tmp_path_factory)
        lives.ensure()
        yield two_lives(request.param)
    else:
        with conftest.copy_of(template, request.param, tmp_path_factory.mktemp("timeline")) as url:
            conftest.use(url)
            yield two_lives(request.param)
    db.engine().dispose()


def two_lives(backend: str) -> Life:
    """Add two customers, each with a life."""
    with unit_of_work(SYSTEM) as uow:
        users = [
            conftest.add_user(uow, "Ada", "administrator"),
            conftest.add_user(uow, "Ben", "business_user", "N"),
        ]
    admin, agent = map(conftest.actor_of, users)
    with unit_of_work(agent) as uow:
        filled = conftest.required(uow, "account")
        ids = [records.create(uow, "account", {**filled, "name": f"Überall {n} 株式会社"}) for n in range(52)]
    customers = dict(zip(SIZES, ids, strict=False))
    for size, one in customers.items():
        perform(agent, sow, one, ids[2:], size)
    with db.engine().connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    memory.settle()
    return Life(backend, customers, admin, agent)


def sow(uow: UnitOfWork, customer: UUID, others: list[UUID], size: int) -> None:
    """Give a customer ten years of so many entries, and for every fifty a plan."""
    purpose, kind = purposes.promotion(uow), uow.session.exec(select(RelationType.id)).first()
    assert purpose is not None
    share = {"activity": 80, "consent_event": 8, "post": 5, "change": 4, "attachment": 2, "relation": 1}
    rows: dict[str, list[dict[str, Any]]] = {key: [] for key in share}
    links: list[dict[str, Any]] = []
    file = uow.add(
        StoredFile(name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64, owner_id=oneself(uow))
    )
    uow.flush()
    for key, percent in share.items():
        number = size * percent // 100
        for n in range(number):
            at = BEGAN + YEARS * n / number
            made: dict[str, Any] = {"id": new_id(), "customer_id": customer, "created_at": at}
            if key == "activity":
                made = activity(uow, n, at)
                links.append(
                    {"id": new_id(), "activity_id": made["id"], "customer_id": customer, "at": at, "kind": "call"}
                )
            elif key == "consent_event":
                made |= {"purpose_id": purpose.id, "medium": "post", "event": ("given", "withdrawn")[n % 2], "at": at,
                         "source": "paper", "note": f"on form {n}", "proven": True}  # fmt: skip
            elif key == "post":
                made |= {"text": f"They asked about number {n} again. 🙂"}
            elif key == "attachment":
                made |= {"file_id": file.id, "name": f"Angebot {n}.pdf", "folded": f"angebot {n}.pdf"}
            elif key == "relation":
                made = {"id": made["id"], "created_at": at, "from_id": customer, "to_id": others[n % len(others)],
                        "type_id": kind, "since_on": at.date()}  # fmt: skip
            rows[key].append(made)
    changes(uow, customer, size * share["change"] // 100)
    mass.add(uow, entity_for("activity"), rows["activity"])
    mass.add(uow, entity_for("activity_customer"), links, "customer_id")
    for key in ("consent_event", "post", "attachment"):
        mass.add(uow, entity_for(key), rows[key], "customer_id")
    mass.add(uow, entity_for("relation"), rows["relation"], "from_id")


def activity(uow: UnitOfWork, n: int, at: datetime) -> dict[str, Any]:
    """Return an activity of long ago, or a plan of the years to come."""
    plan = n % 50 == 7
    at = at + YEARS if plan else at
    return {
        "id": new_id(), "owner_id": uow.actor.user_id, "kind": KINDS[n % len(KINDS)], "subject": f"Besuch {n} 山",
        "text": "Wants a quote. " * 9, "status": "open" if plan else "closed", "direction": ("in", "out", None)[n % 3],
        "due_at": at if plan else None, "at": at, "ended_at": None if plan else at,
    }  # fmt: skip


def changes(uow: UnitOfWork, customer: UUID, number: int) -> None:
    """Change the customer's city so often, each time by hand and on another day; the chain is left out."""
    first = uow.session.exec(select(col(ChangeSet.seq)).order_by(col(ChangeSet.seq).desc())).first() or 0
    sets, rows = [], []
    for n in range(number):
        at = BEGAN + YEARS * n / number
        stamp = UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | customer.int & 0xFFFF)
        sets.append(
            {"id": stamp, "seq": first + n + 1, "at": at, "actor_id": uow.actor.user_id, "action": "account.updated",
             "details": {}, "rows": 1, "prev_hash": "0" * 64, "hash": "0" * 64}
        )  # fmt: skip
        rows.append(
            {"id": stamp, "set_id": stamp, "position": 0, "entity": "account", "record_id": customer,
             "customer_id": customer, "op": "update", "before": {"city": f"Ort {n}"}, "after": {"city": f"Ort {n + 1}"},
             "version": n + 2, "salt": "0" * 32, "digest": "0" * 64}
        )  # fmt: skip
    connection = uow.session.connection()
    connection.execute(insert(ChangeSet.__table__), sets)
    connection.execute(insert(ChangeRow.__table__), rows)


def again(parameters: Any) -> Any:
    """Return what notes a look once more, under another id."""
    if isinstance(parameters, dict):
        return {**parameters, "id": new_id()}
    return (new_id().hex, *parameters[1:])


def measure(life: Life, size: int, what: str, work: Callable[[int], Any]) -> None:
    """Time each run of the app and its statements on the driver by turns, keep the figures, fail beyond the bar."""
    asked: list[Statements] = [recorded(lambda n=n: work(n), SAW) for n in range(RUNS)]
    ours, floors = [], []
    with db.engine().connect() as connection:
        cursor: Any = connection.connection.cursor()
        for n, statements in enumerate(asked):
            start = time.perf_counter()
            work(n)
            ours.append(time.perf_counter() - start)
            statements = [(told, again(given) if told.startswith(SAW) else given) for told, given in statements]
            start = time.perf_counter()
            for statement, parameters in statements:
                cursor.execute(statement, parameters)
                if not statement.startswith(SAW):
                    cursor.fetchall()
            cursor.connection.commit()
            floors.append(time.perf_counter() - start)
        cursor.close()
    figures = line(what, ours, floors).removeprefix(f"{what} | ").removesuffix(" |")
    row = sheet.put("timeline", TITLE, COLUMNS, (life.backend, f"{size:,}", what), figures)
    sys.stdout.write(f"\n{row}\n")
    assert p95(ours) <= 3 * p95(floors) + 0.010, row


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("who", ["admin", "agent"])
def test_the_first_screen(life: Life, size: int, who: str):
    reader, customer = getattr(life, who), life.customers[size]
    assert len({entry.type for entry in ask(reader, timeline.fetch, customer, limit=100).entries}) > 5
    measure(life, size, f"timeline, first screen, as {who}", lambda _: ask(reader, timeline.fetch, customer))


def test_each_further_screen(life: Life):
    customer, places = life.customers[SIZES[-1]], [""]
    for _ in range(RUNS):
        places.append(ask(life.admin, timeline.fetch, customer, after=places[-1]).after)

    def work(n: int) -> Any:
        return ask(life.admin, timeline.fetch, customer, after=places[n + 1])

    measure(life, SIZES[-1], "timeline, each further screen", work)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("phase", ["past", "planned"])
@pytest.mark.parametrize("who", ["admin", "agent"])
def test_history_and_future(life: Life, size: int, phase: str, who: str):
    reader, customer = getattr(life, who), life.customers[size]
    tab = {"past": "History", "planned": "Future"}[phase]
    measure(life, size, f"{tab}, as {who}", lambda _: ask(reader, activity_lines.of_customer, customer, phase))


@pytest.mark.parametrize("size", SIZES)
def test_what_comes_next(life: Life, size: int):
    customer = life.customers[size]
    measure(life, size, "timeline, what is planned", lambda _: ask(life.agent, timeline.upcoming, customer))
