"""What a person decides on a list, driven through the guard as a browser would: dialogs, cells, folders, views."""

import pytest
from reflex.state import State

from c360.core.actor import SYSTEM
from c360.jobs.run import run
from c360.services import administration, bulk, listing, queue, records, sessions, tags, views
from c360.services.duplicates import reviewing
from c360.services.uow import ask, perform, unit_of_work
from c360.state.form import FormState
from c360.state.listing import ContactList
from c360.state.profile import ProfileState
from tests.services.test_bulk import choice, some
from tests.services.test_bulk import work as work_all
from tests.services.test_undo import filled, last_set
from tests.state.driving import signed_in, tab
from tests.state.test_admin import said


@pytest.fixture(autouse=True)
def _clean():
    sessions.forget()


@pytest.fixture
def people(agent, make_as):
    return [make_as(agent, "contact", family_name=f"Öz {n}", email=f"n{n}@example.com") for n in range(3)]


class Page:
    """The list of contacts as one user has it open."""

    def __init__(self, opened, digest, state=ContactList, path="/contacts"):
        self.tab, self.digest, self.state, self.path = opened, digest, state, path

    async def open(self):
        await self.tab.send(State.hydrate, digest=self.digest)
        await self.send("load")
        return self

    async def send(self, handler, /, **payload):
        await self.tab.at(self.path, self.digest)(getattr(self.state, handler), **payload)

    async def act(self, act, chosen, count, *picked, note=""):
        """Open the dialog of an act, fill it in, look and apply."""
        await self.send("bulk_open", act=act, selection=chosen, count=count)
        if picked:
            await self.send("bulk_pick", values=list(picked))
        if note:
            await self.send("bulk_tell", note=note)
        await self.send("bulk_preview")
        assert self.tab.shown("bulk_error") in ("", None), self.tab.shown("bulk_error")
        assert self.tab.shown("allowed") == count
        await self.send("bulk_apply")


def who(actor, **query):
    found = listing.from_json({"entity": "contact", "columns": ["name"], "sort": ["name"], **query})
    return [row[1] for row in ask(actor, listing.rows, found, 0, 99).rows]


@pytest.mark.feature("LST-14", "LST-11", "LST-9")
async def test_a_tag_and_a_folder_are_named_in_the_dialog_and_made_on_the_spot(agent, people):
    async with tab() as t:
        page = await Page(t, signed_in(agent)).open()
        await page.act("tag", some(*people[:2]), 2, "Frisch 🌱")
        (tag,) = ask(agent, tags.tags)
        assert (tag.name, tag.visibility, tag.uses) == ("Frisch 🌱", "private", 2)
        await page.act("untag", some(people[0]), 1, str(tag.id))
        assert ask(agent, tags.tags)[0].uses == 1
        await page.act("add_to_folder", some(*people), 3, "Messe 2026")
        (folder,) = ask(agent, views.folders)
        assert (folder.name, folder.mode) == ("Messe 2026", "static")
        assert len(who(agent, folder=str(folder.id))) == 3
        chosen = {"mode": "ids", "ids": [str(people[0])], "query": {"folder": str(folder.id)}}
        await page.act("remove_from_folder", chosen, 1)
        assert len(who(agent, folder=str(folder.id))) == 2


@pytest.mark.feature("LST-14", "REC-28", "BEY-4")
async def test_rows_are_inactivated_archived_and_brought_back_from_the_toast(agent, people):
    async with tab() as t:
        page = await Page(t, signed_in(agent)).open()
        await page.act("inactivate", some(people[0]), 1, choice("inactive_reason", "Moved away"), note="to Łódź")
        assert who(agent) == ["Öz 1", "Öz 2"]
        await page.act("activate", some(people[0]), 1)
        assert len(who(agent)) == 3
        await page.act("archive", some(*people[:2]), 2)
        assert who(agent) == ["Öz 2"]
        last = last_set()
        assert str(last.id) in said(t), "the toast offers to undo this very change"
        await page.send("bulk_undo", act_id=str(last.id))
        assert len(who(agent)) == 3
        assert "2 records restored" in said(t)


