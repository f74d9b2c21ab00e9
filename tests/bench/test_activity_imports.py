"""Counters and reminders after an import of a million activities: exact, without a full recount; then its undo.

What each customer must end up with is known from the file alone. Bars: the last tenth of the chunks takes at most
1.5 times as long as the first, though every customer has all the others' activities by then; undone in no more than
the import's own time. ``C360_BENCH_ACTIVITIES`` picks another size.
"""

import csv
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, func, select

from c360.core.actor import SYSTEM, Actor
from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.models.activity import CONTACTS, KINDS, Activity
from c360.models.contact_figures import ContactFigures
from c360.models.customer import Customer
from c360.registry.entity import entity_for
from c360.services import mass
from c360.services.imports import direct, running
from c360.services.uow import unit_of_work
from tests.bench import sheet
from tests.bench.test_imports import COLUMNS
from tests.conftest import required

ROWS = int(os.environ.get("C360_BENCH_ACTIVITIES", "1000000"))
CUSTOMERS = 200
FIGURES = tuple(ContactFigures.model_fields)
START = datetime(2020, 1, 1, 8, tzinfo=UTC)
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]
Figures = dict[str, Any]


def customers(actor: Actor) -> dict[str, UUID]:
    """Make customers and return them by external id."""
    with unit_of_work(actor) as uow:
        lists = {name: UUID(value) for name, value in required(uow, "contact").items()}
        made = {f"K{n:04}": new_id() for n in range(CUSTOMERS)}
        rows = [
            {"id": one, "kind": "contact", "name": name, "sort_name": name.lower(), "family_name": name,
             "owner_id": actor.user_id, **lists}
            for name, one in made.items()
        ]  # fmt: skip
        mass.add(uow, entity_for("contact"), rows)
        known_as = [
            {"id": new_id(), "customer_id": one, "source": "crm", "external_id": name} for name, one in made.items()
        ]
        mass.add(uow, entity_for("external_reference"), known_as, "customer_id")
    return made


def written(path: Path, names: list[str]) -> tuple[dict[str, Figures], int]:
    """Write the file; return what each customer must have after it, and how many reminders there must be."""
    pick, soon, reminders = random.Random(7), utc_now() + timedelta(days=30), 0
    told: dict[str, Figures] = defaultdict(lambda: {n: 0 if n.startswith("contacts_") else None for n in FIGURES})
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, delimiter=";")
        lines.writerow(("Vorgangsnummer", "Art", "Betreff", "Kunde", "Datum", "Richtung", "Status"))
        for n in range(ROWS):
            kind, way = pick.choice(KINDS), pick.choice(("in", "out", ""))
            at = START + timedelta(minutes=pick.randrange(2_500_000))
            status = pick.choices(("closed", "cancelled", "open"), (8, 1, 1))[0]
            if status == "open" and n % 2:
                at = soon + timedelta(minutes=pick.randrange(100_000))
                reminders += 1
            with_ = pick.sample(names, 2 if n % 10 == 0 else 1)
            said = (f"A{n}", kind, f"Rückfrage {n} 需求", "; ".join(with_), at.isoformat(), way, status)
            lines.writerow(said)
            for one in with_:
                _count(told[one], kind, way, status, at)
    return told, reminders


def _count(figures: Figures, kind: str, way: str, status: str, at: datetime) -> None:
    if status == "open":
        figures["next_step_at"] = min(filter(None, (figures["next_step_at"], at)))
    if status == "closed" and kind in CONTACTS:
        for total, last in (("contacts_total", "last_contact_at"), (f"contacts_{way}", f"last_{way}_at")):
            if total in figures:
                figures[total] += 1
                figures[last] = max(filter(None, (figures[last], at)))


def held(made: dict[str, UUID]) -> dict[str, Figures]:
    """Return what each customer has."""
    with unit_of_work(SYSTEM, reads=True) as uow:
        rows = uow.session.exec(select(Customer).where(col(Customer.id).in_(list(made.values()))))
        return {row.family_name or "": {name: getattr(row, name) for name in FIGURES} for row in rows}


def waiting() -> tuple[int, int]:
    """Return how many activities are to be reminded of, and how many of those now."""
    with unit_of_work(SYSTEM, reads=True) as uow:
        found = select(func.count()).where(col(Activity.remind_at).is_not(None), col(Activity.reminded_at).is_(None))
        every = uow.session.exec(found).one()
        return every, uow.session.exec(found.where(col(Activity.remind_at) <= utc_now())).one()


def test_counters_and_reminders_after_an_import(database, admin, tmp_path):
    made = customers(admin)
    wanted, reminders = written(tmp_path / "crm.csv", list(made))
    # SQLite works in this process, whose own time is free of what its neighbours do.
    clock = time.process_time if database == "sqlite" else time.perf_counter
    ends, began = [clock()], time.perf_counter()
    told = direct.run_file(admin, tmp_path / "crm.csv", "activity", report=lambda *_: ends.append(clock()))
    took = time.perf_counter() - began
    assert told["created"] == ROWS, told["problems"]
    assert held(made) == wanted
    assert waiting() == (reminders, 0)
    chunks = [b - a for a, b in pairwise(ends[1:])][: ROWS // running.CHUNK - 1]
    tenth = max(len(chunks) // 10, 2)
    first, last = statistics.median(chunks[:tenth]), statistics.median(chunks[-tenth:])
    began = time.perf_counter()
    direct.undo(admin, UUID(told["batch"]))
    back = time.perf_counter() - began
    assert all(not figures["contacts_total"] and not figures["last_contact_at"] for figures in held(made).values())
    _note(database, "import of activities, rows a second", ROWS / took, "–", None)
    _note(database, "counters and reminders after it", ROWS, "exact", True)
    _note(database, "a chunk at the end, seconds", last, f"{last / first:.2f} of 1.5 × the first", last <= 1.5 * first)
    _note(database, "undo, seconds", back, f"{back / took:.2f} of 1", back <= took)
    assert last <= 1.5 * first
    assert back <= took


def _note(backend: str, what: str, measured: float, bar: str, met: bool | None) -> None:
    told = "–" if met is None else "yes" if met else "**no**"
    row = sheet.put(
        "imports", "Import and undo", COLUMNS, (backend, f"{ROWS:,}", what), f"{measured:,.1f}", "–", bar, told
    )
    sys.stdout.write(f"\n{row}\n")
