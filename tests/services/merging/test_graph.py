"""Random graphs with rows in every table of the census: merges, edits and un-merges against a model in plain Python."""

import os
import random
import signal
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import event, text

from c360.core.actor import Actor
from c360.core.db import engine
from c360.core.errors import C360Error, Conflict
from c360.models.census import links
from c360.models.consent import NO
from c360.registry.marks import OnMerge
from c360.services import records, undo
from c360.services.merging import folding, planning, proposing, tables, work
from c360.services.merging import people as participants
from c360.services.merging.shapes import Choices
from c360.services.uow import ask, perform, unit_of_work
from tests.services.merging import equal
from tests.services.merging.graph import Graph, look, named

EXAMPLES = int(os.environ.get("C360_MERGE_EXAMPLES", "2"))
"""How many random histories are lived through on each database; CI has little time."""
STEPS = int(os.environ.get("C360_MERGE_STEPS", "6"))
CONFIRMED = frozenset({"above", "held", "apart.tax_number", "apart.birth_date", "apart.registration_number"})
State = dict[str, dict[Any, Mapping[str, Any]]]


def merge(actor, ids, **chosen):
    """Plan and commit; what was planned is what happens."""
    before = look()
    choices = Choices(ids[0], confirmed=CONFIRMED, **chosen)
    plan = perform(actor, planning.plan, ids, choices)
    assert look() == before
    done = perform(actor, planning.commit, ids, choices, plan.fingerprint)
    assert done.rows == plan.rows
    after = look()
    check(before, after, ids[0], set(ids[1:]))
    if not any(key.startswith(("activity", "post")) for key in chosen.get("collections", ())):
        equal.check(before, after, set(ids))
    return done


def check(before: State, after: State, survivor: UUID, losers: set[UUID]) -> None:
    """Nothing is lost, nothing points at a loser, who is as he was but for one column."""
    former = {key for key, row in before["customer"].items() if row["merged_into_id"]}
    left = [one for one in named(after, losers) if one[0] != "customer" or one[1] not in losers | former]
    assert left == []
    for table, rows in before.items():
        assert rows.keys() <= after[table].keys() or table == "search_document", table
    for loser in losers:
        was, now = dict(before["customer"][loser]), dict(after["customer"][loser])
        assert now.pop("merged_into_id") == survivor
        assert was.pop("merged_into_id") is None
        assert was == now
    for row in after["duplicate_verdict"].values():
        assert row["left_id"] < row["right_id"]
    for table, mark, parent in (("communication", "is_primary", "family"), ("bank_account", "is_main", None)):
        mine = [r for r in after[table].values() if r["customer_id"] == survivor and r["archived_at"] is None]
        for family in {r[parent] if parent else None for r in mine}:
            assert [r[mark] for r in mine if not parent or r[parent] == family].count(True) == 1
    roles = [r["role"] for r in after["address"].values() if r["customer_id"] == survivor and not r["archived_at"]]
    assert all(roles.count(role) <= 1 for role in ("main", "delivery", "invoice"))
    strict = {medium for one in (survivor, *losers) for medium in before["customer"][one]["forbidden_media"] or ()}
    assert set(after["customer"][survivor]["forbidden_media"] or ()) == strict


def same(before: State, after: State) -> None:
    """Every table is as it was."""
    for table, rows in before.items():
        assert rows.keys() == after[table].keys(), table
        differ = {
            (table, key, name): (value, after[table][key][name])
            for key, row in rows.items() for name, value in row.items() if after[table][key][name] != value
        }  # fmt: skip
        assert differ == {}


@dataclass
class Merged:
    """A merge of the model: what each row named before and after."""

    set_id: UUID
    survivor: UUID
    losers: tuple[UUID, ...]
    moved: dict[tuple[str, Any, str], tuple[UUID, UUID]] = field(default_factory=dict)


