"""Settings administrators keep in the app: sections, weights, the mask of codes."""

import pytest
from sqlmodel import select

from c360.core.errors import Forbidden, Invalid, Unavailable
from c360.models.communication import Communication
from c360.models.customer import Customer
from c360.models.job import Job
from c360.models.journal import ChangeRow, ChangeSet
from c360.query.criteria import Criteria, Criterion
from c360.query.expressions import expression
from c360.services import administration, bulk, code_mask, completeness, forms, history, profiles, records, settings
from c360.services.opening import open_tab
from c360.services.uow import ask, perform, unit_of_work
from tests.services.test_bulk import work


def now(actor) -> settings.AppSettings:
    with unit_of_work(actor, reads=True) as uow:
        return settings.read(uow.session)


@pytest.mark.feature("REC-13")
@pytest.mark.parametrize(
    ("mask", "number", "code"),
    [("A-####", 7, "A-0007"), ("##", 123, "123"), ("Kd. #/x", 5, "Kd. 5/x"), ("", 1, "")],
)
def test_a_mask_says_how_codes_look(mask, number, code):
    assert code_mask.written(code_mask.check(mask), number) == code


def test_the_year_stands_in_a_code():
    assert code_mask.written("{YYYY}-##", 3).endswith("-03")
    assert code_mask.written("{YYYY}-##", 3).startswith("20")


@pytest.mark.parametrize("mask", ["A", "A-#-#", "<b>##</b>", "{YY}", "#" * 41, "{year}#"])
def test_a_mask_without_one_place_for_the_number_is_refused(admin, mask):
    with pytest.raises(Invalid) as refused:
        perform(admin, administration.change, "code_mask", mask)
    assert refused.value.texts("de")["code_mask"].startswith("Die Maske")


@pytest.mark.feature("REC-13")
def test_a_new_mask_never_gives_a_code_twice(admin, make_as):
    def code(name):
        account_id = make_as(admin, "account", name=name)
        with unit_of_work(admin, reads=True) as uow:
            return uow.get("account", account_id).code

    perform(admin, administration.change, "code_mask", "A-1#")
    assert code("one") == "A-11"
    perform(admin, administration.change, "code_mask", "A-#")
    first = [code(f"Account {n}") for n in range(10)]
    assert "A-11" not in first
    assert len(set(first)) == 10
    perform(admin, administration.change, "code_mask", "")
    assert code("without") is None


@pytest.mark.feature("REC-8", "ADM-3", "ADM-4")
def test_a_section_switched_off_is_not_available(admin, agent):
    perform(admin, administration.switch, "account", "tab.locations", on=False)
    assert "locations" not in now(agent).tabs("account")
    assert "locations" in now(agent).tabs("contact")
    with unit_of_work(agent, reads=True) as uow:
        settings.require(uow, "contact", "tab.locations")
        with pytest.raises(Unavailable):
            settings.require(uow, "account", "tab.locations")
    perform(admin, administration.switch, "account", "tab.locations", on=True)
    assert "locations" in now(agent).tabs("account")
    for fixed in ("tab.general", "form.name", "form.marketing"):
        with pytest.raises(Invalid):
            perform(admin, administration.switch, "contact", fixed, on=False)


@pytest.mark.feature("ADM-3")
def test_tabs_and_sections_come_in_the_administrators_order(admin, agent):
    assert now(agent).tabs("account") == settings.TABS["account"]
    perform(admin, administration.move, "account", "tab.changes", 0)
    perform(admin, administration.move, "account", "form.size", 1)
    perform(admin, administration.switch, "account", "tab.contacts", on=False)
    rest = (tab for tab in settings.TABS["account"] if tab not in ("changes", "contacts"))
    assert now(agent).tabs("account") == ("changes", *rest)
    assert now(agent).sections("account")[:3] == ("company", "size", "reachable")
    assert now(agent).sections("contact")[0] == "name"
    with pytest.raises(Invalid):
        perform(admin, administration.move, "account", "nowhere", 0)


