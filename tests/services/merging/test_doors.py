"""The way from a list into the merge wizard."""

import pytest

from c360.core.errors import Conflict
from c360.services.merging import selecting
from c360.services.uow import ask


@pytest.mark.feature("DUP-8")
def test_a_list_lets_two_to_twenty_into_the_wizard(admin, make_as):
    made = [make_as(admin, "account", name=f"Bäckerei {n}") for n in range(21)]
    query = {"entity": "account", "search": "Bäckerei"}

    def selected(ids, mode="ids"):
        return ask(admin, selecting.selected, "account", {"mode": mode, "ids": list(map(str, ids)), "query": query})

    assert selected(made[:2]) == made[:2]
    assert selected(made[:1], "all") == made[1:]
    for wrong, told in ((selected, ([],)), (selected, (made[:1],)), (selected, (made,)), (selected, ([], "all"))):
        with pytest.raises(Conflict, match="2 to 20"):
            wrong(*told)


@pytest.mark.feature("DUP-8", "DUP-17")
def test_what_is_out_of_reach_does_not_count(agent, stranger, make_as):
    made = [make_as(agent, "contact", family_name=name) for name in ("Ångström", "Ōnishi")]
    with pytest.raises(Conflict, match="0 are selected"):
        ask(stranger, selecting.selected, "contact", {"mode": "ids", "ids": list(map(str, made))})
