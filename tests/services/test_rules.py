"""What holds between the records of a customer, whoever writes them."""

from datetime import timedelta

import pytest
from sqlmodel import select

from c360.core.clock import utc_now
from c360.core.errors import Invalid
from c360.models.choice import Choice
from c360.models.employment import Employment
from c360.services import records
from c360.services.uow import unit_of_work


def rows(actor, key, **equal):
    with unit_of_work(actor, reads=True) as uow:
        return [r for r in uow.session.exec(uow.select(key)) if all(getattr(r, n) == v for n, v in equal.items())]


def one(actor, key, record_id):
    with unit_of_work(actor, reads=True) as uow:
        return uow.get(key, record_id)


def change(actor, key, record_id, **values):
    with unit_of_work(actor) as uow:
        records.update(uow, key, record_id, values)


@pytest.mark.feature("REC-19")
def test_a_second_option_writes_the_first_down_and_one_of_a_kind_is_primary(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="Öz", email="a@example.com")
    given = {"customer_id": contact_id}
    second = make_as(agent, "communication", given, family="email", value=" B@Example.com")
    options = {o.value: o.is_primary for o in rows(agent, "communication")}
    assert options == {"a@example.com": True, "b@example.com": False}
    change(agent, "communication", second, is_primary="yes")
    assert {o.value: o.is_primary for o in rows(agent, "communication")} == {
        "a@example.com": False,
        "b@example.com": True,
    }
    assert one(agent, "contact", contact_id).email == "b@example.com"
    with unit_of_work(agent) as uow:
        records.archive(uow, "communication", second)
    assert one(agent, "contact", contact_id).email == "a@example.com"
    assert [o.is_primary for o in rows(agent, "communication")] == [True]


@pytest.mark.feature("REC-19")
def test_the_form_of_the_customer_and_his_options_stay_in_step(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="Öz", phone="030 123456")
    make_as(agent, "communication", {"customer_id": contact_id}, family="phone", value="+49 171 555")
    change(agent, "contact", contact_id, phone="030 999999")
    assert {o.value for o in rows(agent, "communication")} == {"030 999999", "+49 171 555"}
    change(agent, "contact", contact_id, phone="+49171555")
    assert {o.value: o.is_primary for o in rows(agent, "communication")} == {"030 999999": False, "+49 171 555": True}
    change(agent, "contact", contact_id, phone="")
    assert one(agent, "contact", contact_id).phone == "030 999999"


@pytest.mark.feature("REC-19", "REC-21")
@pytest.mark.parametrize(
    ("family", "value", "key"),
    [
        ("email", "nonsense", "kind.email.bad"),
        ("phone", "call me", "kind.phone.bad"),
        ("fax", "?", "kind.phone.bad"),
        ("web", "javascript:alert(1)", "kind.url.bad"),
    ],
)
def test_an_option_is_checked_like_its_family(agent, make_as, family, value, key):
    contact_id = make_as(agent, "contact", family_name="Öz")
    with pytest.raises(Invalid) as refused:
        make_as(agent, "communication", {"customer_id": contact_id}, family=family, value=value)
    assert refused.value.fields["value"].key == key


@pytest.mark.feature("REC-21")
def test_a_custom_type_is_checked_like_its_base_family(admin, agent, make_as):
    contact_id = make_as(agent, "contact", family_name="Öz")
    kind = make_as(admin, "choice", pick_list="communication_type", name="Assistant's phone ☎", family="phone")
    option = make_as(
        agent, "communication", {"customer_id": contact_id}, family="email", type_id=str(kind), value="+49 30 123"
    )
    assert one(agent, "communication", option).family == "phone"
    with pytest.raises(Invalid):
        change(agent, "communication", option, value="x@example.com")


@pytest.mark.feature("REC-19")
def test_an_option_is_written_once(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="Öz")
    make_as(agent, "communication", {"customer_id": contact_id}, family="phone", value="030 123456")
    with pytest.raises(Invalid):
        make_as(agent, "communication", {"customer_id": contact_id}, family="phone", value="+49 30 123456")


@pytest.mark.feature("REC-18")
def test_a_unique_role_moves_to_the_newest_address_and_the_city_follows(agent, make_as):
    account_id = make_as(agent, "account", name="株式会社")
    given = {"customer_id": account_id}
    first = make_as(agent, "address", given, role="main", city="München", country="Deutschland")
    assert (one(agent, "account", account_id).city, one(agent, "account", account_id).country) == ("München", "DE")
    second = make_as(agent, "address", given, role="delivery", city="Graz")
    change(agent, "address", second, role="main")
    assert one(agent, "address", first).role == "other"
    assert one(agent, "account", account_id).city == "Graz"
    with unit_of_work(agent) as uow:
        records.archive(uow, "address", second)
    assert one(agent, "account", account_id).city == "München"


@pytest.mark.feature("REC-18")
def test_working_and_other_addresses_may_be_many(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="Öz")
    for role in ("working", "working", "other", "other"):
        make_as(agent, "address", {"customer_id": contact_id}, role=role, city="Wien")
    assert sorted(a.role for a in rows(agent, "address")) == ["other", "other", "working", "working"]


@pytest.mark.feature("REC-14")
def test_one_bank_account_is_main_and_a_bad_iban_is_refused(agent, make_as):
    account_id = make_as(agent, "account", name="Bank & Söhne")
    given = {"customer_id": account_id}
    first = make_as(agent, "bank_account", given, iban="DE89 3704 0044 0532 0130 00")
    second = make_as(agent, "bank_account", given, number="12345")
    assert [a.is_main for a in (one(agent, "bank_account", first), one(agent, "bank_account", second))] == [True, False]
    assert one(agent, "bank_account", first).iban == "DE89370400440532013000"
    with unit_of_work(agent) as uow:
        records.archive(uow, "bank_account", first)
    assert one(agent, "bank_account", second).is_main
    for values in ({"iban": "DE88 3704 0044 0532 0130 00"}, {"bank": "No number"}):
        with pytest.raises(Invalid) as refused:
            make_as(agent, "bank_account", given, **values)
        assert set(refused.value.fields) == {"iban"}