@pytest.mark.feature("DUP-2", "B-DUP-1")
async def test_duplicates_of_what_is_selected_are_searched_from_the_menu(agent, people, make_as):
    twin = make_as(agent, "contact", family_name="Öz 1", email="n1@example.com")
    async with tab() as t:
        page = await Page(t, signed_in(agent)).open()
        assert "find_duplicates" in t.shown("acts")
        await page.send("bulk_open", act="find_duplicates", selection=some(people[1]), count=1)
        assert "1 record is compared" in said(t)
        assert "/duplicates" in said(t), "the toast leads to the queue"
        await page.send("bulk_open", act="find_duplicates", selection={"mode": "?"}, count=1)
        assert "selection" in said(t).lower()
    [job] = ask(agent, queue.recent)
    assert run(job.id) == "done"
    [line] = ask(agent, reviewing.groups)
    assert {one.id for one in line.members} == {str(people[1]), str(twin)}


@pytest.mark.feature("LST-14", "SEC-8")
async def test_records_are_assigned_in_the_dialog(make_user, make_as):
    lead, mate = make_user("Lea Lead", "manager", team="North"), make_user("Max Mate", team="North")
    mine = make_as(lead, "contact", family_name="Öz")
    async with tab() as t:
        page = await Page(t, signed_in(lead)).open()
        await page.act("assign", some(mine), 1, str(mate.user_id))
    with unit_of_work(mate, reads=True) as uow:
        assert uow.get("contact", mine).owner_id == mate.user_id


@pytest.mark.feature("LST-10", "IMP-8")
async def test_the_export_dialog_offers_the_columns_shown_and_gives_the_file(agent, people):
    async with tab() as t:
        page = await Page(t, signed_in(agent)).open()
        query = {"columns": ["name", "email"], "criteria": {"field": "email", "op": "contains", "value": "n1@"}}
        await page.send("bulk_open", act="export", selection={"mode": "all", "ids": [], "query": query}, count=1)
        assert t.shown("export_columns") == ["name", "email"]
        assert {"value": "job_title", "label": "Job title"} in t.shown("export_options")
        await page.send("export_pick", columns=["name"])
        await page.send("export_as", form="xlsx")
        await page.send("export_start")
        assert "/api/exports/" in said(t)
        await page.send("bulk_open", act="export", selection={"mode": "all", "ids": [], "query": query}, count=1)
        await page.send("export_as", form="exe")
        await page.send("export_start")
        assert t.shown("bulk_error")


@pytest.mark.feature("B-LST-6", "LST-13")
async def test_a_cell_another_changed_meanwhile_is_explained_and_taken_back(agent, admin, people):
    with unit_of_work(admin) as uow:
        records.update(uow, "contact", people[0], {"job_title": "Theirs"})
    async with tab() as t:
        page = await Page(t, signed_in(agent)).open()
        await page.send("edit", record_id=str(people[0]), field="job_title", value="Mine", seen="")
        assert "Theirs" in said(t)
        await page.send("edit", record_id=str(people[0]), field="job_title", value="Mine", seen="Theirs")
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("contact", people[0]).job_title == "Mine"


