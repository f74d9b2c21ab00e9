"""A made-up base of any size, written straight into the tables: names repeat as they do among people.

The same number gives the same base. Indexes, triggers and the full-text mirror are made after the rows, so that a
million takes minutes rather than hours; the journal is left out, since nothing measured here reads it.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from c360.core import db
from c360.core.actor import SYSTEM, Actor
from c360.core.fold import fold
from c360.models.choice import Choice
from c360.models.user import Role, Team, TeamMember, User, UserRole
from c360.services import defaults, users
from c360.services.uow import unit_of_work
from tests.bench import bulk

HEADS = (
    "Ber", "Mül", "Schmi", "Wag", "Hof", "Kel", "Lin", "Mar", "Nor", "Öst", "Pet", "Ro", "Schnei", "Tho", "Vog",
    "Wei", "Zim", "An", "Bau", "Dör", "Ei", "Fisch", "Gra", "Har", "Jan", "Kra", "Lor", "Mei", "Neu", "Ot",
)  # fmt: skip
MIDS = ("", "den", "ler", "mar", "ni", "sen", "ter", "ber", "dor", "gel", "her", "kow", "lin", "man", "ren")
TAILS = ("mann", "er", "sen", "feld", "bach", "berg", "ski", "in", "ow", "stein", "hardt", "meyer", "son", "ström")
GIVEN = (
    "Anna", "Ben", "Clara", "David", "Elif", "Felix", "Greta", "Hugo", "Ida", "Jonas", "Käthe", "Lars", "Mia", "Noah",
    "Olga", "Paul", "Rosa", "Søren", "Thea", "Uwe", "Vera", "Willi", "Yara", "Zoë", "José", "Łukasz",
)  # fmt: skip
CITIES = (
    "Berlin", "Hamburg", "München", "Köln", "Leipzig", "Århus", "Malmö", "Łódź", "Zürich", "Wien", "Graz", "Lyon",
    "Nîmes", "Torino", "Porto", "Sevilla", "Gent", "Utrecht", "Brno", "Pécs",
)  # fmt: skip
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
    rest = tuple(CONSTANT.values())
    bulk.fill(
        {"customer": (*COLUMNS, *CONSTANT), "search_document": DOCUMENT},
        (((*map(row.get, COLUMNS), *rest), tuple(map(document.get, DOCUMENT))) for row, document in rows),
    )
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            for what in ("rebuild", "optimize"):
                connection.execute(text("INSERT INTO search_fts(search_fts) VALUES (:what)"), {"what": what})
        else:
            numbers = "pg_get_serial_sequence('search_document', 'number')"
            connection.execute(text(f"SELECT setval({numbers}, (SELECT max(number) FROM search_document))"))
        connection.commit()
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
