"""One person in many roles, and the people of an account with one default among them."""

import pytest
from sqlmodel import col, select

from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.services import records
from c360.services.uow import perform, unit_of_work
from tests.services.test_relations import around, tie, told


@pytest.mark.feature("REL-11")
def test_one_person_has_many_roles_and_stays_one(agent, make_as):
    mill, bank, club, board = (make_as(agent, "account", name=n) for n in ("Mill", "Bank", "Club", "Board ♥"))
    ada = make_as(agent, "contact", family_name="Ada", employer_id=str(mill))
    make_as(agent, "contact_person", {"account_id": bank}, contact_id=str(ada))
    tie(agent, ada, club, "is a member of")
    tie(agent, ada, club, "is relay of")
    tie(agent, ada, board, "sits on the board of")
    tie(agent, ada, board, "owns")
    assert told(around(agent, ada)) == {
        "Ada works for Mill", "Ada is contact person of Bank", "Ada is a member of Club", "Ada is relay of Club",
        "Ada sits on the board of Board ♥", "Ada owns Board ♥",
    }  # fmt: skip
    with unit_of_work(agent, reads=True) as uow:
        people = uow.session.exec(uow.select("contact").with_only_columns(col(Customer.id))).all()
    assert people == [ada]


@pytest.mark.feature("REL-13")
def test_an_account_gathers_many_contacts_with_one_default(agent, make_as):
    mill, bank = (make_as(agent, "account", name=n) for n in ("Mill", "Bank"))
    people = [make_as(agent, "contact", family_name=n) for n in ("Ada", "王", "Çid")]
    links = [make_as(agent, "contact_person", {"account_id": mill}, contact_id=str(one)) for one in people]
    other = make_as(agent, "contact_person", {"account_id": bank}, contact_id=str(people[0]))

    def default(account):
        with unit_of_work(agent, reads=True) as uow:
            found = uow.select("contact_person").where(
                ContactPerson.account_id == account, col(ContactPerson.is_primary)
            )
            return [row.id for row in uow.session.exec(found)]

    assert len(default(mill)) == len(default(bank)) == 1
    for link in links:
        perform(agent, records.update, "contact_person", link, {"is_primary": "yes"})
        assert default(mill) == [link]
        assert default(bank) == [other]
    perform(agent, records.archive, "contact_person", links[-1])
    assert len(default(mill)) == 1
    assert default(mill)[0] in links[:-1]
    assert len(told(around(agent, people[0]))) == 2
    with unit_of_work(agent, reads=True) as uow:
        assert len(uow.session.exec(select(Customer)).all()) == 5
