"""Groups and suggestions of the Relations tab, driven through their handlers."""

import pytest
from reflex.state import State

from c360.services.relationships import suggestions
from c360.services.uow import ask
from c360.state.group_form import GroupForm
from c360.state.relations import RelationsTab
from c360.state.tie_form import TieForm
from tests.services.test_relation_groups import grouped
from tests.services.test_relations import kind, relations, tie
from tests.state.driving import signed_in, tab


@pytest.mark.feature("REL-6", "B-REL-3")
async def test_a_group_is_named_and_a_suggestion_related_or_dismissed(agent, make_as):
    hub = make_as(agent, "account", name="Hub ♥", email="info@hub.example")
    ada, bob = (make_as(agent, "contact", family_name=n, email=f"{n}@hub.example") for n in ("ada", "bob"))
    cid = make_as(agent, "contact", family_name="cid")
    tie(agent, cid, hub, "is a member of")
    digest, path = signed_in(agent), f"/account/{hub}/relations"
    async with tab() as opened:
        send = opened.at(path, digest)
        await send(State.hydrate)
        await send(RelationsTab.load)
        assert [(one.label, one.reasons) for one in opened.shown("suggested")] == [
            ("ada", ["Same mail domain: hub.example"]), ("bob", ["Same mail domain: hub.example"]),
        ]  # fmt: skip
        await send(TieForm.ask_add, one_id="", other_id=str(ada))
        assert relations(agent)[0].to_id == hub
        assert len(relations(agent)) == 1
        await send(TieForm.save, form={"wording": f"{kind(agent, 'is a member of')}:back"})
        assert {row.from_id for row in relations(agent)} == {cid, ada}
        assert [one.label for one in opened.shown("suggested")] == ["bob"]
        await send(RelationsTab.dismiss, other_id=str(bob))
        assert opened.shown("suggested") == []
        assert ask(agent, suggestions.of, hub) == []
        await send(RelationsTab.dismiss, other_id="nonsense")
        await send(GroupForm.ask, node_ids=["nonsense", str(hub)])
        await send(GroupForm.ask, node_ids=[str(ada), str(cid)])
        await send(GroupForm.save, form={"name": "x" * 61})
        assert "name" in opened.shown("errors")
        await send(GroupForm.save, form={"name": " Team 朋友 "})
        assert grouped(agent, hub) == {"ada": "Team 朋友", "cid": "Team 朋友"}
        await send(GroupForm.ask, node_ids=[str(ada)])
        assert opened.shown("name") == "Team 朋友"
        await send(GroupForm.save, form={"name": ""})
        assert grouped(agent, hub) == {"cid": "Team 朋友"}
