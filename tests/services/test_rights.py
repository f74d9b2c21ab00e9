"""Rights: reach of each verb, closed fields, owners, and what belongs to a customer."""

from uuid import uuid4

import pytest
from sqlmodel import select

from c360.core.actor import SYSTEM, Verb
from c360.core.errors import Forbidden, Invalid, NotFound
from c360.models.customer import Customer
from c360.models.tag import Tag, Tagging
from c360.models.user import Role
from c360.registry.entity import entities
from c360.registry.marks import Privacy
from c360.services import records, role_matrix, users
from c360.services.uow import unit_of_work
from tests.conftest import actor_of


def limit(role: str, **closed: list[str]) -> None:
    with unit_of_work(SYSTEM) as uow:
        row = uow.session.exec(select(Role).where(Role.key == role)).one()
        for name, fields in closed.items():
            setattr(row, name, fields)


@pytest.mark.feature("SEC-1")
def test_the_creator_owns_what_nobody_else_is_named_for(agent, make_as):
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("contact", make_as(agent, "contact", family_name="King")).owner_id == agent.user_id


@pytest.mark.feature("SEC-1", "R13")
def test_a_business_user_cannot_make_records_for_others(agent, stranger, make_as):
    with pytest.raises(Forbidden):
        make_as(agent, "contact", family_name="King", owner_id=str(stranger.user_id))
    with unit_of_work(SYSTEM, reads=True) as uow:
        assert uow.session.exec(select(Customer.id)).all() == []


@pytest.mark.feature("SEC-3")
@pytest.mark.parametrize(("role", "team", "allowed"), [
    ("business_user", "North", False), ("manager", "North", True), ("manager", "South", None),
    ("administrator", None, True), ("data_protection_officer", None, False),
])  # fmt: skip
def test_a_verb_reaches_as_far_as_the_role_says(agent, make_user, make_as, role, team, allowed):
    contact_id = make_as(agent, "contact", family_name="King")
    other = make_user("Otto Other", role, team=team)
    expected = NotFound if allowed is None else Forbidden
    for service, given in ((records.update, ({"given_name": "Eve"},)), (records.archive, ())):
        with unit_of_work(other) as uow:
            if allowed:
                service(uow, "contact", contact_id, *given)
            else:
                with pytest.raises(expected):
                    service(uow, "contact", contact_id, *given)


@pytest.mark.feature("SEC-3", "SEC-1")
def test_handing_over_takes_the_right_to_assign_and_both_owners_in_reach(agent, stranger, make_user, make_as):
    contact_id = make_as(agent, "contact", family_name="King")
    mate, manager = make_user("Max Mate", team="North"), make_user("Mia Manager", "manager", team="North")
    for who, to, allowed in ((agent, mate, False), (manager, stranger, False), (manager, mate, True)):
        work = unit_of_work(who)
        if not allowed:
            with pytest.raises((Forbidden, Invalid)), work as uow:
                records.update(uow, "contact", contact_id, {"owner_id": str(to.user_id)})
            continue
        with work as uow:
            records.update(uow, "contact", contact_id, {"owner_id": str(to.user_id)})
    with unit_of_work(SYSTEM, reads=True) as uow:
        assert uow.session.get_one(Customer, contact_id).owner_id == mate.user_id


