"""What a merge and its undo do to permissions: every pair and triple of states, and nothing allowed that was not."""

from datetime import timedelta
from itertools import product
from typing import NamedTuple

import pytest
from sqlmodel import Session, col, select

from c360.core import db
from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.core.errors import NotFound
from c360.core.ids import new_id
from c360.models.choice import Choice
from c360.models.communication import Communication
from c360.models.consent import NO, YES, ConsentEvent, Purpose
from c360.models.customer import Customer
from c360.registry.entity import entity_for
from c360.services import consents, mass, records, undo
from c360.services.consents import Said, asking
from c360.services.imports import direct
from c360.services.merging import planning, unmerging
from c360.services.merging.shapes import Answers, Choices
from c360.services.privacy import requests
from c360.services.uow import ask, perform, unit_of_work

NOW = utc_now()
MEDIUM = "post"


class Say(NamedTuple):
    """One event: what, how many days ago, with evidence, and whether it has lapsed."""

    event: str
    days: int
    proven: bool = False
    lapsed: bool = False


STATES = {
    "none": (), "pending": ("requested", False, False), "given": ("given", False, False),
    "proven": ("given", True, False), "withdrawn": ("withdrawn", False, False), "refused": ("refused", True, False),
    "objected": ("objected", True, False), "expired": ("given", True, True),
}  # fmt: skip
OLDER, NEWER = 20, 10


def said(state, days):
    return [Say(STATES[state][0], days, *STATES[state][1:])] if STATES[state] else []


PAIRS = [(said(a, OLDER), said(b, days)) for a, b in product(STATES, STATES) for days in (OLDER, NEWER)]
FEW = ("given", "proven", "withdrawn", "expired")
TRIPLES = [
    (said(a, OLDER), said(b, NEWER), said(c, days)) for a, b, c in product(FEW, FEW, FEW) for days in (OLDER, 5)
]  # fmt: skip


def holds(every):
    """Say as a story: a yes holds unless a no or a lapsed yes is as new; with proof where anybody said no."""
    refused = any(one.event in NO for one in every)
    stricter = [one.days for one in every if one.event in NO or (one.event in YES and one.lapsed)]
    yes = [one for one in every if one.event in YES and not one.lapsed and (one.proven or not refused)]
    return any(all(days > one.days for days in stricter) for one in yes)


@pytest.fixture
def agreed(admin, make_as):
    """Return a maker of customers who said this and that to one purpose each."""

    def make(table):
        width = max(map(len, table))
        ids = [make_as(admin, "contact", given_name="Zoë", family_name=f"Öz {n} 山") for n in range(width)]
        with unit_of_work(SYSTEM) as uow:
            made = [Purpose(id=new_id(), key=f"p{n}", name=f"Zweck {n}", media=[MEDIUM]) for n in range(len(table))]
            uow.session.add_all(made)
            uow.flush()
            mass.add(uow, entity_for("consent_event"), [
                {"id": new_id(), "customer_id": ids[side], "purpose_id": purpose.id, "medium": MEDIUM,
                 "source": "paper", "event": one.event, "at": NOW - timedelta(days=one.days), "proven": one.proven,
                 "valid_until": NOW - timedelta(days=1) if one.lapsed else None}
                for purpose, row in zip(made, table, strict=True) for side, told in enumerate(row) for one in told
            ], customer="customer_id")  # fmt: skip
            return ids, [purpose.id for purpose in made]

    return make


def allowed(customer_id, purposes):
    """Return for each purpose whether the customer may be reached, as the question and as the list answers."""
    with unit_of_work(SYSTEM, reads=True) as uow:
        subject = asking.look(uow, customer_id)
        known = {one.id: one for one in uow.session.exec(select(Purpose))}
        told = [asking.answer(subject, known[one], MEDIUM).allowed for one in purposes]
        for one, answer in list(zip(purposes, told, strict=True))[::7]:
            listed = select(Customer.id).where(consents.contactable(known[one], MEDIUM), Customer.id == customer_id)
            assert bool(uow.session.exec(listed).first()) == answer
        return told


