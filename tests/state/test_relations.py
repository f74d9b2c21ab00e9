"""The Relations tab, driven through its handlers."""

import json

import pytest

from c360.core.actor import SYSTEM
from c360.services import sessions
from c360.services.uow import unit_of_work
from c360.state.relations import RelationsTab
from c360.state.tie_form import TieForm
from tests.services.test_relations import kind, relations, tie
from tests.state.driving import tab


def signed_in(actor):
    """Sign an actor in and return the digest of the session."""
    with unit_of_work(SYSTEM) as uow:
        return sessions.digest_of(sessions.begin(uow, actor.user_id, agent="test"))


@pytest.mark.feature("REL-3", "B-REL-3")
async def test_a_tie_is_made_changed_ended_and_taken_back(agent, stranger, make_as, admin):
    ada = make_as(agent, "contact", family_name="Ada")
    bob = make_as(agent, "contact", family_name="Bob")
    eve = make_as(stranger, "contact", family_name="Geheim")
    tie(admin, ada, eve, "is a friend of")
    digest, path = signed_in(agent), f"/contact/{ada}/relations"

    async with tab() as opened:

        async def send(handler, **payload):
            await opened.send(handler, payload, digest=digest, path=path)
            assert not opened.errors, opened.errors

        def shown(name):
            found = [v for d in opened.deltas for s in d.values() for k, v in s.items() if k.startswith(name)]
            return found[-1]

        await opened.send("reflex___state____state.hydrate", {}, digest=digest, path=path)
        await send(RelationsTab.load)
        assert "Geheim" not in json.dumps(opened.deltas, default=str)
        assert str(eve) not in json.dumps(opened.deltas, default=str)
        await send(TieForm.ask_add, one_id="", other_id="")
        await send(TieForm.save, form={"wording": ""})
        assert "to_id" in shown("errors")
        await send(TieForm.choose_other, ids=[str(bob)])
        assert f"{kind(agent, 'is married to')}:forward" in {w["value"] for w in shown("wordings")}
        await send(TieForm.save, form={"wording": f"{kind(agent, 'leads')}:back", "since_on": "2020-01-01"})
        (made,) = relations(agent)
        assert (made.from_id, made.to_id, str(made.since_on)) == (bob, ada, "2020-01-01")
        edge = f"relation.{made.id}"
        await send(TieForm.ask_edit, edge_id=edge)
        await send(TieForm.save, form={"wording": shown("draft").value, "note": "boss ♥", "since_on": ""})
        assert relations(agent)[0].note == "boss ♥"
        assert relations(agent)[0].since_on is None
        await send(RelationsTab.end, edge_id=edge)
        assert relations(agent)[0].is_former
        await send(RelationsTab.remove, edge_id=edge)
        assert relations(agent) == []
        await send(RelationsTab.remove, edge_id="relation.nonsense")
        for handler, payload in (
            (RelationsTab.show, {"view": "table"}), (RelationsTab.widen, {"rings": 3}),
            (RelationsTab.with_former, {"former": True}), (RelationsTab.on_day, {"day": "2020-05-05"}),
            (RelationsTab.pick, {"kinds": [str(made.type_id)]}), (RelationsTab.look_at, {"scope": "structure"}),
            (RelationsTab.lay_out, {"layout": "tree"}), (RelationsTab.show_all, {}),
            (RelationsTab.expand, {"node_id": "x"}),
        ):  # fmt: skip
            await send(handler, **payload)
