"""Merging customers: what follows, what folds, what is asked, what is refused, what is told."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from c360.core.actor import SYSTEM, Verb
from c360.core.db import engine
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.models.address import Address
from c360.models.bank_account import BankAccount
from c360.models.communication import Communication
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateVerdict
from c360.models.journal import ChangeSet
from c360.models.relationship import Relation, RelationType
from c360.models.tag import Tagging
from c360.models.user import User
from c360.services import finding, history, records, search, undo
from c360.services.duplicates import verdicts
from c360.services.imports import direct
from c360.services.merging import aliases, planning, proposing, unmerging
from c360.services.merging.shapes import Answers, Choices, Stale, Unanswered
from c360.services.uow import ask, finish, perform, unit_of_work


def rows(model, *tests):
    with Session(engine()) as session:
        return session.exec(select(model).where(*tests)).all()


def one(model, record_id):
    [found] = rows(model, model.id == record_id)
    return found


def person(make_as, actor, family="Müller", **values):
    return make_as(actor, "contact", given_name=values.pop("given_name", "Zoë"), family_name=family, **values)


@pytest.mark.feature("BEY-11", "B-MRG-7", "B-MRG-5", "DUP-10", "DUP-16")
def test_what_the_plan_shows_is_what_happens(admin, make_as):
    a = person(make_as, admin, email="zoe@example.com", birth_date="1980-02-01")
    b = person(make_as, admin, "Mueller 山", given_name="Z", email="z@example.com", phone="+49 30 12345678", notes="👋")
    make_as(admin, "address", {"customer_id": a}, role="main", street="Weg 1", city="Ulm")
    make_as(admin, "address", {"customer_id": b}, role="main", street="Gasse 2", city="Köln")
    choices = Choices(a, {"name": f"of:{b}", "address": f"of:{b}", "email": f"of:{b}"})
    plan = perform(admin, planning.plan, [a, b], choices)
    assert rows(Customer, col(Customer.merged_into_id).is_not(None)) == []
    assert {(r.name, r.after) for r in plan.results} >= {("name", "Z Mueller 山"), ("city", "Köln"), ("notes", "👋")}
    [places] = [moved for moved in plan.moved if moved.key == "address"]
    assert (places.moved, places.collapsed) == (1, 0)
    done = perform(admin, planning.commit, [a, b], choices, plan.fingerprint)
    assert one(ChangeSet, done.set_id).rows == plan.rows == done.rows
    left = one(Customer, a)
    assert (left.given_name, left.family_name, left.sort_name) == ("Z", "Mueller 山", "z mueller 山")
    assert (left.email, left.phone, left.city, left.birth_date) == (
        "z@example.com", "+49 30 12345678", "Köln", date(1980, 2, 1)
    )  # fmt: skip
    options = rows(Communication, Communication.customer_id == a, Communication.family == "email")
    assert {(o.value, o.is_primary) for o in options} == {("zoe@example.com", False), ("z@example.com", True)}
    # An address is one: nobody lives in the one's street in the other's town.
    assert {(p.role, p.street, p.city) for p in rows(Address, Address.customer_id == a)} == {
        ("other", "Weg 1", "Ulm"), ("main", "Gasse 2", "Köln")
    }  # fmt: skip


@pytest.mark.feature("BEY-11", "B-MRG-12")
def test_a_plan_that_no_longer_holds_is_refused_and_says_why(admin, make_as):
    a, b = person(make_as, admin), person(make_as, admin)
    plan = perform(admin, planning.plan, [a, b], Choices(a))
    with unit_of_work(admin) as uow:
        records.update(uow, "contact", b, {"job_title": "Ärztin"})
    with pytest.raises(Stale) as refused:
        perform(admin, planning.commit, [a, b], Choices(a), plan.fingerprint)
    [since] = refused.value.since
    assert (since.who, since.fields) == ("Ada Admin", (("Job title", "", "Ärztin"),))
    assert "Ada Admin" in refused.value.text("de")
    plan = perform(admin, planning.plan, [a, b], Choices(a))
    make_as(admin, "address", {"customer_id": b}, role="main", street="Weg 1")
    with pytest.raises(Stale):
        perform(admin, planning.commit, [a, b], Choices(a), plan.fingerprint)
    with pytest.raises(Conflict):
        perform(admin, planning.commit, [a, b], Choices(a, {"name": f"of:{b}"}), "999999.abc")
    for nonsense in ("", "x", "1."):
        with pytest.raises(Invalid):
            perform(admin, planning.commit, [a, b], Choices(a), nonsense)


@pytest.mark.feature("B-MRG-9", "B-MRG-6", "DUP-14", "BEY-1")
def test_twins_fold_into_the_richer_and_nothing_is_deleted(admin, make_as):
    a, b = person(make_as, admin, email="a@example.com"), person(make_as, admin)
    make_as(admin, "communication", {"customer_id": a}, family="phone", value="+49 30 123456")
    make_as(admin, "communication", {"customer_id": b}, family="phone", value="+49 (30) 12 34 56", comment="Büro",
            do_not_use="yes")  # fmt: skip
    make_as(admin, "communication", {"customer_id": b}, family="email", value="A@Example.com")
    make_as(admin, "bank_account", {"customer_id": a}, iban="DE89370400440532013000")
    make_as(admin, "bank_account", {"customer_id": b}, iban="DE89 3704 0044 0532 0130 00", bank="Köln", is_main="yes")
    before = {model: len(rows(model)) for model in (Communication, BankAccount)}
    perform(admin, planning.merge, [a, b], Choices(a))
    live = rows(Communication, col(Communication.archived_at).is_(None), Communication.family == "phone")
    [phone] = live
    assert (phone.customer_id, phone.comment, phone.do_not_use, phone.is_primary) == (a, "Büro", True, True)
    [mail] = rows(Communication, col(Communication.archived_at).is_(None), Communication.family == "email")
    assert mail.is_primary
    assert mail.customer_id == a
    [account] = rows(BankAccount, col(BankAccount.archived_at).is_(None))
    assert (account.bank, account.is_main, account.customer_id) == ("Köln", True, a)
    assert rows(Communication, Communication.customer_id == b) == rows(BankAccount, BankAccount.customer_id == b) == []
    assert len(rows(BankAccount)) == before[BankAccount]
    assert len(rows(Communication)) >= before[Communication]


@pytest.mark.feature("DUP-11", "DUP-12")
def test_a_collection_is_appended_or_replaced(admin, make_as):
    a, b = person(make_as, admin), person(make_as, admin)
    tag = make_as(admin, "tag", name="VIP")
    other = make_as(admin, "tag", name="Köln")
    for customer, word in ((a, tag), (b, other)):
        make_as(admin, "tagging", {"customer_id": customer, "tag_id": word})
    for customer, number in ((a, "A1"), (b, "B2")):
        make_as(admin, "external_reference", {"customer_id": customer}, source="ERP", external_id=number)
    done = perform(
        admin, planning.merge, [a, b], Choices(a, collections={"tagging": str(b), "external_reference": str(b)})
    )
    live = rows(Tagging, col(Tagging.archived_at).is_(None))
    assert [(row.customer_id, row.tag_id) for row in live] == [(a, other)]
    model = records.entity_for("external_reference").model
    assert {row.external_id for row in rows(model, model.customer_id == a)} == {"A1", "B2"}
    assert all(row.archived_at is None for row in rows(model))
    perform(admin, undo.undo, done.set_id)
    assert {(row.customer_id, row.tag_id) for row in rows(Tagging, col(Tagging.archived_at).is_(None))} == {
        (a, tag), (b, other)
    }  # fmt: skip


@pytest.mark.feature("DUP-20", "B-MRG-10", "B-MRG-16")
def test_ties_between_those_that_become_one_go_and_come_back(admin, make_as):
    ids = [make_as(admin, "account", name=name) for name in ("Acuserv", "Big Bear Stores", "Body Toning")]
    a, b, c = ids
    with unit_of_work(admin) as uow:
        records.update(uow, "account", b, {"parent_id": str(a)})
        records.update(uow, "account", c, {"parent_id": str(b)})
    kind = rows(RelationType, RelationType.name == "is partner of")[0].id
    for one_id, other in ((a, b), (b, c)):
        make_as(admin, "relation", {"from_id": one_id}, to_id=str(other), type_id=str(kind))
    plan = perform(admin, planning.plan, [a, b], Choices(a))
    assert [asked.key for asked in plan.questions] == ["above"]
    with pytest.raises(Unanswered) as refused:
        perform(admin, planning.commit, [a, b], Choices(a), plan.fingerprint)
    assert refused.value.questions == plan.questions
    done = perform(admin, planning.commit, [a, b], Choices(a, confirmed=frozenset({"above"})), plan.fingerprint)
    assert [moved.dropped for moved in plan.moved if moved.key == "relation"] == [1]
    live = rows(Relation, col(Relation.archived_at).is_(None))
    assert [(row.from_id, row.to_id) for row in live] == [(a, c)]
    assert (one(Customer, a).parent_id, one(Customer, c).parent_id) == (None, a)
    assert one(Customer, b).parent_id == a
    perform(admin, undo.undo, done.set_id)
    assert one(Customer, c).parent_id == b
    assert len(rows(Relation, col(Relation.archived_at).is_(None))) == 2


@pytest.mark.feature("B-MRG-16")
def test_what_cannot_be_one_customer_is_refused_with_a_sentence(admin, make_as, make_user):
    a, b = person(make_as, admin), person(make_as, admin)
    firm = make_as(admin, "account", name="Firma")
    for ids in ([a], [a, a], [make_as(admin, "contact", family_name=str(n)) for n in range(21)], [a, firm]):
        with pytest.raises(Invalid):
            perform(admin, planning.plan, ids, Choices(a if a in ids else ids[0]))
    with pytest.raises(Invalid):
        perform(admin, planning.plan, [a, b], Choices(firm))
    with pytest.raises(NotFound):
        perform(admin, planning.plan, [a, UUID(int=7)], Choices(a))
    for customer in (a, b):
        user = make_user("Portal").user_id
        with Session(engine()) as session:
            session.get_one(User, user).contact_id = customer
            session.commit()
    with pytest.raises(Conflict, match="sign in"):
        perform(admin, planning.plan, [a, b], Choices(a))
    c = person(make_as, admin, birth_date="1980-01-01")
    d = person(make_as, admin, birth_date="1981-01-01")
    plan = perform(admin, planning.plan, [c, d], Choices(c))
    assert [asked.key for asked in plan.questions] == ["apart.birth_date"]
    seats = [make_as(admin, "account", name="Nord GmbH", tax_number=number) for number in ("DE 811", "DE 812")]
    plan = perform(admin, planning.plan, seats, Choices(seats[0]))
    assert [asked.key for asked in plan.questions] == ["apart.tax_number"], "two legal entities"
    for choices in (Choices(c, {"notes": "by:sum"}), Choices(c, {"name": "typed:x"}), Choices(c, {"nope": f"of:{d}"}),
                    Choices(c, {"email": "typed:not an address"}), Choices(c, {"phone": f"of:{a}"}),
                    Choices(c, collections={"tagging": str(a)})):  # fmt: skip
        with pytest.raises(Invalid):
            perform(admin, planning.plan, [c, d], choices)


@pytest.mark.feature("DUP-17", "B-MRG-17")
def test_a_merge_takes_its_own_right_on_every_record(admin, make_as, make_user):
    agent = make_user("Ben Agent", team="North")
    boss = make_user("Mia Manager", "manager", team="North")
    far = make_user("Sue Stranger", "manager", team="South")
    a, b, c = person(make_as, agent), person(make_as, agent), person(make_as, far)
    with pytest.raises(Forbidden):
        perform(agent, planning.plan, [a, b], Choices(a))
    with pytest.raises(NotFound):
        perform(boss, planning.plan, [a, c], Choices(a))
    done = perform(boss, planning.merge, [a, b], Choices(a))
    with pytest.raises(NotFound):
        perform(far, undo.undo, done.set_id)
    with pytest.raises(Forbidden):
        perform(agent, unmerging.unmerge, done.set_id)
    assert boss.may(Verb.UNMERGE, "contact")
    perform(boss, undo.undo, done.set_id)


@pytest.mark.feature("B-MRG-17")
def test_hidden_and_locked_fields_are_neither_shown_nor_overwritten(admin, make_as, make_user):
    shut = replace(admin, hidden=frozenset({"contact.birth_date"}), locked=frozenset({"contact.job_title"}))
    a = person(make_as, admin, job_title="Ärztin")
    b = person(make_as, admin, birth_date="1980-02-01", job_title="Chefin", department="OP")
    found = ask(shut, proposing.propose, [a, b], a)
    assert "1980" not in repr(found)
    assert {row.name: bool(row.locked) for row in found.fields}["job"]
    with pytest.raises(Invalid):
        perform(shut, planning.plan, [a, b], Choices(a, {"job": f"of:{b}"}))
    perform(shut, planning.merge, [a, b], Choices(a))
    left = one(Customer, a)
    assert (left.birth_date, left.job_title) == (None, "Ärztin")


@pytest.mark.feature("BEY-3", "B-MRG-14", "DUP-13")
def test_old_ids_lead_to_the_survivor_through_any_chain(admin, make_as):
    a, b, c = person(make_as, admin, "Aß"), person(make_as, admin, "Bö"), person(make_as, admin, "Cé")
    first = perform(admin, planning.merge, [a, b], Choices(a))
    second = perform(admin, planning.merge, [c, a], Choices(c))
    alias = ask(admin, aliases.resolve, b)
    assert (alias.survivor_id, alias.label, alias.survivor, alias.set_id) == (c, "Zoë Bö", "Zoë Cé", first.set_id)
    assert ask(admin, aliases.resolve, c) is None
    assert ask(admin, aliases.resolve, UUID(int=1)) is None
    with pytest.raises(Conflict, match="already merged"):
        perform(admin, planning.plan, [a, c], Choices(c))
    # The first can only come back once the second has.
    assert "Zoë Cé" in ask(admin, unmerging.look, first.set_id).blocked
    with pytest.raises(Conflict, match="Undo that merge first"):
        perform(admin, undo.undo, first.set_id)
    perform(admin, undo.undo, second.set_id)
    assert ask(admin, aliases.resolve, b).survivor_id == a
    perform(admin, undo.undo, first.set_id)
    assert ask(admin, aliases.resolve, b) is None
    for set_id in (first.set_id, second.set_id):
        with pytest.raises(Conflict, match="before"):
            perform(admin, undo.undo, set_id)


@pytest.mark.feature("B-MRG-15", "BEY-23", "DUP-16")
def test_what_changed_since_is_asked_and_what_came_since_is_assigned(admin, make_as):
    a = person(make_as, admin, "King", phone="+49 30 1111111")
    b = person(make_as, admin, "Koenig", phone="+49 30 2222222", job_title="Chefin", notes="alt")
    done = perform(admin, planning.merge, [a, b], Choices(a, {"job": f"of:{b}"}))
    with unit_of_work(admin) as uow:
        records.update(uow, "contact", a, {"job_title": "Direktorin", "department": "Vertrieb"})
    fresh = make_as(admin, "address", {"customer_id": a}, role="main", street="Neu 1", city="Bonn")
    found = ask(admin, unmerging.look, done.set_id)
    [clash] = [clash for clash in found.clashes if clash.entity == "contact"]
    assert (clash.before, clash.merged, clash.now) == ("", "Chefin", "Direktorin")
    assert [row.key for row in found.fresh if row.entity == "address"] == [f"address:{fresh}"]
    answers = Answers({clash.key: "former"}, {f"address:{fresh}": str(b)})
    outcome = perform(admin, unmerging.unmerge, done.set_id, answers)
    assert outcome.kept == 0
    left, back = one(Customer, a), one(Customer, b)
    assert (left.job_title, left.department, left.notes, left.city) == (None, "Vertrieb", None, None)
    assert (back.merged_into_id, back.job_title, back.phone, back.city) == (None, "Chefin", "+49 30 2222222", "Bonn")
    assert one(Address, fresh).customer_id == b
    with pytest.raises(Conflict):
        perform(admin, unmerging.unmerge, done.set_id, answers)


@pytest.mark.feature("BEY-23", "B-MRG-15")
def test_an_undo_without_answers_leaves_what_somebody_changed(admin, make_as):
    a, b = person(make_as, admin), person(make_as, admin, job_title="Chefin")
    done = perform(admin, planning.merge, [a, b], Choices(a))
    with unit_of_work(admin) as uow:
        records.update(uow, "contact", a, {"job_title": "Direktorin"})
    outcome = perform(admin, undo.undo, done.set_id)
    [kept] = outcome.conflicts
    assert (kept.record_id, kept.reason) == (str(a), "changed")
    assert (one(Customer, a).job_title, one(Customer, b).merged_into_id) == ("Direktorin", None)
    with pytest.raises(Conflict, match="merge the records once more"):
        perform(admin, undo.undo, outcome.set_id)


@pytest.mark.feature("BEY-23")
def test_merges_into_one_survivor_come_apart_in_any_order(admin, make_as):
    a, b, c = (person(make_as, admin, name, email=f"{name}@example.com") for name in ("Ax", "Bx", "Cx"))
    first = perform(admin, planning.merge, [a, b], Choices(a))
    second = perform(admin, planning.merge, [a, c], Choices(a))
    assert perform(admin, undo.undo, first.set_id).kept == 0
    assert (one(Customer, b).merged_into_id, one(Customer, c).merged_into_id) == (None, a)
    values = {row.value for row in rows(Communication, Communication.customer_id == a)}
    assert "bx@example.com" not in values
    perform(admin, undo.undo, second.set_id)
    assert one(Customer, c).merged_into_id is None
    assert one(Customer, a).email == "ax@example.com"


@pytest.mark.feature("B-MRG-10")
def test_decisions_about_pairs_follow_in_their_order(admin, make_as):
    ids = [person(make_as, admin, name) for name in ("Ax", "Bx", "Cx", "Dx")]
    a, b, c, d = ids
    for pair in ((b, c), (d, c), (d, b)):
        perform(admin, verdicts.dismiss, "contact", *pair, "Zwillinge")
    done = perform(admin, planning.merge, [d, b], Choices(d))
    found = rows(DuplicateVerdict)
    assert len(found) == 3
    assert all(row.left_id < row.right_id for row in found)
    live = {(row.left_id, row.right_id) for row in found if row.revoked_at is None}
    assert live == {tuple(sorted((c, d)))}
    perform(admin, undo.undo, done.set_id)
    live = {(row.left_id, row.right_id) for row in rows(DuplicateVerdict) if row.revoked_at is None}
    assert live == {tuple(sorted(pair)) for pair in ((b, c), (d, c), (d, b))}
    assert a not in {side for pair in live for side in pair}


@pytest.mark.feature("B-MRG-2", "B-MRG-3")
def test_the_proposal_groups_fields_and_says_who_stays_and_why(admin, make_as):
    a = person(make_as, admin, "King", phone="+49 30 1111111")
    b = person(make_as, admin, "König", job_title="Chefin", notes="山")
    for number in range(3):
        make_as(admin, "address", {"customer_id": b}, role="other", street=f"Weg {number}", city="Ulm")
    found = ask(admin, proposing.propose, [a, b])
    assert (found.survivor_id, found.entity) == (b, "contact")
    assert "3" in found.reason
    groups = {row.name: row.group for row in found.fields}
    assert (groups["name"], groups["phone"], groups["segment_id"]) == ("conflict", "filled", "equal")
    assert (found.conflicts, found.filled, found.equal) == tuple(
        list(groups.values()).count(name) for name in ("conflict", "filled", "equal")
    )
    [places] = [row for row in found.collections if row.key == "address"]
    assert (places.counts, places.total, places.replaceable) == ((0, 3), 3, True)
    [name] = [row for row in found.fields if row.name == "name"]
    assert name.cells == ("Zoë King", "Zoë König")


@pytest.mark.feature("BEY-15", "DUP-13", "B-MRG-13")
def test_the_history_of_the_survivor_tells_of_everybody(admin, make_as):
    a, b, c = (person(make_as, admin, name) for name in ("Ax", "Bx", "Cx"))
    for customer in (a, b, c):
        with unit_of_work(admin) as uow:
            records.update(uow, "contact", customer, {"job_title": f"Titel {customer}"})
    before = sum(len(perform(admin, history.of, "contact", one).entries) for one in (a, b, c))
    perform(admin, planning.merge, [b, c], Choices(b))
    done = perform(admin, planning.merge, [a, b], Choices(a, {"job": f"of:{b}"}))
    told = perform(admin, history.of, "contact", a).entries
    assert len(told) == before + 2
    assert told[0].set_id == str(done.set_id)
    details = told[0].details
    assert (details["survivor"], details["losers"], details["picks"]["job"]) == (str(a), [str(b)], f"of:{b}")


@pytest.mark.feature("BEY-3", "B-MRG-14")
def test_imports_and_the_search_follow_an_old_id(admin, make_as, tmp_path):
    a, b = person(make_as, admin, "Ax"), person(make_as, admin, "Bx")
    c = person(make_as, admin, "Cx")
    make_as(admin, "external_reference", {"customer_id": b}, source="ERP", external_id="77")
    perform(admin, planning.merge, [a, b], Choices(a))
    perform(admin, planning.merge, [c, a], Choices(c))
    assert [hit.id for hit in ask(admin, finding.find, str(b))] == [str(c)]
    assert ask(admin, finding.find, str(UUID(int=5))) == []
    path = tmp_path / "people.csv"
    path.write_text(f"id,last name,job title\n{b},Cx,Pilotin\n", "utf-8")
    told = direct.run_file(admin, path, "contact", match="id", on_match="overwrite")
    assert told["rejected"] == 0, told
    assert one(Customer, c).job_title == "Pilotin"
    assert len(rows(Customer)) == 3


def test_what_comes_for_somebody_who_was_just_merged_is_refused(admin, make_as):
    a, b = person(make_as, admin), person(make_as, admin)
    with unit_of_work(admin) as uow:
        records.create(uow, "address", {"role": "main", "street": "Weg 1"}, customer_id=b)
        # As if another's merge were kept between our look and our writing.
        late = update(Customer.__table__).where(col(Customer.id) == b).values(merged_into_id=a)
        uow.session.connection().execute(late)
        with pytest.raises(Conflict, match="just merged"):
            finish(uow)
        uow.session.rollback()


def test_search_finds_the_survivor_by_what_the_others_were_called(admin, make_as):
    a, b = person(make_as, admin, "King", email="k@example.com"), person(make_as, admin, "König", email="other@x.org")
    perform(admin, planning.merge, [a, b], Choices(a))
    document = rows(search.SearchDocument)
    assert [row.customer_id for row in document] == [a]
    assert "other@x.org" in document[0].email


def test_system_may_merge(admin, make_as):
    a, b = person(make_as, admin), person(make_as, admin)
    assert perform(SYSTEM, planning.merge, [a, b], Choices(a)).survivor_id == a
