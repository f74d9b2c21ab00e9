"""The first page's figures and the sidebar's places."""

import pytest

from c360.services import views
from c360.services.uow import ask, perform
from c360.state.home import _look
from c360.state.places import _counts, _places


@pytest.mark.feature("LST-8")
def test_figures_and_recent_records_stay_in_reach(agent, stranger, make_as):
    make_as(agent, "contact", family_name="Ōnishi")
    make_as(agent, "account", name="Bäckerei")
    contacts, accounts, mine, recent = ask(agent, _look)
    assert (contacts, accounts, mine) == (1, 1, 2)
    assert {(one["name"], one["square"]) for one in recent} == {("Ōnishi", False), ("Bäckerei", True)}
    assert ask(stranger, _look) == (0, 0, 0, [])


@pytest.mark.feature("LST-8", "LST-9")
def test_places_say_how_many_they_hold(agent, make_as):
    make_as(agent, "contact", family_name="Acme", email="a@acme.example")
    make_as(agent, "contact", family_name="Other")
    rule = {"join": "all", "of": [{"field": "email", "op": "contains", "value": "acme"}]}
    view = perform(agent, views.save_view, "contact", "View", "private", {"criteria": rule})
    folder = perform(agent, views.save_folder, "contact", "Folder", "dynamic", "private", rule, None)
    counts = ask(agent, _counts)
    assert {place: count.total for place, count in counts.items()} == {str(view): 1, str(folder): 1}
    saved, shelves = ask(agent, _places, {})
    assert saved[0]["href"] == f"/contacts?view={view}"
    assert shelves[0]["href"] == f"/contacts?view=all&folder={folder}"
