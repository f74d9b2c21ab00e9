"""Relations and corporate structures of the demo: the same ones every time."""

from random import Random
from uuid import UUID

from sqlmodel import col, select

from c360.core.clock import today
from c360.core.ids import new_id
from c360.models.customer import Customer
from c360.models.relationship import RelationType
from c360.registry.entity import entity_for
from c360.services import mass, northwind
from c360.services.demo_people import SEED
from c360.services.uow import UnitOfWork

GROUPS = 8
"""Groups of accounts, each with a parent, subsidiaries and theirs."""
FAMILIES = 60
BETWEEN_PEOPLE = ("is a friend of", "works with", "recommended", "leads", "assists")
TO_COMPANIES = ("is a member of", "advises", "sits on the board of", "owns")
BETWEEN_COMPANIES = ("supplies", "is partner of", "competes with")


def tie(uow: UnitOfWork) -> int:
    """Tie the demo's customers to each other; return how many relations were made."""
    random = Random(SEED)  # noqa: S311 - the same demo everywhere, not a secret
    found = select(Customer.id, Customer.name).where(col(Customer.is_demo), Customer.kind == "account")
    accounts = [row[0] for row in uow.session.exec(found.order_by(col(Customer.name))) if row[1] != northwind.OWN]
    named = select(Customer.id, Customer.family_name).where(col(Customer.is_demo), Customer.kind == "contact")
    people = uow.session.exec(named.order_by(col(Customer.name), col(Customer.email), col(Customer.id))).all()
    kinds = dict(uow.session.exec(select(RelationType.name, RelationType.id)).all())
    rows: dict[tuple[UUID, UUID, UUID], dict[str, object]] = {}

    def add(one: UUID, other: UUID, name: str) -> None:
        if name in kinds and one != other and not any({one, other} == set(pair[:2]) for pair in rows):
            since = today().replace(year=random.randint(1995, today().year - 1), month=random.randint(1, 12), day=1)
            over = random.random() < 0.12
            rows[one, other, kinds[name]] = {
                "from_id": one, "to_id": other, "type_id": kinds[name], "since_on": since,
                "until_on": since.replace(year=random.randint(since.year, today().year - 1), day=28) if over else None,
                "strength": random.choice(("weak", "normal", "normal", "strong")),
            }  # fmt: skip

    families: dict[str, list[UUID]] = {}
    for person_id, family in people:
        families.setdefault(family or "", []).append(person_id)
    for members in list(families.values())[:FAMILIES]:
        if len(members) >= 3:
            add(members[0], members[1], "is married to")
            add(members[0], members[2], "is parent of")
    ids = [row[0] for row in people]
    for name in BETWEEN_PEOPLE * 24:
        # Who leads stands earlier in the alphabet, so that nobody stands above himself.
        one, other = sorted(random.sample(range(len(ids)), 2))
        add(ids[one], ids[other], name)
    for name in TO_COMPANIES * 30:
        add(random.choice(ids), random.choice(accounts), name)
    for name in BETWEEN_COMPANIES * 15:
        add(random.choice(accounts), random.choice(accounts), name)
    mass.add(uow, entity_for("relation"), [{"id": new_id(), **row} for row in rows.values()], "from_id")
    _groups(uow, accounts)
    return len(rows)


def _groups(uow: UnitOfWork, accounts: list[UUID]) -> None:
    """Put accounts above each other: a parent, three subsidiaries, and two below the first of these."""
    for n in range(GROUPS):
        top, first, *others = accounts[n * 6 : n * 6 + 6]
        for below, above in [(first, top), *((one, top) for one in others[:2]), *((one, first) for one in others[2:])]:
            uow.get("account", below).parent_id = above
