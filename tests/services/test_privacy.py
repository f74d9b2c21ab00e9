"""The rights of the people we keep data about: what they get, what goes for good, what is frozen."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select

from c360.core import db
from c360.core.actor import SYSTEM
from c360.core.clock import months_after, today
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.models.consent import ConsentEvent
from c360.models.customer import Customer
from c360.models.journal import ChangeRow
from c360.models.request import Suppression
from c360.services import (
    activities,
    activity_lines,
    attachments,
    bulk,
    consents,
    exports,
    feed,
    files,
    listing,
    notifications,
    opening,
    records,
    store,
    undo,
    verify,
)
from c360.services.consents import Said, purposes, receipts
from c360.services.listing import ListQuery
from c360.services.privacy import access, erasing, holds, ledger, reach, requests
from c360.services.uow import ask, perform, unit_of_work
from tests.services.test_relations import tie

CANARY = (
    "Zebulon",
    "Kanarie",
    "canary@example.com",
    "zweit.canary@example.com",
    "+491715550001",
    "Geheimgasse",
    "schmettert",
)


@pytest.fixture
def officer(make_user):
    return make_user("Dora", "data_protection_officer")


@pytest.fixture
def promotion(database):
    with unit_of_work(SYSTEM) as uow:
        purpose = purposes.promotion(uow)
        purpose.double_opt_in = False
        return purpose.id


@pytest.fixture
def person(agent, make_as, promotion):
    """A contact that left traces wherever the app keeps any."""
    one = make_as(
        agent, "contact", given_name=CANARY[0], family_name=CANARY[1], email=CANARY[2], phone=CANARY[4], notes=CANARY[6]
    )
    given = {"customer_id": one}
    make_as(agent, "communication", given, family="email", value=CANARY[3])
    make_as(agent, "address", given, role="main", street=CANARY[5], city="Berlin")
    account = make_as(agent, "account", name="Keeps its own name")
    make_as(agent, "contact_person", {"account_id": account}, contact_id=str(one), comment=CANARY[6])
    with unit_of_work(agent) as uow:
        received = files.receive(f"{CANARY[1]}.txt", io.BytesIO(CANARY[6].encode()))
        attachments.attach(uow, "contact", one, received)
        said = {"kind": "call", "subject": CANARY[6], "status": "closed", "direction": "out"}
        activities.add(uow, [one], said)
        notifications.tell(uow, agent.user_id, "job.done", href=f"/contact/{one}")
        consents.record(uow, one, promotion, "email", Said("given", "paper", note=CANARY[6]))
        records.update(uow, "contact", one, {"notes": f"{CANARY[6]} again"})
    return one


def everything():
    """Return all the database holds, as text."""
    with Session(db.engine()) as session:
        return {
            name: " ".join(str(row) for row in session.execute(text(f'SELECT * FROM "{name}"')))
            for name in SQLModel.metadata.tables
        }


def ask_for(actor, customer_id, kind):
    return perform(actor, requests.open_, customer_id, kind, today(), "passport shown", CANARY[6])


@pytest.mark.feature("CNS-9", "R37")
def test_the_access_file_holds_every_row_that_names_the_person(officer, person):
    request = ask_for(officer, person, "access")
    file = io.BytesIO()
    perform(officer, access.write, request, file)
    archive = zipfile.ZipFile(file)
    told, shown = archive.read("data.json").decode(), archive.read("data.html").decode()
    assert [word for word in CANARY if word not in told] == []
    assert [word for word in CANARY if word not in shown] == []
    assert archive.read(next(n for n in archive.namelist() if n.startswith("files/"))) == CANARY[6].encode()
    data = json.loads(told)
    with Session(db.engine()) as session:
        for one in reach.mentions():
            n = len(session.execute(select(one.column).where(one.column == person)).all())
            assert len(data[one.table.name]) >= n, one.table.name
    assert len(data["receipts"]) == 1
    assert data["history"]
    assert any(read["act"] == "access_file" for read in json.loads(_again(officer, request))["reads"])
    assert "password_hash" not in told


@pytest.mark.feature("CNS-9")
def test_receipts_in_the_access_file_are_those_people_get_one_by_one(officer, agent, make_as, promotion):
    one = make_as(agent, "contact", family_name="100 % <Größe> %s {0} 山", email="a@example.com")
    with unit_of_work(agent) as uow:
        for medium, said in (
            ("email", Said("given", "paper", note="50 %")), ("post", Said("given", "event", source_detail="Fair %d")),
            ("post", Said("withdrawn", "phone")), ("email", Said("given", "paper", note="50 %")),
        ):  # fmt: skip
            consents.record(uow, one, promotion, medium, said)
            uow.flush()
    file = io.BytesIO()
    perform(officer, access.write, ask_for(officer, one, "access"), file)
    told = json.loads(zipfile.ZipFile(file).read("data.json"))["receipts"]
    with unit_of_work(agent) as uow:
        ids = uow.session.exec(select(ConsentEvent.id).where(ConsentEvent.customer_id == one)).all()
    by_id = {each["header"]["record_id"]: each for each in told}
    assert len(told) == len(ids) == 4
    for event_id in ids:
        assert by_id[str(event_id)] == ask(officer, receipts.receipt, event_id)


def _again(officer, request):
    file = io.BytesIO()
    perform(officer, access.write, request, file)
    return zipfile.ZipFile(file).read("data.json")


def test_others_are_masked_in_the_access_file(agent, officer, make_as):
    boss = make_as(agent, "account", name="Employer Ltd")
    one = make_as(agent, "contact", family_name="One", employer_id=str(boss))
    make_as(agent, "contact_person", {"account_id": boss}, contact_id=str(one))
    other = make_as(agent, "contact", family_name="Somebody Else", employer_id=str(boss))
    file = io.BytesIO()
    perform(officer, access.write, ask_for(officer, one, "access"), file)
    told = zipfile.ZipFile(file).read("data.json").decode()
    assert "Employer Ltd" in told
    assert str(other) not in told
    assert "Somebody Else" not in told


@pytest.mark.feature("CNS-10", "R38")
def test_an_erasure_reaches_every_table_the_journal_the_index_and_the_files(agent, officer, make_user, person):
    second = make_user("Don", "data_protection_officer")
    request = ask_for(officer, person, "erasure")
    before = everything()
    assert {name for name, held in before.items() if CANARY[1].lower() in held.lower()} >= {
        "customer",
        "change_row",
        "search_document",
    }
    seen = ask(officer, erasing.preview, person)
    assert (seen.blocked, seen.name) == ([], "Zebulon Kanarie")
    assert sum(share.n for share in seen.shares) > 8
    with pytest.raises(Conflict):
        perform(officer, requests.carry_out, request)
    perform(second, requests.carry_out, request)
    left = {name: [w for w in CANARY if w.lower() in held.lower()] for name, held in everything().items()}
    assert {name: words for name, words in left.items() if words} == {}
    mine = [path for path in store.folder().rglob("*/*/*") if path.read_bytes() == CANARY[6].encode()]
    assert not mine, "the file's content is gone"
    with unit_of_work(officer, reads=True) as uow:
        gone = uow.session.get(Customer, person)
        assert (gone.email, gone.notes, bool(gone.erased_at), bool(gone.archived_at)) == (None, None, True, True)
        event = uow.session.exec(select(ConsentEvent).where(ConsentEvent.customer_id == person)).one()
        assert (event.point, event.note, event.event, event.proven) == (None, None, "given", True)
        found = verify.verify(uow.session)
        assert (found.broken, found.erased > 5) == (None, True)
        assert ask(officer, requests.listed) == []
    with pytest.raises(NotFound), unit_of_work(agent) as uow:
        records.update(uow, "contact", person, {"notes": "back"})


@pytest.mark.feature("CNS-10")
@pytest.mark.parametrize("how", ["erase", "anonymise"])
def test_who_was_erased_works_nowhere(agent, officer, make_as, how):
    firm = make_as(agent, "account", name="Zwei & Söhne 山")
    gone = make_as(agent, "contact", family_name="Sohn", employer_id=str(firm))
    perform(officer, erasing.erase, gone, how=how)
    with unit_of_work(officer, reads=True) as uow:
        assert uow.session.get_one(Customer, gone).employer_id is None
        assert uow.session.get_one(Customer, firm).erased_at is None


@pytest.mark.feature("CNS-10", "R38")
@pytest.mark.parametrize("how", ["erase", "anonymise"])
def test_who_was_erased_is_never_brought_back_whichever_way_it_is_tried(admin, officer, make_as, how):
    gone, here = (make_as(admin, "contact", family_name=name) for name in ("Ärger 山", "مريم"))
    chosen = {"mode": "ids", "ids": [str(gone), str(here)]}
    away = perform(admin, bulk.apply, "contact", chosen, {"kind": "archive"}).act_id
    perform(officer, erasing.erase, gone, how=how)
    shown = perform(admin, opening.open_tab, "contact", gone, "summary").header
    assert (shown.archived, shown.erased) == (True, True)
    with pytest.raises(Conflict) as refused:
        perform(admin, records.restore, "contact", gone)
    assert refused.value.message.key == "profile.erased"
    outcome = perform(admin, undo.undo, away)
    assert (outcome.restored, [(k.record_id, k.reason) for k in outcome.conflicts]) == (1, [(str(gone), "erased")])
    with unit_of_work(admin, reads=True) as uow:
        assert [one.id for one in uow.session.exec(uow.select("contact"))] == [here]


@pytest.mark.feature("CNS-10", "R38")
def test_who_was_made_anonymous_stays_out_of_lists_and_a_bulk_change_says_so(admin, officer, make_as):
    gone, here = (make_as(admin, "contact", family_name=name) for name in ("Ärger 山", "مريم"))
    perform(officer, erasing.erase, gone, how="anonymise")
    with pytest.raises(Conflict) as refused:
        perform(admin, opening.activate, "contact", gone)
    chosen = {"mode": "ids", "ids": [str(gone), str(here)]}
    outcome = perform(admin, bulk.apply, "contact", chosen, {"kind": "activate"})
    assert [(one, why) for one, _, why in outcome.failed] == [(str(gone), refused.value.text("en"))]
    assert (outcome.total, outcome.done) == (2, 1)
    with unit_of_work(admin, reads=True) as uow:
        assert uow.get("contact", gone).inactive_at is not None


@pytest.mark.feature("CNS-10", "R38")
def test_nothing_is_written_of_who_was_made_anonymous_whichever_way_it_is_tried(admin, officer, make_as, make_user):
    gone, here = (make_as(admin, "contact", family_name=name) for name in ("Ärger 山", "مريم"))
    tag = perform(admin, records.create, "tag", {"name": "VIP 🦊"})
    perform(officer, erasing.erase, gone, how="anonymise")
    call = {"kind": "call", "status": "closed", "direction": "out", "subject": "Rückruf"}
    mail = {"family": "email", "value": "zurueck@example.com"}
    for tried in (
        (records.update, "contact", gone, {"notes": "back"}),
        (activities.add, [gone], call),
        (activities.add, [here, gone], call),
        (feed.post, gone, "He is back"),
    ):
        with pytest.raises(Conflict) as refused:
            perform(admin, *tried)
        assert refused.value.message.key == "profile.erased"
    with pytest.raises(Conflict) as refused, unit_of_work(admin) as uow:
        records.create(uow, "communication", mail, customer_id=gone)
    assert refused.value.message.key == "profile.erased"
    chosen = {"mode": "ids", "ids": [str(gone), str(here)]}
    for change in (
        {"kind": "edit", "values": {"notes": "back"}},
        {"kind": "edit", "values": {"email": "zurueck@example.com"}},
        {"kind": "tag", "tag_ids": [str(tag)]},
    ):
        outcome = perform(admin, bulk.apply, "contact", chosen, change)
        assert [(one, why) for one, _, why in outcome.failed] == [(str(gone), refused.value.text("en"))]
        assert outcome.done == 1
    heir = make_user("Erbe", "administrator").user_id
    handed = perform(admin, bulk.apply, "contact", chosen, {"kind": "assign", "owner_id": str(heir)})
    assert (handed.done, handed.failed) == (2, [])
    header = perform(admin, opening.open_tab, "contact", gone, "general")
    assert (header.header.erased, header.header.may_edit, [card.edits for card in header.cards if card.edits]) == (
        True, False, [],
    )  # fmt: skip


@pytest.mark.feature("CNS-9", "CNS-10", "R37", "R38")
@pytest.mark.parametrize("side", ["forward", "backward"])
def test_a_relation_is_told_and_goes_whichever_end_the_person_is(admin, agent, officer, make_as, side):
    mine = make_as(agent, "contact", family_name="Mine")
    other = make_as(agent, "contact", family_name="Somebody Else")
    tie(admin, *((mine, other) if side == "forward" else (other, mine)), "is parent of", note=CANARY[6])
    file = io.BytesIO()
    perform(officer, access.write, ask_for(officer, mine, "access"), file)
    told = zipfile.ZipFile(file).read("data.json").decode()
    data = json.loads(told)
    (row,) = data["relation"]
    assert {row["from_id"], row["to_id"]} == {str(mine), "***"}
    assert row["note"] == CANARY[6]
    assert [one["op"] for one in data["history"] if one["entity"] == "relation"] == ["create"]
    assert (str(other) in told, "Somebody Else" in told) == (False, False)
    with unit_of_work(officer) as uow:
        erasing.forget(uow, [mine])
    left = everything()
    assert [name for name, held in left.items() if CANARY[6] in held and name != "subject_request"] == []
    with unit_of_work(officer, reads=True) as uow:
        assert uow.session.get_one(Customer, other).name == "Somebody Else"
        assert verify.verify(uow.session).broken is None


@pytest.mark.feature("CNS-10", "R38")
def test_what_was_shared_with_others_stays_theirs_and_the_preview_says_so(agent, officer, make_as):
    mine, other = (make_as(agent, "contact", family_name=name) for name in ("Mine", "Somebody Else"))
    both = {"kind": "call", "status": "closed", "direction": "out"}
    perform(agent, activities.add, [mine, other], {**both, "subject": "Shared with both"})
    perform(agent, activities.add, [mine], {**both, "subject": "His alone"})
    seen = {(one.label, one.how): one.n for one in ask(officer, erasing.preview, mine).shares}
    assert seen["Activities shared with others: please read them", "keep"] == 1
    assert seen["Activity", "empty"] == 1
    with unit_of_work(officer) as uow:
        erasing.forget(uow, [mine])
    held = " ".join(everything().values())
    assert ("Shared with both" in held, "His alone" in held) == (True, False)
    (line,) = ask(agent, activity_lines.of_customer, other, "past").lines
    assert [who.name for who in line.customers] == ["Somebody Else"], "nothing leads from it to the erased"


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_part_of_what_is_kept_has_a_name(database, language):
    parts = {one.table.name for one in reach.mentions()} | {"change_row", "import_row", "history", "reads", "receipts"}
    assert [name for name in parts if reach.called(name, language) in (name, f"privacy.part.{name}")] == []


@pytest.mark.feature("CNS-10")
def test_a_legal_hold_stops_an_erasure_until_it_is_released(agent, officer, make_user, person):
    second = make_user("Don", "data_protection_officer")
    request = ask_for(officer, person, "erasure")
    hold = perform(officer, holds.hold, person, "tax law", "2999-12-31")
    assert [m.params["reason"] for m in ask(officer, erasing.preview, person).blocked] == ["tax law"]
    with pytest.raises(Conflict, match="tax law"):
        perform(second, requests.carry_out, request)
    assert CANARY[2] in everything()["customer"]
    perform(officer, holds.release, hold)
    perform(second, requests.carry_out, request)
    assert CANARY[2] not in everything()["customer"]


@pytest.mark.feature("R38")
def test_an_erasure_is_replayed_after_a_backup_was_put_back(officer, make_user, make_as, agent, person):
    ledger.path().unlink(missing_ok=True)
    with Session(db.engine()) as session:
        kept = dict(session.execute(select(Customer.__table__).where(Customer.id == person)).mappings().one())
    second = make_user("Don", "data_protection_officer")
    perform(second, requests.carry_out, ask_for(officer, person, "erasure"))
    with Session(db.engine()) as session:  # What putting back an older copy of the row would do.
        session.execute(Customer.__table__.update().where(Customer.id == person).values(**kept))
        session.commit()
    assert CANARY[2] in everything()["customer"]
    assert perform(SYSTEM, erasing.replay) == 1
    assert CANARY[2] not in everything()["customer"]
    assert perform(SYSTEM, erasing.replay) == 0


@pytest.mark.feature("R38", "R41")
def test_whoever_was_erased_and_comes_back_is_not_contacted(agent, officer, make_user, make_as, person, promotion):
    second = make_user("Don", "data_protection_officer")
    perform(second, requests.carry_out, ask_for(officer, person, "erasure"))
    with unit_of_work(officer, reads=True) as uow:
        assert len(uow.session.exec(select(Suppression)).all()) == 3
    again = make_as(agent, "contact", family_name="Back", email=CANARY[2].upper(), phone="0171 5550001")
    with pytest.raises(Invalid):
        perform(agent, consents.record, again, promotion, "email", Said("given", "website"))
    for medium in ("email", "phone", "sms"):
        assert ask(agent, consents.may_contact, again, promotion, medium).reason.key == "consent.why.objected"
    fresh = make_as(agent, "contact", family_name="Fresh", email="fresh@example.com")
    assert ask(agent, consents.may_contact, fresh, promotion, "email").reason.key == "consent.why.never"
    perform(agent, consents.record, again, promotion, "email", Said("given", "paper", note="signed anew"))
    assert ask(agent, consents.may_contact, again, promotion, "email").allowed


@pytest.mark.feature("R39")
def test_a_restricted_customer_is_seen_by_data_protection_alone(admin, agent, officer, person, promotion):
    perform(officer, requests.carry_out, ask_for(officer, person, "restriction"))
    for actor in (admin, agent):
        for door in (
            lambda uow: uow.get("contact", person),
            lambda uow: uow.get("contact", person, archived=True),
            lambda uow: uow.get("customer", person, archived=True),
        ):
            with pytest.raises(NotFound):
                ask(actor, door)
        assert ask(actor, listing.rows, ListQuery("contact", ("name",)), 0, 10).rows == []
        with unit_of_work(actor, reads=True) as uow:
            assert uow.session.exec(uow.select("communication")).all() == []
        with pytest.raises(NotFound):
            ask(actor, consents.may_contact, person, promotion, "email")
    with pytest.raises(NotFound), unit_of_work(admin) as uow:
        records.restore(uow, "contact", person)
    assert ask(officer, consents.may_contact, person, promotion, "email").reason.key == "consent.why.restricted"
    perform(officer, requests.lift, person)
    assert ask(agent, lambda uow: uow.get("contact", person)).email == CANARY[2]


def test_an_objection_ends_every_permission(agent, officer, person, promotion):
    assert ask(agent, consents.may_contact, person, promotion, "email").allowed
    perform(officer, requests.carry_out, ask_for(officer, person, "objection"))
    assert ask(agent, consents.may_contact, person, promotion, "email").reason.key == "consent.why.objected"


@pytest.mark.feature("R37")
def test_requests_have_deadlines_and_data_protection_alone_works_on_them(agent, officer, person):
    received = today() - timedelta(days=40)
    request = perform(officer, requests.open_, person, "access", received, "called back")
    row = ask(officer, requests.listed)[0]
    assert (row.late, row.due_on, row.customer) == (True, months_after(received, 1).isoformat(), "Zebulon Kanarie")
    perform(officer, requests.extend, request, "many files")
    row = ask(officer, requests.listed)[0]
    assert (row.late, row.due_on, row.extended) == (False, months_after(received, 3).isoformat(), True)
    with pytest.raises(Conflict):
        perform(officer, requests.extend, request, "again")
    perform(officer, requests.close, request, "sent")
    assert ask(officer, requests.listed) == []
    assert [one.state for one in ask(officer, requests.listed, closed=True)] == ["done"]
    for wrong in (
        lambda: perform(agent, requests.open_, person, "access", today(), "x"),
        lambda: ask(agent, requests.listed),
        lambda: ask(agent, erasing.preview, person),
        lambda: perform(agent, access.write, request, io.BytesIO()),
    ):
        with pytest.raises(Forbidden):
            wrong()
    with pytest.raises(Invalid):
        perform(officer, requests.open_, person, "access", today(), "")


def test_exports_that_may_hold_the_erased_are_gone(admin, officer, make_user, person):
    ticket = perform(admin, exports.begin, {"entity": "contact", "columns": ["name", "email"]}, "csv")
    assert CANARY[2] in perform(admin, exports.fetch, ticket.id).path.read_text("utf-8-sig")
    second = make_user("Don", "data_protection_officer")
    perform(second, requests.carry_out, ask_for(officer, person, "erasure"))
    with pytest.raises(NotFound):
        perform(admin, exports.fetch, ticket.id)


@pytest.mark.parametrize(("day", "months", "then"), [("2024-01-31", 1, "2024-02-29"), ("2023-12-31", 2, "2024-02-29")])
def test_a_calendar_month_ends_with_the_month(day, months, then):
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(then)


def test_the_journal_itself_still_tells_that_something_was_there(agent, officer, make_user, person):
    with Session(db.engine()) as session:
        rows = len(session.exec(select(ChangeRow.id)).all())
    second = make_user("Don", "data_protection_officer")
    perform(second, requests.carry_out, ask_for(officer, person, "erasure"))
    with Session(db.engine()) as session:
        assert len(session.exec(select(ChangeRow.id)).all()) > rows
