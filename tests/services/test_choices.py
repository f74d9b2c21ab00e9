"""Pick lists, kept by administrators."""

import pytest
from sqlmodel import select

from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.models.choice import PICK_LISTS, Choice
from c360.models.customer import Customer
from c360.services import choices, records
from c360.services.uow import ask, perform, unit_of_work


def names(admin, pick_list="segment") -> list[str]:
    return [entry.name for entry in ask(admin, choices.entries, pick_list)]


def entry(admin, name, pick_list="segment") -> choices.Entry:
    return next(one for one in ask(admin, choices.entries, pick_list) if one.name == name)


@pytest.mark.feature("REC-40", "ADM-2")
def test_an_entry_is_added_renamed_coloured_and_commented(admin):
    made = perform(admin, choices.add, "segment", {"name": " Förderer 🌱 ", "color": "grass", "comment": "gives"})
    assert names(admin)[-1] == "Förderer 🌱"
    perform(admin, choices.change, made, {"name": "Mäzen", "color": "plum", "comment": ""}, 1)
    found = entry(admin, "Mäzen")
    assert (found.id, found.color, found.comment, found.used) == (made, "plum", "", 0)
    with pytest.raises(Invalid):
        perform(admin, choices.change, made, {"color": "#ff0000"})
    with pytest.raises(Invalid):
        perform(admin, choices.add, "colours", {"name": "x"})


def test_two_entries_of_a_list_do_not_look_alike(admin):
    for name in ("standard", "STANDARD", " Standärd"):
        with pytest.raises(Invalid) as refused:
            perform(admin, choices.add, "segment", {"name": name})
        assert "Standard" in refused.value.texts()["name"]
    perform(admin, choices.add, "status", {"name": "Standard"})


@pytest.mark.feature("ADM-2")
def test_an_entry_moves_and_the_order_holds(admin):
    first = names(admin)
    perform(admin, choices.move, entry(admin, first[-1]).id, 0)
    assert names(admin) == [first[-1], *first[:-1]]
    perform(admin, choices.move, entry(admin, first[-1]).id, 99)
    assert names(admin) == first
    perform(admin, choices.move, entry(admin, first[1]).id, -5)
    assert names(admin)[:2] == [first[1], first[0]]


def test_one_entry_is_the_default(admin):
    perform(admin, choices.change, entry(admin, "Private").id, {"is_default": "yes"})
    assert [e.name for e in ask(admin, choices.entries, "segment") if e.is_default] == ["Private"]
    made = perform(admin, choices.add, "segment", {"name": "New", "is_default": "yes"})
    assert [e.id for e in ask(admin, choices.entries, "segment") if e.is_default] == [made]
    perform(admin, choices.retire, made)
    assert not [e for e in ask(admin, choices.entries, "segment") if e.is_default]
    with pytest.raises(Invalid):
        perform(admin, choices.change, made, {"is_default": "yes"})


@pytest.mark.feature("REC-40", "REC-2")
def test_an_entry_in_use_is_retired_not_deleted(admin, agent, make_as):
    dormant, hot = entry(admin, "Dormant", "status").id, entry(admin, "A", "category").id
    with pytest.raises(Forbidden):
        perform(agent, choices.delete, dormant)
    account = make_as(agent, "account", name="Acme", status_id=str(dormant), category_ids=str(hot))
    gone = make_as(agent, "contact", family_name="Gone", status_id=str(dormant))
    perform(agent, records.archive, "contact", gone)
    for choice_id, n in ((dormant, 2), (hot, 1)):
        with pytest.raises(Conflict) as refused:
            perform(admin, choices.delete, choice_id)
        assert f"{n} record" in refused.value.text()
        assert refused.value.message.params["href"].startswith("/customers?f=%7B" if n == 2 else "/accounts?f=")
    found = entry(admin, "Dormant", "status")
    assert (found.used, found.retired) == (2, False)

    perform(admin, choices.retire, dormant)
    assert entry(admin, "Dormant", "status").retired
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("account", account).status_id == dormant
    with pytest.raises(Invalid):
        make_as(agent, "contact", family_name="New", status_id=str(dormant))
    perform(admin, choices.offer, dormant)
    make_as(agent, "contact", family_name="New", status_id=str(dormant))


@pytest.mark.feature("REC-40")
def test_an_unused_entry_goes_and_its_name_is_free_again(admin):
    made = perform(admin, choices.add, "segment", {"name": "Brief"})
    perform(admin, choices.delete, made)
    assert "Brief" not in names(admin)
    with pytest.raises(NotFound):
        perform(admin, choices.retire, made)
    assert perform(admin, choices.add, "segment", {"name": "Brief"}) != made
    with unit_of_work(admin, reads=True) as uow:
        assert uow.session.get(Choice, made).name == "Brief"


def test_uses_are_found_wherever_a_pick_list_is_held(admin, agent, make_as):
    kind = entry(admin, "Mobile", "communication_type").id
    role = entry(admin, "Buyer", "contact_role").id
    contact, account = make_as(agent, "contact", family_name="King"), make_as(agent, "account", name="Acme")
    given = {"family": "phone", "value": "0171 1234", "type_id": str(kind)}
    perform(agent, records.create, "communication", given, customer_id=contact)
    perform(
        agent, records.create, "contact_person", {"contact_id": str(contact), "role_id": str(role)}, account_id=account
    )
    assert entry(admin, "Mobile", "communication_type").used == 1
    assert entry(admin, "Buyer", "contact_role").used == 1
    with pytest.raises(Invalid):
        perform(admin, choices.change, kind, {"family": "email"})


@pytest.mark.feature("REC-21")
def test_a_type_of_communication_needs_its_family(admin):
    with pytest.raises(Invalid) as refused:
        perform(admin, choices.add, "communication_type", {"name": "Beeper"})
    assert "family" in refused.value.fields


def test_lists_that_nothing_holds_are_not_shown(admin, agent):
    found = ask(admin, choices.counts)
    assert found["segment"] == 4
    assert set(found) <= set(PICK_LISTS)
    with unit_of_work(admin, reads=True) as uow:
        assert uow.session.exec(select(Customer)).all() == []
    with pytest.raises(Forbidden):
        ask(agent, choices.counts)
