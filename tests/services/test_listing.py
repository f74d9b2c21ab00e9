"""Lists: rows, counts and columns within the reach, on both databases."""

import pytest
from sqlmodel import select

from c360.core.errors import Invalid
from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.query.criteria import Criteria, Criterion
from c360.services import listing, records
from c360.services.listing import ListQuery
from c360.services.uow import unit_of_work


def page(actor, *, start=0, end=100, entity="contact", **asked):
    with unit_of_work(actor, reads=True) as uow:
        return listing.rows(uow, ListQuery(entity, **asked), start, end)


def column(actor, name, **asked):
    found = page(actor, columns=(name,), **asked)
    return [row[found.columns.index(name)] for row in found.rows]


@pytest.mark.feature("LST-1")
def test_a_list_shows_the_rows_in_reach_with_the_id_first(agent, stranger, make_as):
    mine = make_as(agent, "contact", given_name="Zoë", family_name="Ångström", email="zoe@example.com")
    make_as(stranger, "contact", family_name="Fremd")
    found = page(agent, columns=("name", "email", "owner_id", "segment_id"))
    assert found.columns == ("id", "name", "email", "owner_id", "segment_id")
    assert (found.total, found.exact) == (1, True)
    ((record_id, name, email, owner, segment),) = found.rows
    assert (record_id, name, email) == (str(mine), "Zoë Ångström", "zoe@example.com")
    assert owner == {"id": str(agent.user_id), "label": "Ben Agent"}
    assert segment["label"] == "Standard"
    assert segment["color"] == "indigo"


def test_the_list_of_both_kinds_shows_both(agent, make_as):
    make_as(agent, "contact", family_name="Person")
    make_as(agent, "account", name="Firma")
    assert column(agent, "name", entity="customer", sort=("name",)) == ["Firma", "Person"]


def test_a_reference_out_of_reach_is_masked(agent, stranger, admin, make_as):
    theirs = make_as(stranger, "account", name="GEHEIM AG")
    mine = make_as(agent, "contact", family_name="King")
    with unit_of_work(admin) as uow:
        records.update(uow, "contact", mine, {"employer_id": str(theirs)})
    assert column(agent, "employer_id") == [{"id": None, "label": "Not in your reach", "masked": True}]
    assert column(admin, "employer_id") == [{"id": str(theirs), "label": "GEHEIM AG"}]


@pytest.mark.feature("LST-10")
def test_names_sort_folded_and_empty_values_stand_last_both_ways(agent, make_as):
    for name, city in (("Zebra", "z@example.com"), ("ähre", None), ("Apfel", "a@example.com"), ("王伟", None)):
        make_as(agent, "contact", family_name=name, **({"email": city} if city else {}))
    assert column(agent, "name", sort=("name",)) == ["ähre", "Apfel", "Zebra", "王伟"]
    assert column(agent, "name", sort=("-name",)) == ["王伟", "Zebra", "Apfel", "ähre"]
    assert column(agent, "email", sort=("email",)) == ["a@example.com", "z@example.com", None, None]
    assert column(agent, "email", sort=("-email",)) == ["z@example.com", "a@example.com", None, None]


@pytest.mark.feature("LST-10")
def test_choices_sort_by_their_place_and_references_by_their_title(agent, admin, make_as):
    with unit_of_work(admin, reads=True) as uow:
        places = {
            n: str(i) for i, n in uow.session.exec(select(Choice.id, Choice.name).where(Choice.pick_list == "status"))
        }
    for status in ("Lost", "Active", "Prospect", "Dormant"):
        make_as(agent, "contact", family_name=status, status_id=places[status])
    assert column(agent, "name", sort=("status_id",)) == ["Prospect", "Active", "Dormant", "Lost"]
    assert column(agent, "name", sort=("-status_id",)) == ["Lost", "Dormant", "Active", "Prospect"]
    with unit_of_work(agent) as uow:
        for person, employer in (("Lost", "Alpha"), ("Active", "Omega")):
            record_id = uow.session.exec(select(Customer.id).where(Customer.name == person)).one()
            records.update(uow, "contact", record_id, {"employer_id": str(make_account(uow, employer))})
    assert column(agent, "name", sort=("employer_id", "name")) == ["Lost", "Active", "Dormant", "Prospect"]


def make_account(uow, name):
    from tests.conftest import required

    account = records.create(uow, "account", {**required(uow, "account"), "name": name})
    uow.flush()
    return account


@pytest.mark.feature("B-LST-4")
def test_windows_never_overlap_and_leave_nothing_out(agent, make_as):
    for n in range(23):
        make_as(agent, "contact", family_name=f"Same {n % 3}")
    seen = [
        row[0] for start in range(0, 30, 5) for row in page(agent, sort=("-name",), start=start, end=start + 5).rows
    ]
    assert len(seen) == len(set(seen)) == 23


@pytest.mark.feature("REC-28")
def test_inactive_customers_are_left_out_unless_asked_for(agent, make_as):
    from c360.core.clock import utc_now

    make_as(agent, "contact", family_name="Aktiv")
    quiet = make_as(agent, "contact", family_name="Still")
    with unit_of_work(agent) as uow:
        uow.get("contact", quiet).inactive_at = utc_now()
    assert column(agent, "name", sort=("name",)) == ["Aktiv"]
    assert column(agent, "name", sort=("name",), include_inactive=True) == ["Aktiv", "Still"]


