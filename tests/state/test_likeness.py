"""The form of a new customer who may be there already: what its door does, and the ways out of the doubt."""

import pytest
from reflex.state import State

from c360.services import administration, listing, sessions
from c360.services.duplicates import verdicts
from c360.services.uow import ask, perform, unit_of_work
from c360.state.form import FormState
from tests.conftest import required
from tests.state.driving import signed_in, tab
from tests.state.test_admin import said


@pytest.fixture(autouse=True)
def _clean():
    sessions.forget()


ZOE = {"given_name": "Zoë", "family_name": "Ångström", "birth_date": "1990-11-02"}


@pytest.fixture
def filled(make_as):
    """Make somebody, and return him and a form that describes him once more."""

    def fill(actor):
        old = make_as(actor, "contact", **ZOE)
        with unit_of_work(actor) as uow:
            return old, {name: str(value) for name, value in required(uow, "contact").items()} | ZOE

    return fill


class Page:
    """The page of a new contact as one user has it open."""

    def __init__(self, opened, digest):
        self.tab, self.digest = opened, digest

    async def open(self):
        await self.tab.send(State.hydrate, digest=self.digest)
        await self.send("start")
        return self

    async def send(self, handler, /, **payload):
        await self.tab.at("/contacts/new", self.digest)(getattr(FormState, handler), **payload)


def people(actor):
    return len(ask(actor, listing.rows, listing.from_json({"entity": "contact", "columns": ["name"]}), 0, 99).rows)


@pytest.mark.feature("B-DUP-1", "B-DUP-2", "DUP-5")
async def test_a_warning_is_shown_once_and_a_reason_tells_them_apart(agent, filled):
    old, values = filled(agent)
    async with tab() as t:
        page = await Page(t, signed_in(agent)).open()
        await page.send("create", form=dict(values))
        assert [one.id for one in t.shown("likely")] == [str(old)]
        assert (t.shown("doubted"), people(agent)) == (True, 1)
        await page.send("create", form=dict(values))
        assert people(agent) == 2
        assert ask(agent, verdicts.standing) == []
        await page.send("start")
        await page.send("create", form=dict(values))
        await page.send("create", form={**values, "_reason": "Zwillinge 👯"})
    assert people(agent) == 3
    assert {one.reason for one in ask(agent, verdicts.standing)} == {"Zwillinge 👯"}


@pytest.mark.feature("B-DUP-1", "DUP-5")
async def test_what_is_sure_is_refused_until_somebody_says_why(admin, agent, filled):
    _, values = filled(agent)
    perform(admin, administration.change, "duplicates", {"contact": {"save": "block", "sure": 0.6}})
    async with tab() as t:
        page = await Page(t, signed_in(agent)).open()
        for _ in range(3):
            await page.send("create", form=dict(values))
        assert t.shown("blocked") is True
        assert "_reason" in t.shown("errors")
        assert people(agent) == 1
        await page.send("create", form={**values, "_reason": "another one"})
    assert people(agent) == 2


@pytest.mark.feature("B-DUP-2", "DUP-5")
async def test_a_new_record_is_saved_and_merged_into_who_is_there(make_user, filled):
    lead = make_user("Lea Lead", "manager", team="North")
    mine, values = filled(lead)
    async with tab() as t:
        page = await Page(t, signed_in(lead)).open()
        await page.send("create", form=dict(values))
        mergeable = {one.id: one.may_merge for one in t.shown("likely")}
        assert mergeable[str(mine)] is True
        await page.send("merge_into", record_id=str(mine))
        assert "_into" in said(t), "the page sends the form with it"
        await page.send("create", form={**values, "_into": str(mine)})
        assert f"/merge?ids={mine}," in said(t)
        made = people(lead)
        await page.send("edit", entity="contact", record_id=str(mine), sections="")
        await page.send("save", form={"_into": "nobody"})
        assert people(lead) == made
