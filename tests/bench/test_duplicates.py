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
from c360.models.duplicate import DuplicateModel
from c360.services.duplicates import check, running
from c360.services.uow import ask, unit_of_work
from tests.bench import keyed, sheet
from tests.bench.figures import p95
from tests.bench.stage import recorded
from tests.bench.test_lists import Base, base  # noqa: F401 - the fixture

CHECKS, CHANGED, RUNS, TOP = 200, 0.01, 5, 0.88
COLUMNS = ("database", "customers", "what", "measured", "floor or whole", "ratio", "bar", "met")
TITLE = "Duplicates among stored customers"
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]


@pytest.fixture(scope="module")
def learned(base: Base) -> Base:  # noqa: F811
    """Give a base with keys and weights: what a search of everything leaves behind."""
    keyed.ensure("contact")
    with unit_of_work(SYSTEM, reads=True) as uow:
        there = uow.session.get(DuplicateModel, "contact") is not None
    if not there:
        running.at_once(SYSTEM, "contact", changed=False)
    return base


def test_one_new_contact_is_checked_against_all(learned: Base) -> None:
    where, chance = learned, random.Random(7)
    columns: Any = (Customer.given_name, Customer.family_name, Customer.email, Customer.phone, Customer.birth_date)
    with unit_of_work(SYSTEM, reads=True) as uow:
        found = uow.session.execute(select(Customer.id, *columns).where(Customer.kind == "contact").limit(20_000)).all()
    names = [column.key for column in columns]
    ours, floors, right = [], [], 0
    with db.engine().connect() as connection:
        cursor: Any = connection.connection.cursor()
        for wanted, *held in chance.sample(found, CHECKS):
            values = _mistyped({n: str(v) for n, v in zip(names, held, strict=True) if v}, chance)
            statements = recorded(lambda values=values: ask(where.admin, check.check, "contact", values))
            begin = time.perf_counter()
            told = ask(where.admin, check.check, "contact", values)
            ours.append(time.perf_counter() - begin)
            right += bool(told.likely) and told.likely[0].id == str(wanted)
            begin = time.perf_counter()
            for statement, parameters in statements:
                if "duplicate_key" in statement:
                    cursor.execute(statement, parameters)
                    cursor.fetchall()
            floors.append(time.perf_counter() - begin)
        cursor.close()
    bar, top = 3 * p95(floors) + 0.010, right / CHECKS
    sheet.put(
        "duplicates", TITLE, COLUMNS, (where.backend, f"{where.size:,}", "a new contact, p95 in ms"),
        f"{1000 * p95(ours):.1f} (p50 {1000 * statistics.median(ours):.1f})", f"{1000 * p95(floors):.1f}",
        f"{p95(ours) / p95(floors):.1f}", f"{1000 * bar:.1f}", "yes" if p95(ours) <= bar else "**no**",
    )  # fmt: skip
    sheet.put(
        "duplicates", TITLE, COLUMNS, (where.backend, f"{where.size:,}", "a new contact, the right one on top"),
        f"{top:.0%}", "–", "–", f"{TOP:.0%}", "yes" if top >= TOP else "**no**",
    )  # fmt: skip
    assert p95(ours) <= bar
    assert top >= TOP


def _mistyped(values: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Return what somebody else types of a person: the end of a name is lost, and one in three other values."""
    name = chance.choice(("given_name", "family_name"))
    others = {n: text for n, text in values.items() if n.endswith("_name") or chance.random() > 1 / 3}
    return {**others, name: values[name][:-1]}


def _after_a_change() -> float:
    """Change one contact in a hundred and return the seconds of the search that follows."""
    with unit_of_work(SYSTEM) as uow:
        query = select(Customer).where(Customer.kind == "contact")
        contacts = uow.session.scalar(query.with_only_columns(func.count())) or 0
        for row in uow.session.exec(query.order_by(col(Customer.id)).limit(round(contacts * CHANGED))):
            row.job_title = f"Changed {utc_now().isoformat()}"
    begin = time.perf_counter()
    done = running.at_once(SYSTEM, "contact", changed=True)
    taken = time.perf_counter() - begin
    assert done["customers"] == round(contacts * CHANGED)
    return taken


def test_a_search_of_what_changed_costs_a_part_of_a_whole_one(learned: Base) -> None:
    where, begin = learned, time.perf_counter()
    running.at_once(SYSTEM, "contact", changed=False)
    whole = time.perf_counter() - begin
    taken = statistics.median(_after_a_change() for _ in range(RUNS))
    sheet.put(
        "duplicates", TITLE, COLUMNS, (where.backend, f"{where.size:,}", "search after 1 % changed, seconds"),
        f"{taken:.2f}", f"{whole:.1f}", f"{taken / whole:.3f}", "0.05", "yes" if taken <= 0.05 * whole else "**no**",
    )  # fmt: skip
    assert taken <= 0.05 * whole
