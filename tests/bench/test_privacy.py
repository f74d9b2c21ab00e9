"""The access file of a person with 10,000 related rows, against reading those rows bare."""

import io
import statistics
import sys
import time
from typing import Any
from uuid import UUID

import pytest

from c360.core import db
from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.registry.entity import entity_for
from c360.services import mass
from c360.services.consents import purposes
from c360.services.privacy import access, reach
from c360.services.uow import UnitOfWork, perform
from tests.bench import sheet

ROWS, RUNS, BAR = 10_000, 15, 5
LONG = "Wants a quote. " * 9
TITLE = "Access file of a person with 10,000 related rows, seconds"
COLUMNS = ("database", "what", "floor p50", "ours p50", "ratio", "bar met")
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]


def sow(uow: UnitOfWork, person: UUID) -> None:
    """Give a person activities, answers in the ledger and addresses: 10,000 rows in all."""
    purpose, quarter, now = purposes.promotion(uow), ROWS // 4, utc_now()
    assert purpose is not None
    calls = [
        {"id": new_id(), "owner_id": uow.actor.user_id, "kind": "call", "subject": f"Call {n} 山", "text": LONG,
         "status": "closed", "direction": "out", "at": now, "ended_at": now}
        for n in range(quarter)
    ]  # fmt: skip
    links = [
        {"id": new_id(), "activity_id": one["id"], "customer_id": person, "kind": "call", "at": now} for one in calls
    ]
    said = [
        {"id": new_id(), "customer_id": person, "purpose_id": purpose.id, "medium": "post", "event": "given", "at": now,
         "source": "paper", "note": "on the form", "proven": True}
        for _ in range(quarter)
    ]  # fmt: skip
    reached = [
        {"id": new_id(), "customer_id": person, "family": "email", "value": f"a{n}@example.com", "is_primary": False}
        for n in range(quarter)
    ]
    mass.add(uow, entity_for("activity"), calls)
    for key, rows in (("activity_customer", links), ("consent_event", said), ("communication", reached)):
        mass.add(uow, entity_for(key), rows, "customer_id")


def reading(person: UUID) -> list[tuple[str, Any]]:
    """Return the plainest statements that read all rows of a person."""
    own: dict[str, str] = {"customer": "id"} | {one.table.name: one.column.name for one in reach.mentions()}
    found = [f'SELECT * FROM "{table}" WHERE "{column}" = :id' for table, column in own.items()]
    found.append(
        "SELECT activity.* FROM activity JOIN activity_customer ON activity_customer.activity_id = activity.id"
        " WHERE activity_customer.customer_id = :id"
    )
    found.append("SELECT * FROM change_row JOIN change_set ON change_set.id = set_id WHERE customer_id = :id")
    with db.engine().connect() as connection:
        marked, value = ("?", person.hex) if connection.dialect.name == "sqlite" else ("%s", person)
    return [(one.replace(":id", marked), (value,)) for one in found]


def test_the_access_file_of_10000_rows(database, admin, make_as):
    person = make_as(admin, "contact", family_name="Vollständig", email="all@example.com")
    perform(admin, sow, person)
    ours, floors, statements = [], [], reading(person)
    with db.engine().connect() as connection:
        cursor: Any = connection.connection.cursor()
        for _ in range(RUNS):
            start = time.perf_counter()
            read = 0
            for statement, parameters in statements:
                cursor.execute(statement, parameters)
                read += len(cursor.fetchall())
            floors.append(time.perf_counter() - start)
            assert read >= ROWS
            connection.rollback()
            start = time.perf_counter()
            perform(SYSTEM, access.person, person, io.BytesIO())
            ours.append(time.perf_counter() - start)
        cursor.close()
    floor, mine = statistics.median(floors), statistics.median(ours)
    row = sheet.put(
        "access file", TITLE, COLUMNS, (database, f"{read:,} rows, history included"), f"{floor:.3f}", f"{mine:.3f}",
        f"{mine / floor:.1f}", "yes" if mine <= BAR * floor else "**no**",
    )  # fmt: skip
    sys.stdout.write(f"\n{row}\n")
    assert mine <= BAR * floor, row
