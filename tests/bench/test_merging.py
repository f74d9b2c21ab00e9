"""A merge of 10 customers with 5,000 related rows, its plan and its undo, against bare UPDATEs of the same rows.

Bar: each of plan, commit and un-merge takes at most ten times the UPDATEs in one transaction.
``C360_BENCH_MERGE_ROWS`` picks other sizes, as in ``5000,50000,500000``.
"""

import os
import sys
import time
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from c360.core import db, memory
from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.models.activity import Activity, ActivityCustomer
from c360.models.communication import Communication
from c360.models.customer import Customer
from c360.models.post import Post
from c360.services import counters, undo
from c360.services.merging import planning
from c360.services.merging.shapes import Choices
from c360.services.uow import perform, unit_of_work
from tests.bench import sheet

SIZES = [int(size) for size in os.environ.get("C360_BENCH_MERGE_ROWS", "5000").split(",")]
PEOPLE = 10
COLUMNS = ("database", "rows", "what", "seconds", "bare UPDATEs, seconds", "ratio", "bar met")
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]


def filled(actor: Any, rows: int) -> tuple[list[UUID], dict[str, list[UUID]]]:
    """Make ten contacts; the rows hang on them in turn: half calls and notes, the rest posts and e-mails."""
    with unit_of_work(actor) as uow:
        ids = [new_id() for _ in range(PEOPLE)]
        stamp = {"version": 1, "created_at": utc_now(), "updated_at": utc_now(), "created_by_id": actor.user_id}
        people = [
            {
                **Customer(kind="contact", name=f"P {n}", family_name=f"P {n}", sort_name=f"p {n}").model_dump(),
                **stamp, "id": one, "owner_id": actor.user_id,
            }
            for n, one in enumerate(ids)
        ]  # fmt: skip
        run = uow.session.connection().execute
        run(insert(Customer.__table__), people)
        made: dict[str, list[dict[str, Any]]] = {
            "activity": [],
            "activity_customer": [],
            "post": [],
            "communication": [],
        }
        for n in range(rows):
            of = {"id": new_id(), "customer_id": ids[n % PEOPLE], **stamp}
            if n % 2:
                call = {**Activity(kind="call", subject=f"Call {n}", status="closed").model_dump(), **stamp,
                        "id": new_id(), "owner_id": actor.user_id}  # fmt: skip
                made["activity"].append(call)
                made["activity_customer"].append({**of, "activity_id": call["id"], "kind": "call", "phase": "past",
                                                  "at": call["at"]})  # fmt: skip
            elif n % 4:
                made["post"].append({**of, "text": f"Post {n}", "mentioned": []})
            else:
                made["communication"].append({**of, "family": "email", "value": f"{n}@example.com",
                                              "normalised": f"{n}@example.com"})  # fmt: skip
        for model, name in ((Activity, "activity"), (ActivityCustomer, "activity_customer"), (Post, "post"),
                            (Communication, "communication")):  # fmt: skip
            full = [{**{c.name: None for c in model.__table__.c}, "is_primary": False, "do_not_use": False, **row}
                    for row in made[name]]  # fmt: skip
            run(insert(model.__table__), [{c.name: row[c.name] for c in model.__table__.c} for row in full])
        told = [
            {"entity": "activity_customer", "op": "create", "record_id": row["id"], "customer_id": row["customer_id"],
             "before": None, "after": None}
            for row in made["activity_customer"]
        ]  # fmt: skip
        counters.refresh(uow.session, told)
    moved = {
        name: [row["id"] for row in some if row["customer_id"] != ids[0]]
        for name, some in made.items() if name != "activity"
    }  # fmt: skip
    return ids, moved


def bare(survivor: UUID, moved: dict[str, list[UUID]]) -> float:
    """Return the seconds of plain UPDATEs of the rows a merge moves, in one transaction; then set them back."""
    with db.engine().connect() as connection:
        raw: Any = connection.connection
        lite = connection.dialect.name == "sqlite"
        cursor, mark = raw.cursor(), "?" if lite else "%s"
        former = {}
        for name in moved:
            cursor.execute(f"SELECT id, customer_id FROM {name}")
            former[name] = dict(cursor.fetchall())
        began = time.perf_counter()
        cursor.execute("BEGIN IMMEDIATE" if lite else "SELECT 1")
        for name, ids in moved.items():
            rows = [(survivor.hex, one.hex) if lite else (survivor, one) for one in ids]
            cursor.executemany(f"UPDATE {name} SET customer_id = {mark}, version = version + 1 WHERE id = {mark}", rows)
        raw.commit()
        took = time.perf_counter() - began
        cursor.execute("BEGIN IMMEDIATE" if lite else "SELECT 1")
        for name, rows in former.items():
            cursor.executemany(
                f"UPDATE {name} SET customer_id = {mark}, version = 1 WHERE id = {mark}",
                [(of, one) for one, of in rows.items()],
            )
        raw.commit()
    return took


@pytest.mark.feature("B-MRG-19")
@pytest.mark.parametrize("rows", SIZES)
def test_a_merge_and_its_undo(database, admin, rows):
    memory.settle()  # As the server does.
    # A server has merged before: what is made once for all merges is not counted.
    small, _ = filled(admin, 20)
    perform(admin, undo.undo, perform(admin, planning.merge, small, Choices(small[0])).set_id)
    ids, moved = filled(admin, rows)
    choices = Choices(ids[0])
    floor = sorted(bare(ids[0], moved) for _ in range(3 if rows <= 50_000 else 1))[rows <= 50_000]
    began = time.perf_counter()
    plan = perform(admin, planning.plan, ids, choices)
    planned = time.perf_counter()
    done = perform(admin, planning.commit, ids, choices, plan.fingerprint)
    merged = time.perf_counter()
    outcome = perform(admin, undo.undo, done.set_id)
    undone = time.perf_counter()
    assert outcome.kept == 0
    assert done.rows >= sum(map(len, moved.values()))
    took = {"plan": planned - began, "commit": merged - planned, "un-merge": undone - merged}
    for what, seconds in took.items():
        met = "yes" if seconds <= 10 * floor else "**no**"
        key = (database, f"{rows:,}", what)
        row = sheet.put("merging", "Merging ten customers", COLUMNS, key, f"{seconds:.3f}", f"{floor:.3f}",
                        f"{seconds / floor:.1f} of 10", met)  # fmt: skip
        sys.stdout.write(f"\n{row}\n")
    assert rows > 5_000 or took["commit"] <= 3
    assert max(took.values()) <= 10 * floor