@pytest.mark.feature("SEC-3", "R12", "R14")
def test_a_locked_field_is_read_and_not_changed_on_any_path(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King", job_title="Clerk")
    limit("business_user", locked=["contact.job_title"])
    actor = actor_of(agent.user_id)
    with unit_of_work(actor, reads=True) as uow:
        assert "job_title" in uow.fields("contact")
    with pytest.raises(Invalid), unit_of_work(actor) as uow:
        records.update(uow, "contact", contact_id, {"job_title": "Boss"})
    with pytest.raises(Forbidden), unit_of_work(actor) as uow:
        uow.get("contact", contact_id, Verb.UPDATE).job_title = "Boss"
    with pytest.raises(Forbidden), unit_of_work(actor) as uow:
        uow.add(Customer(kind="contact", family_name="New", job_title="Boss", owner_id=actor.user_id))


@pytest.mark.feature("SEC-3", "R12")
def test_a_hidden_field_does_not_exist_for_the_actor(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King", notes="canary")
    limit("business_user", hidden=["contact.notes"])
    actor = actor_of(agent.user_id)
    with unit_of_work(actor, reads=True) as uow:
        assert "notes" not in uow.fields("contact")
        assert "notes" not in uow.fields("customer")
    with pytest.raises(Invalid), unit_of_work(actor) as uow:
        records.update(uow, "contact", contact_id, {"notes": "x"})


@pytest.mark.feature("R14")
@pytest.mark.parametrize("name", [
    "id", "version", "created_by_id", "archived_at", "merged_into_id", "kind", "is_demo", "photo", "custom",
    "sort_name", "inactive_at", "__class__", "owner", "metadata",
])  # fmt: skip
def test_what_no_form_has_cannot_be_set_by_name(agent, make_as, name):
    contact_id = make_as(agent, "contact", family_name="King")
    with pytest.raises(Invalid), unit_of_work(agent) as uow:
        records.update(uow, "contact", contact_id, {name: str(uuid4())})


@pytest.mark.feature("R12", "R14")
def test_what_belongs_to_a_customer_follows_its_reach(agent, stranger, make_as):
    mine, theirs = make_as(agent, "contact", family_name="King"), make_as(stranger, "contact", family_name="Queen")
    address_id = make_as(agent, "address", {"customer_id": mine}, city="Köln")
    with pytest.raises(NotFound), unit_of_work(stranger) as uow:
        uow.get("address", address_id)
    with pytest.raises(Forbidden), unit_of_work(agent) as uow:
        records.create(uow, "address", {"city": "Ulm"}, customer_id=theirs)
    with pytest.raises((Forbidden, NotFound, Invalid)), unit_of_work(stranger) as uow:
        records.update(uow, "address", address_id, {"customer_id": str(theirs)})


@pytest.mark.feature("SEC-8", "R12")
def test_a_private_tag_is_its_owners_alone_even_on_a_customer_both_see(agent, make_user, make_as):
    mate = make_user("Max Mate", team="North")
    contact_id = make_as(agent, "contact", family_name="King")
    tag_id = make_as(agent, "tag", name="canary-secret", visibility="private")
    with unit_of_work(agent) as uow:
        uow.add(Tagging(customer_id=contact_id, tag_id=tag_id))
    with unit_of_work(mate, reads=True) as uow:
        assert uow.session.exec(uow.select("tag")).all() == []
        assert uow.session.exec(uow.select("tagging")).all() == []
    with unit_of_work(agent, reads=True) as uow:
        assert len(uow.session.exec(uow.select("tagging")).all()) == 1
    other_id = make_as(mate, "contact", family_name="Queen")
    with pytest.raises(Forbidden), unit_of_work(mate) as uow:
        uow.add(Tagging(customer_id=other_id, tag_id=tag_id))


@pytest.mark.feature("SEC-8")
def test_a_shared_tag_is_seen_by_all_and_changed_by_its_owner(agent, stranger, make_as):
    tag_id = make_as(agent, "tag", name="VIP", visibility="public")
    with pytest.raises(Forbidden), unit_of_work(stranger) as uow:
        records.update(uow, "tag", tag_id, {"name": "mine"})
    with unit_of_work(stranger, reads=True) as uow:
        assert uow.session.exec(select(Tag.name)).all() == ["VIP"]


@pytest.mark.feature("R12", "R35")
def test_a_secret_is_no_field_of_any_entity():
    for entity in entities():
        assert not [s.name for s in entity.fields.values() if s.privacy is Privacy.SECRET], entity.key
    assert "password_hash" not in {name for e in entities() for name in e.fields}


@pytest.mark.feature("R13", "SEC-3")
def test_nobody_gives_himself_rights(agent, make_user):
    manager = make_user("Mia Manager", "manager", team="North")
    with unit_of_work(SYSTEM, reads=True) as uow:
        role_id = uow.session.exec(select(Role.id).where(Role.key == "administrator")).one()
    for who in (agent, manager):
        for attempt in (
            lambda uow, who=who: users.change(uow, who.user_id, name="x", role_ids=[role_id], team_ids=[]),
            lambda uow: users.invite(uow, "new@example.com", "New", role_ids=[role_id]),
            lambda uow: role_matrix.save(uow, role_id, name="x", rights={}, hidden=[], locked=[]),
            lambda uow, who=who: records.create(uow, "user_role", {}, user_id=who.user_id, role_id=role_id),
            lambda uow, who=who: records.update(uow, "user", who.user_id, {"login": "x@example.com"}),
        ):
            with pytest.raises((Forbidden, NotFound, Invalid)), unit_of_work(who) as uow:
                attempt(uow)
        assert actor_of(who.user_id).roles == who.roles


@pytest.mark.feature("R10")
def test_the_administrators_role_is_fixed(admin):
    from c360.core.errors import Conflict

    with unit_of_work(admin, reads=True) as uow:
        role_id = uow.session.exec(select(Role.id).where(Role.key == "administrator")).one()
    with pytest.raises(Conflict), unit_of_work(admin) as uow:
        role_matrix.save(uow, role_id, name="Administrator", rights={}, hidden=[], locked=[])


@pytest.mark.feature("SEC-3", "R06")
def test_a_role_an_administrator_makes_holds_at_once(admin, make_user, make_as):
    with unit_of_work(admin) as uow:
        role_id = role_matrix.save(
            uow, None, name="Reader", rights={"contact": {"read": "all"}}, hidden=["contact.notes"], locked=[]
        )
    contact_id = make_as(admin, "contact", family_name="King", notes="canary")
    reader = make_user("Rita Reader")
    with unit_of_work(admin) as uow:
        users.change(uow, reader.user_id, name="Rita Reader", role_ids=[role_id], team_ids=[])
    reader = actor_of(reader.user_id)
    with unit_of_work(reader, reads=True) as uow:
        assert uow.get("contact", contact_id).name == "King"
        assert "notes" not in uow.fields("contact")
    with pytest.raises(Forbidden), unit_of_work(reader) as uow:
        records.update(uow, "contact", contact_id, {"family_name": "Queen"})


@pytest.mark.feature("R16")
@pytest.mark.parametrize(
    "hostile", ["x' OR 1=1 --", '"; DROP TABLE customer; --', "%", "_", "\\", "\x00", "{{7*7}}", "🦊" * 90]
)
def test_text_is_bound_never_run(agent, make_as, hostile):
    from c360.services import listing
    from c360.services.listing import ListQuery

    make_as(agent, "contact", family_name="King")
    with unit_of_work(agent, reads=True) as uow:
        found = listing.rows(uow, ListQuery("contact", columns=("name",), search=hostile), 0, 10)
        assert found.rows == []
    for bad in ({"sort": (hostile,)}, {"columns": (hostile,)}):
        with pytest.raises((Invalid, KeyError, ValueError)), unit_of_work(agent, reads=True) as uow:
            listing.rows(uow, ListQuery("contact", **{"columns": ("name",), **bad}), 0, 10)
