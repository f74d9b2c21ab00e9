"""How one value is made of several: whose word counts, what an administrator says of a field, whatever the order."""

from itertools import permutations

import pytest
from sqlmodel import Session, col, select

from c360.core.db import engine
from c360.core.errors import Invalid
from c360.models.customer import Customer
from c360.services import administration
from c360.services.imports import direct
from c360.services.merging import planning, policy, proposing, ruling
from c360.services.merging.shapes import Choices
from c360.services.uow import ask, perform

pytestmark = pytest.mark.usefixtures("database")
HEADER = "First name,Last name,E-mail,Notes\n"


def brought(admin, tmp_path, source, email, notes):
    """Import a person from a system and return the id."""
    file = tmp_path / f"{source}.csv"
    file.write_text(f'{HEADER}Zoë,Öztürk,{email},"{notes}"\n', encoding="utf-8")
    direct.run_file(admin, file, "contact", source=source, on_duplicate="create")
    with Session(engine()) as session:
        return session.exec(select(Customer.id).where(Customer.email == email)).one()


@pytest.fixture
def three(admin, make_as, tmp_path):
    """One person from two systems, and typed here."""
    shop = brought(admin, tmp_path, "Shop 商店", "zoe@shop.example", "Likes 🍷 red")
    crm = brought(admin, tmp_path, "Old CRM", "zoe@crm.example", "Call after five, never before")
    typed = make_as(admin, "contact", given_name="Zoë", family_name="Öztürk", email="zoe@x.example", notes="VIP")
    return typed, shop, crm


def say(admin, **values):
    perform(admin, administration.change, "merging", {"contact": values})


def offered(admin, ids, name):
    return next(one for one in ask(admin, proposing.propose, ids, ids[0]).fields if one.name == name)


@pytest.mark.feature("B-MRG-4")
def test_texts_are_joined_with_the_source_of_each(admin, three):
    row = offered(admin, three, "notes")
    parts = ("VIP (Customer 360)", "Likes 🍷 red (Shop 商店)", "Call after five, never before (Old CRM)")
    assert row.results["labelled"] == "\n\n".join(parts)
    assert row.results["longest"] == "Call after five, never before"
    assert row.results["append"].startswith("VIP\n\nLikes")
    perform(admin, planning.merge, three, Choices(three[0], {"notes": "by:labelled"}))
    with Session(engine()) as session:
        assert session.get_one(Customer, three[0]).notes == "\n\n".join(parts)


@pytest.mark.feature("B-MRG-4", "BEY-14")
@pytest.mark.parametrize(
    ("sources", "typed_first", "kept"),
    [
        ((), True, "zoe@x.example"),
        (("old crm", "Shop 商店"), False, "zoe@crm.example"),
        (("Shop 商店",), False, "zoe@shop.example"),
        (("nobody",), False, "zoe@x.example"),
        (("Old CRM",), True, "zoe@x.example"),
    ],
)
def test_the_most_trusted_source_wins(admin, three, sources, typed_first, kept):
    say(admin, sources=sources, typed_first=typed_first)
    assert offered(admin, three, "email").results["trusted"] == kept


@pytest.mark.feature("BEY-14")
def test_what_is_said_of_a_field_holds_whoever_is_named_first(admin, three):
    say(admin, sources=("Old CRM",), typed_first=False, strategies={"email": "trusted", "notes": "longest"})
    row = offered(admin, three, "email")
    assert (row.pick, row.results["trusted"]) == ("by:trusted", "zoe@crm.example")
    found = set()
    for ids in permutations(three):
        plan = perform(admin, planning.plan, ids, Choices(three[0]))
        found.add(tuple(sorted((one.name, one.after) for one in plan.results)))
    assert len(found) == 1
    assert {("email", "zoe@crm.example"), ("notes", "Call after five, never before")} <= set(found.pop())


@pytest.mark.feature("BEY-14")
def test_a_field_takes_what_fits_it_and_sources_are_named(admin, three):
    assert ask(admin, ruling.known_sources) == ["Old CRM", "Shop 商店"]
    ruled = {one.name: one for one in ask(admin, ruling.ruled, "contact")}
    assert "trusted" in ruled["email"].offered
    assert not {"given_name", "employer_id", "city", "contacts_total", "forbidden_media"} & ruled.keys()
    for wrong in ({"strategies": {"email": "sum"}}, {"strategies": {"nothing": "newest"}}, {"sources": ["x" * 201]}):
        with pytest.raises(Invalid):
            say(admin, **wrong)
    say(admin, sources=[" Old CRM ", "", "Old CRM"], strategies={"email": "newest", "notes": ""})
    kept = ask(admin, lambda uow: policy.of(uow.session, "contact"))
    assert (kept.sources, kept.strategies) == (("Old CRM",), {"email": "newest"})
    with Session(engine()) as session:
        assert session.exec(select(Customer.id).where(col(Customer.merged_into_id).is_not(None))).first() is None