@pytest.mark.feature("BEY-2", "DUP-19", "R41")
@pytest.mark.parametrize("table", [PAIRS, TRIPLES], ids=["pairs", "triples"])
def test_of_every_combination_the_strictest_holds_unless_newer_proof_says_otherwise(admin, agreed, table):
    ids, purposes = agreed(table)
    before = [allowed(one, purposes) for one in ids]
    plan = perform(admin, planning.plan, ids, Choices(ids[0]))
    done = perform(admin, planning.commit, ids, Choices(ids[0]), plan.fingerprint)
    after = allowed(ids[0], purposes)
    for n, (row, now) in enumerate(zip(table, after, strict=True)):
        assert now == holds([one for told in row for one in told]), row
        assert not now or any(side[n] for side in before), ("nobody had agreed", row)
    # The plan shows every purpose on which they differ, and what it shows is what holds.
    shown = {one.purpose: one for one in plan.permissions}
    for n, now in enumerate(after):
        if len({now, *(side[n] for side in before)}) > 1:
            told = shown[f"Zweck {n}"]
            assert [stand.state == "yes" for stand in told.before] == [side[n] for side in before]
            assert (told.after.state == "yes", bool(told.after.why)) == (now, True)
    perform(admin, undo.undo, done.set_id)
    assert [allowed(one, purposes) for one in ids] == before


@pytest.mark.feature("BEY-2")
def test_what_was_refused_while_they_were_one_holds_for_all_when_they_come_apart(admin, make_as):
    a, b, c = (
        make_as(admin, "contact", family_name=f"Ünal {n}", email=f"{n}@example.com", phone="030 123456") for n in "abc"
    )
    purpose, other = promotion("post", "email"), promotion("visit", key="visits")
    for one in (a, b, c):
        for which, medium in ((purpose, "post"), (purpose, "email"), (other, "visit")):
            perform(admin, consents.record, one, which, medium, Said("given", "paper", note="signed"))
    done = perform(admin, planning.merge, [a, b, c], Choices(a))
    perform(admin, consents.record, a, purpose, "post", Said("withdrawn", "phone"))
    with unit_of_work(admin) as uow:
        records.update(uow, "contact", a, {"forbidden_media": "visit", "forbidden_reason": "moved"})
        options = uow.session.exec(select(Communication).where(Communication.customer_id == a)).all()
        shut = next(one.id for one in options if one.value == "c@example.com")
        records.update(uow, "communication", shut, {"do_not_use": "yes"})
    found = ask(admin, unmerging.look, done.set_id)
    event = next(row for row in found.fresh if row.entity == "consent_event")
    back = {one.key: "former" for one in found.clashes}
    perform(admin, unmerging.unmerge, done.set_id, Answers(back, {event.key: str(b)}))
    told = {
        one: [ask(admin, consents.may_contact, one, which, medium).allowed for which, medium in
              ((purpose, "post"), (other, "visit"), (purpose, "email"))]
        for one in (a, b, c)
    }  # fmt: skip
    assert told == {a: [False, False, True], b: [False, False, True], c: [False, False, False]}


def promotion(*media, key="news"):
    """Make a purpose on these media."""
    with unit_of_work(SYSTEM) as uow:
        return uow.add(Purpose(id=new_id(), key=key, name=key, media=list(media))).id


@pytest.mark.feature("B-MRG-6", "DUP-14", "BEY-2")
@pytest.mark.parametrize("how", ["append", "replace"])
def test_an_address_shut_by_one_stays_shut_whatever_is_chosen(admin, make_as, how):
    a = make_as(admin, "contact", family_name="King", email="zoe@example.com", phone="+49 30 123456")
    b = make_as(admin, "contact", family_name="König")
    for family, value, comment in (
        ("email", "ZOE@example.com", ""), ("phone", "030 / 123 456", "Büro"), ("email", "b@example.com", ""),
    ):  # fmt: skip
        make_as(admin, "communication", {"customer_id": b}, family=family, value=value, comment=comment,
                do_not_use="" if value == "b@example.com" else "yes")  # fmt: skip
    kept = {} if how == "append" else {"communication.email": str(a), "communication.phone": str(a)}
    perform(admin, planning.merge, [a, b], Choices(a, collections=kept))
    with Session(db.engine()) as session:
        live = session.exec(select(Communication).where(col(Communication.archived_at).is_(None))).all()
        left = session.get_one(Customer, a)
    assert {one.customer_id for one in live} == {a}
    assert {(one.normalised, one.do_not_use) for one in live} == {
        ("zoe@example.com", True), ("+4930123456", True), *([("b@example.com", False)] if how == "append" else []),
    }  # fmt: skip
    for family in ("email", "phone"):
        [primary] = [one for one in live if one.family == family and one.is_primary]
        assert primary.value == getattr(left, family)


