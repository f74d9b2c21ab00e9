"""What every test may use: a migrated database of each kind, actors, and makers of records."""

import os
import tempfile

os.environ["C360_DATA_DIR"] = tempfile.mkdtemp(prefix="c360-test-")

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import hypothesis
import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event, make_url
from sqlmodel import Session

from c360.core import config, db, memory
from c360.core.actor import SYSTEM, Actor
from c360.models.user import Role, Team, TeamMember, User, UserRole
from c360.services import defaults, journal, records, users
from c360.services.uow import unit_of_work
from tests import pg

ROOT = Path(__file__).parents[1]
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")  # New examples are looked for at the desk; CI repeats the same ones.
SERVER = os.environ.get("C360_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/test")
BACKENDS = ("sqlite", "postgresql")


def _server_is_there() -> bool:
    try:
        psycopg.connect(SERVER, connect_timeout=2).close()
    except psycopg.OperationalError:
        if os.environ.get("CI"):
            raise
        return False
    return True


HAS_POSTGRESQL = _server_is_there()
_engine = cache(db.make_engine)  # An engine keeps the statements it has compiled: one and the same for an address.


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what collecting made, as a server does over what starting made."""
    memory.settle()


def pytest_report_header() -> str:
    """Say plainly which databases the run covers."""
    return (
        "databases: SQLite and PostgreSQL" if HAS_POSTGRESQL else "databases: SQLite; THE POSTGRESQL PART DID NOT RUN"
    )


def leave() -> None:
    """Close the connections to the current database, but to the one lent to this process: the next test takes them."""
    engine = db.engine()
    if engine.url.database != pg.name():
        engine.dispose()


def use(url: str) -> None:
    """Point the app at a database."""
    leave()
    os.environ["C360_DATABASE_URL"] = url
    config.settings.cache_clear()
    db.engine.cache_clear()
    journal.key.cache_clear()
    with patch.object(db, "make_engine", _engine):
        db.engine()


def migrate(to: str = "head") -> None:
    """Bring the current database to a revision."""
    settings = Config(toml_file=ROOT / "pyproject.toml")
    command.upgrade(settings, to) if to != "base" else command.downgrade(settings, to)


@contextmanager
def empty_database(backend: str, tmp_path: Path) -> Iterator[str]:
    """Give a new, empty database of a kind and remove it after."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / f'{uuid4().hex}.db'}"
        return
    if not HAS_POSTGRESQL:
        pytest.skip("PostgreSQL is not running here")
    name = f"c360_{uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield _address(name)
    finally:
        db.engine().dispose()
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _address(name: str | None) -> str:
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Migrate one database of each kind, once; tests copy it."""
    urls: dict[str, str] = {}
    folder = tmp_path_factory.mktemp("template")
    with empty_database("sqlite", folder) as sqlite:
        urls["sqlite"] = _prepared(sqlite)
        if not HAS_POSTGRESQL:
            yield urls
            return
        with empty_database("postgresql", folder) as server:
            urls["postgresql"] = _prepared(server)
            yield urls


def _prepared(url: str) -> str:
    use(url)
    migrate()
    with unit_of_work(SYSTEM) as uow:
        defaults.ensure(uow)
    db.engine().dispose()
    return url


@pytest.fixture(scope="session", autouse=True)
def _give_back() -> Iterator[None]:
    """Remove the database this process was lent."""
    yield
    pg.give_back(SERVER)


@contextmanager
def lent(template: dict[str, str]) -> Iterator[str]:
    """Lend a copy of the migrated PostgreSQL database, the same one to every test of this process, as new each time."""
    before, name = pg.name(), pg.lend(SERVER, str(make_url(template["postgresql"]).database))
    if before not in (None, name):
        _engine(_address(before)).dispose()
    yield _address(name)


@pytest.fixture(params=BACKENDS)
def database(
    request: pytest.FixtureRequest, template: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Run the test on a fresh, migrated copy of each kind of database; gives the kind's name."""
    backend: str = request.param
    if backend not in template:
        pytest.skip("PostgreSQL is not running here")
    folder = tmp_path_factory.getbasetemp()
    with lent(template) if backend == "postgresql" else copy_of(template, backend, folder) as url:
        use(url)
        yield backend
        leave()


