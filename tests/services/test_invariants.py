"""What must hold between the records of a customer, whatever people do in whatever order."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from c360.core.errors import C360Error, Invalid
from c360.models.address import UNIQUE_ROLES, Address
from c360.models.bank_account import BankAccount
from c360.models.communication import Communication
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.employment import Employment
from c360.services import records
from c360.services.rules import communications, places
from c360.services.uow import perform, unit_of_work


def child(actor, key, customer_id, link="customer_id", **values):
    """Create a record that belongs to a customer and return its id."""
    return perform(actor, records.create, key, values, **{link: customer_id})


def change(actor, key, record_id, **values):
    """Set fields of a record."""
    perform(actor, records.update, key, record_id, values)


def rows(actor, model, **by):
    """Return the live rows of a model with these values, the oldest first."""
    with unit_of_work(actor, reads=True) as uow:
        found = select(model).where(col(model.archived_at).is_(None))
        for name, value in by.items():
            found = found.where(getattr(model, name) == value)
        return list(uow.session.exec(found.order_by(model.created_at)))


def customer(actor, customer_id) -> Customer:
    """Return a customer as it is stored."""
    with unit_of_work(actor, reads=True) as uow:
        return uow.get("customer", customer_id)


def test_a_changed_address_is_no_longer_verified(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King", email="a@example.com")
    child(agent, "communication", contact_id, family="email", value="second@example.com")
    with unit_of_work(agent) as uow:
        option = uow.session.exec(uow.select("communication").where(Communication.is_primary)).one()
        option.verified_at = option.bounced_at = option.created_at
    change(agent, "contact", contact_id, email="b@example.com")
    (option,) = rows(agent, Communication, value="b@example.com")
    assert (option.verified_at, option.bounced_at) == (None, None)
    with pytest.raises(Invalid) as refused:
        child(agent, "communication", contact_id, family="phone", value="0" * 51)
    assert refused.value.fields["value"].key == "error.long"


@pytest.mark.feature("REC-20")
def test_a_forbidden_channel_says_why_and_is_not_preferred(agent, make_as):
    contact_id = make_as(
        agent, "contact", family_name="King", preferred_media="post; email", email="a@b.de", phone="12345"
    )
    change(agent, "contact", contact_id, forbidden_media="email; sms", forbidden_reason="Asked on the phone 😡")
    found = customer(agent, contact_id)
    assert found.preferred_media == ["post"]
    reason = communications.forbidden(found, "email")
    assert reason
    assert "Asked on the phone 😡" in reason.text("en")
    assert communications.forbidden(found, "phone") is None
    option = child(agent, "communication", contact_id, family="phone", value="99 999")
    change(agent, "communication", option, do_not_use="yes")
    (phone,) = rows(agent, Communication, id=option)
    assert communications.forbidden(found, "phone", phone).key == "communication.shut"


@pytest.mark.feature("REC-18")
def test_a_second_address_takes_a_unique_role(agent, make_as):
    account_id = make_as(agent, "account", name="Acme")
    first = child(agent, "address", account_id, role="main", city="Köln", country="Germany", street="Domplatz 1")
    assert (customer(agent, account_id).city, customer(agent, account_id).country) == ("Köln", "DE")
    with unit_of_work(agent, reads=True) as uow:
        holder = places.role_holder(uow, account_id, "main")
        assert holder
        assert (holder.id, holder.title) == (first, "Domplatz 1, Köln, DE")
        assert places.role_holder(uow, account_id, "main", but=first) is None
        assert places.role_holder(uow, account_id, "other") is None

    second = child(agent, "address", account_id, role="main", city="Wien", country="AT")
    assert {r.id: r.role for r in rows(agent, Address)} == {first: "other", second: "main"}
    assert customer(agent, account_id).city == "Wien"


@pytest.mark.feature("REC-17")
def test_one_of_several_jobs_is_the_main_one(agent, make_as):
    a, b = make_as(agent, "account", name="A"), make_as(agent, "account", name="B")
    contact_id = make_as(agent, "contact", family_name="King", employer_id=str(a))
    second = child(agent, "employment", contact_id, "contact_id", account_id=str(b), job_title="Advisor")
    assert customer(agent, contact_id).employer_id == a
    change(agent, "employment", second, is_main="yes")
    found = customer(agent, contact_id)
    assert (found.employer_id, found.job_title) == (b, "Advisor")
    perform(agent, records.archive, "employment", second)
    assert customer(agent, contact_id).employer_id == a


@pytest.mark.feature("REC-14")
def test_one_bank_account_is_the_main_one_and_a_bad_iban_is_refused(agent, make_as):
    account_id = make_as(agent, "account", name="Acme")
    with pytest.raises(Invalid) as refused:
        child(agent, "bank_account", account_id, iban="DE89 3704 0044 0532 0130 01")
    assert refused.value.texts()["iban"] == "This is not a valid IBAN."
    with pytest.raises(Invalid):
        child(agent, "bank_account", account_id, bank="Sparkasse")
    first = child(
        agent, "bank_account", account_id, iban="DE89 3704 0044 0532 0130 00", bic="COBADEFFXXX", currency="eur"
    )
    child(agent, "bank_account", account_id, number="42", is_main="yes", bank="Банк")
    assert [b.is_main for b in rows(agent, BankAccount)] == [False, True]
    change(agent, "bank_account", first, is_main="yes")
    assert [b.is_main for b in rows(agent, BankAccount)] == [True, False]
    with pytest.raises(Invalid) as refused:
        child(agent, "bank_account", account_id, iban="DE89370400440532013000")
    assert refused.value.fields["iban"].key == "bank_account.duplicate"


@pytest.mark.feature("REC-13")
def test_an_account_gets_a_code_nobody_can_type(agent, make_as):
    ids = [make_as(agent, "account", name=name) for name in ("Acme", "Zürich AG", "株式会社")]
    assert [customer(agent, i).code for i in ids] == ["A-00001", "A-00002", "A-00003"]
    with pytest.raises(Invalid):
        change(agent, "account", ids[0], code="A-9")
    contact_id = make_as(agent, "contact", family_name="King")
    assert customer(agent, contact_id).code is None


def test_a_parent_below_the_account_is_refused(agent, make_as):
    top = make_as(agent, "account", name="Top")
    middle = make_as(agent, "account", name="Middle", parent_id=str(top))
    bottom = make_as(agent, "account", name="Bottom", parent_id=str(middle))
    for below in (top, middle, bottom):
        with pytest.raises(Invalid) as refused:
            change(agent, "account", top, parent_id=str(below))
        assert refused.value.fields["parent_id"].key == "account.circle"
    change(agent, "account", middle, parent_id="")

    def circle(uow):
        records.update(uow, "account", top, {"parent_id": str(bottom)})
        records.update(uow, "account", middle, {"parent_id": str(top)})

    with pytest.raises(Invalid):
        perform(agent, circle)


@pytest.mark.feature("REC-17")
def test_without_an_employer_another_current_job_becomes_the_main_one(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="Zwei-Jobs")
    first, second = (make_as(agent, "account", name=name) for name in ("Erste", "Zweite"))
    child(agent, "employment", contact_id, "contact_id", account_id=str(first), job_title="Chefin")
    child(agent, "employment", contact_id, "contact_id", account_id=str(second), job_title="Beirätin")
    change(agent, "contact", contact_id, employer_id="")
    contact = customer(agent, contact_id)
    assert (contact.employer_id, contact.job_title) == (second, "Beirätin")
    hold(agent, contact_id)


Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["add_email", "add_phone", "primary", "not_primary", "archive", "restore", "type_email", "clear_email",
             "retype", "address", "role", "drop_address", "job", "main_job", "end_job", "employer", "no_employer"]
        ),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=14,
)  # fmt: skip


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.feature("REC-15", "REC-17", "REC-18", "REC-19")
def test_the_rules_hold_after_any_sequence(agent, make_as, steps):
    contact_id = make_as(agent, "contact", family_name="Any")
    accounts = [make_as(agent, "account", name=f"Account {n}") for n in range(4)]
    for step in steps:
        with suppress(C360Error):
            take(agent, contact_id, accounts, step)
        hold(agent, contact_id)


def take(agent, contact_id, accounts, step: Step) -> None:
    """Do one thing to a contact, if there is anything to do it to."""
    act, which, what = step
    mails = ["a@x.de", "b@x.de", "c@x.de", "d@x.de"]
    with unit_of_work(agent, reads=True) as uow:
        everything = {
            model: list(uow.session.exec(select(model.id).where(link == contact_id).order_by(model.created_at)))
            for model, link in (
                (Communication, Communication.customer_id),
                (Address, Address.customer_id),
                (Employment, Employment.contact_id),
            )
        }

    def pick(model):
        ids = everything[model]
        return ids[which % len(ids)] if ids else accounts[0]

    match act:
        case "add_email":
            child(agent, "communication", contact_id, family="email", value=mails[what], is_primary="ny"[which % 2])
        case "add_phone":
            child(agent, "communication", contact_id, family="phone", value=f"0511 12345{what}")
        case "primary" | "not_primary":
            change(agent, "communication", pick(Communication), is_primary="y" if act == "primary" else "n")
        case "archive":
            perform(agent, records.archive, "communication", pick(Communication))
        case "restore":
            perform(agent, records.restore, "communication", pick(Communication))
        case "retype":
            family = ("email", "phone")[which % 2]
            change(
                agent,
                "communication",
                pick(Communication),
                family=family,
                value=(mails[what], f"0511 77{what}")[which % 2],
            )
        case "type_email" | "clear_email":
            change(agent, "contact", contact_id, email=mails[what] if act == "type_email" else "")
        case "address":
            child(agent, "address", contact_id, role=("main", "delivery", "other", "main")[which], city=f"City {what}")
        case "role":
            change(agent, "address", pick(Address), role=("main", "invoice", "other", "main")[what])
        case "drop_address":
            perform(agent, records.archive, "address", pick(Address))
        case "job":
            child(
                agent, "employment", contact_id, "contact_id", account_id=str(accounts[what]), is_main="ny"[which % 2]
            )
        case "main_job" | "end_job":
            change(
                agent,
                "employment",
                pick(Employment),
                **({"is_main": "y"} if act == "main_job" else {"is_current": "n"}),
            )
        case "employer" | "no_employer":
            change(agent, "contact", contact_id, employer_id=str(accounts[what]) if act == "employer" else "")


def hold(agent, contact_id) -> None:
    """Assert every rule between a contact and what hangs on it."""
    contact = customer(agent, contact_id)
    options = rows(agent, Communication, customer_id=contact_id)
    for family, column in (("email", contact.email), ("phone", contact.phone)):
        mine = [o for o in options if o.family == family]
        assert not mine or [o.value for o in mine if o.is_primary] == [column]
        assert max(Counter(o.normalised for o in mine).values(), default=1) == 1
    homes = rows(agent, Address, customer_id=contact_id)
    roles = Counter(a.role for a in homes)
    assert all(roles[role] <= 1 for role in UNIQUE_ROLES)
    assert not roles["main"] or contact.city == next(a.city for a in homes if a.role == "main")
    jobs = [j for j in rows(agent, Employment, contact_id=contact_id) if j.is_current]
    assert [j.account_id for j in jobs if j.is_main] == ([contact.employer_id] if jobs else [])
    assert jobs or contact.employer_id is None
    ended = [j for j in rows(agent, Employment, contact_id=contact_id) if not j.is_current]
    assert not any(j.is_main for j in ended)
    assert all(j.to_on is None or j.from_on is None or j.from_on <= j.to_on <= date.max for j in ended)


def at_once(*acts):
    """Do things in threads that start together; return what each answered or raised."""
    gate = Barrier(len(acts))

    def run(act):
        gate.wait()
        try:
            return act()
        except C360Error as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.feature("REC-13")
def test_accounts_made_at_once_get_different_codes(agent, make_as):
    def make(n):
        return lambda: [make_as(agent, "account", name=f"Account {n}.{i}") for i in range(3)]

    answers = at_once(*(make(n) for n in range(4)))
    codes = [customer(agent, i).code for ids in answers for i in ids]
    assert sorted(codes) == [f"A-{n:05}" for n in range(1, 13)]


@pytest.mark.feature("REL-5")
def test_two_accounts_put_above_each_other_at_once_make_no_loop(agent, make_as):
    for n in range(3):
        a, b = make_as(agent, "account", name=f"A{n}"), make_as(agent, "account", name=f"B{n}")
        answers = at_once(
            lambda a=a, b=b: change(agent, "account", a, parent_id=str(b)),
            lambda a=a, b=b: change(agent, "account", b, parent_id=str(a)),
        )
        assert sum(isinstance(one, Invalid) for one in answers) == 1
        assert [customer(agent, a).parent_id, customer(agent, b).parent_id].count(None) == 1


@pytest.mark.feature("REC-15")
def test_two_first_contact_persons_added_at_once_are_not_both_primary(agent, make_as):
    for n in range(3):
        account_id = make_as(agent, "account", name=f"Acme {n}")
        people = [str(make_as(agent, "contact", family_name=name)) for name in "AB"]
        at_once(
            *(
                lambda p=p, a=account_id: child(agent, "contact_person", a, "account_id", contact_id=p)
                for p in people
            )
        )  # fmt: skip
        assert sorted(r.is_primary for r in rows(agent, ContactPerson, account_id=account_id)) == [False, True]
