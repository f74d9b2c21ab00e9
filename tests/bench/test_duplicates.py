"""Duplicates among stored customers: one new contact against all of them, and a search of what changed."""

import random
import statistics
import time
from typing import Any

import pytest
from sqlmodel import col, func, select

from c360.core import db
from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.models.customer import Customer
from c360.services.duplicates import check, running
from c360.services.uow import ask, unit_of_work
from tests.bench import sheet
from tests.bench.figures import p95
from tests.bench.stage import recorded
from tests.bench.test_lists import Base, base  # noqa: F401 - the fixture

CHECKS, CHANGED = 200, 0.01
COLUMNS = ("database", "customers", "what", "measured", "floor or whole", "ratio", "bar", "met")
TITLE = "Duplicates among stored customers"
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]


@pytest.fixture(scope="module")
def searched(base: Base) -> tuple[Base, float]:  # noqa: F811
    """Search everything once, so that keys and weights are there, and once more for the time it takes then."""
    running.at_once(SYSTEM, "contact", changed=False)
    begin = time.perf_counter()
    running.at_once(SYSTEM, "contact", changed=False)
    return base, time.perf_counter() - begin


def test_one_new_contact_is_checked_against_all(searched: tuple[Base, float]) -> None:
    where, _ = searched
    chance = random.Random(7)
    columns: Any = (Customer.given_name, Customer.family_name, Customer.email, Customer.phone, Customer.birth_date)
    with unit_of_work(SYSTEM, reads=True) as uow:
        found = uow.session.execute(select(*columns).where(Customer.kind == "contact").limit(20_000)).all()
    names = [column.key for column in columns]
    typed = [{n: str(v) for n, v in zip(names, row, strict=True) if v} for row in chance.sample(found, CHECKS)]
    ours, floors = [], []
    with db.engine().connect() as connection:
        cursor: Any = connection.connection.cursor()
        for values in typed:
            values["given_name"] = values.get("given_name", "")[:-1]
            statements = recorded(lambda values=values: ask(where.admin, check.check, "contact", values))
            begin = time.perf_counter()
            ask(where.admin, check.check, "contact", values)
            ours.append(time.perf_counter() - begin)
            begin = time.perf_counter()
            for statement, parameters in statements:
                if "duplicate_key" in statement:
                    cursor.execute(statement, parameters)
                    cursor.fetchall()
            floors.append(time.perf_counter() - begin)
        cursor.close()
    bar = 3 * p95(floors) + 0.010
    sheet.put(
        "duplicates", TITLE, COLUMNS, (where.backend, f"{where.size:,}", "a new contact, p95 in ms"),
        f"{1000 * p95(ours):.1f} (p50 {1000 * statistics.median(ours):.1f})", f"{1000 * p95(floors):.1f}",
        f"{p95(ours) / p95(floors):.1f}", f"{1000 * bar:.1f}", "yes" if p95(ours) <= bar else "**no**",
    )  # fmt: skip
    assert p95(ours) <= bar


def test_a_search_of_what_changed_costs_a_part_of_a_whole_one(searched: tuple[Base, float]) -> None:
    where, whole = searched
    with unit_of_work(SYSTEM) as uow:
        query = select(Customer).where(Customer.kind == "contact")
        contacts = uow.session.scalar(query.with_only_columns(func.count()))
        for row in uow.session.exec(query.order_by(col(Customer.id)).limit(round(contacts * CHANGED))):
            row.job_title = f"Changed {utc_now().isoformat()}"
    begin = time.perf_counter()
    done = running.at_once(SYSTEM, "contact", changed=True)
    taken = time.perf_counter() - begin
    assert done["customers"] == round(contacts * CHANGED)
    sheet.put(
        "duplicates", TITLE, COLUMNS, (where.backend, f"{where.size:,}", "search after 1 % changed, seconds"),
        f"{taken:.2f}", f"{whole:.1f}", f"{taken / whole:.3f}", "0.05", "yes" if taken <= 0.05 * whole else "**no**",
    )  # fmt: skip
    assert taken <= 0.05 * whole
