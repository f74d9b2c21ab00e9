"""The pages of API keys, driven through the guard as a browser would."""

import pytest
from reflex.state import State

from c360.services import api_keys, sessions
from c360.services.uow import ask, perform
from c360.state.api_keys import KeysAdmin, KeysCard
from tests.state.driving import signed_in, tab


@pytest.fixture(autouse=True)
def _clean():
    sessions.forget()


@pytest.mark.feature("R11")
async def test_a_user_makes_a_key_sees_it_once_and_ends_it(agent, stranger, database):
    perform(stranger, api_keys.make, stranger.user_id, "CANARY", ("contact",))
    digest = signed_in(agent)
    async with tab() as t:
        send = t.at("/account", digest)
        await t.send(State.hydrate, digest=digest)
        await send(KeysCard.load)
        await send(KeysCard.add, form={"name": "", "contact": "yes", "days": "90"})
        assert "name" in t.shown("errors")["name"]
        await send(KeysCard.add, form={"name": "Laden 🛒", "days": "90"})
        assert "kinds" in t.shown("errors")
        await send(KeysCard.add, form={"name": "Laden 🛒", "contact": "yes", "days": "9000"})
        assert "days" in t.shown("errors")
        await send(KeysCard.add, form={"name": "Laden 🛒", "contact": "yes", "days": "30", "writes": "yes"})
        secret = t.shown("made")
        who = api_keys.holder(secret, "192.0.2.1")
        assert (who.user_id, sorted(who.rights)) == (agent.user_id, ["choice", "contact", "folder", "tag", "user"])
        await send(KeysCard.load)
        assert t.shown("made") == ""
        (line,) = ask(agent, api_keys.mine)
        await send(KeysCard.revoke, key_id=line.id)
        assert ask(agent, api_keys.mine)[0].state == "revoked"
        assert "CANARY" not in str(t.deltas)


@pytest.mark.feature("R11", "SEC-4")
async def test_administrators_see_and_end_every_key_others_none(agent, admin, database):
    secret = perform(agent, api_keys.make, agent.user_id, "Shop", ("contact",))
    (line,) = ask(agent, api_keys.mine)
    async with tab() as t:
        digest = signed_in(agent)
        await t.send(State.hydrate, digest=digest)
        await t.send(KeysAdmin.load, digest=digest, path="/admin/api-keys")
        assert t.shown("denied")
        assert "Shop" not in str(t.deltas)
        await t.send(KeysAdmin.revoke, {"key_id": line.id}, digest=digest, path="/admin/api-keys")
    assert ask(agent, api_keys.mine)[0].state == "live"
    async with tab() as t:
        digest = signed_in(admin)
        send = t.at("/admin/api-keys", digest)
        await t.send(State.hydrate, digest=digest)
        await send(KeysAdmin.load)
        assert [row.name for row in t.shown("rows")] == ["Shop"]
        assert secret not in str(t.deltas)
        await send(KeysAdmin.revoke, key_id=line.id)
    assert ask(agent, api_keys.mine)[0].state == "revoked"
