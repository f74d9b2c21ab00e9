"""Fields administrators added, in a merge: each kind is offered and picked like any other, or kept out of it."""

from io import BytesIO

import pytest

from c360.core.errors import Invalid
from c360.services import custom_fields, fields, files
from c360.services.merging import planning, proposing, unmerging
from c360.services.merging.shapes import Answers, Choices
from c360.services.uow import ask, perform, unit_of_work

OPTIONS = ({"label": "Fußball ⚽"}, {"label": "網球"}, {"label": "Golf"})
KINDS = {
    "text": ("Ωmega 'x'", "مرحبا"),
    "long_text": ("eins\nzwei", "three"),
    "number": ("-1,5", "2,25"),
    "integer": ("7", "9007199254740"),
    "money": ("1.234,56", "0,01"),
    "percent": ("12,5 %", "100"),
    "date": ("29.02.2024", "1899-12-31"),
    "choice": ("fu_ball", "golf"),
    "choices": ("fu_ball; golf", "option"),
    "boolean": ("ja", "nein"),
    "reference": ("", ""),
    "file": ("", ""),
    "email": ("ü@example.com", "a@example.com"),
    "phone": ("+49 511 1234", "+81 3 1234"),
    "url": ("https://example.com/ä", "https://example.org"),
}
"""The survivor's and the other's text of each kind; links are made in the test."""
UNITED = ("long_text", "choices")
"""Kinds whose values are united unless somebody picks."""


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    (tmp_path / "files").mkdir()
    monkeypatch.setattr(files.store, "folder", lambda: tmp_path / "files")


def held(actor, record_id):
    with unit_of_work(actor, reads=True) as uow:
        return dict(uow.get("contact", record_id).custom)


def field(admin, kind, label, in_merge="yes"):
    given = {"entity": "contact", "kind": kind, "label": label, "in_merge": in_merge}
    options = OPTIONS if kind in custom_fields.CHOSEN else ()
    perform(admin, custom_fields.add, given | ({"target": "account"} if kind == "reference" else {}), options)
    with unit_of_work(admin, reads=True) as uow:
        added = fields.custom(uow.session, fields.entity_for("contact"))
        return next(name for name, spec in added.items() if spec.label == label)


def pair(admin, make_as, keys):
    """Make two contacts who say something else in every field."""
    values = []
    for side in (0, 1):
        told = {key: KINDS[kind][side] for key, kind in keys.items()}
        for key, kind in keys.items():
            if kind == "reference":
                told[key] = str(make_as(admin, "account", name=f"Käse {side} GmbH"))
            elif kind == "file":
                received = files.receive(f"Ausweis {side}.txt", BytesIO(b"ID %d" % side))
                told[key] = str(perform(admin, files.keep, received, None))
        values.append(told)
    return [make_as(admin, "contact", family_name="Weiß", **told) for told in values]


@pytest.mark.feature("ADM-1", "DUP-16")
def test_a_field_of_every_kind_is_offered_in_a_merge_and_picked(admin, make_as):
    keys = {field(admin, kind, f"Größe {kind}"): kind for kind in KINDS}
    first, second = pair(admin, make_as, keys)
    before = {one: held(admin, one) for one in (first, second)}
    assert all(set(values) == set(keys) for values in before.values())
    shown = {row.name: row for row in ask(admin, proposing.propose, [first, second], first).fields}
    for key, kind in keys.items():
        assert (shown[key].label, shown[key].group, shown[key].locked) == (f"Größe {kind}", "conflict", ""), kind
        assert all(shown[key].cells), kind
        assert shown[key].pick == {"long_text": "by:append", "choices": "by:union"}.get(kind, f"of:{first}")
    assert shown[next(k for k, kind in keys.items() if kind == "file")].cells == ("Ausweis 0.txt", "Ausweis 1.txt")

    merged = perform(admin, planning.merge, [first, second], Choices(first, {key: f"of:{second}" for key in keys}))
    assert held(admin, first) == before[second]
    perform(admin, unmerging.unmerge, merged.set_id, Answers())
    assert {one: held(admin, one) for one in (first, second)} == before

    perform(admin, planning.merge, [first, second], Choices(first))
    left = held(admin, first)
    assert {key: left[key] for key, kind in keys.items() if kind not in UNITED} == {
        key: before[first][key] for key, kind in keys.items() if kind not in UNITED
    }
    united = {kind: left[key] for key, kind in keys.items() if kind in UNITED}
    assert united == {"long_text": "eins\nzwei\n\nthree", "choices": ["fu_ball", "golf", "option"]}


@pytest.mark.feature("ADM-1")
def test_a_field_kept_out_of_merges_is_not_offered_and_the_survivors_value_stays(admin, make_as):
    keys = {field(admin, kind, f"Still {kind}", in_merge="no"): kind for kind in KINDS}
    loud = field(admin, "text", "Laut")
    first, second = pair(admin, make_as, keys)
    third = make_as(admin, "contact", family_name="Weiß", **{loud: "hört man"})
    before = {one: held(admin, one) for one in (first, second, third)}
    people = [first, second, third]
    shown = {row.name for row in ask(admin, proposing.propose, people, first).fields}
    assert shown & {*keys, loud} == {loud}
    for key in keys:
        with pytest.raises(Invalid) as refused:
            perform(admin, planning.plan, people, Choices(first, {key: f"of:{second}"}))
        assert refused.value.fields[key].key == "error.unknown_field"
    plan = perform(admin, planning.plan, people, Choices(first))
    assert {result.name for result in plan.results} & {f"custom.{key}" for key in keys} == set()

    merged = perform(admin, planning.commit, people, Choices(first), plan.fingerprint)
    assert held(admin, first) == {**before[first], loud: "hört man"}
    perform(admin, unmerging.unmerge, merged.set_id, Answers())
    assert {one: held(admin, one) for one in people} == before
    # What the survivor never said stays unsaid, whatever the others hold.
    perform(admin, planning.merge, [third, first, second], Choices(third))
    assert held(admin, third) == before[third]
