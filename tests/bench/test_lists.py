"""Lists, search and counts over 10,000, 100,000 and 1,000,000 customers, against the same statements on the driver.

The bar: p95 within three times the floor's p95 plus ten milliseconds. ``C360_BENCH_KEEP`` names a folder where bases
are kept between runs; without it each run makes them anew. ``C360_BENCH_SIZES`` picks sizes.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, make_url
from sqlmodel import Session, select

from c360.core import db, memory
from c360.core.actor import SYSTEM, Actor
from c360.models.choice import Choice
from c360.query.criteria import Criteria, Criterion
from c360.services import defaults, finding, listing
from c360.services.listing import ListQuery
from c360.services.uow import ask, unit_of_work
from tests import conftest
from tests.bench import data, figures

RUNS = 20
COLUMNS = ("name", "email", "phone", "city", "segment_id", "status_id", "owner_id")
SIZES = [int(n) for n in os.environ.get("C360_BENCH_SIZES", "10000,100000,1000000").split(",")]
SORTS = ("name", "-name", "updated_at", "-updated_at", "created_at", "-created_at", "email", "-email", "phone", "city")
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]


@dataclass
class Base:
    """A filled database and who looks at it."""

    backend: str
    size: int
    admin: Actor
    agent: Actor
    filtered: Criteria


@pytest.fixture(
    scope="module", params=[(b, n) for b in conftest.BACKENDS for n in SIZES], ids=lambda p: f"{p[0]}-{p[1]}"
)
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    """Give a base of a size on a kind of database."""
    backend, size = request.param
    prepare(backend, size, tmp_path_factory)
    admin, agent = data.actors()
    memory.settle()  # As the server does.
    with Session(db.engine()) as session:
        picked = {row.name: str(row.id) for row in session.exec(select(Choice))}
    tests = (Criterion("segment_id", "is", picked["Key account"]), Criterion("status_id", "is", picked["Active"]))
    yield Base(backend, size, admin, agent, Criteria(tests))
    db.engine().dispose()


def prepare(backend: str, size: int, folders: pytest.TempPathFactory) -> None:
    """Let the app use a base of a size, kept or new."""
    kept = os.environ.get("C360_BENCH_KEEP")
    folder = Path(kept) if kept else folders.mktemp("bench")
    folder.mkdir(parents=True, exist_ok=True)
    if backend == "sqlite":
        url = f"sqlite:///{folder / f'{size}.db'}"
        there = (folder / f"{size}.db").exists()
    else:
        if not conftest.HAS_POSTGRESQL:
            pytest.skip("PostgreSQL is not running here")
        url, there = _server(f"c360_bench_{size}", bool(kept))
    conftest.use(url)
    conftest.migrate()
    with unit_of_work(SYSTEM) as uow:
        defaults.ensure(uow)
    if not there:
        data.build(size)


def _server(name: str, keep: bool) -> tuple[str, bool]:
    with psycopg.connect(conftest.SERVER, autocommit=True) as server:
        there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
        if there and not keep:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        if not (there and keep):
            server.execute(f"CREATE DATABASE {name}")
    return make_url(conftest.SERVER).set(database=name).render_as_string(hide_password=False), there and keep


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Collect what the app asks the database for its rows."""
    seen: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if "FROM customer" in statement or "search_document" in statement:
            seen.append((statement, parameters))

    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)


def measure(base: Base, what: str, work: Callable[[], Any]) -> None:
    """Time the app and the same statements on the driver by turns; note both; fail beyond the bar."""
    with statements() as asked:
        forget()
        work()
    ours, floors = [], []
    with db.engine().connect() as connection:
        cursor: Any = connection.connection.cursor()
        for _ in range(RUNS):
            forget()
            start = time.perf_counter()
            work()
            ours.append(time.perf_counter() - start)
            start = time.perf_counter()
            for statement, parameters in asked:
                cursor.execute(statement, parameters)
                cursor.fetchall()
            floors.append(time.perf_counter() - start)
        cursor.close()
    figures.note(base.backend, base.size, what, ours, floors)
    assert figures.p95(ours) <= 3 * figures.p95(floors) + 0.010, figures.line(what, ours, floors)


def forget() -> None:
    """Forget every count, so that each run counts again."""
    figures.forget_counts()


def page(base: Base, actor: Actor, start: int = 0, entity: str = "contact", **asked: Any) -> Callable[[], Any]:
    """Return the work of one window of a list."""
    query = ListQuery(entity, COLUMNS, **asked)
    return lambda: ask(actor, listing.rows, query, start, start + 100)


@pytest.mark.parametrize("sort", SORTS)
def test_the_first_page_filtered_by_segment_and_status(base, sort):
    work = page(base, base.admin, criteria=base.filtered, sort=(sort,))
    measure(base, f"first page, segment and status, by {sort}", work)


@pytest.mark.parametrize("sort", ["name", "-updated_at"])
def test_a_jump_to_the_ninetieth_percent(base, sort):
    start = base.size * 9 // 10
    measure(base, f"jump to row {start:,}, by {sort}", page(base, base.admin, start, "customer", sort=(sort,)))


@pytest.mark.parametrize(("wanted", "words"), [("rare", "vogmarmann"), ("common", "berg")])
def test_a_contains_filter(base, wanted, words):
    tree = Criteria((Criterion("name", "contains", words),))
    measure(base, f"name contains, {wanted}", page(base, base.admin, criteria=tree, sort=("name",)))


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("name", "zoe vogmarmann"), ("common", "anna"), ("phone", "+49 30 1234"), ("typing error", "vogmarmnan")],
)
def test_global_search(base, wanted, words):
    measure(base, f"global search, {wanted}", lambda: ask(base.admin, finding.find, words))


def test_the_first_page_of_a_team(base):
    measure(base, "first page within a team's reach, by name", page(base, base.agent, sort=("name",)))


def test_the_exact_count(base):
    measure(base, "exact count", lambda: ask(base.admin, listing.count, ListQuery("contact")))
