"""Made-up activities and posts on the demo's customers, the same ones every time."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.registry.entity import entity_for
from c360.services import mass
from c360.services.rules.activities import MEDIA
from c360.services.uow import UnitOfWork

SEED = 360
CUSTOMERS = 600
"""So many of the demo's customers have a history."""
SUBJECTS = {
    "call": ("Asked about delivery times", "Wants a new price list", "Complaint about a late parcel",
             "Thanked for quick help", "Talked about next season"),
    "meeting": ("Yearly review", "Tasting in the show room", "Visit at the warehouse", "First meeting"),
    "mail": ("Offer sent", "Invoice question answered", "Invitation to the trade fair", "Order confirmed"),
    "task": ("Prepare the offer", "Check the credit limit", "Send samples", "Update the contract"),
    "note": ("Prefers calls in the morning", "New buyer since spring", "Moves to a bigger office soon"),
    "letter": ("Season's greetings", "Contract by post"),
}  # fmt: skip
WEIGHTS = {"call": 9, "meeting": 3, "mail": 9, "task": 4, "note": 3, "letter": 1}
OUTCOMES = (None, None, "Will call back", "Interested", "Order expected", "No need now")
OBJECTIONS = (None, None, "Finds it too dear", "Has a supplier already", "Wants it in smaller packs")
AIMS = (None, "Tasting in the shop", "A first order", "A place at the till", "An offer for the year")
POSTS = ("Met them at the fair: very interested in cheese.", "Careful, the last two invoices were paid late.",
         "Great customer, always friendly on the phone.", "They are looking for a second supplier.")  # fmt: skip


def fill(uow: UnitOfWork, user_ids: Sequence[UUID]) -> int:
    """Give some of the demo's customers a history and plans; return how many activities there are."""
    chance = Random(SEED)  # noqa: S311 - a demo, the same every time
    ids = list(uow.session.exec(select(Customer.id).where(col(Customer.is_demo)).order_by(col(Customer.id))))
    chosen = chance.sample(ids, min(CUSTOMERS, len(ids)))
    activities: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    posts: list[dict[str, Any]] = []
    for customer_id in chosen:
        for _ in range(chance.randint(1, 7)):
            one = _one(chance, chance.choice(user_ids))
            activities.append(one)
            with_whom = {customer_id, chance.choice(ids)} if chance.random() < 0.1 else {customer_id}
            links += [
                {"id": new_id(), "activity_id": one["id"], "customer_id": who, "at": one["at"], "kind": one["kind"]}
                for who in sorted(with_whom)
            ]
        if chance.random() < 0.1:
            posts.append({"id": new_id(), "customer_id": customer_id, "text": chance.choice(POSTS)})
    mass.add(uow, entity_for("activity"), activities)
    mass.add(uow, entity_for("activity_customer"), links, "customer_id")
    mass.add(uow, entity_for("activity_product"), _talks(uow, activities, links), "customer_id")
    mass.add(uow, entity_for("post"), posts, "customer_id")
    uow.log("demo.activities_added", activities=len(activities))
    return len(activities)


def _talks(
    uow: UnitOfWork, activities: Sequence[dict[str, Any]], links: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return products discussed in some of the calls and meetings that were held: each time a customer is further."""
    chance = Random(SEED + 1)  # noqa: S311 - a demo, the same every time
    products, stages = (_choices(uow, pick_list) for pick_list in ("product", "adoption_stage"))
    held = {one["id"]: one for one in activities if one["status"] == "closed" and one["kind"] in ("call", "meeting")}
    reached: Counter[tuple[UUID, UUID]] = Counter()
    made = []
    for link in sorted((one for one in links if one["activity_id"] in held), key=lambda one: one["at"]):
        chosen = chance.sample(products, min(chance.choice((0, 0, 1, 1, 2)), len(products)))
        for position, product_id in enumerate(chosen):
            pair = link["customer_id"], product_id
            words, aim = chance.choice(OBJECTIONS), chance.choice(AIMS)
            met = held[link["activity_id"]]["kind"] == "meeting"
            made.append({
                "id": new_id(), "activity_id": link["activity_id"], "customer_id": link["customer_id"],
                "product_id": product_id, "stage_id": stages[min(reached[pair], len(stages) - 1)] if stages else None,
                "objections": words, "next_objective": aim, "samples": chance.randint(1, 5) if met else None,
                "position": position,
            })  # fmt: skip
            reached[pair] += 1
    return made


def _choices(uow: UnitOfWork, pick_list: str) -> list[UUID]:
    found = select(Choice.id).where(Choice.pick_list == pick_list, col(Choice.archived_at).is_(None))
    return list(uow.session.exec(found.order_by(col(Choice.position), col(Choice.name))))


def _one(chance: Random, owner_id: UUID) -> dict[str, Any]:
    kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    planned = kind in ("meeting", "task", "call") and chance.random() < 0.12
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    at = now + timedelta(days=chance.randint(-5, 45)) if planned else now - timedelta(days=chance.randint(1, 500))
    at = at.replace(hour=chance.randint(8, 17))
    status = "open" if planned else "cancelled" if chance.random() < 0.04 else "closed"
    return {
        "id": new_id(), "owner_id": owner_id, "kind": kind, "subject": chance.choice(SUBJECTS[kind]),
        "status": status, "direction": chance.choice(("in", "out")) if kind in ("call", "mail", "letter") else None,
        "medium": MEDIA.get(kind), "starts_at": None if kind == "task" else at,
        "due_at": at if kind == "task" else None,
        "at": at, "ended_at": None if planned else at, "outcome": None if planned else chance.choice(OUTCOMES),
        "ends_at": at + timedelta(hours=1) if kind == "meeting" else None, "remind_at": _remind(at, now, planned),
    }  # fmt: skip


def _remind(at: datetime, now: datetime, planned: bool) -> datetime | None:
    return at - timedelta(minutes=15) if planned and at > now else None
