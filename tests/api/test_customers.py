"""Customers for programs: what a key opens, to whom, and how it is refused."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from c360.api.app import ROUTERS
from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.models.journal import AccessEntry
from c360.models.user import ApiKey
from c360.services import api_keys, records
from c360.services.merging import planning
from c360.services.merging.shapes import Choices
from c360.services.uow import perform, unit_of_work

NAMES = ("Zoë Ångström", "王小明", "محمد الأمين", "Ñ" * 500, "🛒 O'Brien <b>&\"")
GONE = "This key opens nothing: it is unknown, expired or revoked."


def keyed_ids(answer):
    return [one["id"] for one in answer.json()["customers"]]


def test_a_key_lists_its_users_customers_page_by_page(program, agent, stranger, make_as):
    mine = [str(make_as(agent, "contact", family_name=name)) for name in NAMES]
    make_as(stranger, "contact", family_name="CANARY")
    make_as(agent, "account", name="Elsewhere")
    call = program(agent)
    found, after = [], None
    while True:
        asked = {"kind": "contact", "columns": ["name"], "limit": 2, **({"after": after} if after else {})}
        answer = call("POST", "/customers/search", json=asked)
        assert answer.status_code == 200, answer.text
        found += [(one["id"], one["name"]) for one in answer.json()["customers"]]
        assert "CANARY" not in answer.text
        after = answer.json()["after"]
        if not after:
            break
    assert found == list(zip(mine, NAMES, strict=True))
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    assert keyed_ids(call("GET", "/customers?kind=contact&limit=3")) == mine[:3]
    assert keyed_ids(call("GET", f"/customers?kind=contact&after={mine[2]}")) == mine[3:]


@pytest.mark.feature("BEY-25")
def test_the_filter_tree_and_the_search_are_those_of_lists(program, agent, make_as):
    for name, mail in (("Anna", "a@example.com"), ("Änne", "b@example.com"), ("Bernd", "")):
        make_as(agent, "contact", family_name=name, email=mail)
    call = program(agent)
    tree = {"join": "all", "of": [{"field": "name", "op": "starts_with", "value": "an"}]}
    answer = call("POST", "/customers/search", json={"kind": "contact", "criteria": tree, "columns": ["name", "email"]})
    assert sorted(one["email"] for one in answer.json()["customers"]) == ["a@example.com", "b@example.com"]
    answer = call("POST", "/customers/search", json={"kind": "contact", "search": "bernd", "columns": ["name"]})
    assert [one["name"] for one in answer.json()["customers"]] == ["Bernd"]


def test_one_customer_is_read_whole_and_the_log_names_the_key(program, agent, make_as):
    mine = make_as(agent, "contact", given_name="محمد", family_name="الأمين", email="m@example.com")
    body = program(agent)("GET", f"/customers/{mine}").json()
    assert (body["id"], body["kind"], body["version"]) == (str(mine), "contact", 1)
    assert (body["values"]["given_name"], body["values"]["email"]) == ("محمد", "m@example.com")
    assert not {"password_hash", "custom", "merged_into_id", "sort_name"} & set(body["values"])
    with unit_of_work(SYSTEM, reads=True) as uow:
        entry = uow.session.exec(select(AccessEntry).where(AccessEntry.act == "api.read")).one()
        key = uow.session.exec(select(ApiKey)).one()
    assert (entry.actor_id, entry.record_id, entry.details["api_key"]) == (agent.user_id, mine, str(key.id))


@pytest.mark.feature("R34")
def test_each_list_is_logged_with_whom_it_showed(program, agent, make_as):
    mine = make_as(agent, "contact", family_name="King")
    program(agent)("GET", "/customers?kind=contact")
    with unit_of_work(SYSTEM, reads=True) as uow:
        entry = uow.session.exec(select(AccessEntry).where(AccessEntry.act == "api.list")).one()
    assert (entry.entity, entry.details["ids"]) == ("contact", [str(mine)])


@pytest.mark.feature("R12", "SEC-4")
def test_what_is_out_of_reach_is_not_there(program, agent, stranger, make_as):
    theirs = make_as(stranger, "contact", family_name="CANARY", email="canary@example.com")
    archived = make_as(agent, "contact", family_name="Gone")
    account = make_as(agent, "account", name="Werk")
    with unit_of_work(agent) as uow:
        records.archive(uow, "contact", archived)
    call = program(agent, kinds=("contact",))
    answers = [call("GET", f"/customers/{one}") for one in (theirs, archived, account, uuid4(), "no-id")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["detail"] for answer in answers[:4]}) == 1
    assert all("CANARY" not in a.text and a.headers["content-type"] == "application/problem+json" for a in answers)
    assert call("GET", "/customers?kind=account").status_code == 403


@pytest.mark.feature("R12", "SEC-3")
def test_a_closed_field_is_in_no_answer(program, agent, make_as, monkeypatch):
    make_as(agent, "contact", family_name="King", email="canary@example.com")
    real = api_keys.actor_for
    closed = frozenset({"contact.email"})
    monkeypatch.setattr(api_keys, "actor_for", lambda *a: replace(real(*a), hidden=closed))
    call = program(agent)
    listed = call("GET", "/customers?kind=contact")
    one = call("GET", f"/customers/{keyed_ids(listed)[0]}")
    assert "canary" not in listed.text + one.text
    for body in (
        {"columns": ["email"]},
        {"criteria": {"field": "email", "op": "contains", "value": "canary"}},
    ):
        assert call("POST", "/customers/search", json={"kind": "contact", **body}).status_code == 422
    assert keyed_ids(call("POST", "/customers/search", json={"kind": "contact", "search": "canary"})) == []


@pytest.mark.feature("B-MRG-14", "BEY-3")
def test_an_old_id_leads_to_the_survivor_with_a_notice(program, admin, make_as):
    first, second, third = (make_as(admin, "contact", family_name=name) for name in ("Adler", "Bär", "Čáp"))
    for survivor, loser in ((second, third), (first, second)):
        fold(admin, survivor, loser)
    call = program(admin)
    for old in (second, third):
        body = call("GET", f"/customers/{old}").json()
        assert (body["id"], body["merged_into"], body["values"]["family_name"]) == (str(first), str(first), "Adler")
        assert "Adler" in body["notice"]
    assert "merged_into" not in call("GET", f"/customers/{first}").json()


@pytest.mark.feature("R11")
@pytest.mark.parametrize("path", ["/customers?kind=contact", "/customers/search", "/openapi.json", "/nothing"])
def test_without_a_good_key_there_is_nothing(door, browser_of, agent, path):
    secret = perform(agent, api_keys.make, agent.user_id, "Shop", ("contact",))
    with unit_of_work(SYSTEM) as uow:
        uow.session.exec(select(ApiKey)).one().expires_at = utc_now() - timedelta(seconds=1)
    method = "POST" if path.endswith("search") else "GET"
    said = [
        {}, {"Authorization": ""}, {"Authorization": "Bearer"}, {"Authorization": f"Basic {secret}"},
        {"Authorization": f"Bearer {secret}"}, {"Authorization": "Bearer c360_" + "x" * 43}, {"X-API-Key": secret},
    ]  # fmt: skip
    for headers in said:
        answer = door().request(method, f"/api/v1{path}", headers=headers, **({"json": {}} if method == "POST" else {}))
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
        assert secret not in answer.text
    # A browser's session is no key: another page could use it.
    assert browser_of(agent).request(method, f"/api/v1{path}", headers={"Origin": "http://testserver"}).status_code in (
        401, 415,
    )  # fmt: skip
    assert door().get(f"/api/v1{path}&api_key={secret}").status_code == 401


@pytest.mark.feature("R11")
def test_a_key_opens_nothing_but_its_own_part(program, agent):
    call = program(agent)
    for method, path in (
        ("POST", "/api/grid/contact"), ("GET", "/api/openapi.json"), ("GET", "/account"), ("POST", "/api/search"),
        ("POST", "/api/exports"),
    ):  # fmt: skip
        answer = call(method, path, whole=True, **({"json": {}} if method == "POST" else {}))
        assert answer.status_code in (303, 401, 403), path
    assert call("OPTIONS", "/customers").status_code == 405
    assert call("GET", "/nothing").status_code == 404
    assert call("GET", "/nothing").headers["content-type"] == "application/problem+json"


@pytest.mark.feature("R11")
def test_a_key_ends_at_once(program, agent, make_as):
    call = program(agent)
    assert call("GET", "/customers?kind=contact").status_code == 200
    with unit_of_work(agent) as uow:
        api_keys.revoke(uow, uow.session.exec(select(ApiKey.id)).one())
    answer = call("GET", "/customers?kind=contact")
    assert (answer.status_code, answer.json()["detail"]) == (401, GONE)


@pytest.mark.feature("R35", "R11")
def test_no_log_has_the_key(program, agent, caplog):
    call = program(agent)
    call("GET", "/customers?kind=contact")
    call("POST", "/customers/search", json={"kind": 1})
    call("GET", f"/customers/{uuid4()}")
    assert call.secret not in caplog.text
    assert call.secret not in str([vars(record) for record in caplog.records])


@pytest.mark.feature("R14", "R16")
@pytest.mark.parametrize(
    "body",
    [
        {}, [], {"kind": "user"}, {"kind": "contact", "extra": 1}, {"kind": "contact", "limit": 0},
        {"kind": "contact", "limit": 201}, {"kind": "contact", "limit": "5"}, {"kind": "contact", "after": "x"},
        {"kind": "contact", "columns": ["password_hash"]}, {"kind": "contact", "columns": "name"},
        {"kind": "contact", "criteria": [1]}, {"kind": "contact", "search": "x" * 201},
        {"kind": "contact", "criteria": {"field": "owner_id.password_hash", "op": "starts_with", "value": "$"}},
        {"kind": "contact", "criteria": {"field": "name", "op": "sql", "value": "1; DROP TABLE customer"}},
    ],
    ids=str,
)  # fmt: skip
def test_a_question_that_does_not_fit_is_a_problem_that_names_the_place(program, agent, body):
    answer = program(agent)("POST", "/customers/search", json=body)
    assert answer.status_code == 422
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (told["status"], bool(told["title"]), bool(told["detail"])) == (422, True, True)
    assert all(one["field"] and one["reason"] for one in told["errors"])
    assert "DROP" not in answer.text


def test_the_problem_is_told_in_the_users_language(program, make_user):
    answer = program(make_user("Uwe", language="de"))("GET", f"/customers/{uuid4()}")
    assert "nicht" in answer.json()["detail"]


@pytest.mark.feature("R11")
def test_the_description_names_every_route_and_only_these(program, agent):
    told = program(agent)("GET", "/openapi.json").json()
    every = {route.path for router in ROUTERS for route in router.routes if route.path.startswith("/api/v1/")}
    assert set(told["paths"]) == every - {"/api/v1/openapi.json"}


def fold(actor, survivor, loser):
    """Merge two customers as the wizard does."""
    both, choices = [survivor, loser], Choices(survivor, {})
    plan = perform(actor, planning.plan, both, choices)
    perform(actor, planning.commit, both, choices, plan.fingerprint)