class Histories(RuleBasedStateMachine):
    """Customers that are merged, edited and un-merged at random; who names whom is known from a dictionary."""

    actor: Actor

    @initialize(seed=st.integers(0, 10**6))
    def begin(self, seed):
        """Make a graph."""
        self.graph = Graph(self.actor, seed, customers=4, rows=1)
        self.pick = random.Random(seed)
        self.first, self.edits = look(), {}
        self.names = self._names(self.first)
        self.into: dict[UUID, UUID] = {}
        self.standing: list[Merged] = []

    @staticmethod
    def _names(state: State) -> dict[tuple[str, Any, str], UUID | None]:
        """Return whom each column of each row names; pairs and the customers' own columns are checked elsewhere."""
        found = {}
        for link in links():
            table = link.model.__table__.name
            if link.policy in (OnMerge.KEEP, OnMerge.RECOMPUTE) or table in ("duplicate_verdict", "customer"):
                continue
            found |= {(table, key, link.name): row[link.name] for key, row in state.get(table, {}).items()}
        return found

    @rule(kind=st.sampled_from(("contact", "account")), many=st.integers(2, 3), order=st.randoms(use_true_random=False))
    def merge(self, kind, many, order):
        """Merge some of those who are left."""
        left = [one for one in self.graph.people[kind] if one not in self.into]
        if len(left) < many:
            return
        ids = order.sample(left, many)
        try:
            done = merge(self.actor, ids, collections={"tagging": str(order.choice(ids))})
        except C360Error as error:
            # What would stand above itself is refused, as everywhere.
            if "itself" not in str(error) and "above" not in str(error):
                raise
            return
        made = Merged(done.set_id, ids[0], tuple(ids[1:]))
        for key, whom in self.names.items():
            if whom in made.losers:
                made.moved[key] = (whom, made.survivor)
                self.names[key] = made.survivor
        self.into |= dict.fromkeys(made.losers, made.survivor)
        self.standing.append(made)
        self._agree()

    @rule(kind=st.sampled_from(("contact", "account")), order=st.randoms(use_true_random=False))
    def edit(self, kind, order):
        """Write down something no merge touches."""
        left = [one for one in self.graph.people[kind] if one not in self.into]
        one, code = order.choice(left), order.choice(("de", "fr", "sv"))
        with unit_of_work(self.actor) as uow:
            records.update(uow, kind, one, {"timezone": "Europe/Berlin", "language": code})
        self.edits[one] = code

    @precondition(lambda self: self.standing)
    @rule(order=st.randoms(use_true_random=False))
    def unmerge(self, order):
        """Undo any merge that stands, or be told why not."""
        made = order.choice(self.standing)
        if made.survivor in self.into:
            with pytest.raises(Conflict, match="Undo that merge first"):
                perform(self.actor, undo.undo, made.set_id)
            return
        later = [one for one in self.standing if one.survivor == made.survivor][-1] is not made
        self._undo(made, may_wait=later)

    def _undo(self, made, *, may_wait=False):
        try:
            perform(self.actor, undo.undo, made.set_id)
        except Conflict as error:
            # Only a later merge into the same survivor may stand in the way.
            if not may_wait or "Undo that merge first" not in str(error):
                raise
            return
        self.standing.remove(made)
        for key, (before, after) in made.moved.items():
            if self.names[key] == after:
                self.names[key] = before
        for loser in made.losers:
            del self.into[loser]
        with pytest.raises(Conflict):
            perform(self.actor, undo.undo, made.set_id)
        self._agree()

    def _agree(self):
        now = look()
        names = self._names(now)
        assert {k: v for k, v in self.names.items() if names[k] != v} == {}
        mine = [now["customer"][one] for one in self.graph.customers]
        assert {row["id"]: row["merged_into_id"] for row in mine if row["merged_into_id"]} == self.into

    def teardown(self):
        """Undo what still stands, the newest first: all is as it was, but for what was written since."""
        if not hasattr(self, "standing"):
            return
        while self.standing:
            self._undo(self.standing[-1])
        now = look()
        if not self.edits:
            back(self.first, now)


@pytest.mark.feature("BEY-1", "BEY-23", "BEY-11", "DUP-11", "DUP-14", "B-MRG-8", "B-MRG-10", "DUP-16", "R27")
def test_random_histories_agree_with_a_model(admin):
    Histories.actor = admin
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.feature("BEY-1", "BEY-23", "R27")
def test_merge_then_unmerge_leaves_every_table_as_it_was(admin):
    graph = Graph(admin, 7, customers=5)
    before = look()
    filled = {link.model.__table__.name for link in links() if link.policy not in (OnMerge.KEEP, OnMerge.RECOMPUTE)}
    assert all(before[table] for table in filled)
    done = [merge(admin, graph.people[kind][:3]) for kind in ("contact", "account")]
    kept = [row for one in reversed(done) for row in perform(admin, undo.undo, one.set_id).conflicts]
    told = back(before, look())
    assert {(row.reason, UUID(row.record_id)) for row in kept} == {("append_only", key) for key in told}


def back(before, after):
    """Assert that all is as it was but for what the ledger, which only grows, was told, and return the ids of that.

    It is a no that a merge told to another spelling of a number.
    """
    told = {key: after["consent_event"].pop(key) for key in after["consent_event"].keys() - before["consent_event"]}
    assert all(row["event"] in NO for row in told.values())
    same(before, after)
    return set(told)


@pytest.mark.feature("BEY-1")
def test_an_id_beside_another_type_is_nobody_and_never_moves(admin, make_as):
    a, b = (make_as(admin, "contact", family_name=name) for name in ("Ax", "Bx"))
    pair = next(link for link in links() if link.typed and link.model.__tablename__ == "access_log")
    with engine().begin() as connection:
        table = pair.model.__table__
        for kind in ("activity", "contact"):
            connection.execute(
                table.insert().values(**pair.model(act="x", entity=kind, record_id=b, details={}).model_dump())
            )
    # As if the access log followed its customers: the type says which of its rows are his.
    one = tables.Linked(pair.model, None, ("record_id",), pair.typed, OnMerge.MOVE, (), False, None)
    with unit_of_work(admin) as uow:
        people = participants.load(uow, [a, b], a)
        found = folding.gather(work.Fold(uow, people, Choices(a)), one)
    with engine().connect() as connection:
        told = connection.execute(table.select().where(table.c.act == "x").order_by(table.c.id)).all()
    assert [row.stored["id"] for row in found] == [row.id for row in told if row.entity == "contact"]
    perform(admin, planning.merge, [a, b], Choices(a))
    with engine().connect() as connection:
        assert connection.execute(table.select().where(table.c.act == "x").order_by(table.c.id)).all() == told