@pytest.mark.feature("ADM-3")
def test_components_sections_and_fields_of_a_page_follow_the_administrator(admin, agent, make_as):
    firm = make_as(agent, "account", name="Łódź GmbH")
    contact = make_as(
        agent, "contact", family_name="Öz", birth_date="1980-01-02", children="2", notes="Ruft früh an 📞",
        employer_id=str(firm), job_title="Köchin", preferred_media="phone",
    )  # fmt: skip

    def cards(tab):
        return {card.key: [f.name for f in card.facts] for card in ask(agent, open_tab, "contact", contact, tab).cards}

    def form():
        made = ask(agent, forms.describe, "contact", contact).sections
        return {section.key: [f.name for f in section.fields] for section in made}

    was = ["gender_id", "birth_date", "marital_status_id", "household_size", "children"]
    assert list(cards("summary")) == ["reach", "target", "employer", "channels", "notes"]
    assert list(cards("details"))[:3] == ["name", "work", "demographic"]
    assert form()["demographic"] == was

    perform(admin, administration.move, "contact", "card.notes", 0)
    perform(admin, administration.switch, "contact", "card.employer", on=False)
    perform(admin, administration.move, "contact", "form.demographic", 0)
    perform(admin, administration.switch, "contact", "form.work", on=False)
    perform(admin, administration.move, "contact", "field.children", 0)
    perform(admin, administration.switch, "contact", "field.marital_status_id", on=False)
    assert list(cards("summary")) == ["notes", "reach", "target", "channels"]
    now_shown = ["children", "gender_id", "birth_date", "age", "household_size"]
    assert list(cards("details"))[:2] == ["demographic", "name"]
    assert "work" not in cards("details")
    assert cards("details")["demographic"] == now_shown
    assert form()["demographic"] == [name for name in now_shown if name != "age"]
    assert list(form())[:2] == ["demographic", "name"]
    assert "work" not in form()
    # What a form no longer shows is kept, and what hides the day of birth hides the age.
    perform(agent, forms.save, "contact", contact, {"children": "3"})
    perform(admin, administration.switch, "contact", "field.birth_date", on=False)
    assert cards("details")["demographic"] == ["children", "gender_id", "household_size"]
    with unit_of_work(agent, reads=True) as uow:
        kept = uow.get("contact", contact)
        assert (kept.children, kept.job_title, kept.birth_date.year) == (3, "Köchin", 1980)
    assert now(agent).layout("account")["company"][0] == "name"

    for fixed in ("field.family_name", "field.segment_id", "form.name"):
        with pytest.raises(Invalid):
            perform(admin, administration.switch, "contact", fixed, on=False)
    for nowhere in ("field.iban", "card.nothing", "field.custom"):
        with pytest.raises(Invalid):
            perform(admin, administration.switch, "contact", nowhere, on=False)
        with pytest.raises(Invalid):
            perform(admin, administration.move, "contact", nowhere, 0)
    with pytest.raises(Forbidden):
        perform(agent, administration.switch, "contact", "card.notes", on=False)
    with pytest.raises(Forbidden):
        perform(agent, administration.move, "contact", "card.notes", 1)


@pytest.mark.feature("R13")
def test_only_administrators_change_settings(agent, database):
    with pytest.raises(Forbidden):
        perform(agent, administration.change, "currency", "USD")
    with unit_of_work(agent, reads=True) as uow:
        assert not uow.session.exec(select(ChangeSet).where(ChangeSet.action == "setting.changed")).all()


def test_a_change_of_a_setting_is_journaled_with_what_it_was(admin):
    perform(admin, administration.change, "currency", "usd")
    perform(admin, administration.change, "currency", "CHF")
    assert now(admin).currency == "CHF"
    with unit_of_work(admin, reads=True) as uow:
        last = uow.session.exec(select(ChangeRow).where(ChangeRow.entity == "setting", ChangeRow.op == "update")).one()
        assert (last.before["value"], last.after["value"]) == ({"value": "USD"}, {"value": "CHF"})
    for name, value in (("currency", "Taler"), ("country", "Atlantis"), ("nothing", 1), ("parts_off", ["x"])):
        with pytest.raises(Invalid):
            perform(admin, administration.change, name, value)


def scores(actor, key) -> dict[str, int]:
    with unit_of_work(actor, reads=True) as uow:
        spec = uow.fields(key)["completeness"]
        return dict(uow.session.execute(select(Customer.name, expression(Customer, spec))).all())


