"""Managers beside the owner: who is in charge of a customer works with him, wherever his owner's team is."""

from uuid import UUID

import pytest

from c360.core.actor import SYSTEM, Actor, Verb
from c360.core.errors import Forbidden, NotFound
from c360.models.customer import Customer
from c360.models.customer_indexes import MANAGERS
from c360.services import bulk, exports, finding, listing, profiles, records, undo
from c360.services.listing import ListQuery
from c360.services.uow import ask, perform, unit_of_work


@pytest.fixture
def managed(request, agent, stranger, make_as) -> UUID:
    """Return a contact that one owns and one of another team manages."""
    given = {"family_name": "Königsmüller", "responsible_id": str(agent.user_id), request.param: str(stranger.user_id)}
    return make_as(agent, "contact", **given)


def seen(actor: Actor, key: str, words: str = "") -> tuple[list[str], int, list[str]]:
    """Return what a list, its count and the search over everything tell."""
    query = ListQuery(key, columns=("name",), search=words)
    rows = ask(actor, listing.rows, query, 0, 50).rows
    found = ask(actor, finding.find, "königsmüller")
    return [row[1] for row in rows], ask(actor, listing.count, query).total, [hit.label for hit in found]


@pytest.mark.feature("SEC-2")
@pytest.mark.parametrize("managed", MANAGERS, indirect=True)
def test_a_manager_meets_his_customers_wherever_the_owner_does(managed, stranger, make_user):
    mate, other = make_user("Tom Teammate", team="South"), make_user("Eve Else", team="East")
    for who, expected in ((stranger, 1), (mate, 1), (other, 0)):
        for key in ("contact", "customer"):
            for words in ("", "königs"):
                names = ["Königsmüller"] * expected
                assert seen(who, key, words) == (names, expected, names)
    with unit_of_work(other) as uow, pytest.raises(NotFound):
        uow.get("contact", managed)


@pytest.mark.feature("SEC-2")
@pytest.mark.parametrize("managed", MANAGERS, indirect=True)
def test_a_manager_writes_what_is_his_to_write_and_gives_nothing_away(managed, agent, stranger, make_user, make_as):
    perform(stranger, records.update, "contact", managed, {"given_name": "Zoë"})
    address = make_as(stranger, "address", {"customer_id": managed}, city="Łódź")
    with unit_of_work(stranger, reads=True) as uow:
        assert uow.get("address", address).city == "Łódź"
        record = uow.get("contact", managed)
        may = {verb for verb in Verb if profiles.may(uow, record, verb)}
        assert may == {Verb.READ, Verb.UPDATE, Verb.EXPORT}
    for attempt in (
        lambda uow: records.archive(uow, "contact", managed),
        lambda uow: setattr(uow.get("contact", managed), "owner_id", stranger.user_id),
    ):
        with pytest.raises(Forbidden), unit_of_work(stranger) as uow:
            attempt(uow)
    mate = make_user("Tom Teammate", team="South")
    with pytest.raises(Forbidden), unit_of_work(mate) as uow:
        records.update(uow, "contact", managed, {"given_name": "Eve"})
    with unit_of_work(SYSTEM, reads=True) as uow:
        kept = uow.session.get_one(Customer, managed)
        assert (kept.owner_id, kept.given_name, kept.archived_at) == (agent.user_id, "Zoë", None)


@pytest.mark.feature("SEC-2")
@pytest.mark.parametrize("managed", MANAGERS, indirect=True)
def test_bulk_export_and_undo_reach_what_one_manages(managed, stranger):
    chosen, change = {"mode": "ids", "ids": [str(managed)]}, {"kind": "edit", "values": {"job_title": "Chef"}}
    done = perform(stranger, bulk.apply, "contact", chosen, change)
    assert (done.done, done.failed) == (1, [])
    assert perform(stranger, undo.undo, done.act_id).restored == 1
    ticket = perform(stranger, exports.begin, {"entity": "contact", "columns": ["name"]}, "csv")
    assert "Königsmüller" in perform(stranger, exports.fetch, ticket.id).path.read_text("utf-8")


@pytest.mark.feature("SEC-2")
@pytest.mark.parametrize("managed", MANAGERS, indirect=True)
def test_who_hands_his_customer_on_no_longer_reaches_him(managed, request, agent, stranger, make_user):
    name = request.node.callspec.params["managed"]
    successor = make_user("Ngozi Next", team="East")
    perform(stranger, records.update, "contact", managed, {name: str(successor.user_id)})
    assert seen(stranger, "contact")[1:] == (0, [])
    assert seen(successor, "contact")[1:] == (1, ["Königsmüller"])
    with unit_of_work(stranger) as uow, pytest.raises(NotFound):
        records.update(uow, "contact", managed, {name: str(stranger.user_id)})


@pytest.mark.feature("SEC-2")
def test_nobody_makes_himself_manager_of_what_he_only_sees(agent, make_user, make_as):
    mate = make_user("Tom Teammate", team="North")
    contact_id = make_as(agent, "contact", family_name="King")
    for name in MANAGERS:
        with pytest.raises(Forbidden), unit_of_work(mate) as uow:
            records.update(uow, "contact", contact_id, {name: str(mate.user_id)})
        # Not even past the form: the write guard asks who managed him before this very change.
        with pytest.raises(Forbidden), unit_of_work(mate) as uow:
            setattr(uow.session.get_one(Customer, contact_id), name, mate.user_id)
