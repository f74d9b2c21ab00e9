"""What programs write: created, changed, archived, once, by whom it may be done, and past the door for duplicates."""

from uuid import UUID

import pytest
from limits import parse
from sqlmodel import col, func, select

from c360.core.actor import SYSTEM
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateVerdict
from c360.models.job import Job
from c360.models.journal import ChangeSet
from c360.models.user import ApiKey
from c360.services import access_log, limiting, provenance, records, settings, verify
from c360.services.duplicates import check
from c360.services.privacy import erasing
from c360.services.uow import perform, unit_of_work
from tests.api.test_customers import fold

NAMES = ("Zoë Ångström", "王小明", "محمد الأمين", "Ñ" * 500, "🛒 O'Brien <b>&\"")
PERSON = {"given_name": "Ada", "family_name": "Lovelace", "email": "ada@example.com", "birth_date": "1815-12-10"}


def new(values, kind="contact", **more):
    return {"kind": kind, "values": values, **more}


def customers():
    with unit_of_work(SYSTEM, reads=True) as uow:
        return uow.session.exec(select(func.count()).select_from(Customer)).one()


def row(customer_id):
    with unit_of_work(SYSTEM, reads=True) as uow:
        return uow.session.exec(select(Customer).where(col(Customer.id) == UUID(str(customer_id)))).one()


def set_door(reaction, entity="contact"):
    with unit_of_work(SYSTEM) as uow:
        settings.put(uow, "duplicates", {entity: {"api": reaction}})


@pytest.mark.parametrize("name", NAMES, ids=("latin", "cjk", "rtl", "long", "markup"))
def test_a_contact_and_an_account_are_made_as_a_form_makes_them(program, agent, name):
    call = program(agent, writes=True)
    for kind, field in (("contact", "family_name"), ("account", "name")):
        answer = call("POST", "/customers", json=new({field: name, "notes": None}, kind))
        assert answer.status_code == 201, answer.text
        told = answer.json()
        assert (told["values"][field], told["kind"], told["version"], told["duplicates"]) == (name, kind, 1, [])
        made = row(told["id"])
        assert (made.owner_id, made.segment_id is not None) == (agent.user_id, True)


def test_the_journal_names_the_key_and_its_chain_holds(program, agent):
    told = program(agent, writes=True)("POST", "/customers", json=new(PERSON)).json()
    with unit_of_work(SYSTEM, reads=True) as uow:
        made = uow.session.exec(select(ChangeSet).where(ChangeSet.action == "contact.created")).one()
        key = uow.session.exec(select(ApiKey)).one()
        assert (made.actor_id, made.details["api_key"]) == (agent.user_id, str(key.id))
        assert verify.verify(uow.session).ok
        card = provenance.card(uow, uow.session.get_one(Customer, UUID(told["id"])))
    assert next(fact.text for fact in card.facts) == "API key Shop 🛒"
    assert told["version"] == 1
    assert access_log.act_label("en", "api.read") == "Customer read by a program"


@pytest.mark.feature("R11", "SEC-4", "R13")
@pytest.mark.parametrize("role", ["business_user", "manager", "administrator", "data_protection_officer"])
@pytest.mark.parametrize(("kinds", "writes"), [(("contact",), False), (("account",), True), (("contact",), True)])
def test_who_may_not_write_changes_nothing_and_learns_nothing(program, make_user, make_as, role, kinds, writes):
    user, owner = make_user("Ida", role, team="North"), make_user("Otto", "manager", team="North")
    theirs = make_as(owner, "contact", **PERSON)
    call = program(user, kinds, writes=writes)
    before = customers()
    may = writes and "contact" in kinds
    sent = [
        ("POST", "/customers", new({**PERSON, "given_name": "Bo", "birth_date": "1999-01-01"}), 201),
        ("PATCH", f"/customers/{theirs}", {"version": 1, "values": {"notes": "Ö"}}, 200),
        ("POST", f"/customers/{theirs}/archive", {"version": 2}, 200),
    ]
    done = 0
    for method, path, body, good in sent:
        answer = call(method, path, json=body)
        verb = {201: "create", 200: "archive" if path.endswith("archive") else "update"}[good]
        allowed = may and user.reach("contact", verb) is not None
        in_reach = allowed and (good == 201 or user.reach("contact", verb).value != "own")
        assert answer.status_code in ((good,) if in_reach else (403, 404)), (method, answer.text)
        done += in_reach and good == 201
        if not in_reach:
            assert "duplicates" not in answer.json()
    assert customers() == before + done
    kept = row(theirs)
    assert (kept.notes == "Ö", kept.archived_at is not None) == ((True, True) if role in ("manager", "administrator")
                                                                and may else (False, False))  # fmt: skip