@pytest.mark.feature("R12", "R16", "BEY-13")
@pytest.mark.parametrize(
    "asked",
    [
        {"columns": ("email",)},
        {"sort": ("email",)},
        {"sort": ("-email", "name")},
        {"criteria": Criteria((Criterion("email", "contains", "a"),))},
        {"criteria": Criteria((Criterion("employer_id.email", "contains", "a"),))},
        {"columns": ("version",)},
        {"columns": ("custom",)},
        {"columns": ("password_hash",)},
        {"sort": ("name; drop table customer",)},
        {"sort": ("tags",)},
    ],
    ids=str,
)
def test_a_hidden_or_unknown_field_can_neither_be_shown_sorted_nor_filtered(agent, make_as, asked):
    from dataclasses import replace

    blind = replace(agent, hidden=frozenset({"contact.email", "account.email"}))
    make_as(agent, "contact", family_name="King", email="canary@example.com")
    with pytest.raises(Invalid):
        page(blind, **asked)


@pytest.mark.feature("R12", "BEY-13")
def test_a_hidden_field_is_not_searched_either(agent, make_as):
    from dataclasses import replace

    make_as(agent, "contact", family_name="King", email="canary@example.com", birth_date="2000-01-01")
    assert page(agent, search="canary").total == 1
    blind = replace(agent, hidden=frozenset({"contact.email", "contact.birth_date"}))
    assert page(blind, search="canary").total == 0
    assert page(blind, search="king").total == 1
    with pytest.raises(Invalid):
        page(blind, columns=("age",))


@pytest.mark.feature("B-LST-4")
def test_counts_stop_at_their_cap_and_are_exact_when_asked(agent, make_as, monkeypatch):
    from c360.services.listing import statement

    monkeypatch.setattr(statement, "COUNTED", 3)
    for n in range(5):
        make_as(agent, "contact", family_name=f"N{n}")
    found = page(agent, end=2)
    assert (found.total, found.exact) == (3, False)
    with unit_of_work(agent, reads=True) as uow:
        assert listing.count(uow, ListQuery("contact")) == listing.Count(5, True)
    assert page(agent, end=2).total == 5
    make_as(agent, "contact", family_name="N5")
    with unit_of_work(agent, reads=True) as uow:
        assert listing.count(uow, ListQuery("contact")).total == 6


def test_a_query_survives_json(database):
    query = ListQuery("contact", ("name",), Criteria((Criterion("name", "contains", "ü%_"),)), "x", ("-name",))
    assert listing.from_json(listing.to_json(query)) == query


@pytest.mark.parametrize(
    "bad", [None, {}, {"entity": 3}, {"entity": "contact", "folder": "x"}, {"entity": "contact", "sort": [1]}]
)
def test_a_malformed_query_is_refused(bad):
    with pytest.raises(Invalid):
        listing.from_json(bad)


@pytest.mark.feature("LST-3", "LST-5")
def test_columns_tell_label_operators_and_choices_in_the_actors_language(agent, database):
    from dataclasses import replace

    with unit_of_work(agent, reads=True) as uow:
        found = {c.name: c for c in listing.columns(uow, "contact")}
    assert found["segment_id"].cell == "choice"
    assert "Key account" in [o.label for o in found["segment_id"].options]
    assert [o.key for o in found["email"].operators][:2] == ["contains", "not_contains"]
    assert found["email"].editable
    assert not found["age"].editable
    assert "custom" not in found
    assert next(iter(found)) == "name"
    with unit_of_work(replace(agent, language="de"), reads=True) as uow:
        german = {c.name: c for c in listing.columns(uow, "contact")}
    assert "Deutschland" in [o.label for o in german["country"].options]


def test_age_is_computed_and_can_be_filtered_and_sorted(agent, make_as):
    from c360.core.clock import today

    this_year = today().year
    make_as(agent, "contact", family_name="Old", birth_date=f"{this_year - 70}-01-01")
    make_as(agent, "contact", family_name="Young", birth_date=f"{this_year - 20}-01-01")
    make_as(agent, "contact", family_name="Unknown")
    assert column(agent, "age", sort=("age",)) == [20, 70, None]
    assert column(agent, "name", criteria=Criteria((Criterion("age", "more", "50"),))) == ["Old"]


@pytest.mark.parametrize(
    "words", ["müller", "MULLER", "+49 30 123456", "030 123456", "123456", "zoë mül", "@example.com"]
)
def test_search_finds_words_and_numbers_in_any_spelling(agent, make_as, words):
    make_as(agent, "contact", given_name="Zoë", family_name="Müller", email="z@example.com", phone="+49 30 123456")
    make_as(agent, "contact", family_name="Other", email="o@elsewhere.net")
    assert column(agent, "name", search=words) == ["Zoë Müller"]


@pytest.mark.parametrize("words", ["王", "伟", "王伟", "😀", "שלום", "ש"])
def test_search_finds_short_and_foreign_texts(agent, make_as, words):
    make_as(agent, "contact", family_name="王伟 😀 שלום")
    make_as(agent, "contact", family_name="Other")
    assert column(agent, "name", search=words) == ["王伟 😀 שלום"]


@pytest.mark.parametrize("words", ['"', "'", "%", "_", "\\", "a\x00b", "* OR name", "NEAR(", "{", "ab" * 200])
def test_search_takes_every_text_as_text(agent, make_as, words):
    make_as(agent, "contact", family_name="King")
    assert page(agent, search=words).total == 0
