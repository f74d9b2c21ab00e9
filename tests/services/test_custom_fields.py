"""Fields an administrator adds: at once in form, list, filter, sort, history, whatever their kind."""

from uuid import UUID

import pytest
from sqlmodel import select

from c360.api import lists
from c360.core.errors import Conflict, Forbidden, Invalid
from c360.models.customer import Customer
from c360.models.journal import ChangeRow
from c360.query.criteria import Criteria, Criterion
from c360.services import administration, completeness, custom_fields, exports, forms, history, listing, records
from c360.services.imports import targets
from c360.services.listing import ListQuery
from c360.services.uow import ask, perform, unit_of_work

CHOICES = ({"label": "Fußball ⚽", "color": "grass"}, {"label": "Tennis"}, {"label": "網球"})
KINDS = {
    "text": ("Ωmega; 'x' \"y\" %_", "Ωmega; 'x' \"y\" %_", "contains", "'X' \"Y\" %_"),
    "long_text": ("line one\nline two", "line one\nline two", "contains", "LINE TWO"),
    "number": ("-1,5", -1.5, "between", ("-2", "-1")),
    "integer": ("9007199254740", 9007199254740, "at_least", "9007199254739"),
    "money": ("1.234.567.890,12", 123456789012, "more", "1234567890.11"),
    "percent": ("12,5 %", 12.5, "equals", "12.5"),
    "date": ("29.02.2024", "2024-02-29", "between_dates", ("2024-02-01", "2024-02-29")),
    "choice": ("fu_ball", "fu_ball", "is_any_of", ("fu_ball", "tennis")),
    "choices": ("tennis; option", ["tennis", "option"], "has_all_of", ("option", "tennis")),
    "boolean": ("ja", True, "is_yes", ""),
    "reference": ("", "", "is", ""),
    "email": (" Ü@Example.com", "ü@example.com", "ends_with", "EXAMPLE.COM"),
    "phone": ("+49 (511) 12 34", "+49 (511) 12 34", "starts_with", "+49"),
    "url": ("example.com/ä?b=1", "https://example.com/ä?b=1", "contains", "example"),
}


def add(admin, kind="text", label="Lieblingssport", entity="contact", choices=(), **values) -> UUID:
    given = {"entity": entity, "kind": kind, "label": label, "privacy": "personal"}
    switches = {f"in_{place}": "yes" for place in ("list", "form", "import", "merge", "history")}
    return perform(admin, custom_fields.add, {**given, **switches, **values}, choices)


def key_of(admin, field_id, entity="contact") -> str:
    return next(one.row["key"] for one in ask(admin, custom_fields.listed, entity) if one.id == field_id)


def stored(actor, record_id) -> dict:
    with unit_of_work(actor, reads=True) as uow:
        return uow.get("customer", record_id).custom


@pytest.mark.feature("ADM-1", "REC-26", "REC-41")
@pytest.mark.parametrize("kind", KINDS)
def test_a_field_of_every_kind_works_everywhere_at_once(admin, agent, make_as, kind):
    text, value, op, wanted = KINDS[kind]
    friend = make_as(agent, "contact", family_name="Friend")
    if kind == "reference":
        text = value = wanted = str(friend)
    field_id = add(admin, kind, "Größe & Spaß", choices=CHOICES if kind.startswith("choice") else (),
                   **({"target": "contact"} if kind == "reference" else {}))  # fmt: skip
    key = key_of(admin, field_id)
    assert key == "x_gro_e_spa"

    form = ask(agent, forms.describe, "contact")
    shown = {field.name: field for section in form.sections for field in section.fields}[key]
    assert (shown.label, shown.locked) == ("Größe & Spaß", False)
    if kind.startswith("choice"):
        assert [(o.label, o.color) for o in shown.options] == [
            ("Fußball ⚽", "grass"), ("Tennis", "gray"), ("網球", "gray"),
        ]  # fmt: skip

    holder = make_as(agent, "contact", family_name="Holder", **{key: text})
    make_as(agent, "contact", family_name="Empty")
    assert stored(agent, holder)[key] == value

    columns = {column.name: column for column in ask(agent, listing.columns, "contact")}
    assert (columns[key].label, columns[key].custom, columns[key].listed) == ("Größe & Spaß", True, True)
    assert op in {operator.key for operator in columns[key].operators}

    for entity in ("contact", "customer"):
        for test, expected in (
            ((op, wanted), {"Holder"}),
            (("is_no" if kind == "boolean" else "is_empty", ""), {"Friend", "Empty"}),
        ):
            query = ListQuery(entity, columns=("name", key), criteria=Criteria((Criterion(key, *test),)))
            page = ask(agent, listing.rows, query, 0, 10)
            assert {row[1] for row in page.rows} == expected, test
    if columns[key].sortable:
        query = ListQuery("contact", columns=("name", key), sort=(f"-{key}", "name"))
        assert [row[1] for row in ask(agent, listing.rows, query, 0, 10).rows] == ["Holder", "Empty", "Friend"]

    perform(agent, records.update, "contact", holder, {key: ""}, 1)
    assert key not in stored(agent, holder) or stored(agent, holder)[key] in ([], None)
    with unit_of_work(agent, reads=True) as uow:
        row = uow.session.exec(select(ChangeRow).where(ChangeRow.record_id == holder, ChangeRow.op == "update")).one()
        assert row.before == {f"custom.{key}": value}

    again = perform(agent, records.update, "contact", holder, {key: text})
    assert again is None
    form = ask(agent, forms.describe, "contact", holder)
    shown = {field.name: field for section in form.sections for field in section.fields}[key]
    perform(agent, records.update, "contact", holder, {key: shown.texts or shown.value})
    assert stored(agent, holder)[key] == value


