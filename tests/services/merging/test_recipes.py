"""Recipes of merges: kept by name, one's own unless shared."""

import pytest

from c360.core.errors import Forbidden, Invalid, NotFound
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


@pytest.mark.feature("BEY-14")
@pytest.mark.parametrize(("sharing", "mates", "others"), [("private", 0, 0), ("team", 1, 0), ("everyone", 1, 1)])
def test_a_shared_recipe_is_used_by_others_and_changed_by_its_owner_alone(
    agent, stranger, make_user, sharing, mates, others
):  # fmt: skip
    mate = make_user("Μαρία", team="North")
    kept = perform(agent, recipes.save, "account", "CRM gewinnt", {"notes": "trusted"}, sharing)
    for reader, sees in ((mate, mates), (stranger, others)):
        assert [one.id for one in ask(reader, recipes.listed, "account")] == [kept] * sees
        if sees:
            assert ask(reader, recipes.rules, kept) == {"notes": "trusted"}
            assert not ask(reader, lambda uow: recipes.keeps(uow, recipes.listed(uow, "account")[0]))
        with pytest.raises((NotFound, Forbidden)):
            perform(reader, recipes.drop, kept)
    own = perform(mate, recipes.save, "account", "CRM gewinnt", {"notes": "newest"})
    assert own != kept, "another's recipe of the same name is not overwritten"
    assert perform(agent, recipes.save, "account", "CRM gewinnt", {"notes": "trusted"}, "private") == kept
    assert [one.id for one in ask(mate, recipes.listed, "account")] == [own]


@pytest.mark.feature("BEY-14")
def test_whom_it_is_shared_with_is_one_of_three(agent):
    with pytest.raises(Invalid) as refused:
        perform(agent, recipes.save, "account", "Alle", {"notes": "newest"}, "world")
    assert "sharing" in refused.value.fields
