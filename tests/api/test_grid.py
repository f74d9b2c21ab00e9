"""The list's endpoints: what they answer, to whom, and what they refuse."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select

from c360.api import deps, errors, grid
from c360.models.journal import AccessEntry
from c360.services.uow import unit_of_work


class Browser:
    """Posts JSON to an app in this process."""

    def __init__(self, actor=None):
        self.app = FastAPI()
        self.app.include_router(grid.router)
        errors.install(self.app)
        if actor:
            self.app.dependency_overrides[deps.actor] = lambda: actor

    def post(self, path, json, headers=None) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
                return await http.post(path, json=json, headers=headers)

        return asyncio.run(send())


Client = Callable[..., Browser]


@pytest.fixture
def client(database) -> Client:
    """Return a maker of clients that act as somebody."""
    return Browser


@pytest.mark.feature("LST-1", "B-LST-4")
def test_a_window_has_columns_rows_and_a_total(client, agent, stranger, make_as):
    mine = make_as(agent, "contact", given_name="Zoë", family_name="Ångström")
    make_as(stranger, "contact", family_name="CANARY")
    answer = client(agent).post(
        "/api/grid/contact",
        json={"start": 0, "end": 50, "columns": ["name", "status_id"], "sort": [{"colId": "name", "sort": "asc"}]},
    )
    assert answer.status_code == 200
    body = answer.json()
    assert (body["cols"], body["total"], body["exact"]) == (["id", "name", "status_id"], 1, True)
    assert body["rows"][0][:2] == [str(mine), "Zoë Ångström"]
    assert "CANARY" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_filter_and_a_count_agree(client, agent, make_as):
    for name in ("Anna", "Bernd", "Änne"):
        make_as(agent, "contact", family_name=name)
    asked = {"criteria": {"join": "all", "of": [{"field": "name", "op": "starts_with", "value": "an"}]}}
    assert client(agent).post("/api/grid/contact", json=asked).json()["total"] == 2
    assert client(agent).post("/api/grid/contact/count", json=asked).json() == {"total": 2, "exact": True}


@pytest.mark.feature("R34", "AUD-3")
def test_each_page_of_personal_data_is_logged_with_its_records(client, agent, make_as):
    mine = make_as(agent, "contact", family_name="King")
    client(agent).post("/api/grid/contact", json={"columns": ["name"]})
    client(agent).post("/api/grid/contact", json={"columns": ["segment_id"]})
    with unit_of_work(agent, reads=True) as uow:
        (entry,) = uow.session.exec(select(AccessEntry).where(AccessEntry.act == "list")).all()
    assert (entry.actor_id, entry.entity, entry.details["ids"]) == (agent.user_id, "contact", [str(mine)])


@pytest.mark.feature("R14", "R16")
@pytest.mark.parametrize(
    "body",
    [
        {"start": -1},
        {"start": "0"},
        {"columns": "name"},
        {"columns": ["password_hash"]},
        {"sort": [{"colId": "name", "sort": "ASC; DROP TABLE customer"}]},
        {"sort": [{"colId": "1; DROP TABLE customer", "sort": "asc"}]},
        {"sort": [{"colId": "name", "sort": "asc", "extra": 1}]},
        {"reach": "all"},
        {"criteria": {"field": "name", "op": "sql", "value": "1"}},
        {"criteria": {"field": "owner_id.password_hash", "op": "starts_with", "value": "$"}},
        {"criteria": [1]},
        {"criteria": {"join": "xor", "of": []}},
        {"folder": "not-an-id"},
        {"search": "x" * 201},
        {"inactive": "yes"},
        [],
    ],
    ids=str,
)
def test_a_body_that_does_not_fit_is_refused_without_being_repeated(client, agent, body):
    answer = client(agent).post("/api/grid/contact", json=body)
    assert answer.status_code == 422
    assert "DROP" not in answer.text or "1; DROP" in answer.text
    assert answer.json()["error"]


def test_errors_come_in_the_readers_language(client, agent):
    answer = client(agent).post("/api/grid/nothing", json={}, headers={"Accept-Language": "de-DE,de"})
    assert answer.status_code == 404
    assert answer.json()["error"] == "Diese Liste gibt es nicht."


def test_a_window_is_never_wider_than_500(client, agent, make_as):
    make_as(agent, "contact", family_name="King")
    body = client(agent).post("/api/grid/contact", json={"start": 0, "end": 10**9}).json()
    assert len(body["rows"]) == 1
    from c360.services.listing.query import WIDEST

    assert WIDEST == 500


@pytest.mark.feature("SEC-1", "R12")
def test_who_may_not_read_an_entity_gets_no_list_of_it(client, agent):
    nobody = replace(agent, rights={})
    for entity in ("contact", "account", "customer", "address", "role", "user"):
        assert client(nobody).post(f"/api/grid/{entity}", json={}).status_code == 403
        assert client(nobody).post(f"/api/grid/{entity}/count", json={}).status_code == 403


def test_without_a_session_nothing_is_answered(database):
    for path in ("/api/grid/contact", "/api/grid/contact/count", "/api/lookup/contact"):
        assert Browser().post(path, json={}).status_code == 401


def test_a_lookup_offers_what_begins_with_the_text_first(client, agent, stranger, make_as):
    for name in ("Hansa Werke", "Nordhansa", "Hans im Glück"):
        make_as(agent, "account", name=name)
    make_as(stranger, "account", name="Hansa Fremd")
    hits = client(agent).post("/api/lookup/account", json={"q": "hans"}).json()["hits"]
    assert [hit["label"] for hit in hits] == ["Hans im Glück", "Hansa Werke", "Nordhansa"]
    users = client(agent).post("/api/lookup/user", json={"q": "SUE"}).json()["hits"]
    assert [hit["label"] for hit in users] == ["Sue Stranger"]


@pytest.mark.parametrize("entity", ["contact", "user", "tag", "choice", "folder", "address"])
@pytest.mark.parametrize("q", ["", " ", "%", "\\", "a\x00b", "😀", "王"])
def test_a_lookup_takes_every_text(client, admin, entity, q):
    assert client(admin).post(f"/api/lookup/{entity}", json={"q": q}).status_code == 200