@pytest.mark.feature("B-MRG-12")
def test_of_two_overlapping_merges_one_wins_and_the_other_is_told(admin, make_as):
    ids = [make_as(admin, "contact", family_name=name) for name in ("Ax", "Bx", "Cx")]
    plans = [(one, perform(admin, planning.plan, one, Choices(one[0]))) for one in (ids[:2], ids[2:0:-1])]
    start = Barrier(2)

    def run(ids, plan):
        start.wait()
        try:
            return perform(admin, planning.commit, ids, Choices(ids[0]), plan.fingerprint)
        except C360Error as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        told = [job.result() for job in [pool.submit(run, *one) for one in plans]]
    [refused] = [one for one in told if isinstance(one, C360Error)]
    assert isinstance(refused, Conflict)
    assert "Ada Admin" in str(refused)
    merged = [row["merged_into_id"] for row in look()["customer"].values() if row["merged_into_id"]]
    assert len(merged) == 1


@pytest.mark.feature("BEY-23")
def test_a_kill_before_any_write_leaves_nothing_half_done(admin):
    graph = Graph(admin, 3, customers=3, rows=1)
    ids, before = graph.people["contact"], look()
    total = written(lambda: perform(admin, planning.merge, ids, Choices(ids[0], confirmed=CONFIRMED)), 10**6)
    after = look()
    made = [row["merged_into_id"] for row in after["customer"].values() if row["merged_into_id"]]
    assert made == [ids[0]] * 2
    [set_id] = last_sets(1)
    undone = written(lambda: perform(admin, undo.undo, set_id), 10**6)
    back(before, look())
    before = look()
    for at in {2, total // 2, total - 1}:
        killed(lambda: perform(admin, planning.merge, ids, Choices(ids[0], confirmed=CONFIRMED)), at)
        same(before, look())
    perform(admin, planning.merge, ids, Choices(ids[0], confirmed=CONFIRMED))
    again, [set_id] = look(), last_sets(1)
    for at in {2, undone - 1}:
        killed(lambda: perform(admin, undo.undo, set_id), at)
        same(again, look())
    perform(admin, undo.undo, set_id)
    back(before, look())


def last_sets(number):
    with engine().connect() as connection:
        found = connection.execute(text("SELECT id FROM change_set ORDER BY seq DESC")).scalars().all()
    return [one if isinstance(one, UUID) else UUID(one) for one in found[:number]]


def written(act, kill_at):
    """Count the writes of an act, and kill this process before one of them."""
    count = 0

    def before(connection, cursor, statement, *_):
        nonlocal count
        if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            count += 1
            if count == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine(), "before_cursor_execute", before)
    try:
        act()
    finally:
        event.remove(engine(), "before_cursor_execute", before)
    return count


def killed(act, at):
    """Do an act in a process that is killed before its n-th write."""
    engine().dispose()
    child = os.fork()
    if child == 0:
        try:
            written(act, at)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the act ended before the kill"


def owned(state, one, ids):
    """Return the rows of a table that count and belong to some customers; not the ties between them."""
    rows = [row for row in state[one.table.name].values() if row[one.retires] is None and row[one.within] in ids]
    return [row for row in rows if len(one.columns) < 2 or not {row[name] for name in one.columns} <= set(ids)]


@pytest.mark.feature("DUP-11", "DUP-12", "B-MRG-10")
@pytest.mark.parametrize("kind", ["contact", "account"])
def test_every_kind_of_rows_is_appended_or_replaced(admin, kind):
    graph = Graph(admin, 11, customers=2, rows=4)
    ids, before = graph.people[kind], look()
    mine = [one for one in tables.linked() if one.replaceable and owned(before, one, ids)]
    offered = {one.key for one in ask(admin, proposing.propose, ids, ids[0]).collections if one.replaceable}
    assert offered >= {one.key(str(row[one.split]) if one.split else "") for one in mine for row in
                       owned(before, one, ids)}  # fmt: skip
    done = merge(admin, ids)
    after = look()
    for one in mine:
        went = [row for row in owned(before, one, ids) if after[one.table.name][row["id"]][one.retires]]
        assert not went or one.compared or one.unique, f"{one.name}: only a twin goes out of use"
    perform(admin, undo.undo, done.set_id)
    merge(admin, ids, collections=dict.fromkeys(offered, str(ids[1])))
    after = look()
    for one in mine:
        for row in owned(before, one, ids):
            now = after[one.table.name][row["id"]]
            if row[one.within] == ids[0]:
                shut = any(row.get(name) for name in folding.SHUT)
                assert now[one.retires] or shut, f"{one.name}: replaced"
            else:
                twin = one.compared or one.unique
                assert now[one.within] == ids[0], f"{one.name}: came along"
                assert twin or not now[one.retires], f"{one.name}: stays in use"
