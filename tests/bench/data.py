"""A made-up base of any size, written straight into the tables: names repeat as they do among people.

The same number gives the same base. Indexes, triggers and the full-text mirror are made after the rows, which is what
makes a million take minutes rather than hours; the journal is left out, since nothing measured here reads it.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from c360.core import db
from c360.core.actor import SYSTEM, Actor
from c360.core.fold import fold
from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.models.search import SearchDocument
from c360.models.user import Role, Team, TeamMember, User, UserRole
from c360.services import defaults, users
from c360.services.uow import unit_of_work

BATCH = 20_000
HEADS = (
    "Ber",
    "Mül",
    "Schmi",
    "Wag",
    "Hof",
    "Kel",
    "Lin",
    "Mar",
    "Nor",
    "Öst",
    "Pet",
    "Ro",
    "Schnei",
    "Tho",
    "Vog",
    "Wei",
    "Zim",
    "An",
    "Bau",
    "Dör",
    "Ei",
    "Fisch",
    "Gra",
    "Har",
    "Jan",
    "Kra",
    "Lor",
    "Mei",
    "Neu",
    "Ot",
)
MIDS = ("", "den", "ler", "mar", "ni", "sen", "ter", "ber", "dor", "gel", "her", "kow", "lin", "man", "ren")
TAILS = ("mann", "er", "sen", "feld", "bach", "berg", "ski", "in", "ow", "stein", "hardt", "meyer", "son", "ström")
GIVEN = (
    "Anna",
    "Ben",
    "Clara",
    "David",
    "Elif",
    "Felix",
    "Greta",
    "Hugo",
    "Ida",
    "Jonas",
    "Käthe",
    "Lars",
    "Mia",
    "Noah",
    "Olga",
    "Paul",
    "Rosa",
    "Søren",
    "Thea",
    "Uwe",
    "Vera",
    "Willi",
    "Yara",
    "Zoë",
    "José",
    "Łukasz",
)
CITIES = (
    "Berlin",
    "Hamburg",
    "München",
    "Köln",
    "Leipzig",
    "Århus",
    "Malmö",
    "Łódź",
    "Zürich",
    "Wien",
    "Graz",
    "Lyon",
    "Nîmes",
    "Torino",
    "Porto",
    "Sevilla",
    "Gent",
    "Utrecht",
    "Brno",
    "Pécs",
)
STREETS = ("Hauptstraße", "Gartenweg", "Lindenallee", "Am Markt", "Bahnhofstraße", "Schulweg", "Ringstraße")
TRADES = ("Werke", "Handel", "Logistik", "Technik", "Bau", "Medien", "Pharma", "Energie", "Textil", "Agrar")
FORMS = ("GmbH", "AG", "KG", "e.V.", "SE")
START = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Base:
    """What was made: how many customers, and who looks at them."""

    size: int
    everyone: Actor
    team: Actor


def build(size: int, seed: int = 7) -> Base:
    """Fill the current, migrated database with customers, and its statistics."""
    everyone, team, owners = _people()
    engine = db.engine()
    with Session(engine) as session:
        picked = {
            name: list(session.exec(select(Choice.id).where(Choice.pick_list == name).order_by(col(Choice.position))))
            for name in ("segment", "status", "channel")
        }
    rows = _rows(size, random.Random(seed), owners, picked)
    (_fill_sqlite if engine.dialect.name == "sqlite" else _fill_postgresql)(engine, rows)
    return Base(size, everyone, team)


def actors() -> tuple[Actor, Actor]:
    """Return who looks at a base that was made before."""
    with Session(db.engine()) as session:
        found = [
            session.exec(select(User.id).where(User.login == f"{name}@bench.example")).one()
            for name in ("admin", "user00")
        ]
        everyone, team = (users.actor_for(session, user_id) for user_id in found)
    assert everyone is not None
    assert team is not None
    return everyone, team


def _people() -> tuple[Actor, Actor, list[UUID]]:
    with unit_of_work(SYSTEM) as uow:
        defaults.ensure(uow)
        uow.flush()
        roles = dict(uow.session.exec(select(Role.key, Role.id)).all())
        teams = [uow.add(Team(name=f"Team {n}")) for n in range(4)]
        admin = uow.add(User(login="admin@bench.example", name="Admin"))
        agents = [uow.add(User(login=f"user{n:02}@bench.example", name=f"User {n:02}")) for n in range(20)]
        uow.flush()
        uow.add(UserRole(user_id=admin.id, role_id=roles["administrator"]))
        for n, agent in enumerate(agents):
            uow.add(UserRole(user_id=agent.id, role_id=roles["business_user"]))
            uow.add(TeamMember(team_id=teams[n % 4].id, user_id=agent.id))
        owners = [agent.id for agent in agents]
    return *actors(), owners


def _rows(
    size: int, pick: random.Random, owners: list[UUID], picked: dict[str, list[UUID]]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each customer with his search document."""
    families = [head + mid + tail for head in HEADS for mid in MIDS for tail in TAILS]
    pick.shuffle(families)
    for n in range(size):
        made = START + timedelta(seconds=n * 60 + pick.randrange(60))
        row: dict[str, Any] = {
            "id": UUID(int=(int(made.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | n),
            "created_at": made, "updated_at": START + timedelta(seconds=pick.randrange(180_000_000)),
            "owner_id": owners[int(pick.random() ** 1.5 * len(owners))],
            "segment_id": picked["segment"][int(pick.random() ** 2 * len(picked["segment"]))],
            "status_id": picked["status"][int(pick.random() ** 2 * len(picked["status"]))],
            "channel_id": picked["channel"][pick.randrange(len(picked["channel"]))],
            "city": pick.choice(CITIES), "country": "DE", "language": "de",
        }  # fmt: skip
        # One in twenty is looked after by another than the owner.
        row["responsible_id"] = pick.choice(owners) if n % 20 == 0 else row["owner_id"]
        # Squaring makes a few names common and most of them rare.
        family = families[int(pick.random() ** 2 * len(families))]
        if pick.random() < 0.7:
            given = pick.choice(GIVEN)
            row |= {"kind": "contact", "given_name": given, "family_name": family, "name": f"{given} {family}"}
            row["birth_date"] = date(1940, 1, 1) + timedelta(days=pick.randrange(24_000))
            row["email"] = f"{fold(given)}.{fold(family)}{n}@example.com" if pick.random() < 0.8 else None
        else:
            row |= {"kind": "account", "name": f"{family} {pick.choice(TRADES)} {pick.choice(FORMS)}"}
            row["email"] = f"info{n}@{fold(family)}.example" if pick.random() < 0.8 else None
            row["employees"] = int(pick.paretovariate(0.7))
        row["phone"] = f"+49 {pick.randrange(30, 999)} {pick.randrange(10**6, 10**8)}" if pick.random() < 0.7 else None
        row["sort_name"] = fold(row["name"])
        digits = "".join(c for c in row["phone"] or "" if c.isdigit())
        street = f"{pick.choice(STREETS)} {pick.randrange(1, 200)}"
        document = {
            "number": n + 1, "customer_id": row["id"], "name": row["sort_name"], "email": row["email"] or "",
            "phone": f"{row['phone']} {digits}" if digits else "", "address": fold(f"{row['city']} {street}"),
            "people": "",
        }  # fmt: skip
        yield row, document


COLUMNS = (
    "id", "created_at", "updated_at", "owner_id", "segment_id", "status_id", "channel_id", "city", "country",
    "language", "responsible_id", "kind", "given_name", "family_name", "name", "birth_date", "email", "employees",
    "phone", "sort_name",
)  # fmt: skip
CONSTANT = {
    "version": 1, "category_ids": "[]", "preferred_media": "[]", "forbidden_media": "[]", "custom": "{}",
    "is_demo": False,
}  # fmt: skip
DOCUMENT = ("number", "customer_id", "name", "email", "phone", "address", "people")


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _fill_sqlite(engine: Engine, rows: Iterator[Any]) -> None:
    raw = engine.raw_connection()
    connection = raw.driver_connection
    assert connection is not None
    cursor = connection.cursor()
    for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    tables = (Customer.__tablename__, SearchDocument.__tablename__)
    made = list(cursor.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN (?, ?) AND type IN ('index', 'trigger') "
        "AND sql IS NOT NULL", tables,
    ))  # fmt: skip
    for kind, name, _ in made:
        cursor.execute(f'DROP {kind} "{name}"')
    names = (*COLUMNS, *CONSTANT)
    customer = f"INSERT INTO customer ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    document = f"INSERT INTO search_document ({', '.join(DOCUMENT)}) VALUES ({', '.join('?' * len(DOCUMENT))})"
    rest = tuple(int(v) if isinstance(v, bool) else v for v in CONSTANT.values())
    for batch in _batches(rows):
        cursor.execute("BEGIN")
        cursor.executemany(customer, [(*(_sqlite(r.get(n)) for n in COLUMNS), *rest) for r, _ in batch])
        cursor.executemany(document, [tuple(_sqlite(d[n]) for n in DOCUMENT) for _, d in batch])
        cursor.execute("COMMIT")
    for _, _, sql in made:
        cursor.execute(sql)
    cursor.execute("INSERT INTO search_fts(search_fts) VALUES ('rebuild')")
    cursor.execute("INSERT INTO search_fts(search_fts) VALUES ('optimize')")
    cursor.execute("ANALYZE")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cursor.close()
    raw.close()
    engine.dispose()


def _sqlite(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value


def _fill_postgresql(engine: Engine, rows: Iterator[Any]) -> None:
    with engine.connect() as connection:
        made = connection.execute(
            text(
                "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename IN ('customer', 'search_document') "
                "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
            )
        ).all()
        for name, _ in made:
            connection.execute(text(f'DROP INDEX "{name}"'))
        for table in ("customer", "search_document"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        raw: Any = connection.connection.driver_connection
        for batch in _batches(rows):
            names = (*COLUMNS, *CONSTANT)
            with raw.cursor().copy(f"COPY customer ({', '.join(names)}) FROM STDIN") as copy:
                for row, _ in batch:
                    copy.write_row((*(row.get(n) for n in COLUMNS), *CONSTANT.values()))
            with raw.cursor().copy(f"COPY search_document ({', '.join(DOCUMENT)}) FROM STDIN") as copy:
                for _, document in batch:
                    copy.write_row(tuple(document[n] for n in DOCUMENT))
        connection.execute(text("SET maintenance_work_mem = '512MB'"))
        for _, sql in made:
            connection.execute(text(sql))
        for table in ("customer", "search_document"):
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
