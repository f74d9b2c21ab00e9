"""Reading files: formats, encodings, delimiters, headers, and files that mean harm."""

import csv
import io
import struct
import zipfile
import zlib
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from c360.core.errors import Invalid
from c360.services.imports import child, files, formats

NAMES = ["Zoë Müller-Ångström", "王小明", "محمد علي", "O'Brien, Jr.", "Ψυχή 🦉", "N" * 500]


@pytest.fixture
def read(tmp_path: Path):
    def reader(content: bytes, name: str = "people.csv", **options):
        path = tmp_path / "given"
        path.write_bytes(content)
        key = files.take(path)
        sheet = files.read(key, name, **options)
        return sheet, [line.cells for line in files.lines(key)]

    return reader


def table(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.feature("B-IMP-1")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(read, encoding, delimiter):
    rows = [["Name", "Comment"], *[[name, "a, b; c\nsecond line"] for name in NAMES]]
    sheet, found = read(table(rows, delimiter).encode(encoding))
    assert (sheet.names, found, sheet.delimiter) == (rows[0], rows[1:], delimiter)


@pytest.mark.feature("B-IMP-1")
@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", ["Müller", "Größe", "François", "Señor Nuñez", "Åse", "“quoted” – €"]),
        ("cp1251", ["Иванов Иван", "Петрова Мария Сергеевна", "Кузнецов Алексей", "Москва, улица Ленина"]),
    ],
)
def test_old_one_byte_encodings_are_guessed(read, encoding, names):
    rows = [["Name", "City"], *[[name, "Town"] for name in names * 5]]
    sheet, found = read(table(rows, ";").encode(encoding))
    assert (sheet.encoding, found) == (encoding, rows[1:])


def test_an_encoding_can_be_chosen(read):
    _, found = read("Name;City\nŁódź;Kraków\n".encode("cp1250"), encoding="cp1250")
    assert found == [["Łódź", "Kraków"]]


def test_headers_are_found_below_a_title_and_made_unique(read):
    sheet, found = read(b"Our customers 2026,,,\n,,,\nName,Phone,Phone,\nAda,1,2,x\n")
    assert sheet.names == ["Name", "Phone", "Phone (2)", "Column 4"]
    assert (found, sheet.header_row) == ([["Ada", "1", "2", "x"]], 3)


def test_a_file_without_headers_numbers_its_columns(read):
    sheet, found = read(b"Ada,ada@example.com,1815\nGrace,grace@example.com,1906\n")
    assert (sheet.names, len(found)) == (["Column 1", "Column 2", "Column 3"], 2)


@pytest.mark.feature("B-IMP-1", "IMP-10")
def test_a_workbook_keeps_zeros_dates_and_the_chosen_sheet(read):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "People"
    sheet.append(["Name", "Postal code", "Born", "Number", "Share"])
    sheet.append(["Zoë 王", "01067", date(1999, 12, 31), 12209, 1.5])
    book.create_sheet("Other").append(["Only here"])
    out = io.BytesIO()
    book.save(out)
    found, rows = read(out.getvalue(), "book.xlsx")
    assert rows == [["Zoë 王", "01067", "1999-12-31", "12209", "1.5"]]
    assert (found.kind, found.sheets) == ("xlsx", ("People", "Other"))
    assert read(out.getvalue(), "book.xlsx", sheet="Other")[0].names == ["Only here"]


