"""One person in many roles, and the people of an account with one default among them."""

from dataclasses import replace

import pytest
from sqlmodel import col, select

from c360.core.errors import Conflict, Invalid
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.services import opening, records, references, undo
from c360.services.relationships import making, sections, types
from c360.services.uow import ask, perform, unit_of_work
from tests.services.merging.test_graph import merge
from tests.services.test_relations import around, kind, relations, tie, told


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


def relays(actor, account):
    """Return the relays of an account, the primary one marked."""
    with unit_of_work(actor, reads=True) as uow:
        record = uow.get("account", account)
        return [(line.title, bool(line.primary)) for line in sections.card(uow, record, "relay").lines]


@pytest.mark.feature("REL-8")
def test_one_relay_is_primary_and_another_follows_or_none(agent, make_as):
    mill = make_as(agent, "account", name="Mühle ♥")
    ids = {n: make_as(agent, "contact", family_name=n) for n in ("Ada", "Çid", "王")}
    tie(agent, ids["Ada"], mill, "is relay of", is_primary="yes")
    tie(agent, ids["Çid"], mill, "is relay of")
    assert relays(agent, mill) == [("Ada", True), ("Çid", False)]
    tie(agent, ids["王"], mill, "is relay of", is_primary="yes")
    assert relays(agent, mill) == [("王", True), ("Ada", False), ("Çid", False)]
    rows = {one.from_id: one for one in relations(agent)}
    leaver, ada = rows[ids["王"]].id, rows[ids["Ada"]].id
    for leave in ((making.end, leaver), (making.remove, "relation", leaver)):
        with pytest.raises(Conflict) as refused:
            perform(agent, *leave)
        assert refused.value.message.key == "relation.heir"
    with pytest.raises(Conflict):
        perform(agent, making.end, leaver, str(leaver))
    assert {one.label for one in ask(agent, making.heirs, leaver)} == {"Ada", "Çid"}
    ended = perform(agent, making.end, leaver, str(ada))
    assert relays(agent, mill) == [("Ada", True), ("Çid", False)]
    perform(agent, undo.begin, ended)
    assert relays(agent, mill)[0] == ("王", True)
    perform(agent, making.remove, "relation", leaver, making.NOBODY)
    assert relays(agent, mill) == [("Ada", False), ("Çid", False)]
    perform(agent, opening.prefer, "relation", ada)
    assert relays(agent, mill)[0] == ("Ada", True)
    row = {one.id: one for one in relations(agent)}[ada]
    said = {"is_former": "yes", "is_primary": "yes"}
    with pytest.raises(Invalid) as asked:
        perform(agent, making.change, ada, ids["Ada"], f"{row.type_id}:forward", said, row.version)
    assert asked.value.fields["is_former"].key == "relation.heir.first"
    perform(agent, making.change, ada, ids["Ada"], f"{row.type_id}:forward", said | {"is_primary": "no"}, row.version)
    assert relays(agent, mill) == [("Çid", False)]
    tie(agent, ids["Ada"], mill, "is a member of", is_primary="yes")
    assert not any(one.is_primary for one in relations(agent))


@pytest.mark.feature("REL-8")
def test_the_last_relay_leaves_without_a_question(agent, make_as):
    mill, ada = make_as(agent, "account", name="Mill"), make_as(agent, "contact", family_name="Ada")
    tie(agent, ada, mill, "is relay of", is_primary="yes")
    perform(agent, making.end, relations(agent)[0].id)
    assert relays(agent, mill) == []


@pytest.mark.feature("REL-8")
def test_two_merged_organisations_have_one_primary_relay(admin, make_as):
    mill, same = (make_as(admin, "account", name=n) for n in ("Mill", "Mill Ltd"))
    for name, account in (("Ada", mill), ("Bob", same)):
        tie(admin, make_as(admin, "contact", family_name=name), account, "is relay of", is_primary="yes")
    merge(admin, [mill, same])
    assert relays(admin, mill) == [("Ada", True), ("Bob", False)]


@pytest.mark.feature("REL-8", "REC-34")
def test_the_sections_of_an_organisation_keep_to_the_reach(agent, stranger, make_as, admin):
    mill = make_as(agent, "account", name="Mill")
    below = make_as(agent, "account", name="Low", parent_id=str(mill))
    ada, eve = make_as(agent, "contact", family_name="Ada"), make_as(stranger, "contact", family_name="Geheim")
    for one in (ada, eve):
        tie(admin, one, mill, "is a member of", since_on="2001-02-03")
    tie(admin, eve, mill, "is relay of", is_primary="yes")
    opened = perform(agent, opening.open_tab, "account", mill, "contacts")
    told = {card.key: [line.title for line in card.lines] for card in opened.cards}
    assert (told["relays"], told["members"], told["subsidiaries"]) == ([], ["Ada"], ["Low"])
    assert "Geheim" not in str(opened)
    person = perform(agent, opening.open_tab, "contact", ada, "details")
    assert not {"relays", "members", "subsidiaries", "company"} & {card.key for card in person.cards}
    assert "contacts" not in {tab.key for tab in person.tabs}
    assert {"treated_as"} <= {fact.name for card in _details(agent, below) for fact in card.facts}


def _details(actor, account):
    return perform(actor, opening.open_tab, "account", account, "details").cards


@pytest.mark.feature("REL-9")
def test_family_friends_and_the_household_can_be_reserved_for_together(agent, stranger, make_as, admin):
    home = make_as(agent, "account", name="Haus Ångström")
    ids = {n: make_as(agent, "contact", family_name=n) for n in ("Ada", "Bob", "Cem", "Dana", "Ed", "عمر")}
    eve = make_as(stranger, "contact", family_name="Geheim")
    tie(agent, ids["Ada"], ids["Bob"], "is married to")
    tie(agent, ids["Ada"], ids["Cem"], "is parent of")
    tie(agent, ids["Dana"], ids["Ada"], "is a friend of")
    tie(agent, ids["Ada"], ids["Ed"], "works with")
    tie(agent, ids["Ed"], ids["Ada"], "is a friend of", until_on="2020-01-01")
    for one in ("Ada", "عمر", "Bob"):
        tie(agent, ids[one], home, "lives in the household")
    tie(admin, ids["Ada"], eve, "is a friend of")

    def party(name):
        with unit_of_work(agent, reads=True) as uow:
            return {line.title: line.sub for line in sections.party(uow, ids[name]).rows}

    assert party("Ada") == {
        "Bob": "is married to", "Cem": "is child of", "Dana": "is a friend of", "عمر": "Haus Ångström",
    }  # fmt: skip
    assert party("عمر") == {"Ada": "Haus Ångström", "Bob": "Haus Ångström"}
    assert party("Ed") == {}
    nameless = replace(agent, hidden=frozenset({"account.name"}))
    with unit_of_work(nameless, reads=True) as uow:
        assert {line.sub for line in sections.party(uow, ids["عمر"]).rows} == {references.NAMELESS}
    friends = kind(agent, "is a friend of")
    perform(admin, types.change, friends, {"is_party": "no"})
    assert "Dana" not in party("Ada")
    assert not any(
        card.key == "party" for card in perform(agent, opening.open_tab, "contact", ids["Ed"], "details").cards
    )


@pytest.mark.feature("REL-2", "REL-8")
def test_relays_and_members_are_of_an_organisation(admin):
    with pytest.raises(Invalid) as refused:
        perform(admin, types.change, kind(admin, "is a friend of"), {"part": "relay"})
    assert refused.value.fields["part"].key == "relation_type.no_organisation"
    perform(admin, types.change, kind(admin, "sits on the board of"), {"part": "relay"})
