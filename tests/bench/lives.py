"""Activities of a made-up base, ten of each customer: nine in ten years gone by, one planned."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from c360.core import db
from c360.models.activity import Activity
from c360.models.customer import Customer
from tests.bench import bulk

EACH = 10
BEGAN, YEARS = datetime(2016, 1, 1, tzinfo=UTC), timedelta(days=3650)
KINDS = ("call", "mail", "call", "meeting", "note", "mail", "letter", "task")
SUBJECTS = ("Rückfrage zum Angebot", "Besuch", "需求", "Mahnung", "Besuch auf der Messe", "مكالمة", "Vertrag 🙂")
ACTIVITY = (
    "id", "created_at", "updated_at", "version", "owner_id", "kind", "subject", "text", "status", "direction", "due_at",
    "at", "ended_at",
)  # fmt: skip
LINK = ("id", "created_at", "updated_at", "version", "customer_id", "activity_id", "kind", "phase", "at", "counts")


def ensure() -> None:
    """Give every customer his activities, unless somebody has some."""
    with Session(db.engine()) as session:
        if session.exec(select(Activity.id).limit(1)).first():
            return
        people = [tuple(row) for row in session.exec(select(Customer.id, Customer.owner_id).order_by(col(Customer.id)))]
    bulk.fill({"activity": ACTIVITY, "activity_customer": LINK}, _rows(people, random.Random(7)))


def _rows(people: list[Any], pick: random.Random) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Yield each activity with its link, in the order of time as a base grows."""
    number = len(people) * EACH
    for n in range(number):
        # 7 and the size of a base have no divisor in common, so that everyone's turn comes as often.
        customer, owner = people[n * 7 % len(people)]
        made = BEGAN + YEARS * (n / number)
        plan = n % EACH == n // len(people)
        at = made + YEARS + timedelta(days=365) if plan else made
        kind, way = KINDS[n % len(KINDS)], pick.choice(("in", "out", None))
        one = _id(made, n)
        counts = None if plan or kind in ("note", "task") else way or "neither"
        told, wish = f"{pick.choice(SUBJECTS)} {n}", "Wants a quote. " * pick.randrange(9)
        when = ("open", way, at, at, None) if plan else ("closed", way, None, at, at)
        yield (
            (one, made, made, 1, owner, kind, told, wish, *when),
            (_id(made, number + n), made, made, 1, customer, one, kind, "planned" if plan else "past", at, counts),
        )


def _id(made: datetime, n: int) -> UUID:
    return UUID(int=(int(made.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | n)