@pytest.mark.feature("REC-15")
def test_the_only_contact_person_is_primary_by_itself(agent, make_as):
    account_id = make_as(agent, "account", name="Firma")
    people = [make_as(agent, "contact", family_name=name) for name in ("Öz", "İnce")]
    first, second = (
        make_as(agent, "contact_person", {"account_id": account_id}, contact_id=str(person)) for person in people
    )
    assert one(agent, "contact_person", first).is_primary
    assert not one(agent, "contact_person", second).is_primary
    change(agent, "contact_person", second, is_primary="yes")
    assert not one(agent, "contact_person", first).is_primary
    with unit_of_work(agent) as uow:
        records.archive(uow, "contact_person", second)
    assert one(agent, "contact_person", first).is_primary
    with pytest.raises(Invalid):
        make_as(agent, "contact_person", {"account_id": account_id}, contact_id=str(people[0]))


@pytest.mark.feature("REC-16", "REC-17")
def test_a_new_employer_closes_the_old_job_and_opens_one(agent, make_as):
    old, new = make_as(agent, "account", name="Alt"), make_as(agent, "account", name="Neu")
    contact_id = make_as(agent, "contact", family_name="Öz", employer_id=str(old), job_title="Clerk")
    change(agent, "contact", contact_id, employer_id=str(new), job_title="Chef")
    jobs = {job.account_id: job for job in rows(agent, "employment")}
    assert (jobs[old].is_current, jobs[old].to_on, jobs[old].job_title) == (False, utc_now().date(), "Clerk")
    assert (jobs[new].is_current, jobs[new].is_main, jobs[new].job_title) == (True, True, "Chef")
    change(agent, "contact", contact_id, job_title="Chief")
    assert {job.account_id: job.job_title for job in rows(agent, "employment")} == {old: "Clerk", new: "Chief"}


@pytest.mark.feature("REC-16", "REC-17")
def test_an_employer_from_before_the_history_is_written_down_when_he_leaves(agent, make_as, database):
    old, new = make_as(agent, "account", name="Alt"), make_as(agent, "account", name="Neu")
    contact_id = make_as(agent, "contact", family_name="Öz", employer_id=str(old), job_title="Clerk")
    with unit_of_work(agent) as uow:
        for job in uow.session.exec(select(Employment)):
            uow.session.delete(job)
    change(agent, "contact", contact_id, employer_id=str(new), job_title="Chef")
    assert {(j.account_id, j.job_title, j.is_current) for j in rows(agent, "employment")} == {
        (old, "Clerk", False),
        (new, "Chef", True),
    }


@pytest.mark.feature("REC-17")
def test_the_main_job_is_the_contacts_employer(agent, make_as):
    firm = make_as(agent, "account", name="Firma")
    contact_id = make_as(agent, "contact", family_name="Öz")
    job = make_as(agent, "employment", {"contact_id": contact_id}, account_id=str(firm), job_title="Köchin")
    assert (one(agent, "contact", contact_id).employer_id, one(agent, "contact", contact_id).job_title) == (
        firm,
        "Köchin",
    )
    yesterday = (utc_now().date() - timedelta(days=1)).isoformat()
    change(agent, "employment", job, to_on=yesterday)
    assert not one(agent, "employment", job).is_current
    assert one(agent, "contact", contact_id).employer_id is None
    with pytest.raises(Invalid):
        change(agent, "employment", job, from_on="2020-01-02", to_on="2020-01-01")


@pytest.mark.feature("REC-11")
def test_no_organisation_stands_above_itself(agent, make_as):
    top = make_as(agent, "account", name="Top")
    low = make_as(agent, "account", name="Low", parent_id=str(top))
    for above in (low, top):
        with pytest.raises(Invalid) as refused:
            change(agent, "account", top, parent_id=str(above))
        assert set(refused.value.fields) == {"parent_id"}


def test_a_reference_out_of_reach_and_a_choice_of_another_list_are_refused(agent, stranger, make_as):
    theirs = make_as(stranger, "account", name="Secret")
    contact_id = make_as(agent, "contact", family_name="Öz")
    with pytest.raises(Invalid) as refused:
        change(agent, "contact", contact_id, employer_id=str(theirs))
    assert set(refused.value.fields) == {"employer_id"}
    with unit_of_work(agent, reads=True) as uow:
        status = uow.session.exec(select(Choice.id).where(Choice.pick_list == "status")).first()
    with pytest.raises(Invalid) as refused:
        change(agent, "contact", contact_id, segment_id=str(status))
    assert set(refused.value.fields) == {"segment_id"}


@pytest.mark.feature("REC-40", "REC-2")
def test_a_retired_choice_stays_where_it_is_and_is_given_to_nobody_new(admin, agent, make_as):
    kind = make_as(admin, "choice", pick_list="contact_type", name="Alt")
    contact_id = make_as(agent, "contact", family_name="Öz", contact_type_id=str(kind))
    with unit_of_work(admin) as uow:
        uow.get("choice", kind).retired_at = utc_now()
    change(agent, "contact", contact_id, contact_type_id=str(kind), given_name="Ümit")
    assert one(agent, "contact", contact_id).contact_type_id == kind
    with pytest.raises(Invalid):
        make_as(agent, "contact", family_name="Neu", contact_type_id=str(kind))
