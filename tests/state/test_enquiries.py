"""A hint of a customer one may not open, asked about from the form and answered on the page."""

import json

import pytest
from limits import parse
from reflex.state import State

from c360.services import limiting, sessions
from c360.services.duplicates import check, enquiring
from c360.services.uow import ask
from c360.state.enquiries import Enquiries
from c360.state.form import FormState
from tests.state.driving import signed_in, tab

EMAIL = "zoe.angstrom@example.org"
TYPED = {"given_name": "Zoë", "family_name": "Ångström", "email": EMAIL}


@pytest.fixture(autouse=True)
def _clean():
    sessions.forget()
    limiting.storage.cache_clear()


@pytest.fixture
def hidden(agent, make_as):
    return make_as(agent, "contact", **TYPED, job_title="CANARY", notes="CANARY 山", birth_date="1990-11-02")


async def typing(t, digest, values):
    send = t.at("/contacts/new", digest)
    for name, text in values.items():
        await send(FormState.look_for, name=name, typed=text)
    return send


@pytest.mark.feature("BEY-9", "B-DUP-12")
async def test_the_browser_asks_and_reads_the_answer_and_never_gets_the_hidden_record(agent, stranger, hidden):
    async with tab() as t:
        digest = signed_in(stranger)
        await t.send(State.hydrate, digest=digest)
        await t.at("/contacts/new", digest)(FormState.start)
        send = await typing(t, digest, TYPED)
        assert (t.shown("ask"), t.shown("likely")) == ([agent.name], [])
        await send(FormState.enquire)
        assert t.shown("enquiring") is True
        await send(FormState.send_enquiry, form={"words": "x" * 501})
        assert "500" in t.shown("enquiry_error")
        await send(FormState.send_enquiry, form={"words": "Ihrer?"})
        assert (t.shown("enquiring"), t.shown("enquired")) == (False, True)
        [line] = ask(agent, enquiring.listed)
        async with tab() as other:
            owner = signed_in(agent)
            answer = other.at(enquiring.PLACE, owner)
            await other.send(State.hydrate, digest=owner)
            await answer(Enquiries.load)
            assert [one.words for one in other.shown("lines")] == ["Ihrer?"]
            await answer(Enquiries.reply, enquiry_id=line.id)
            await answer(Enquiries.answer, form={"words": " "})
            assert other.shown("error")
            await answer(Enquiries.answer, form={"words": "Meiner 🙋"})
            assert other.shown("lines") == []
        await t.at(enquiring.PLACE, digest)(Enquiries.load)
        [mine] = t.shown("lines")
        assert (mine.answer, mine.by, mine.name, mine.href, mine.shared) == ("Meiner 🙋", agent.name, "", "", "")
        sent = json.dumps([t.deltas, t.events], default=repr, ensure_ascii=False)
        for value in (str(hidden), hidden.hex, "CANARY", "1990-11-02"):
            assert value not in sent


@pytest.mark.feature("BEY-9")
async def test_without_a_hint_nothing_can_be_asked(agent, stranger, hidden, monkeypatch):
    async with tab() as t:
        digest = signed_in(stranger)
        await t.send(State.hydrate, digest=digest)
        await t.at("/contacts/new", digest)(FormState.start)
        send = await typing(t, digest, {**TYPED, "email": "", "birth_date": "1990-11-02"})
        await send(FormState.enquire)
        await send(FormState.send_enquiry, form={"words": ""})
        assert (t.shown("enquiring"), t.shown("enquired")) == (False, False)
        monkeypatch.setattr(check, "HINTS", parse("0/hour"))
        send = await typing(t, digest, TYPED)
        await send(FormState.send_enquiry, form={"words": ""})
        assert t.shown("enquired") is False, "told too often, one learns nothing and asks nobody"
    assert ask(agent, enquiring.listed) == []