@pytest.mark.feature("LST-9")
async def test_folders_are_made_changed_given_a_rule_and_deleted_from_the_list(agent, people):
    rule = {"join": "all", "of": [{"field": "email", "op": "contains", "value": "n1"}]}
    async with tab() as t:
        page = await Page(t, signed_in(agent)).open()
        await page.send("folder_act", act="folder_new", folder_id="", query={"criteria": rule})
        await page.send("folder_submit", form={"name": "", "mode": "dynamic", "sharing": "private"})
        assert t.shown("error")
        await page.send("folder_submit", form={"name": "Eins", "mode": "dynamic", "sharing": "private"})
        (folder,) = ask(agent, views.folders)
        assert who(agent, folder=str(folder.id)) == ["Öz 1"]
        other = {"join": "all", "of": [{"field": "email", "op": "contains", "value": "n2"}]}
        await page.send("folder_act", act="folder_rule", folder_id=str(folder.id), query={"criteria": other})
        assert who(agent, folder=str(folder.id)) == ["Öz 2"]
        await page.send("folder_act", act="folder_rule", folder_id=str(folder.id), query={})
        assert who(agent, folder=str(folder.id)) == ["Öz 2"], "a rule that says nothing is refused"
        await page.send("folder_act", act="folder_star", folder_id=str(folder.id), query={})
        await page.send("folder_act", act="folder_edit", folder_id=str(folder.id), query={})
        await page.send("folder_submit", form={"name": "Zwei", "sharing": "team"})
        (folder,) = ask(agent, views.folders)
        assert (folder.name, folder.sharing, folder.is_favourite) == ("Zwei", "team", True)
        await page.send("folder_act", act="folder_delete", folder_id=str(folder.id), query={})
        await page.send("folder_submit", form={})
        assert ask(agent, views.folders) == []
        assert len(who(agent)) == 3


@pytest.mark.feature("LST-14", "BEY-4")
async def test_more_than_a_thousand_rows_go_on_as_a_job_that_is_undone_as_one(admin, database):
    filled(admin, 1_200)
    status = choice("status", "Lost")
    query = {"criteria": {"field": "status_id", "op": "is_not", "value": status}}
    async with tab() as t:
        page = await Page(t, signed_in(admin)).open()
        everything = {"mode": "all", "ids": [], "query": query}
        await page.send("bulk_open", act="edit", selection=everything, count=1_200)
        await page.send("bulk_pick_field", name="status_id")
        await page.send("bulk_pick", values=[status])
        await page.send("bulk_preview")
        assert t.shown("allowed") == 1_200
        change = {"kind": "edit", "values": {"status_id": status}}
        outcome = perform(admin, bulk.apply, "contact", everything, change)
        assert work_all(admin, outcome.job_id)["done"] == 1_200
        await page.send("bulk_undo", act_id=str(outcome.job_id))
        assert "in the background" in said(t)


@pytest.mark.feature("REC-8")
async def test_a_section_that_is_switched_off_leaves_the_profile_and_answers_not_available(admin, agent, make_as):
    account = make_as(agent, "account", name="Acme")
    with unit_of_work(SYSTEM) as uow:
        administration.switch(uow, "account", "tab.marketing", on=False)
        administration.switch(uow, "account", "form.size", on=False)
    digest = signed_in(agent)
    async with tab() as t:
        await t.send(State.hydrate, digest=digest)
        await t.send(ProfileState.load, digest=digest, path=f"/account/{account}/details")
        assert "marketing" not in str(t.shown("tabs"))
        assert "Annual revenue" not in str(t.shown("cards"))
        await t.send(ProfileState.load, digest=digest, path=f"/account/{account}/marketing")
        assert "not available" in t.shown("problem_title").lower() + t.shown("problem").lower()
        assert t.errors == []


@pytest.mark.feature("REC-15")
async def test_a_contact_person_is_named_and_made_in_the_dialog(agent, make_as):
    account = make_as(agent, "account", name="Łódź & Söhne")
    digest = signed_in(agent)
    async with tab() as t:
        send = t.at(f"/account/{account}/contacts", digest)
        await t.send(State.hydrate, digest=digest)
        await send(FormState.add, entity="contact_person", parent_id=str(account))
        await send(FormState.save, form={"contact_id": "Zoë van der Öz", "comment": "new here"})
        assert t.errors == []
    with unit_of_work(agent, reads=True) as uow:
        made = uow.session.exec(uow.select("contact")).one()
        assert (made.given_name, made.family_name, made.employer_id) == ("Zoë", "van der Öz", account)