@pytest.mark.feature("ADM-1")
@pytest.mark.parametrize(
    ("kind", "bad", "error"),
    [
        ("number", "many", "kind.number.bad"),
        ("date", "31.02.2024", "kind.date.bad"),
        ("email", "nobody", "kind.email.bad"),
        ("choice", "golf", "error.option"),
        ("reference", "01a20268-8c56-72cc-ac84-68ad50a9608c", "error.reference"),
        ("text", "x" * 501, "error.long"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_beside_its_field(admin, agent, make_as, kind, bad, error):
    choices = CHOICES if kind == "choice" else ()
    key = key_of(admin, add(admin, kind, choices=choices, **({"target": "account"} if kind == "reference" else {})))
    with pytest.raises(Invalid) as refused:
        make_as(agent, "contact", family_name="King", **{key: bad})
    assert refused.value.fields[key].key == error


def test_keys_are_safe_lasting_and_never_given_twice(admin):
    keys = [
        key_of(admin, add(admin, label=label)) for label in ("電話", "電話 2", "name", "a.b; DROP TABLE", "L" * 200)
    ]
    assert keys == ["x_field", "x_2", "x_name", "x_a_b_drop_table", "x_" + "l" * 50]
    first = add(admin, label="Hobby")
    perform(admin, custom_fields.retire, first)
    second = add(admin, label="Hobby")
    other = add(admin, label="Hobby", entity="account")
    assert [key_of(admin, second), key_of(admin, other, "account")] == ["x_hobby_2", "x_hobby_3"]
    perform(admin, custom_fields.change, second, {"label": "Pastime"})
    assert key_of(admin, second) == "x_hobby_2"
    with pytest.raises(Invalid):
        add(admin, label="PASTIME")


@pytest.mark.feature("REC-26")
def test_a_field_is_of_its_entity_alone(admin, agent, make_as):
    key = key_of(admin, add(admin, label="Loyalty number"))
    with pytest.raises(Invalid):
        make_as(agent, "account", name="Acme", **{key: "1"})
    make_as(agent, "contact", family_name="King", **{key: "1"})


def test_a_kind_in_use_stays_and_an_unused_one_changes(admin, agent, make_as):
    field_id = add(admin, "integer")
    perform(admin, custom_fields.change, field_id, {"kind": "text"})
    key = key_of(admin, field_id)
    contact = make_as(agent, "contact", family_name="King", **{key: "seven"})
    with pytest.raises(Invalid) as refused:
        perform(admin, custom_fields.change, field_id, {"kind": "integer"})
    assert refused.value.texts()["kind"] == "The kind stays: 1 record holds a value."
    perform(agent, records.update, "contact", contact, {key: ""})
    perform(admin, custom_fields.change, field_id, {"kind": "boolean"})


def test_an_option_in_use_stays_and_keeps_its_key_when_renamed(admin, agent, make_as):
    for kind, value in (("choice", "tennis"), ("choices", "tennis; fu_ball")):
        field_id = add(admin, kind, f"Sport {kind}", choices=CHOICES)
        key = key_of(admin, field_id)
        make_as(agent, "contact", family_name="King", **{key: value})
        renamed = [
            {"key": "tennis", "label": "Lawn tennis", "color": "teal"},
            {"label": "Golf"},
            {"key": "fu_ball", "label": "F"},
        ]
        perform(admin, custom_fields.change, field_id, {}, renamed)
        page = ask(agent, listing.rows, ListQuery("contact", columns=(key,), sort=("-created_at",)), 0, 1)
        cell = page.rows[0][1]
        assert (cell[0] if isinstance(cell, list) else cell) == {
            "id": "tennis",
            "label": "Lawn tennis",
            "color": "teal",
        }
        with pytest.raises(Conflict) as refused:
            perform(admin, custom_fields.change, field_id, {}, renamed[1:])
        assert "1 record holds it" in refused.value.text()
    with pytest.raises(Invalid):
        add(admin, "choice", "Nothing", choices=[{"label": " "}])
    with pytest.raises(Invalid):
        add(admin, "choice", "Twins", choices=[{"label": "A"}, {"label": "ä"}, {"label": "a"}])


@pytest.mark.feature("ADM-1")
def test_a_default_fills_new_records_and_only_those(admin, agent, make_as):
    before = make_as(agent, "contact", family_name="Before")
    field_id = add(admin, "choice", choices=CHOICES, default="Fußball ⚽")
    key = key_of(admin, field_id)
    after = make_as(agent, "contact", family_name="After")
    said = make_as(agent, "contact", family_name="Said", **{key: "tennis"})
    assert [stored(agent, i).get(key) for i in (before, after, said)] == [None, "fu_ball", "tennis"]
    with pytest.raises(Invalid):
        add(admin, "integer", "Count", default="many")


@pytest.mark.feature("BEY-5")
def test_a_unique_field_names_who_has_the_value(admin, agent, stranger, make_as):
    field_id = add(admin, "integer", "Number", is_unique="yes")
    key = key_of(admin, field_id)
    first = make_as(agent, "contact", family_name="Erste", **{key: "7"})
    with pytest.raises(Invalid) as refused:
        make_as(agent, "contact", family_name="Second", **{key: "7"})
    assert refused.value.texts()[key] == "Erste has this value already."
    assert refused.value.links() == {key: f"/contact/{first}"}
    with pytest.raises(Invalid) as refused:
        make_as(stranger, "contact", family_name="Second", **{key: "7"})
    assert refused.value.texts()[key] == "This value is already taken."
    assert refused.value.links() == {}
    perform(agent, records.archive, "contact", first)
    make_as(agent, "contact", family_name="Third", **{key: "7"})

    loose = add(admin, "text", "Loose")
    for name in ("A", "B"):
        make_as(agent, "contact", family_name=name, **{key_of(admin, loose): "same"})
    with pytest.raises(Invalid) as refused:
        perform(admin, custom_fields.change, loose, {"is_unique": "yes"})
    assert refused.value.fields["is_unique"].key == "custom_field.unique.twins"


@pytest.mark.feature("ADM-1")
@pytest.mark.parametrize("kind", ["text", "choice", "file"])
def test_switches_keep_a_field_out_of_lists_forms_files_and_histories(admin, agent, make_as, tmp_path, kind):
    choices = CHOICES if kind == "choice" else ()
    off = {f"in_{place}": "no" for place in ("list", "form", "import", "history")}
    quiet = key_of(admin, add(admin, kind, "Quiet", choices=choices, **off))
    loud = key_of(admin, add(admin, kind, "Loud", choices=choices))

    form = ask(agent, forms.describe, "contact")
    assert {quiet, loud} & {field.name for section in form.sections for field in section.fields} == {loud}
    columns = {column.name: column for column in ask(agent, listing.columns, "contact")}
    assert (columns[quiet].listed, columns[quiet].editable) == (False, False)
    assert (columns[loud].listed, columns[loud].editable) == (True, True)
    for entity in ("contact", "customer"):
        shown = {column["name"] for column in ask(agent, lists.described, entity)["columns"]}
        assert {quiet, loud} & shown == {loud}
    people = next(one for one in ask(agent, lists.described, "account")["related"] if one["via"] == "employer_id")
    assert {quiet, loud} & {column["name"] for column in people["columns"]} == {loud}

    with unit_of_work(agent, reads=True) as uow:
        assert uow.fields("contact")[quiet].off == {"list", "form", "import", "history"}
        assert {quiet, loud} & targets.targets(uow, "contact").keys() == ({loud} if kind != "file" else set())
    assert {quiet, loud} & {column.name for column in ask(agent, listing.exportable, "contact")} == {loud}
    make_as(agent, "contact", family_name="King")
    for name, refused in ((loud, False), (quiet, True)):
        query = ListQuery("contact", columns=("name", name))
        if refused:
            with pytest.raises(Invalid):
                exports.write(agent, query, "csv", tmp_path / "out.csv")
        else:
            assert exports.write(agent, query, "csv", tmp_path / "out.csv") == 1
    assert quiet not in ask(agent, exports.whole, "contact")["columns"]

    if kind != "file":
        contact = make_as(agent, "contact", family_name="King", **{quiet: "tennis", loud: "tennis"})
        entries = ask(agent, history.of, "contact", contact).entries
        told = {line.label for entry in entries for part in entry.parts for line in part.lines}
        assert {"Quiet", "Loud"} & told == {"Loud"}


def test_a_required_field_is_asked_for(admin, agent, make_as):
    key = key_of(admin, add(admin, label="Pflicht", required="yes"))
    with pytest.raises(Invalid) as refused:
        make_as(agent, "contact", family_name="King")
    assert refused.value.texts("de")[key]
    make_as(agent, "contact", family_name="King", **{key: "x"})


def test_a_retired_field_is_gone_and_comes_back_with_its_values(admin, agent, make_as):
    field_id = add(admin)
    key = key_of(admin, field_id)
    contact = make_as(agent, "contact", family_name="King", **{key: "Segeln"})
    perform(admin, custom_fields.retire, field_id)
    with unit_of_work(agent, reads=True) as uow:
        assert key not in uow.fields("contact")
    with pytest.raises(Invalid):
        perform(agent, records.update, "contact", contact, {key: "Golf"})
    assert [one.retired for one in ask(admin, custom_fields.listed, "contact")] == [True]
    perform(admin, custom_fields.bring_back, field_id)
    page = ask(agent, listing.rows, ListQuery("contact", columns=(key,)), 0, 1)
    assert page.rows[0][1] == "Segeln"


@pytest.mark.feature("REC-36", "ADM-6")
def test_a_custom_field_counts_towards_completeness(admin, agent, make_as):
    key = key_of(admin, add(admin))
    perform(admin, administration.change, "weights", {"contact": {key: 60, "email": 40}})
    contact = make_as(agent, "contact", family_name="King", **{key: "Segeln"})
    found = ask(agent, completeness.of, "contact", contact)
    assert (found.score, [m.field for m in found.missing]) == (60, ["email"])
    query = ListQuery("customer", columns=("name", "completeness"), sort=("-completeness",))
    assert ask(agent, listing.rows, query, 0, 5).rows[0][2] == 60


@pytest.mark.feature("R13", "SEC-3")
def test_only_administrators_add_fields_and_roles_can_hide_them(admin, agent, make_as):
    with pytest.raises(Forbidden):
        add(agent)
    key = key_of(admin, add(admin))
    make_as(agent, "contact", family_name="King", **{key: "canary"})
    blind = type(agent)(**{f: getattr(agent, f) for f in agent.__slots__} | {"hidden": frozenset({f"contact.{key}"})})
    assert key not in {column.name for column in ask(blind, listing.columns, "contact")}
    with pytest.raises(Invalid):
        ask(blind, listing.rows, ListQuery("contact", columns=(key,)), 0, 1)
    with unit_of_work(admin, reads=True) as uow:
        assert uow.session.exec(select(Customer)).one().custom == {key: "canary"}


def test_fields_move(admin):
    ids = [add(admin, label=label) for label in ("A", "B", "C")]
    perform(admin, custom_fields.move, ids[2], 0)
    assert [one.row["label"] for one in ask(admin, custom_fields.listed, "contact")] == ["C", "A", "B"]


def test_two_filters_on_options_asked_one_after_the_other_do_not_answer_alike(admin, agent, make_as):
    key = key_of(admin, add(admin, "choices", choices=CHOICES))
    for name, value in (("Ball", "fu_ball"), ("Racket", "tennis"), ("Both", "tennis; fu_ball")):
        make_as(agent, "contact", family_name=name, **{key: value})
    answers = {"option": set(), "tennis": {"Racket", "Both"}, "fu_ball": {"Ball", "Both"}}
    for value, names in answers.items():
        for op, expected in (("has_any_of", names), ("has_none_of", {"Ball", "Racket", "Both"} - names)):
            query = ListQuery("contact", columns=("name",), criteria=Criteria((Criterion(key, op, value),)))
            assert {row[1] for row in ask(agent, listing.rows, query, 0, 9).rows} == expected
