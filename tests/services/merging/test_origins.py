"""The history of the one that stayed: everybody's changes in one, each with its record, each value with its origin."""

import pytest
from sqlmodel import Session, select

from c360.core.db import engine
from c360.models.customer import Customer
from c360.services import facts, history, provenance, records, undo
from c360.services.imports import direct
from c360.services.merging import planning
from c360.services.merging.shapes import Choices
from c360.services.uow import ask, perform

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def two(admin, make_as, tmp_path):
    """One person typed here and changed, and the same from a file."""
    typed = make_as(admin, "contact", given_name="Zoë", family_name="Öztürk", email="zoe@x.example")
    perform(admin, records.update, "contact", typed, {"website": "https://öztürk.example"})
    file = tmp_path / "shop.csv"
    file.write_text(
        "First name,Last name,E-mail,Phone\nZoe,Oeztuerk,zoe@shop.example,+49 30 998877\n", encoding="utf-8"
    )
    direct.run_file(admin, file, "contact", source="Shop 商店", on_duplicate="create")
    with Session(engine()) as session:
        brought = session.exec(select(Customer.id).where(Customer.email == "zoe@shop.example")).one()
    perform(admin, records.update, "contact", brought, {"birth_date": "1980-02-01"})
    return typed, brought


def entries(actor, record_id):
    return ask(actor, history.of, "contact", record_id).entries


@pytest.mark.feature("BEY-15")
def test_the_history_of_the_survivor_is_everybodys_each_labelled_with_its_record(admin, two):
    typed, _ = two
    before = [len(entries(admin, one)) for one in two]
    merged = perform(admin, planning.merge, two, Choices(typed))
    told = entries(admin, typed)
    assert len(told) == sum(before) + 1
    assert [one.seq for one in told] == sorted((one.seq for one in told), reverse=True)
    whose = {part.whose for entry in told[1:] for part in entry.parts}
    assert whose == {"", "Zoe Oeztuerk"}
    mine = {part.whose for entry in entries(admin, typed) for part in entry.parts if part.record_id == str(typed)}
    assert mine == {""}
    perform(admin, undo.undo, merged.set_id)
    assert {part.whose for entry in entries(admin, typed) for part in entry.parts} == {""}


def origins(actor, record_id):
    def read(uow):
        record = uow.get("contact", record_id)
        told = facts.read(uow, "contact", record, ("email", "birth_date", "website"))
        provenance.mark(uow, record, told)
        return told

    return ask(actor, read)


@pytest.mark.feature("BEY-15")
def test_each_value_tells_where_it_was_said_first(admin, two):
    typed, brought = two
    perform(admin, planning.merge, two, Choices(typed, {"email": f"of:{brought}"}))
    told = origins(admin, typed)
    assert told["email"].origin == "Zoe Oeztuerk · Shop 商店"
    assert told["email"].origin_told.startswith("from Zoe Oeztuerk: From Shop 商店, file shop.csv, row 2")
    assert told["birth_date"].origin == "Zoe Oeztuerk · typed here"
    assert told["birth_date"].origin_told.startswith("from Zoe Oeztuerk: typed by Ada Admin")
    assert told["website"].origin == "typed here"
    assert told["website"].origin_told.startswith("typed by Ada Admin")
    perform(admin, records.update, "contact", typed, {"email": "new@x.example"})
    assert origins(admin, typed)["email"].origin == "typed here"


@pytest.mark.feature("BEY-15")
def test_an_origin_is_followed_over_two_merges(admin, two, make_as):
    typed, brought = two
    third = make_as(admin, "contact", given_name="Z.", family_name="Ö.", email="z@y.example")
    perform(admin, planning.merge, two, Choices(typed, {"email": f"of:{brought}"}))
    perform(admin, planning.merge, [third, typed], Choices(third, {"email": f"of:{typed}"}))
    told = origins(admin, third)["email"]
    assert told.origin == "Zoe Oeztuerk · Shop 商店"
