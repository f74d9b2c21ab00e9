"""Random graphs: merge and un-merge against what the schema says, on both databases."""

import pytest

from c360.services import undo
from c360.services.merging import planning
from c360.services.merging.shapes import Choices
from c360.services.uow import perform
from tests.services.merging.graph import Graph, look, named


@pytest.mark.parametrize("seed", range(4))
def test_merge_then_unmerge_leaves_every_table_as_it_was(admin, seed):
    graph = Graph(admin, seed)
    before = look()
    for kind in ("contact", "account"):
        ids = graph.pick.sample(graph.people[kind], 3)
        survivor, losers = ids[0], set(ids[1:])
        choices = Choices(survivor, confirmed=frozenset({"above", "held", "apart.tax_number", "apart.birth_date"}))
        plan = perform(admin, planning.plan, ids, choices)
        assert look() == before
        done = perform(admin, planning.commit, ids, choices, plan.fingerprint)
        assert done.rows == plan.rows
        after = look()
        left = [one for one in named(after, losers) if one[0] != "customer" or one[1] not in losers]
        assert left == []
        for table, rows in before.items():
            assert rows.keys() <= after[table].keys() or table == "search_document"
        for loser in losers:
            was, now = dict(before["customer"][loser]), dict(after["customer"][loser])
            assert now.pop("merged_into_id") == survivor
            was.pop("merged_into_id")
            assert was == now
        outcome = perform(admin, undo.undo, done.set_id)
        assert outcome.kept == 0, outcome
        again = look()
        for table in before:
            assert {k: v for k, v in again[table].items() if before[table].get(k) != v} == {}, table
            assert before[table].keys() == again[table].keys(), table
