"""Talks: the products discussed in an activity with each of its customers, added, kept in order, read back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col

from c360.core.actor import Verb
from c360.core.errors import Conflict
from c360.models.activity import CONTACTS, Activity, ActivityCustomer
from c360.models.activity_product import ActivityProduct
from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services import facts, records, references
from c360.services.discussed import KEY
from c360.services.facts import Chip, Fact
from c360.services.rules import discussed as rules
from c360.services.uow import UnitOfWork

MOST = 50
"""Products one talk may hold."""
TOLD = ("samples", "objections", "next_objective")


@dataclass(slots=True)
class Discussed:
    """What was said of one product to one customer."""

    id: str
    product: str
    chips: list[Chip] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    may_edit: bool = False
    first: bool = False
    last: bool = False


@dataclass(slots=True)
class Talk:
    """What an activity holds of products for one of its customers, in the order discussed."""

    customer_id: str
    name: str
    lines: list[Discussed] = field(default_factory=list)


def add(uow: UnitOfWork, activity_id: UUID, values: Mapping[str, str], customer_id: UUID | None = None) -> UUID:
    """Add a product at the end of a talk: with one customer of the activity, or with each in reach who lacks it.

    Who was erased is passed over. Returns the id of the first line; ``Conflict`` where the activity has no such
    customer or its talk is full.
    """
    uow.get("activity", activity_id, Verb.UPDATE)
    links = uow.select("activity_customer").where(ActivityCustomer.activity_id == activity_id)
    links = links.where(ActivityCustomer.customer_id == customer_id) if customer_id else links
    links = links.join(Customer, col(ActivityCustomer.customer_id) == Customer.id)
    links = links.where(col(Customer.erased_at).is_(None))
    ids = [row.customer_id for row in uow.session.exec(links.order_by(col(ActivityCustomer.created_at)))]
    held = _rows(uow, activity_id)
    lacking = [one for one in ids if values.get("product_id") not in [str(row.product_id) for row in held[one]]]
    made = []
    for one in lacking or ids:
        if len(held[one]) >= MOST:
            raise Conflict("product.many", n=MOST)
        last = max((row.position for row in held[one]), default=-1)
        given = {"activity_id": activity_id, "customer_id": one, "position": last + 1}
        made.append(records.create(uow, KEY, values, **given))
    if not made:
        raise Conflict("product.nobody")
    return made[0]


def move(uow: UnitOfWork, line_id: UUID, by: int) -> None:
    """Take a product some places down its talk, or up; it stops at the end."""
    line: ActivityProduct = uow.get(KEY, line_id, Verb.UPDATE)
    rules.keep_still(uow, line.activity_id)
    rows = _rows(uow, line.activity_id)[line.customer_id]
    records.place(line, rows, min(rows.index(line) + by, len(rows) - 1))


def of(uow: UnitOfWork, activity_id: UUID) -> list[Talk]:
    """Return a talk for each customer of an activity in reach; none where products are not discussed at all."""
    activity: Activity = uow.get("activity", activity_id)
    held = _rows(uow, activity_id)
    if activity.kind not in CONTACTS and not held:
        return []
    uow.saw("activity.products", "activity", activity_id)
    rows = [row for talk in held.values() for row in talk]
    told = facts.table(uow, KEY, rows, ("product_id", "stage_id", *TOLD))
    seen = dict(zip((row.id for row in rows), told, strict=True))
    allowed = uow.select(KEY).with_only_columns(col(ActivityProduct.id))
    allowed = allowed.where(
        col(ActivityProduct.activity_id) == activity_id, reach(entity_for(KEY), uow.actor, Verb.UPDATE)
    )
    may = set() if rules.is_still(activity) else set(uow.session.scalars(allowed))
    people = uow.select("customer").join(ActivityCustomer, col(ActivityCustomer.customer_id) == Customer.id)
    people = people.where(ActivityCustomer.activity_id == activity_id, col(ActivityCustomer.archived_at).is_(None))
    found = uow.session.exec(people.order_by(col(ActivityCustomer.created_at), col(ActivityCustomer.id))).unique()
    return [Talk(str(one.id), references.called(uow, one.kind, one), _lines(held[one.id], seen, may)) for one in found]


def is_offered(uow: UnitOfWork) -> bool:
    """Tell whether administrators keep a product that can be discussed."""
    offered = uow.select("choice").where(Choice.pick_list == "product", col(Choice.retired_at).is_(None))
    return uow.session.exec(offered.limit(1)).first() is not None


def take_off(uow: UnitOfWork, activity_id: UUID, customer_id: UUID) -> None:
    """Take out of use what an activity holds for a customer who is no longer of it."""
    for row in _rows(uow, activity_id)[customer_id]:
        records.archive(uow, KEY, row.id)


def objectives(uow: UnitOfWork, activity_id: UUID) -> str:
    """Return what is to be reached next, a product a line; empty when nothing is."""
    rows = [row for talk in _rows(uow, activity_id).values() for row in talk]
    told = facts.table(uow, KEY, rows, ("product_id", "next_objective"))
    lines = (f"{one['product_id'].chips[0].text}: {one['next_objective'].text}" for one in told if len(one) == 2)
    return "\n".join(dict.fromkeys(lines))


def _rows(uow: UnitOfWork, activity_id: UUID) -> defaultdict[UUID, list[ActivityProduct]]:
    """Return the lines of an activity in reach by customer, each talk in its order."""
    line: Any = ActivityProduct
    found: defaultdict[UUID, list[ActivityProduct]] = defaultdict(list)
    asked = uow.select(KEY).where(line.activity_id == activity_id)
    for row in uow.session.exec(asked.order_by(line.position, line.created_at, line.id)):
        found[row.customer_id].append(row)
    return found


def _lines(rows: Sequence[ActivityProduct], told: Mapping[UUID, Mapping[str, Fact]], may: set[UUID]) -> list[Discussed]:
    made = []
    for row in rows:
        one = told[row.id]
        product = one["product_id"].chips[0].text if "product_id" in one else references.NAMELESS
        chips = one["stage_id"].chips if "stage_id" in one else []
        made.append(Discussed(
            str(row.id), product, chips, [one[name] for name in TOLD if name in one], may_edit=row.id in may,
            first=row is rows[0], last=row is rows[-1],
        ))  # fmt: skip
    return made