@pytest.mark.feature("B-MRG-6")
def test_what_an_address_is_known_by_survives_the_merge_of_its_twins(admin, make_as):
    a = make_as(admin, "contact", family_name="King")
    b = make_as(admin, "contact", family_name="König")
    with Session(db.engine()) as session:
        work = session.exec(select(Choice.id).where(Choice.pick_list == "communication_type", Choice.family == "email"))
        kind = work.first()
    first = make_as(admin, "communication", {"customer_id": a}, family="email", value="x@example.com")
    second = make_as(admin, "communication", {"customer_id": b}, family="email", value="x@example.com",
                     type_id=str(kind), comment="vormittags")  # fmt: skip
    with db.engine().begin() as connection:
        table = Communication.__table__
        connection.execute(table.update().where(table.c.id == first).values(verified_at=NOW))
        connection.execute(table.update().where(table.c.id == second).values(bounced_at=NOW))
    perform(admin, planning.merge, [a, b], Choices(a))
    with Session(db.engine()) as session:
        [left] = session.exec(select(Communication).where(col(Communication.archived_at).is_(None))).all()
        assert (left.type_id, left.comment, left.is_primary, left.do_not_use) == (kind, "vormittags", True, False)
        assert left.verified_at
        assert left.bounced_at
        assert session.get_one(Customer, a).email == "x@example.com"


@pytest.mark.feature("BEY-2", "R41")
def test_a_no_to_a_number_holds_however_the_survivor_writes_it(admin, make_as):
    purpose = promotion("phone", "email")
    a = make_as(admin, "contact", family_name="King", phone="030 123456")
    b = make_as(admin, "contact", family_name="König", phone="+49 30 12 34 56")
    make_as(admin, "communication", {"customer_id": a}, family="phone", value="030 123456", comment="Büro")
    perform(admin, consents.record, a, purpose, "phone", Said("given", "paper"))
    option = make_as(admin, "communication", {"customer_id": b}, family="phone", value="+49 30 123456 ")
    perform(admin, consents.record, b, purpose, "phone", Said("withdrawn", "phone", option_id=option))
    done = perform(admin, planning.merge, [a, b], Choices(a))
    told = ask(admin, consents.may_contact, a, purpose, "phone")
    assert (told.allowed, told.reason.key) == (False, "consent.why.withdrawn")
    # A ledger is not rewritten: what the merge wrote down stays, and says no for the same number.
    assert perform(admin, undo.undo, done.set_id).kept == 1
    assert not ask(admin, consents.may_contact, b, purpose, "phone").allowed


@pytest.mark.feature("BEY-2", "R39")
def test_nobody_merges_or_unmerges_whom_data_protection_has_frozen(admin, make_user, make_as):
    officer = make_user("Dot", "data_protection_officer")
    a, b, c = (make_as(admin, "contact", family_name=name) for name in ("Ax", "Bx", "Cx"))
    done = perform(admin, planning.merge, [a, b], Choices(a))
    for one in (a, c):
        perform(officer, requests.restrict, one)
    with pytest.raises(NotFound):
        perform(admin, undo.undo, done.set_id)
    d = make_as(admin, "contact", family_name="Dx")
    for pair in ([d, c], [c, d]):
        with pytest.raises(NotFound):
            perform(admin, planning.plan, pair, Choices(pair[0]))


@pytest.mark.feature("R41")
@pytest.mark.parametrize("on_match", ["overwrite", "append", "fill"])
def test_an_import_forbids_ways_to_a_customer_and_allows_none(admin, make_as, tmp_path, on_match):
    purpose = promotion("post", "email")
    a = make_as(admin, "contact", family_name="Öz", email="a@example.com", forbidden_media="post")
    b = make_as(admin, "contact", family_name="Ünal", email="b@example.com", forbidden_media="phone")
    make_as(admin, "communication", {"customer_id": b}, family="email", value="b@example.com", do_not_use="yes")
    perform(admin, consents.opt_out, a, "phone")
    path = tmp_path / "people.csv"
    path.write_text(
        f"id,last name,email,forbidden channels\n{a},Öz,new@example.com,E-mail\n{b},Ünal,b@example.com,\n", "utf-8"
    )
    told = direct.run_file(admin, path, "contact", match="id", on_match=on_match)
    assert told["rejected"] == 0, told
    with Session(db.engine()) as session:
        left, other = session.get_one(Customer, a), session.get_one(Customer, b)
        assert set(left.forbidden_media) == ({"post"} if on_match == "fill" else {"post", "email"})
        assert other.forbidden_media == ["phone"]
        assert len(session.exec(select(ConsentEvent)).all()) == 1
    for one, medium in product((a, b), ("post", "email")):
        assert not ask(admin, consents.may_contact, one, purpose, medium).allowed
