"""Histories: of one record with its parts, and of everything for those who may read the journal."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from c360.core.clock import today
from c360.core.errors import Conflict, Forbidden, NotFound
from c360.models.custom_field import CustomField
from c360.models.tag import Tag
from c360.services import auditing, bulk, history, records, undo, views
from c360.services.auditing import Filter
from c360.services.uow import ask, perform, unit_of_work
from tests.services.test_bulk import choice, some
from tests.services.test_undo import last_set


def of(actor, record_id, key="contact", **frame):
    return ask(actor, history.of, key, record_id, **frame)


def lines(page):
    return {line.label: (line.old, line.new) for entry in page.entries for part in entry.parts for line in part.lines}


@pytest.mark.feature("AUD-1")
def test_a_history_tells_who_changed_what_from_what_to_what(agent, make_as):
    account = make_as(agent, "account", name="Łódź S.A.")
    contact = make_as(agent, "contact", family_name="King", birth_date="1990-05-17")
    with unit_of_work(agent) as uow:
        values = {"family_name": "Königin", "birth_date": "", "employer_id": str(account), "country": ""}
        values.pop("country")
        records.update(uow, "contact", contact, {**values, "status_id": choice("status", "Lost")})
    page = of(agent, contact)
    assert [entry.who for entry in page.entries] == ["Ben Agent", "Ben Agent"]
    assert page.entries[0].parts[0].op == "update"
    changed = {line.label: (line.old, line.new) for line in page.entries[0].parts[0].lines}
    assert changed["Last name"] == ("King", "Königin")
    assert changed["Birth date"] == ("May 17, 1990", "")
    assert changed["Status"] == ("Active", "Lost")
    assert changed["Employer"] == ("", "Łódź S.A.")
    german = {line.label: line for line in of(replace(agent, language="de"), contact).entries[0].parts[0].lines}
    assert "17.05.1990" in {line.old for line in german.values()}


@pytest.mark.feature("AUD-1", "AUD-6")
def test_changes_of_a_records_parts_are_in_its_history(agent, make_as):
    contact = make_as(agent, "contact", family_name="King")
    with unit_of_work(agent) as uow:
        records.create(
            uow, "address", {"role": "main", "street": "Rue de l'Été 1", "city": "Genève"}, customer_id=contact
        )
    page = of(agent, contact)
    parts = [part for entry in page.entries for part in entry.parts]
    assert "address" in {part.entity for part in parts}
    assert lines(page)["Street"] == ("", "Rue de l'Été 1")


@pytest.mark.feature("AUD-1")
def test_a_history_counts_its_own_rows_and_not_those_of_others_changed_with_it(agent, make_as):
    contacts = [make_as(agent, "contact", family_name=f"王{n}") for n in range(3)]
    crowded = history.ROWS + 5
    with unit_of_work(agent) as uow:
        for contact in contacts:
            records.update(uow, "contact", contact, {"family_name": "李"})
        for n in range(crowded):
            option = {"family": "email", "value": f"king{n}@example.com"}
            records.create(uow, "communication", option, customer_id=contacts[0])
    many, one = (of(agent, contact).entries[0] for contact in contacts[:2])
    assert (len(many.parts), many.more) == (history.ROWS, crowded + 1 - history.ROWS)
    assert (len(one.parts), one.more) == (1, 0)


@pytest.mark.feature("AUD-1")
def test_a_time_frame_a_field_and_pages_narrow_a_long_history(agent, make_as):
    contact = make_as(agent, "contact", family_name="King")
    for n in range(7):
        with unit_of_work(agent) as uow:
            records.update(uow, "contact", contact, {"job_title": f"Title {n}"} if n % 2 else {"notes": f"Note {n}"})
    first = of(agent, contact, limit=3)
    second = of(agent, contact, limit=3, after=first.after)
    third = of(agent, contact, limit=3, after=second.after)
    seqs = [entry.seq for page in (first, second, third) for entry in page.entries]
    assert len(seqs) == 8
    assert seqs == sorted(seqs, reverse=True)
    assert third.after is None
    titles = of(agent, contact, name="job_title")
    assert len(titles.entries) == 3
    day = today()
    assert len(of(agent, contact, since=day, until=day).entries) == 8
    assert of(agent, contact, since=day + timedelta(days=1)).entries == ()
    assert of(agent, contact, until=day - timedelta(days=1)).entries == ()
    with pytest.raises(NotFound):
        of(agent, contact, name="password_hash")


@pytest.mark.feature("AUD-1", "SEC-4", "R12")
def test_what_a_reader_may_not_see_is_not_in_his_history(agent, stranger, make_as, admin):
    contact = make_as(agent, "contact", family_name="King", notes="canary-secret")
    hidden = replace(agent, hidden=frozenset({"contact.notes"}))
    assert "canary-secret" in str(of(agent, contact))
    assert "canary-secret" not in str(of(hidden, contact))
    with pytest.raises(NotFound):
        of(stranger, contact)
    with pytest.raises(NotFound):
        of(hidden, contact, name="notes")


@pytest.mark.feature("LST-12")
def test_a_private_tag_is_not_in_anyone_elses_history(agent, admin, make_as):
    contact = make_as(agent, "contact", family_name="King")
    with unit_of_work(agent) as uow:
        tag = uow.add(Tag(name="canary-tag", owner_id=agent.user_id)).id
    perform(agent, bulk.apply, "contact", some(contact), {"kind": "tag", "tag_ids": [str(tag)]})
    assert "canary-tag" in str(of(agent, contact))
    theirs = of(admin, contact)
    assert "canary-tag" not in str(theirs)
    assert "tagging" not in {part.entity for entry in theirs.entries for part in entry.parts}


@pytest.mark.feature("AUD-2")
def test_an_administrator_keeps_a_custom_field_out_of_histories(admin, make_as):
    with unit_of_work(admin) as uow:
        for key, told in (("shoe", True), ("secretive", False)):
            uow.add(CustomField(entity="contact", key=key, label=f"Field {key}", kind="text", in_history=told))
    contact = make_as(admin, "contact", family_name="King", shoe="44", secretive="canary")
    found = lines(of(admin, contact))
    assert found["Field shoe"] == ("", "44")
    assert "canary" not in str(found)


@pytest.mark.feature("AUD-5")
def test_an_old_value_is_restored_and_everything_else_stays(agent, stranger, make_as):
    contact = make_as(agent, "contact", family_name="King", job_title="Clerk", birth_date="1990-05-17")
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", contact, {"job_title": "Chief", "birth_date": "1991-06-18"})
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", contact, {"notes": "later"})
    entry = of(agent, contact, name="birth_date").entries[0]
    line = next(line for line in entry.parts[0].lines if line.field == "birth_date")
    assert line.restorable
    with pytest.raises(NotFound):
        perform(stranger, history.restore_value, UUID(line.row_id), "birth_date")
    perform(agent, history.restore_value, UUID(line.row_id), "birth_date")
    with unit_of_work(agent, reads=True) as uow:
        record = uow.get("contact", contact)
        assert (record.birth_date.isoformat(), record.job_title, record.notes) == ("1990-05-17", "Chief", "later")
    assert last_set().action == "contact.value_restored"
    with pytest.raises(NotFound):
        perform(agent, history.restore_value, UUID(line.row_id), "notes")


@pytest.mark.feature("AUD-1")
def test_the_source_of_a_change_is_told(agent, make_as):
    contact = make_as(agent, "contact", family_name="King")
    change = {"kind": "edit", "values": {"notes": "x"}}
    outcome = perform(agent, bulk.apply, "contact", some(contact), change)
    perform(agent, undo.undo, outcome.act_id)
    entries = of(agent, contact).entries
    assert [entry.source for entry in entries] == ["Undo", "Change of many", ""]
    assert [entry.undone for entry in entries] == [False, True, False]


@pytest.mark.feature("AUD-3", "AUD-4")
def test_an_auditor_filters_everything_that_happened(admin, agent, make_as):
    contact = make_as(agent, "contact", family_name="King")
    make_as(admin, "account", name="Firma")
    with unit_of_work(agent) as uow:
        records.archive(uow, "contact", contact)

    def found(**wanted):
        return [entry.action for entry in ask(admin, auditing.audit, Filter(**wanted)).entries]

    assert found(user_id=agent.user_id) == ["Contact: archived", "Contact: created"]
    assert found(entity="account") == ["Account: created"]
    assert found(entity="contact", action="archived") == ["Contact: archived"]
    assert found(since=today() + timedelta(days=1)) == []
    assert len(found()) > 3
    assert ("Ben Agent" in dict(ask(admin, auditing.actors)).values()) is True
    with pytest.raises(Forbidden):
        ask(agent, auditing.audit, Filter())
    rows = list(auditing.lines(admin, Filter(entity="account")))
    assert "Firma" in "".join(rows)
    assert last_set().action == "journal.exported"
    with pytest.raises(Forbidden):
        list(auditing.lines(agent, Filter()))
    people, kinds, acts = ask(admin, auditing.menus)
    assert "Ben Agent" in dict(people).values()
    assert {"account", "contact"} <= dict(kinds).keys()
    assert {"archived", "created"} <= dict(acts).keys()


@pytest.mark.feature("BEY-4", "AUD-5")
def test_ones_own_last_change_of_a_customer_is_found_and_undone(agent, admin, make_as):
    first, second = (make_as(agent, "contact", family_name=name) for name in ("Erste", "Zweite"))
    perform(agent, records.update, "contact", first, {"job_title": "Mine"})
    perform(agent, undo.undo, ask(agent, history.last_of, "contact", first))
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("contact", first).job_title is None
    both = {"mode": "ids", "ids": [str(first), str(second)]}
    perform(agent, bulk.apply, "contact", both, {"kind": "edit", "values": {"job_title": "Both"}})
    with pytest.raises(Conflict):
        ask(agent, history.last_of, "contact", first)
    with pytest.raises(NotFound):
        ask(admin, history.last_of, "contact", second)


@pytest.mark.feature("AUD-1")
def test_a_saved_filter_is_told_as_its_sentence(admin):
    rule = {"join": "all", "of": [{"field": "city", "op": "equals", "value": "Łódź"}]}
    perform(admin, views.save_view, "contact", "美咲", "private", {"criteria": rule, "columns": ["name", "city"]})
    told = lines(ask(admin, auditing.audit, Filter(entity="view")))["Query"]
    assert told[0] == ""
    assert "criteria: Contacts where City equals Łódź" in told[1]
    assert "columns: name, city" in told[1]
    assert "{" not in told[1]
