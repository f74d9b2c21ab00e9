"""The Relations tab, driven through its handlers."""

import json

import pytest
from reflex.state import State

from c360.services.relationships import graph
from c360.state.admin_required import RequiredRoles
from c360.state.form import FormState
from c360.state.relations import RelationsTab
from c360.state.tie_form import TieForm
from tests.services.test_relations import kind, relations, tie
from tests.services.test_required_roles import entry
from tests.state.driving import signed_in, tab


@pytest.mark.feature("REL-3", "B-REL-3")
async def test_a_tie_is_made_changed_ended_and_taken_back(agent, stranger, make_as, admin):
    ada = make_as(agent, "contact", family_name="Ada")
    bob = make_as(agent, "contact", family_name="Bob")
    eve = make_as(stranger, "contact", family_name="Geheim")
    tie(admin, ada, eve, "is a friend of")
    digest, path = signed_in(agent), f"/contact/{ada}/relations"

    async with tab() as opened:
        send = opened.at(path, digest)
        await send(State.hydrate)
        await send(RelationsTab.load)
        assert "Geheim" not in json.dumps(opened.deltas, default=str)
        assert str(eve) not in json.dumps(opened.deltas, default=str)
        await send(TieForm.ask_add, one_id="", other_id="")
        await send(TieForm.save, form={"wording": ""})
        assert "to_id" in opened.shown("errors")
        await send(TieForm.choose_other, ids=[str(bob)])
        assert f"{kind(agent, 'is married to')}:forward" in {w["value"] for w in opened.shown("wordings")}
        await send(TieForm.save, form={"wording": f"{kind(agent, 'leads')}:back", "since_on": "2020-01-01"})
        (made,) = relations(agent)
        assert (made.from_id, made.to_id, str(made.since_on)) == (bob, ada, "2020-01-01")
        edge = f"relation.{made.id}"
        await send(TieForm.ask_edit, edge_id=edge)
        await send(TieForm.save, form={"wording": opened.shown("draft").value, "note": "boss ♥", "since_on": ""})
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


@pytest.mark.feature("REL-8")
async def test_the_primary_relay_leaves_when_it_is_said_who_follows(agent, make_as):
    mill = make_as(agent, "account", name="Mühle")
    for name in ("Ada", "Bob"):
        tie(agent, make_as(agent, "contact", family_name=name), mill, "is relay of", is_primary="yes")
    bob = next(one for one in relations(agent) if one.is_primary)
    digest, path = signed_in(agent), f"/account/{mill}/relations"

    async with tab() as opened:
        send = opened.at(path, digest)
        await send(State.hydrate)
        await send(RelationsTab.load)
        await send(RelationsTab.end, edge_id=f"relation.{bob.id}")
        asked = opened.shown("heirs")
        await send(RelationsTab.stay)
        assert not any(one.is_former for one in relations(agent))
        ada = next(one for one in relations(agent) if not one.is_primary)
        assert asked == [{"value": str(ada.id), "label": "Ada"}]
        await send(RelationsTab.remove, edge_id=f"relation.{bob.id}")
        await send(RelationsTab.hand_on, form={"heir": str(ada.id)})
    assert [(one.id, one.is_primary) for one in relations(agent)] == [(ada.id, True)]


@pytest.mark.feature("B-REL-4", "BEY-20")
async def test_a_missing_role_is_filled_from_the_relations_tab(agent, make_as, admin):
    partner, buys = entry(admin, "account_type", "Partner"), entry(admin, "contact_role", "Buyer")
    mill = make_as(agent, "account", name="Mühle", account_type_id=str(partner))
    ada = make_as(agent, "contact", family_name="Ada")

    async with tab() as opened:

        async def send(actor, handler, **payload):
            where = f"/account/{mill}/relations" if actor is agent else "/admin/required-roles"
            await opened.send(handler, payload, digest=digests[actor.user_id], path=where, token=str(actor.user_id))
            assert not opened.errors, opened.errors

        def needs():
            return [(need.label, [one.title for one in need.people]) for need in opened.shown("needs")]

        digests = {actor.user_id: signed_in(actor) for actor in (agent, admin)}
        for actor in (admin, agent):
            await send(actor, State.hydrate)
        await send(admin, RequiredRoles.load)
        await send(admin, RequiredRoles.choose, type_id=str(partner), role_ids=[str(buys)])
        await send(agent, RequiredRoles.choose, type_id=str(partner), role_ids=[])
        await send(agent, RelationsTab.load)
        assert needs() == [("Buyer", [])]
        await send(agent, FormState.add, entity="contact_person", parent_id=str(mill), role_id=str(buys))
        await send(agent, FormState.save, form={"contact_id": str(ada), "role_id": str(buys)})
        assert needs() == [("Buyer", ["Ada"])]


@pytest.mark.feature("B-REL-2", "BEY-20")
async def test_a_crowded_chart_bundles_and_the_table_has_everybody(agent, make_as, monkeypatch):
    monkeypatch.setattr(graph, "AT_FIRST", 6)
    club = make_as(agent, "account", name="Club ♥")
    for n in range(7):
        tie(agent, make_as(agent, "contact", family_name=f"P{n}"), club, "is a member of")
    tie(agent, make_as(agent, "contact", family_name="Relais"), club, "is relay of")
    digest, path = signed_in(agent), f"/account/{club}/relations"

    async with tab() as opened:
        send = opened.at(path, digest)
        await send(State.hydrate)
        await send(RelationsTab.load)
        (bundle,) = [node for node in opened.shown("nodes") if node.count]
        assert (bundle.count, bundle.sub, len(opened.shown("nodes"))) == (7, "has as member", 3)
        assert opened.shown("folded") == 7
        await send(RelationsTab.show, view="table")
        assert len(opened.shown("rows")) == 8
        await send(TieForm.ask_edit, edge_id=opened.shown("rows")[0].id)
        assert opened.shown("draft").id
        await send(RelationsTab.show, view="tree")
        assert len(opened.shown("branches")) == 9
        await send(RelationsTab.expand, node_id=bundle.id)
        assert len(opened.shown("nodes")) == 9
        await send(RelationsTab.look_at, scope="around")
        await send(RelationsTab.show_all)
        assert opened.shown("folded") == 0
        person = next(node for node in opened.shown("nodes") if node.label == "Relais")
        await send(RelationsTab.open, node_id=person.id)
        assert f"/contact/{person.id}/relations" in str(opened.events)
