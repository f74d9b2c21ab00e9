"""Groups of the chart: kept with a customer, told to those who see the members, undone like everything else."""

import pytest

from c360.core.errors import Forbidden, Invalid, NotFound
from c360.services import history, records, undo
from c360.services.relationships import groups, lines
from c360.services.uow import ask, perform
from tests.services.test_relations import around, tie

FRIENDS = "Freunde der Mühle ♥ 朋友"


def grouped(actor, center):
    """Return who stands in which group, by label."""
    return {node.label: node.group for node in around(actor, center).nodes if node.group}


@pytest.fixture
def circle(agent, make_as):
    """Return a customer and three around him."""
    hub = make_as(agent, "account", name="Hub")
    people = [make_as(agent, "contact", family_name=name) for name in ("Ada", "王", "Çid")]
    for one in people:
        tie(agent, one, hub, "is a member of")
    return hub, people


@pytest.mark.feature("REL-6")
def test_customers_are_grouped_renamed_moved_and_taken_out(agent, circle):
    hub, (ada, wang, cid) = circle
    perform(agent, groups.put, hub, [ada, wang], FRIENDS)
    assert grouped(agent, hub) == {"Ada": FRIENDS, "王": FRIENDS}
    assert grouped(agent, ada) == {}
    found = around(agent, hub)
    assert {row.group for row in lines.rows(found)} == {FRIENDS, ""}
    assert {branch.label for branch in lines.tree(found) if branch.group} == {"Ada", "王"}
    perform(agent, groups.put, hub, [ada, wang, cid], "Board")
    assert set(grouped(agent, hub).values()) == {"Board"}
    perform(agent, groups.part, hub, [wang])
    assert grouped(agent, hub) == {"Ada": "Board", "Çid": "Board"}
    perform(agent, groups.put, hub, [wang], "Board")
    assert set(grouped(agent, hub)) == {"Ada", "王", "Çid"}


@pytest.mark.feature("REL-6")
def test_a_group_is_journaled_and_taken_back(agent, circle):
    hub, (ada, wang, _) = circle
    made = perform(agent, groups.put, hub, [ada, wang], FRIENDS)
    renamed = perform(agent, groups.put, hub, [ada, wang], "B")
    newest = ask(agent, history.of, "account", hub).entries[0]
    assert newest.set_id == str(renamed)
    assert {"B", "Ada", "王"} <= {line.new for part in newest.parts for line in part.lines}
    perform(agent, undo.begin, renamed)
    assert set(grouped(agent, hub).values()) == {FRIENDS}
    perform(agent, undo.begin, made)
    assert grouped(agent, hub) == {}


@pytest.mark.feature("REL-6", "SEC-8")
def test_a_group_stays_within_the_reach(agent, stranger, admin, circle, make_as):
    hub, (ada, *_) = circle
    eve = make_as(stranger, "contact", family_name="Geheim")
    tie(admin, eve, hub, "is a member of")
    perform(admin, groups.put, hub, [ada, eve], FRIENDS)
    assert grouped(agent, hub) == {"Ada": FRIENDS}
    assert "Geheim" not in str(ask(agent, history.of, "account", hub))
    assert str(eve) not in str(ask(agent, history.of, "account", hub))
    with pytest.raises(NotFound):
        perform(agent, groups.put, hub, [eve], "Mine")
    with pytest.raises((NotFound, Forbidden)):
        perform(stranger, groups.put, hub, [eve], "Mine")
    perform(admin, records.archive, "contact", ada)
    assert grouped(agent, hub) == {}


@pytest.mark.feature("REL-6")
@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_group_needs_a_name_of_a_line(agent, circle, name):
    hub, (ada, *_) = circle
    with pytest.raises(Invalid) as refused:
        perform(agent, groups.put, hub, [ada], name)
    assert "name" in refused.value.fields
    with pytest.raises(Invalid):
        perform(agent, groups.put, hub, [hub, ada], "Fine")
    assert grouped(agent, hub) == {}
