"""Recipes of merges: kept by name, nobody else's."""

import pytest

from c360.core.errors import Invalid, NotFound
from c360.services.merging import recipes
from c360.services.uow import ask, perform

LONG = "🧪 " + "רצפט" * 100


@pytest.mark.feature("BEY-14")
def test_a_recipe_is_kept_by_name_and_is_nobody_elses(agent, stranger):
    rules = {"notes": "longest", "email": "newest"}
    kept = perform(agent, recipes.save, "contact", f"  {LONG}", rules)
    assert perform(agent, recipes.save, "contact", LONG, rules | {"phone": "oldest"}) == kept
    assert [one.name for one in ask(agent, recipes.listed, "contact")] == [LONG.strip()[:200]]
    assert ask(agent, recipes.rules, kept) == {**rules, "phone": "oldest"}
    assert ask(agent, recipes.listed, "account") == ask(stranger, recipes.listed, "contact") == []
    for doing in (recipes.rules, recipes.drop):
        with pytest.raises(NotFound):
            perform(stranger, doing, kept)
    for name, given in ((" ", rules), ("Leer", {})):
        with pytest.raises(Invalid):
            perform(agent, recipes.save, "contact", name, given)
    perform(agent, recipes.drop, kept)
    assert ask(agent, recipes.listed, "contact") == []
