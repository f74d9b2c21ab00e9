"""Exports: what the reader may take out, never a formula, and the same again when it is read back."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlmodel import Session, col, select

from c360.core.clock import utc_now
from c360.core.db import engine
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.core.i18n import text
from c360.models.job import Job
from c360.models.journal import AccessEntry
from c360.services import exports, listing, sheets
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import actor_of
from tests.services.test_undo import filled, last_set

NASTY = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "＋1", "－1", "＠x", "\u200b=1", "\ufeff@x",
    "\u3000=1", "'=1", "''=1", "'", "''", "'x", "=cmd|' /C calc'!A0", "|x", '"quoted", and comma', "line\nbreak",
    "Zoë 山 مريم 👩‍🚀",
)  # fmt: skip


@pytest.mark.feature("R18", "IMP-11")
@pytest.mark.parametrize("value", NASTY)
def test_no_cell_is_a_formula_and_each_reads_back_as_it_was(value):
    written = sheets.defused(value)
    assert written.lstrip(" \t\r\n\u200b\ufeff\u3000")[:1] not in tuple("=@＝＋－＠|+-")
    assert sheets.restored(written) == value


@pytest.mark.feature("R18")
@pytest.mark.parametrize("value", ["+49 30 1234567", "-12.5", "1e", "3", "a=b", "", "O'Neil"])
def test_numbers_and_harmless_texts_are_left_alone(value):
    assert sheets.defused(value) == value
    assert sheets.restored(value) == value


@given(st.text(alphabet=st.sampled_from(list("'=+-@| \t\n\rx1＝\u200b")), max_size=6) | st.text())
def test_every_text_survives_being_defused(value):
    assert sheets.restored(sheets.defused(value)) == value


def taken(actor, ticket):
    found = perform(actor, exports.fetch, ticket.id)
    if found.path.suffix == ".csv":
        return list(csv.reader(io.StringIO(found.path.read_text("utf-8-sig"), newline="")))
    return [list(row) for row in load_workbook(found.path).active.iter_rows(values_only=True)]


def query(key="contact", *columns, **more):
    return {"entity": key, "columns": list(columns), "sort": ["name"], **more}


@pytest.mark.feature("IMP-8", "B-IMP-8", "R18")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_is_exported_as_it_is_filtered_with_its_relations(agent, make_as, form):
    account = make_as(agent, "account", name="=Łódź & Söhne", revenue="1234.5", founded_on="1999-12-31")
    make_as(agent, "contact", given_name="@Zoë", family_name="Ünal", employer_id=str(account), notes='a\nb,"c"')
    make_as(agent, "contact", family_name="Other")
    columns = ("name", "employer_id", "status_id", "notes", "birth_date")
    criteria = {"field": "family_name", "op": "equals", "value": "Ünal"}
    ticket = perform(agent, exports.begin, query("contact", *columns, criteria=criteria), form)
    assert (ticket.ready, ticket.rows) == (True, 1)
    header, row = taken(agent, ticket)
    assert header == ["Name", "Employer", "Status", "Notes", "Birth date"]
    read = [sheets.restored(cell) if cell else None for cell in row]
    assert read == ["@Zoë Ünal", "=Łódź & Söhne", "Active", 'a\nb,"c"', None]
    numbers = perform(agent, exports.begin, query("account", "name", "revenue", "founded_on"), form)
    _, row = taken(agent, numbers)
    assert (row[1], str(row[2])[:10]) == (("1234.5", "1999-12-31") if form == "csv" else (1234.5, "1999-12-31"))


@pytest.mark.feature("R12", "SEC-1", "SEC-4", "IMP-11")
def test_nobody_takes_out_what_he_may_not(agent, make_user, make_as, stranger, admin):
    mate = make_user("Max Mate", team="North")
    agent = actor_of(agent.user_id)
    make_as(agent, "contact", family_name="Mine", notes="canary")
    make_as(mate, "contact", family_name="Mate's")
    make_as(stranger, "contact", family_name="Theirs")
    assert ask(agent, listing.count, listing.from_json({"entity": "contact"})).total == 2
    ticket = perform(agent, exports.begin, query("contact", "name"), "csv")
    assert taken(agent, ticket)[1:] == [["Mine"]]
    assert len(taken(admin, perform(admin, exports.begin, query("customer", "name"), "csv"))) == 4
    hidden = replace(agent, hidden=frozenset({"contact.notes"}))
    with pytest.raises(Invalid):
        perform(hidden, exports.begin, query("contact", "name", "notes"), "csv")
    with pytest.raises(Forbidden):
        perform(replace(agent, rights={"contact": {}}), exports.begin, query(), "csv")
    with pytest.raises(Invalid):
        perform(agent, exports.begin, query(), "exe")


@pytest.mark.feature("R15", "AUD-4", "IMP-11")
def test_a_file_is_its_askers_for_a_day_and_the_export_is_logged(agent, admin, make_as):
    make_as(agent, "contact", family_name="Mine", notes="canary")
    ticket = perform(agent, exports.begin, query("contact", "name", "notes"), "csv")
    assert (last_set().action, last_set().details["rows"]) == ("list.exported", 1)
    assert last_set().details["fields"] == ["name", "notes"]
    with Session(engine()) as session:
        entries = session.exec(select(AccessEntry).order_by(col(AccessEntry.at))).all()
    assert (entries[-1].act, entries[-1].actor_id) == ("export", agent.user_id)
    with pytest.raises(NotFound):
        perform(admin, exports.fetch, ticket.id)
    with pytest.raises(Forbidden):
        perform(replace(agent, hidden=frozenset({"contact.notes"})), exports.fetch, ticket.id)
    with pytest.raises(Forbidden):
        perform(replace(agent, rights={}), exports.fetch, ticket.id)
    path = perform(agent, exports.fetch, ticket.id).path
    assert path.stat().st_mode & 0o777 == 0o600
    with Session(engine()) as session:
        job = session.get(Job, ticket.id)
        job.finished_at = utc_now() - timedelta(hours=25)
        session.add(job)
        session.commit()
    with pytest.raises(NotFound):
        perform(agent, exports.fetch, ticket.id)


def work(actor, job_id):
    for _ in range(50):
        with unit_of_work(actor, cause_id=job_id) as uow:
            job = uow.session.get(Job, job_id)
            uow.session.add(job)
            if not exports.step(uow, job):
                job.state, job.finished_at = "done", utc_now()
                return
    raise AssertionError("it never ends")


@pytest.mark.feature("IMP-8", "R15", "R29")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_long_list_is_written_by_a_job_that_may_be_interrupted(admin, database, form):
    filled(admin, 4_321)
    ticket = perform(admin, exports.begin, query("contact", "name", "email"), form)
    assert (ticket.ready, ticket.rows) == (False, 4_321)
    with pytest.raises(Conflict):
        perform(admin, exports.fetch, ticket.id)
    with unit_of_work(admin) as uow:
        job = uow.session.get(Job, ticket.id)
        exports.step(uow, job)
        uow.session.add(job)
    with open(exports._part(ticket.id), "a") as torn:  # A crash left half a line behind.
        torn.write('{"name": "ha')
    work(admin, ticket.id)
    rows = taken(admin, ticket)
    assert len(rows) == 4_322
    assert len({row[1] for row in rows[1:]}) == 4_321
    assert not exports._part(ticket.id).exists()


@pytest.mark.feature("IMP-9")
def test_everything_is_exported_with_ids_and_names_an_import_knows(admin, make_as):
    contact = make_as(admin, "contact", given_name="Zoë", family_name="Ünal", email="zoe@example.com")
    with engine().begin() as connection:
        connection.exec_driver_sql("UPDATE customer SET inactive_at = updated_at")
    ticket = perform(admin, exports.begin, ask(admin, exports.whole, "contact"), "csv")
    header, row = taken(admin, ticket)
    told = dict(zip(header, row, strict=True))
    assert told[text("en", "import.target.id")] == str(contact)
    assert (told["First name"], told["Last name"], told["E-mail"]) == ("Zoë", "Ünal", "zoe@example.com")
    assert told["Segment"] == "Standard"


def test_an_empty_list_is_a_file_with_a_header(agent, database):
    ticket = perform(agent, exports.begin, query("contact", "name"), "xlsx")
    assert taken(agent, ticket) == [["Name"]]
