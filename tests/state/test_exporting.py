"""What an export takes from a selection."""

import pytest

from c360.services import listing
from c360.services.uow import ask
from c360.state.exporting import narrowed


@pytest.mark.feature("LST-10", "B-LST-5")
def test_an_export_holds_what_is_selected_and_no_more(agent, make_as):
    first = make_as(agent, "contact", family_name="Ängström")
    make_as(agent, "contact", family_name="Bøe")

    def names(**selection):
        query = {**narrowed(selection), "columns": ["name"], "entity": "contact"}
        return [row[1] for row in ask(agent, listing.rows, listing.from_json(query), 0, 9).rows]

    assert names(mode="ids", ids=[str(first)], query={}) == ["Ängström"]
    assert names(mode="all", ids=[str(first)], query={}) == ["Bøe"]
    assert names(mode="all", ids=[], query={"search": "bøe"}) == ["Bøe"]