@contextmanager
def copy_of(template: dict[str, str], backend: str, folder: Path) -> Iterator[str]:
    """Copy a migrated database, give the copy's address and remove it after."""
    if backend == "sqlite":
        path = folder / "c360.db"
        for old in folder.glob("c360.db*"):
            old.unlink()
        shutil.copy(make_url(template["sqlite"]).database or "", path)
        yield f"sqlite:///{path}"
        return
    source, name = make_url(template["postgresql"]).database, f"c360_{uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
    yield _address(name)
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def make_user(database: str) -> Callable[..., Actor]:
    """Return a maker of users: ``make_user("Ann", "manager", team="North")`` gives the actor."""

    def make(name: str, role: str = "business_user", team: str | None = None, **values: Any) -> Actor:
        with unit_of_work(SYSTEM) as uow:
            user_id = add_user(uow, name, role, team, **values)
        return actor_of(user_id)

    return make


def add_user(uow: Any, name: str, role: str, team: str | None = None, **values: Any) -> UUID:
    """Add a user with one role and perhaps a team, and return the id."""
    user = uow.add(User(**{"login": f"{name.lower()}-{uuid4().hex[:6]}@example.com", "name": name, **values}))
    uow.flush()
    role_id = uow.session.exec(_by(Role, "key", role)).one().id
    uow.add(UserRole(user_id=user.id, role_id=role_id))
    if team:
        found = uow.session.exec(_by(Team, "name", team)).first() or uow.add(Team(name=team))
        uow.flush()
        uow.add(TeamMember(team_id=found.id, user_id=user.id))
    return user.id


@contextmanager
def statements() -> Iterator[list[str]]:
    """Give the statements that are sent to the database meanwhile."""
    sent: list[str] = []
    engine = db.engine()

    def listen(*told: Any) -> None:
        sent.append(told[2])

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def reads_of(actor: Actor) -> set[str]:
    """Return the kinds of reads the access log holds of somebody."""
    from sqlmodel import Session, select

    from c360.models.journal import AccessEntry

    with Session(db.engine()) as session:
        return set(session.exec(select(AccessEntry.act).where(AccessEntry.actor_id == actor.user_id)))


def _by(model: Any, name: str, value: str) -> Any:
    from sqlmodel import select

    return select(model).where(getattr(model, name) == value)


def actor_of(user_id: UUID) -> Actor:
    """Return what a user may do now."""
    with Session(db.engine()) as session:
        actor = users.actor_for(session, user_id)
    assert actor is not None
    return actor


@pytest.fixture
def admin(make_user: Callable[..., Actor]) -> Actor:
    """Return an administrator."""
    return make_user("Ada Admin", "administrator")


@pytest.fixture
def agent(make_user: Callable[..., Actor]) -> Actor:
    """Return a business user in the team North."""
    return make_user("Ben Agent", team="North")


@pytest.fixture
def stranger(make_user: Callable[..., Actor]) -> Actor:
    """Return a business user in another team."""
    return make_user("Sue Stranger", team="South")


@pytest.fixture
def make_as(database: str) -> Callable[..., UUID]:
    """Return a maker of records: ``make_as(agent, "contact", family_name="King")`` gives the id."""

    def make(actor: Actor, key: str, given: dict[str, Any] | None = None, **values: Any) -> UUID:
        with unit_of_work(actor) as uow:
            filled = {**required(uow, key), **values} if key in ("contact", "account") else values
            return records.create(uow, key, filled, **(given or {}))

    return make


def required(uow: Any, key: str) -> dict[str, str]:
    """Return text for each mandatory choice of a customer."""
    from sqlmodel import select

    from c360.models.choice import Choice

    ids = {
        name: uow.session.exec(select(Choice.id).where(Choice.pick_list == name, Choice.is_default == True)).one()  # noqa: E712
        for name in ("segment", "status", "channel")
    }
    return {f"{name}_id": str(i) for name, i in ids.items()} | {"responsible_id": str(uow.actor.user_id)}
