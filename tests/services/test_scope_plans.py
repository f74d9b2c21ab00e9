"""What hangs on a customer is reached by his id: nobody's reach is listed to read one row."""

import pytest
from sqlalchemy.dialects import sqlite

from c360.core.ids import new_id
from c360.registry.entity import entities, entity_for
from c360.services.uow import unit_of_work

WITHIN = sorted(one.key for one in entities() if one.within)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("key", WITHIN)
def test_one_row_of_a_customer_is_read_without_listing_customers(agent, database, key):
    with unit_of_work(agent, reads=True) as uow:
        query = uow.select(key).where(entity_for(key).model.id == new_id())
        told = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
        plan = [str(row[-1]) for row in uow.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {told}")]
    assert plan
    # The few whose processing is restricted have an index of their own, which holds nobody else.
    listed = [step for step in plan if step.startswith("SCAN customer") and "ix_customer_restricted" not in step]
    assert listed == []