@pytest.mark.feature("R14", "R13")
@pytest.mark.parametrize(
    "field",
    ["id", "owner_id", "version", "kind", "merged_into_id", "restricted_at", "erased_at", "archived_at", "custom",
     "created_by_id", "code", "photo", "is_demo", "sort_name", "roles", "x" * 100],
)  # fmt: skip
def test_what_the_app_sets_is_not_set_by_a_program(program, agent, stranger, make_as, field):
    mine = make_as(agent, "account", name="Werk")
    before = row(mine).model_dump()
    call = program(agent, writes=True)
    value = str(stranger.user_id)
    for answer in (
        call("PATCH", f"/customers/{mine}", json={"version": 1, "values": {field: value}}),
        call("POST", "/customers", json=new({"name": "Neu", field: value}, "account")),
    ):
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert (row(mine).model_dump(), customers()) == (before, 1)


@pytest.mark.parametrize(
    "body",
    [
        {}, [], "x", {"kind": "user", "values": {}}, {"kind": "contact"}, {"kind": "contact", "values": []},
        {"kind": "contact", "values": {"family_name": {"a": 1}}}, {"kind": "contact", "values": {"family_name": ""}},
        {"kind": "contact", "values": {"family_name": ["a", "b"]}}, {"kind": "contact", "values": {"x": "y"}},
        {"kind": "contact", "values": {"family_name": "A", "birth_date": "31.02.2020"}},
        {"kind": "contact", "values": {"family_name": "A", "email": "no"}},
        {"kind": "contact", "values": {"family_name": "A", "segment_id": "1"}},
        {"kind": "contact", "values": {"family_name": "A", "household_size": 2**40}},
        {"kind": "contact", "values": {"family_name": "A", "employer_id": "01a20638-1a73-708a-a7ea-e1d358c1efea"}},
        {"kind": "contact", "values": {"family_name": "Ñ" * 501}},
        {"kind": "contact", "values": {"family_name": "A"}, "on_duplicate": "merge"},
        {"kind": "contact", "values": {"family_name": "A"}, "reason": "x" * 501},
        {"kind": "contact", "values": {"family_name": "A"}, "owner_id": "x"},
    ],
    ids=lambda body: str(body)[:60],
)  # fmt: skip
def test_a_body_that_does_not_fit_is_a_problem_and_makes_nothing(program, agent, body):
    answer = program(agent, writes=True)("POST", "/customers", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
    assert all(one["field"] and one["reason"] for one in answer.json()["errors"])
    assert customers() == 0


def test_a_body_of_another_kind_or_without_end_is_refused(program, agent):
    call = program(agent, writes=True)
    assert call("POST", "/customers", data={"kind": "contact"}).status_code == 415
    assert call("POST", "/customers", content=b"{", headers={"content-type": "application/json"}).status_code == 422
    deep = b"[" * 1000 + b"]" * 1000
    for content, status in ((deep, 400), (b'"' + b"x" * 1_000_001 + b'"', 413)):
        answer = call("POST", "/customers", content=content, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    half = b'{"kind": "contact", "values": {"family_name": "A\\ud800\\u0000Z"}}'
    answer = call("POST", "/customers", content=half, headers={"content-type": "application/json"})
    assert (answer.status_code in (201, 422), "\ud800" in answer.text) == (True, False)


@pytest.mark.feature("R26")
def test_two_who_change_the_same_field_are_told_base_mine_and_theirs(program, agent, make_as):
    mine = make_as(agent, "contact", family_name="Alt", job_title="Kantor")
    call = program(agent, writes=True)
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", mine, {"family_name": "Neu"})
    answer = call("PATCH", f"/customers/{mine}", json={"version": 1, "values": {"family_name": "Mein"}})
    told = answer.json()
    assert (answer.status_code, told["version"]) == (409, 2)
    assert told["conflicts"] == [{"field": "family_name", "base": "Alt", "mine": "Mein", "theirs": "Neu"}]
    answer = call("PATCH", f"/customers/{mine}", json={"version": 1, "values": {"job_title": None}})
    assert (answer.status_code, answer.json()["values"]["job_title"], row(mine).family_name) == (200, None, "Neu")
    assert call("POST", f"/customers/{mine}/archive", json={"version": 1}).status_code == 409
    assert row(mine).archived_at is None


@pytest.mark.feature("R26")
def test_a_request_that_is_sent_again_is_done_once(program, agent):
    call = program(agent, writes=True)
    again = {"Idempotency-Key": "first-9f2c"}
    made = [call("POST", "/customers", json=new(PERSON), headers=again) for _ in range(3)]
    assert ({one.status_code for one in made}, len({one.json()["id"] for one in made}), customers()) == ({201}, 1, 1)
    other = call("POST", "/customers", json=new({"family_name": "Another"}), headers=again)
    assert (other.status_code, other.json()["errors"][0]["field"], customers()) == (422, "Idempotency-Key", 1)
    path = f"/customers/{made[0].json()['id']}"
    for _ in range(2):
        answer = call("PATCH", path, json={"version": 1, "values": {"notes": "x"}}, headers={"Idempotency-Key": "b"})
        assert (answer.status_code, answer.json()["version"]) == (200, 2)
    for _ in range(2):
        answer = call("POST", f"{path}/archive", json={"version": 2}, headers={"Idempotency-Key": "c"})
        assert answer.status_code == 200
    answer = call("POST", "/customers", json=new(PERSON), headers=again)
    told = {name: answer.json().get(name) for name in ("id", "kind", "version", "archived")}
    assert answer.status_code == 201, "what was done is done, whatever became of the record"
    assert told == {"id": made[0].json()["id"], "kind": "contact", "version": 3, "archived": True}
    assert program(agent, writes=True)("POST", "/customers", json=new(PERSON), headers=again).status_code == 201
    assert customers() == 2


@pytest.mark.feature("B-MRG-14")
def test_a_merged_customer_is_not_written_but_his_survivor_is_named(program, admin, make_as):
    first, second = (make_as(admin, "contact", family_name=name) for name in ("Adler", "Bär"))
    fold(admin, first, second)
    before = row(second).model_dump()
    call = program(admin, writes=True)
    for method, path, body in (
        ("PATCH", f"/customers/{second}", {"version": 1, "values": {"notes": "x"}}),
        ("POST", f"/customers/{second}/archive", {"version": 1}),
    ):
        answer = call(method, path, json=body)
        assert (answer.status_code, answer.json()["merged_into"]) == (409, str(first))
    assert row(second).model_dump() == before


@pytest.mark.feature("B-DUP-1", "BEY-19")
def test_what_is_sure_is_refused_until_a_program_says_why(program, agent, make_as):
    known = make_as(agent, "contact", **PERSON)
    call = program(agent, writes=True)
    for more in ({}, {"on_duplicate": "refuse", "reason": "x"}, {"on_duplicate": "create"}, {"on_duplicate": "queue"}):
        answer = call("POST", "/customers", json=new(PERSON, **more))
        told = answer.json()
        assert (answer.status_code, told["code"], told["hidden"]) == (409, "api.duplicate", 0), more
        (likely,) = told["duplicates"]
        assert (likely["id"], likely["name"], likely["sure"]) == (str(known), "Ada Lovelace", True)
        assert "e-mail" in likely["why"]
    assert customers() == 1
    answer = call("POST", "/customers", json=new(PERSON, on_duplicate="create", reason="Twins 👯"))
    assert (answer.status_code, customers()) == (201, 2)
    with unit_of_work(SYSTEM, reads=True) as uow:
        assert uow.session.exec(select(DuplicateVerdict)).one().reason == "Twins 👯"


@pytest.mark.feature("B-DUP-1", "BEY-19")
@pytest.mark.parametrize(
    ("reaction", "wanted", "status", "queued"),
    [
        ("off", None, 201, False), ("off", "refuse", 201, False), ("warn", None, 201, False),
        ("warn", "queue", 201, True), ("warn", "refuse", 409, False), ("queue", None, 201, True),
        ("queue", "create", 201, True), ("queue", "refuse", 409, False), ("block", None, 409, False),
        ("off", "link", 201, False), ("warn", "link", 200, False), ("block", "link", 200, False),
        ("link", None, 200, False), ("link", "create", 200, False), ("link", "refuse", 409, False),
    ],
)  # fmt: skip
def test_the_door_does_what_administrators_say_or_what_is_stricter(
    program, agent, make_as, reaction, wanted, status, queued
):
    make_as(agent, "contact", **PERSON)
    set_door(reaction)
    answer = program(agent, writes=True)("POST", "/customers", json=new(PERSON, on_duplicate=wanted))
    assert answer.status_code == status
    assert bool(answer.json()["duplicates"]) is (reaction != "off")
    with unit_of_work(SYSTEM, reads=True) as uow:
        jobs = uow.session.exec(select(Job).where(Job.kind == "duplicates.scan")).all()
    assert bool(jobs) is queued


@pytest.mark.feature("BEY-19")
def test_a_linked_record_fills_what_is_there_once_and_overwrites_nothing(program, agent, make_as):
    known = make_as(agent, "contact", **PERSON, notes="Countess 🎩")
    call = program(agent, writes=True)
    sent = new({**PERSON, "phone": "+49 30 123456", "notes": "other"}, on_duplicate="link")
    once = {"Idempotency-Key": "link-1"}
    first, again = (call("POST", "/customers", json=sent, headers=once) for _ in range(2))
    assert (first.status_code, again.status_code, customers()) == (200, 200, 1)
    for told in (first.json(), again.json()):
        assert (told["id"], told["linked"], told["version"]) == (str(known), True, 2)
    kept = row(known)
    assert ((kept.phone or "").replace(" ", ""), kept.notes) == ("+4930123456", "Countess 🎩")
    unsure = new({"given_name": "Ada", "family_name": "Lovelace", "birth_date": "1815-12-11"}, on_duplicate="link")
    answer = call("POST", "/customers", json=unsure)
    assert (answer.status_code, answer.json().get("linked"), customers()) == (201, None, 2), "only what is sure"


@pytest.mark.feature("BEY-9", "R12")
def test_of_a_hidden_duplicate_only_the_number_is_told(program, agent, stranger, make_as):
    limiting.storage.cache_clear()
    make_as(stranger, "contact", **{**PERSON, "job_title": "CANARY", "notes": "CANARY"})
    answer = program(agent, writes=True)("POST", "/customers", json=new(PERSON))
    told = answer.json()
    assert (answer.status_code, told["duplicates"], told["hidden"]) == (409, [], 1)
    assert "CANARY" not in answer.text
    assert stranger.name not in answer.text
    assert customers() == 1


@pytest.mark.feature("BEY-9", "B-DUP-12")
def test_told_too_often_of_hidden_duplicates_a_program_learns_nothing_and_the_queue_all(
    program, agent, stranger, make_as, monkeypatch
):
    limiting.storage.cache_clear()
    monkeypatch.setattr(check, "HINTS", parse("1/hour"))
    make_as(stranger, "contact", **PERSON)
    call = program(agent, writes=True)
    assert call("POST", "/customers", json=new(PERSON)).status_code == 409
    like, unlike = (call("POST", "/customers", json=new({**PERSON, "email": e})) for e in (PERSON["email"], "x@e.org"))
    for answer in (like, unlike):
        told = answer.json()
        assert (answer.status_code, told["duplicates"] == [] or answer is unlike, told["hidden"]) == (201, True, 0)
    with unit_of_work(SYSTEM, reads=True) as uow:
        jobs = uow.session.exec(select(Job).where(Job.kind == "duplicates.scan")).all()
    assert [one.arguments["selection"]["ids"] for one in jobs] == [[like.json()["id"]]]


@pytest.mark.feature("B-DUP-1")
def test_a_change_that_makes_two_alike_is_met_at_the_door_others_are_not(program, agent, make_as):
    make_as(agent, "contact", **PERSON)
    other = make_as(agent, "contact", given_name="Ada", family_name="Lovelace", birth_date="1815-12-10")
    call = program(agent, writes=True)
    assert call("PATCH", f"/customers/{other}", json={"version": 1, "values": {"notes": "x"}}).status_code == 200
    change = {"version": 2, "values": {"email": "ada@example.com"}}
    assert call("PATCH", f"/customers/{other}", json=change).status_code == 409
    assert row(other).email is None
    said = {**change, "on_duplicate": "create", "reason": "Her namesake"}
    assert call("PATCH", f"/customers/{other}", json=said).status_code == 200
    assert row(other).email == "ada@example.com"


@pytest.mark.feature("CNS-10", "R38")
@pytest.mark.parametrize("how", ["erase", "anonymise"])
def test_a_program_writes_nothing_of_who_was_erased(program, admin, make_user, make_as, how):
    officer = make_user("Dora", "data_protection_officer")
    gone = make_as(admin, "contact", **PERSON)
    perform(officer, erasing.erase, gone, how=how)
    call, version = program(admin, writes=True), row(gone).version
    answer = call("PATCH", f"/customers/{gone}", json={"version": version, "values": {"notes": "back"}})
    assert answer.status_code in (404, 409), answer.text
    assert row(gone).notes is None
    answer = call("POST", "/customers", json=new(PERSON))
    assert (answer.status_code, answer.json()["duplicates"]) == (201, [])