@pytest.mark.feature("B-IMP-1")
def test_vcards_of_both_versions_become_rows(read):
    cards = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;Augusta;Dr.;\r\nFN:Dr. Ada Lovelace\r\n"
        "ORG:Analytical Engines;Maths\r\nTITLE:Programmer\r\nEMAIL;TYPE=work:ada@example.com\r\n"
        "EMAIL;TYPE=home:countess@example.org\r\nTEL;TYPE=CELL:+44 7700 900123\r\nTEL;TYPE=WORK,FAX:+44 20 1\r\n"
        "ADR;TYPE=work:;;12 St James's Sq;London;;SW1Y 4JH;United Kingdom\r\nBDAY:1815-12-10\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:4.0\r\nN:Müller-Ångström;Zoë;;;\r\nFN:Zoë Müller-Ångström\r\n"
        'TEL;VALUE=uri;TYPE="voice,home":tel:+49-30-123456\r\nNOTE:Line one\\nline two\r\nEND:VCARD\r\n'
    )
    sheet, rows = read(cards.encode(), "people.vcf")
    ada, zoe = (dict(zip(sheet.names, row, strict=True)) for row in rows)
    assert (ada["First name"], ada["Last name"], ada["E-mail 2"]) == ("Ada", "Lovelace", "countess@example.org")
    assert (ada["Mobile"], ada["Fax"], ada["City"], ada["Organisation"]) == (
        "+44 7700 900123", "+44 20 1", "London", "Analytical Engines",
    )  # fmt: skip
    assert (zoe["Last name"], zoe["Phone"], zoe["Notes"]) == ("Müller-Ångström", "+49-30-123456", "Line one\nline two")


def test_a_text_torn_by_its_own_comma_is_put_together_again():
    assert child.rejoined(["14", "Viale Dante", " 75", "Ravenna"], 3) == (["14", "Viale Dante, 75", "Ravenna"], True)
    assert child.rejoined(["14", "Viale Dante", "75", "Ravenna"], 3)[1] is False
    assert child.rejoined(["a", " b", "c"], 3)[1] is False


@pytest.mark.feature("R23")
def test_a_zip_bomb_is_refused_before_it_unpacks(read):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    with pytest.raises(Invalid) as refused:
        read(out.getvalue(), "bomb.xlsx")
    assert refused.value.fields["file"].key == "import.file.bomb"


@pytest.mark.feature("R23")
def test_a_workbook_that_lies_about_its_size_is_stopped(read, monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>" + b" " * 300_000)
    content = bytearray(out.getvalue())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    with pytest.raises(Invalid) as refused:
        read(bytes(content), "liar.xlsx")
    assert refused.value.fields["file"].key.startswith("import.file.")


@pytest.mark.feature("R23")
@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "import.file.empty"),
        (b"\xff\xfe", "import.file.empty"),
        (b"%PDF-1.7 nothing to see", "import.file.unknown"),
        (b"PK\x03\x04 broken", "import.file.broken"),
        (b'Name\n"never closed ' + b"x" * 1_200_000, "import.file.quotes"),
        (b"," * 3_000, "import.file.wide"),
        (zlib.compress(b"x" * 100) + b"\x00\x01\x02", None),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(read, content, key):
    if key is None:
        _, rows = read(content, "odd.csv")
        assert isinstance(rows, list)
        return
    with pytest.raises(Invalid) as refused:
        read(content)
    assert refused.value.fields["file"].key == key
    assert refused.value.text() != key


@pytest.mark.feature("R23")
def test_the_child_dies_at_its_limit_and_the_parent_says_so(read, monkeypatch):
    monkeypatch.setattr(files, "PATIENCE", 0.01)
    with pytest.raises(Invalid) as refused:
        read(b"Name\nAda\n")
    assert refused.value.fields["file"].key == "import.file.heavy"


def test_a_walk_goes_on_where_it_stopped(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("Name,No\n" + "".join(f"Änne {i},{i}\n" for i in range(100)), "utf-8")
    key = files.take(path)
    files.read(key, "many.csv")
    first = list(files.lines(key, most=40))
    rest = list(files.lines(key, first[-1].offset))
    assert [line.cells[1] for line in first + rest] == [str(i) for i in range(100)]
    files.discard(key)
    assert not files.folder(key).exists()


cells = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff"), max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=15))
def test_no_cell_is_mangled(tmp_path, rows):
    path = tmp_path / "any.csv"
    given_rows = [["Alpha", "Beta", "Gamma"], *rows]
    path.write_text(table(given_rows), "utf-8", newline="")
    opened = formats.open_file(path, "any.csv")
    expected = [row for row in given_rows if any(row)]
    if opened.delimiter == ",":
        assert [row for _, row in opened.rows] == expected
