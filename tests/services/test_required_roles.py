"""Required roles: what an account of a type needs, who fills it, and who is missing."""

import pytest
from sqlmodel import select

from c360.core.errors import Conflict, Forbidden, Invalid
from c360.models.choice import Choice
from c360.models.required_role import RequiredRole
from c360.services import choices, opening, records
from c360.services.relationships import roles
from c360.services.uow import ask, perform, unit_of_work


def entry(actor, pick_list, name):
    """Return the id of an entry of a pick list."""
    with unit_of_work(actor, reads=True) as uow:
        found = select(Choice.id).where(Choice.pick_list == pick_list, Choice.name == name)
        return uow.session.exec(found).one()


def told(actor, account):
    """Return the required roles of an account with who is in them."""
    with unit_of_work(actor, reads=True) as uow:
        found = roles.of(uow, uow.get("account", account))
        return {need.label: [line.title for line in need.people] for need in found}


@pytest.mark.feature("B-REL-4", "BEY-20")
def test_an_account_shows_which_of_its_roles_are_filled_and_which_are_missing(agent, stranger, make_as, admin):
    partner = entry(admin, "account_type", "Partner")
    decides, buys, helps = (entry(admin, "contact_role", n) for n in ("Decision maker", "Buyer", "Assistant"))
    mill = make_as(agent, "account", name="Mühle ♥", account_type_id=str(partner))
    other = make_as(agent, "account", name="Bank")
    assert told(agent, mill) == {}
    perform(admin, roles.choose, partner, [buys, decides, buys, helps])
    assert list(told(agent, mill)) == ["Decision maker", "Buyer", "Assistant"]
    assert told(agent, other) == {}
    people = {n: make_as(agent, "contact", family_name=n) for n in ("Ada", "王", "عمر")}
    eve = make_as(stranger, "contact", family_name="Geheim")
    for who, role in ((people["Ada"], buys), (people["王"], buys), (eve, decides)):
        values = {"contact_id": str(who), "role_id": str(role)}
        perform(admin, records.create, "contact_person", values, account_id=mill)
    assert told(agent, mill) == {"Decision maker": ["Not in your reach"], "Buyer": ["Ada", "王"], "Assistant": []}
    cards = {card.key: card for card in perform(agent, opening.open_tab, "account", mill, "contacts").cards}
    assert "Geheim" not in str(cards["roles"])
    assert [line.chips for line in cards["roles"].lines[:2]] == [[], []]
    missing = cards["roles"].lines[2]
    assert ([chip.text for chip in missing.chips], missing.acts[0].key, missing.place) == (
        ["missing"],
        "fill",
        str(helps),
    )
    perform(agent, records.archive, "contact", people["Ada"])
    assert told(agent, mill)["Buyer"] == ["王"]
    reason = entry(admin, "inactive_reason", "Moved away")
    perform(agent, opening.inactivate, "contact", people["王"], reason, "")
    assert told(agent, mill)["Buyer"] == []
    assert "roles" not in {card.key for card in perform(agent, opening.open_tab, "account", other, "contacts").cards}


@pytest.mark.feature("B-REL-4", "R12")
def test_a_missing_role_is_offered_to_be_filled_by_who_may_change_the_account(agent, make_user, make_as, admin):
    partner, buys = entry(admin, "account_type", "Partner"), entry(admin, "contact_role", "Buyer")
    mill = make_as(agent, "account", name="Mühle ♥", account_type_id=str(partner))
    perform(admin, roles.choose, partner, [buys])
    reader = make_user("Dora", "data_protection_officer")

    def offered(actor):
        cards = perform(actor, opening.open_tab, "account", mill, "contacts").cards
        (line,) = next(card.lines for card in cards if card.key == "roles")
        with unit_of_work(actor, reads=True) as uow:
            (need,) = roles.of(uow, uow.get("account", mill, archived=True))
        assert [chip.text for chip in line.chips] == ["missing"]
        return [act.key for act in line.acts], need.may_fill

    assert offered(agent) == (["fill"], True)
    assert offered(reader) == ([], False)
    perform(agent, records.archive, "account", mill)
    assert offered(agent) == ([], False)


@pytest.mark.feature("B-REL-4")
def test_an_administrator_keeps_the_required_roles_of_each_type(admin, agent):
    partner, group = (entry(admin, "account_type", n) for n in ("Partner", "Group"))
    decides, buys = (entry(admin, "contact_role", n) for n in ("Decision maker", "Buyer"))
    perform(admin, roles.choose, partner, [decides, buys])
    perform(admin, roles.choose, group, [buys])
    perform(admin, roles.choose, partner, [buys])
    perform(admin, roles.choose, partner, [decides, buys])
    kept = {row.name: set(row.role_ids) for row in ask(admin, roles.kept) if row.role_ids}
    assert kept == {"Partner": {str(decides), str(buys)}, "Group": {str(buys)}}
    perform(admin, roles.choose, group, [])
    assert sum(bool(row.role_ids) for row in ask(admin, roles.kept)) == 1
    for act in (lambda uow: roles.choose(uow, partner, []), roles.kept):
        with pytest.raises(Forbidden):
            perform(agent, act)
    with pytest.raises(Invalid):
        perform(admin, roles.choose, partner, [partner])
    with pytest.raises(Conflict):
        perform(admin, choices.delete, buys)
    with unit_of_work(admin, reads=True) as uow:
        assert len(uow.session.exec(uow.select("required_role", archived=True)).all()) == 4
        assert uow.session.exec(select(RequiredRole.role_id).where(RequiredRole.account_type_id == group)).all() == [
            buys
        ]