@pytest.mark.feature("REC-36", "ADM-6")
def test_completeness_is_the_same_in_sql_and_on_the_page(admin, agent, make_as):
    full = make_as(agent, "account", name="Full", email="a@b.de", phone="0511 1234", website="b.de", tax_number="7")
    bare = make_as(agent, "account", name="Bare")
    perform(agent, records.create, "address", {"role": "main", "city": "Łódź"}, customer_id=full)
    for _ in range(2):
        found = {name: ask(agent, completeness.of, "account", i) for name, i in (("Full", full), ("Bare", bare))}
        assert {name: one.score for name, one in found.items()} == scores(agent, "account")
        assert scores(agent, "account") == scores(agent, "customer")
        perform(admin, administration.change, "weights", {"account": {"email": 30, "city": 60, "industry_id": 10}})
    assert (found["Full"].score, found["Bare"].score) == (90, 0)
    assert [(m.field, m.label, m.weight) for m in found["Bare"].missing] == [
        ("city", "City", 60), ("email", "E-mail", 30), ("industry_id", "Industry", 10),
    ]  # fmt: skip
    with unit_of_work(agent, reads=True) as uow:
        test = uow.where("account", Criteria((Criterion("completeness", "at_least", "90"),)))
        assert [c.name for c in uow.session.exec(uow.select("account").where(test))] == ["Full"]


@pytest.mark.feature("REC-36", "ADM-6")
@pytest.mark.parametrize(
    ("weights", "key"),
    [
        ({"email": 99}, "setting.weights.total"),
        ({"email": 50, "city": 51}, "setting.weights.total"),
        ({"email": 120, "city": -20}, "setting.weights.whole"),
        ({"email": 99.5, "city": 0.5}, "setting.weights.whole"),
        ({"password": 100}, "setting.bad"),
        ({}, "setting.weights.total"),
    ],
)
def test_weights_total_a_hundred(admin, weights, key):
    with pytest.raises(Invalid) as refused:
        perform(admin, administration.change, "weights", {"contact": weights})
    assert refused.value.fields["weights"].key == key


@pytest.mark.feature("R12")
def test_a_missing_field_that_is_hidden_is_not_named(agent, make_as):
    account_id = make_as(agent, "account", name="Acme")
    blind = type(agent)(**{f: getattr(agent, f) for f in agent.__slots__} | {"hidden": frozenset({"account.email"})})
    assert "email" not in {m.field for m in ask(blind, completeness.of, "account", account_id).missing}


@pytest.mark.feature("ADM-6")
def test_the_base_currency_and_home_country_are_those_an_administrator_set(admin, agent, make_as):
    account = make_as(agent, "account", name="Uhren AG", phone="044 668 18 00", revenue="1200")
    assert ask(agent, profiles.compact, "account", account).header.currency == "EUR"
    perform(admin, administration.change, "currency", "CHF")
    perform(admin, administration.change, "country", "CH")
    assert ask(agent, profiles.compact, "account", account).header.currency == "CHF"
    perform(agent, records.update, "account", account, {"revenue": "1500"})
    lines = [line.new for entry in ask(agent, history.of, "account", account).entries for part in entry.parts
             for line in part.lines if line.field == "revenue"]  # fmt: skip
    assert "CHF" in lines[0]
    asked = ask(agent, forms.describe, "address")
    assert [f.value for section in asked.sections for f in section.fields if f.name == "country"] == ["CH"]
    perform(agent, records.create, "communication", {"family": "phone", "value": "044 111 22 33"}, customer_id=account)
    with unit_of_work(agent, reads=True) as uow:
        assert "+41441112233" in set(uow.session.exec(select(Communication.normalised)))


@pytest.mark.feature("REC-13")
def test_accounts_that_came_before_a_mask_get_their_codes_when_it_is_set(admin, agent, make_as):
    perform(admin, administration.change, "code_mask", "")
    ids = [make_as(agent, "account", name=f"Früh {n}") for n in range(3)]
    person = make_as(agent, "contact", family_name="Ohne")
    perform(admin, administration.change, "code_mask", "K-##")
    with unit_of_work(admin, reads=True) as uow:
        job = uow.session.exec(select(Job).where(Job.kind == "bulk.change")).one().id
    assert work(admin, job)["done"] == 3
    with unit_of_work(admin, reads=True) as uow:
        assert sorted(uow.get("account", i).code for i in ids) == ["K-01", "K-02", "K-03"]
        assert uow.get("contact", person).code is None
    perform(admin, administration.change, "code_mask", "L-##")
    with unit_of_work(admin, reads=True) as uow:
        assert len(uow.session.exec(select(Job).where(Job.kind == "bulk.change")).all()) == 1
    everything = {"mode": "all", "ids": [], "query": {}}
    with pytest.raises(Forbidden):
        perform(agent, bulk.apply, "account", everything, {"kind": "number"})
