"""The relationship chart of 500 nodes, against the same statements on the driver."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from c360.core import db
from c360.core.actor import SYSTEM
from c360.core.ids import new_id
from c360.models.customer import Customer
from c360.models.relationship import RelationType
from c360.registry.entity import entity_for
from c360.services import mass
from c360.services.relationships import graph, structure
from c360.services.uow import ask, unit_of_work
from tests.bench.test_lists import base, measure  # noqa: F401 - the fixture

AROUND, EACH = 20, 24
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]


@pytest.fixture(scope="module")
def center(base) -> UUID:  # noqa: F811
    """Tie 20 customers to one and 24 to each of them; put as many accounts into a group."""
    with unit_of_work(SYSTEM) as uow:
        accounts = select(Customer.id).where(Customer.kind == "account").order_by(col(Customer.id)).limit(600)
        ids = list(uow.session.exec(accounts))
        middle, ring, rest = ids[0], ids[1 : AROUND + 1], ids[AROUND + 1 :]
        kind = uow.session.exec(select(RelationType.id).where(RelationType.name == "is partner of")).one()
        pairs = [(middle, one) for one in ring]
        pairs += [(one, two) for one, group in zip(ring, _groups(rest), strict=False) for two in group]
        if not uow.session.exec(uow.select("relation").limit(1)).first():
            made = [{"id": new_id(), "from_id": one, "to_id": two, "type_id": kind} for one, two in pairs]
            mass.add(uow, entity_for("relation"), made, "from_id")
            for one, two in pairs:
                uow.get("account", two).parent_id = one
    with db.engine().connect() as connection:
        connection.execute(text("ANALYZE"))  # The base was counted while nobody was tied to anybody.
        connection.commit()
    return middle


def _groups(ids: list[UUID]) -> list[list[UUID]]:
    return [ids[n : n + EACH] for n in range(0, AROUND * EACH, EACH)]


def test_the_chart_of_500_nodes(base, center):  # noqa: F811
    def work():
        return ask(base.admin, graph.around, center, rings=2, most=graph.MOST)

    assert len(work().nodes) == graph.MOST
    measure(base, "relationship chart of 500 nodes", work)


def test_the_structure_of_500_accounts(base, center):  # noqa: F811
    measure(base, "corporate structure of 500 accounts", lambda: ask(base.admin, structure.whole, center))
