"""Bringing a file to import over HTTP, reading it another way, and fetching the rows that were not taken."""

import csv
import io
from uuid import UUID

import pytest
from reflex.state import State

from c360.services import records, sessions
from c360.services.imports import batches, direct, files, overview, running
from c360.services.uow import ask, perform, unit_of_work
from c360.state.imports import ImportState
from tests.api.conftest import ORIGIN
from tests.state.driving import signed_in, tab
from tests.state.test_admin import said

HEAD = {"Origin": ORIGIN, "Content-Type": "application/octet-stream"}
PEOPLE = "Last name,E-mail\nÖz,oz@example.com\nBad,nonsense\n"


def bring(browser, content: str, entity="contact", name="people.csv"):
    return browser.post(f"/api/imports/{entity}", params={"name": name}, content=content.encode(), headers=HEAD)


@pytest.mark.feature("IMP-1", "B-IMP-5", "R23", "SEC-4")
def test_a_file_is_brought_run_and_its_problem_rows_are_fetched(agent, stranger, browser_of, door):
    mine = browser_of(agent)
    made = bring(mine, PEOPLE)
    assert made.status_code == 200, made.text
    assert bring(mine, "Kunde;Datum\nÖz;1.2.2025\n", "activity", "calls.csv").status_code == 200
    batch = UUID(made.json()["id"])
    direct.drive(agent, batch, running.RUN)
    answer = mine.get(f"/api/imports/{batch}/errors")
    assert answer.headers["content-disposition"] == 'attachment; filename="people-problems.csv"'
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[:2] for row in rows] == [["Last name", "E-mail"], ["Bad", "nonsense"]]
    assert browser_of(stranger).get(f"/api/imports/{batch}/errors").status_code == 404
    assert door().get(f"/api/imports/{batch}/errors").status_code == 401
    seen = ask(agent, overview.overview, batch)
    assert [(one["name"], one["verdict"]) for one in seen.made_of] == [("Öz", "created")]
    with unit_of_work(agent) as uow:
        records.archive(uow, "contact", UUID(seen.made_of[0]["href"].rpartition("/")[2]))
    assert ask(agent, overview.overview, batch).made_of[0]["href"].startswith("/contact/")


@pytest.mark.feature("R23", "R12")
def test_what_cannot_be_read_or_may_not_be_brought_leaves_nothing(agent, browser_of, door, make_user):
    mine = browser_of(agent)
    here = files.folder("a").parent
    before = set(here.glob("*"))
    for content, entity, status in (("", "contact", 422), ("%PDF-1.7", "contact", 422), (PEOPLE, "user", 403)):
        answer = bring(mine, content, entity)
        assert answer.status_code == status, answer.text
    assert bring(door(), PEOPLE).status_code == 401
    assert set(here.glob("*")) == before


@pytest.mark.feature("B-IMP-1", "IMP-3")
async def test_a_file_is_read_another_way_from_its_page(agent, database, tmp_path):
    sessions.forget()
    path = tmp_path / "odd.csv"
    path.write_bytes("Report of May\nLast name;Notes\nM\u00fcller;a|b\n\u0141\u00f3d\u017a;c\n".encode("cp1250"))
    key = files.take(path)
    files.read(key, path.name, encoding="cp1252")
    batch = perform(agent, batches.start, "contact", key, path.name)
    digest = signed_in(agent)
    async with tab() as t:
        send = t.at(f"/imports/{batch}", digest)
        await t.send(State.hydrate, digest=digest)
        await send(ImportState.load)
        await send(ImportState.read_again, how="encoding", value="cp1250")
        assert "Łódź" in t.shown("columns")[0]["samples"]
        await send(ImportState.read_again, how="header", value="1")
        assert [one["name"] for one in t.shown("columns")] == ["Report of May"]
        await send(ImportState.read_again, how="header", value="2")
        await send(ImportState.read_again, how="delimiter", value="|")
        assert [one["name"] for one in t.shown("columns")] == ["Last name;Notes"]
        await send(ImportState.read_again, how="delimiter", value=";")
        await send(ImportState.read_again, how="encoding", value="rot13")
        assert "file of rows" in said(t)
        assert [one["name"] for one in t.shown("columns")] == ["Last name", "Notes"]
        await send(ImportState.read_again, how="header", value="0")
        assert [one["name"] for one in t.shown("columns")] == ["Column 1", "Column 2"]
    direct.drive(agent, batch, running.CHECK)
    perform(agent, batches.reread, batch)
    assert ask(agent, overview.overview, batch).phase == ""


@pytest.mark.feature("IMP-1", "ACT-14")
async def test_activities_are_mapped_and_typed_on_their_page(agent, make_as, tmp_path):
    sessions.forget()
    make_as(agent, "contact", family_name="Öz")
    path = tmp_path / "calls.csv"
    path.write_text("Kunde;Datum;Betreff\nöz;01.02.2025;Hallo\n", "utf-8")
    key = files.take(path)
    files.read(key, path.name)
    batch = perform(agent, batches.start, "activity", key, path.name)
    digest = signed_in(agent)
    async with tab() as t:
        await t.send(State.hydrate, digest=digest)
        await t.send(ImportState.choose_entity, {"entity": "activity"}, digest=digest, path="/imports")
        assert t.shown("entity") == "activity"
        await t.send(ImportState.load, {}, digest=digest, path=f"/imports/{batch}")
        assert [one["target"] for one in t.shown("columns")] == ["customers", "starts_at", "subject"]
        assert (t.shown("untyped"), t.shown("missing")) == ("other", [])
        await t.send(ImportState.choose_untyped, {"kind": "call"}, digest=digest, path=f"/imports/{batch}")
        assert (t.errors, t.shown("untyped")) == ([], "call")
    direct.drive(agent, batch, running.RUN)
    with unit_of_work(agent, reads=True) as uow:
        assert [(one.kind, one.subject) for one in uow.session.exec(uow.select("activity"))] == [("call", "Hallo")]
