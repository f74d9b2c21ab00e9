"""A large CSV file is read by Arrow as it would be read row by row, or not by Arrow at all."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from c360.core.errors import Invalid
from c360.services.duplicates import columns, csv_columns
from c360.services.imports import formats

CELLS = st.sampled_from((
    "", "", "Ada", "Żółć", "日本", "مريم", "🦊", " x ", "null", "n/a", "NaN", '"a,b"', '"a""b"', '"a\nb"', '"a\r\nb"',
    'a"b', '"a"b', '"', "a;b", "\t", "x" * 500,
))  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=5).map(",".join), max_size=8)
ENDS = st.sampled_from(("\n", "\r\n", "\r"))


def read(path, monkeypatch, least):
    """Return the cells of a file by column or why it is refused, and whether Arrow read it."""
    asked = []

    def kept(*told):
        found = real(*told)
        asked.append(True)
        return found

    real = csv_columns.read
    with monkeypatch.context() as patch:
        patch.setattr(csv_columns, "LEAST", least)
        patch.setattr(csv_columns, "read", kept)
        try:
            table, ids, used = columns.read(path, "contact", "id", {"given_name": "first", "email": "mail"})
        except Invalid as refused:
            return refused.texts(), False
    cells = {name: column.padded[column.codes].tolist() for name, column in table.columns.items()}
    return (ids, cells, used), bool(asked)


def both(path, monkeypatch):
    quick, by_arrow = read(path, monkeypatch, 0)
    slow, _ = read(path, monkeypatch, 1 << 60)
    assert quick == slow
    return by_arrow


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, end=ENDS, bom=st.booleans(), lead=st.sampled_from(("", "", "\n", ",,\n")))
def test_both_ways_read_the_same(rows, end, bom, lead, tmp_path, monkeypatch):
    file = tmp_path / "people.csv"
    text = lead + end.join(("id,first,mail,other", *rows))
    file.write_bytes(text.encode("utf-8-sig" if bom else "utf-8"))
    both(file, monkeypatch)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_tidy_file_is_read_by_arrow_in_blocks(delimiter, tmp_path, monkeypatch):
    chance = random.Random(3)
    names = ("Ada", "Jürgen", "null", "", " Li ", "日本", '"Last, First"', "x" * 500)
    rows = [delimiter.join((str(n), chance.choice(names), f"{n % 7}@x.example", "")) for n in range(3_000)]
    file = tmp_path / "people.csv"
    file.write_text("\n".join((delimiter.join(("id", "first", "mail", "other")), *rows)), encoding="utf-8")
    monkeypatch.setattr(csv_columns, "BLOCK", 10_000)
    assert both(file, monkeypatch)


@pytest.mark.parametrize(
    "text",
    [
        "sep=,\nid,first,mail\n1,Ada,a@x.example\n", "id,first,mail\n1,A\x00da,a@x.example\n", "id,first,mail\n1,Ada\n",
        "id,first,mail\n1,Ada,a@x.example\n,,\n2,Bo,b@x.example\n", 'id,first,mail\n1,"Ada,a@x.example\n',
        "\nid,first,mail\n1,Ada,a@x.example\n", "id,first,mail\n1,Ada,a@x.example,more\n",
        "id,first,mail\n1,\udcc4da,x\n",
    ],
)  # fmt: skip
def test_what_arrow_would_read_otherwise_is_read_row_by_row(text, tmp_path, monkeypatch):
    file = tmp_path / "people.csv"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert not both(file, monkeypatch)


def test_an_id_that_is_a_field_too_is_read_row_by_row(tmp_path, monkeypatch):
    file = tmp_path / "people.csv"
    file.write_text("mail,first\na@x.example,Ada\nb@x.example,Bo\n", encoding="utf-8")
    monkeypatch.setattr(csv_columns, "LEAST", 0)
    table, ids, _ = columns.read(file, "contact", "mail", {"email": "mail"})
    assert ids == table.columns["email"].texts([0, 1]) == ["a@x.example", "b@x.example"]


def test_a_small_file_does_not_load_arrow(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("id,first\n1,Ada\n", encoding="utf-8")
    with pytest.raises(csv_columns.Unlike):
        csv_columns.read(file, formats.open_file(file, file.name), 2, [0, 1])
