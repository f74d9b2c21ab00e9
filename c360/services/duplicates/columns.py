"""What the columns of a file mean to the duplicate engine: guessed as an import guesses, or said by a person."""

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import islice, zip_longest
from pathlib import Path

from c360.core.errors import Invalid
from c360.matching.column import Column as Encoded
from c360.matching.column import Encoder
from c360.matching.normalise.people import TITLES
from c360.matching.normalise.text import words
from c360.matching.table import FIELDS, Table
from c360.services.duplicates import csv_columns
from c360.services.imports import files, formats, guess
from c360.services.imports.child import titles
from c360.services.imports.target import Target

PERSON = {
    "full_name": "full_name", "given_name": "given_name", "middle_name": "middle_name", "family_name": "family_name",
    "name_suffix": "suffix", "birth_date": "birth_date", "gender_id": "gender", "email": "email", "phone": "phone",
    "reach.mobile": "phone", "address.main.street": "street", "address.main.number": "house_number",
    "address.main.extra": "address_extra", "address.main.postal_code": "postal_code", "address.main.city": "city",
    "address.main.region": "region", "identity_number": "identity_number", "tax_number": "identity_number",
    "birth_place": "birth_place", "job_title": "occupation", "employer_id": "employer",
}  # fmt: skip
ORGANISATION = {
    "name": "name", "tax_number": "tax_number", "registration_number": "registration_number", "website": "website",
    "email_domain": "email_domain", "email": "email", "phone": "phone", "reach.fax": "fax",
    "address.main.street": "street", "address.main.number": "house_number",
    "address.main.postal_code": "postal_code", "address.main.city": "city",
}  # fmt: skip
TARGETS: dict[str, dict[str, str]] = {"contact": PERSON, "account": ORGANISATION}
"""Places an import knows, and the field of the engine each is."""
NAMES = ("full_name", "given_name", "middle_name", "family_name", "name")
LOOKED_AT, SAMPLES, PIECE = 2_000, 200, 20_000
NOTHING = frozenset(("nan", "NaN", "NULL", "null", "None", "\\N", "(null)", "#N/A", "N/A", "n/a", "<NA>", "NaT", "?"))
"""What programs and people write for no value, in exactly this form."""
OFTEN = 0.01


def read(path: Path, entity: str, id_column: str, said: Mapping[str, str]) -> tuple[Table, list[str], dict[str, str]]:
    """Read a file and return its table, the id of each row and the column each field was taken from."""
    try:
        opened = formats.open_file(path, path.name)
        rows = iter(opened.rows)
        number, cells = next(rows, (0, []))
        header = titles(cells)
        head = [row for _, row in islice(rows, LOOKED_AT)]
        places_of = _chosen(header, head, entity, id_column, said)
        wanted = [header.index(id_column), *places_of.values()]
        try:
            if number != 1:
                raise csv_columns.Unlike
            ids, found = csv_columns.read(path, opened, len(cells), wanted)
        except csv_columns.Unlike:
            ids, found = _by_row(head, (row for _, row in rows), wanted)
    except formats.BadFile as error:
        raise Invalid.field("file", error.key, **error.params) from error
    columns = _without_nothing(dict(zip(places_of, found, strict=True)))
    filled = {name: column for name, column in columns.items() if len(column.values)}
    return Table(len(ids), filled), ids, {name: header[place] for name, place in places_of.items()}


def _by_row(head: list[list[str]], rows: Iterator[list[str]], wanted: Sequence[int]) -> tuple[list[str], list[Encoded]]:
    """Return the ids and the wanted columns of rows."""
    ids, encoders = [], [Encoder() for _ in wanted[1:]]
    # Cut or filled to one width: a single row of a thousand cells would make a thousand columns of all.
    width = max(wanted) + 1
    while head:
        columns = list(zip_longest(*(row[:width] for row in head), [""] * width, fillvalue=""))
        ids += columns[wanted[0]][:-1]
        for encoder, place in zip(encoders, wanted[1:], strict=True):
            encoder.add(columns[place][:-1])
        head = list(islice(rows, PIECE))
    return ids, [encoder.column() for encoder in encoders]


def _chosen(
    header: list[str], head: list[list[str]], entity: str, id_column: str, said: Mapping[str, str]
) -> dict[str, int]:
    """Return the place of the column of each field: those a person named, then those that were guessed."""
    for column in (id_column, *said.values()):
        if column not in header:
            raise Invalid.field("columns", "duplicate.column.unknown", column=column, columns=", ".join(header))
    for name in said:
        if name not in FIELDS[entity]:
            raise Invalid.field("columns", "duplicate.field.unknown", field_name=name, fields=", ".join(FIELDS[entity]))
    found = {name: header.index(column) for name, column in said.items()}
    taken = {header.index(id_column), *found.values()}
    rest = [place for place in range(len(header)) if place not in taken]
    for name, place in guessed(header, head, entity, rest).items():
        found.setdefault(name, place)
    return {name: found[name] for name in FIELDS[entity] if name in found}


def guessed(header: Sequence[str], head: Sequence[Sequence[str]], entity: str, rest: Sequence[int]) -> dict[str, int]:
    """Return the places of the fields that headers and contents tell."""
    columns = [_column(header[place], head, place) for place in rest]
    rest = [place for place, column in zip(rest, columns, strict=True) if not _is_courtesy(column)]
    columns = [column for column in columns if not _is_courtesy(column)]
    known = {key: Target(key, key.rpartition(".")[2].replace("_", " "), "fields") for key in TARGETS[entity]}
    sheet = files.Sheet("csv", tuple(columns), len(head))
    found: dict[str, int] = {}
    for place, column in zip(rest, guess.guess(entity, sheet, known).columns, strict=True):
        if column.target:
            found.setdefault(TARGETS[entity][column.target], place)
    return found


def _column(name: str, head: Sequence[Sequence[str]], place: int) -> files.Column:
    values = [row[place].strip() for row in head if place < len(row)]
    full = [value for value in values if value and value not in NOTHING]
    return files.Column(name, len(full), tuple(dict.fromkeys(full))[:SAMPLES])


def _is_courtesy(column: files.Column) -> bool:
    """Tell a column of "Mr" and "Frau", which a header like "title" does not tell from a column of professions."""
    return bool(column.samples) and all(not TITLES.isdisjoint(words(sample)) for sample in column.samples)


def _without_nothing(columns: Mapping[str, Encoded]) -> dict[str, Encoded]:
    """Take words for nothing out; in a column of names only those the file uses throughout, for Null is a name."""
    texts = {name: column.values.tolist() for name, column in columns.items()}
    marks = {
        value
        for name, column in columns.items()
        for value in NOTHING.intersection(texts[name])
        if (times := column.counts[texts[name].index(value)]) >= 2
        and (name not in NAMES or times >= OFTEN * len(column.codes))
    }
    return {
        name: _cleaned(column, texts[name], marks if name in NAMES else NOTHING) for name, column in columns.items()
    }


def _cleaned(column: Encoded, texts: list[str], nothing: Set[str]) -> Encoded:
    stripped = list(map(str.strip, texts))
    if stripped == texts and nothing.isdisjoint(texts):
        return column
    return column.replaced(None if text in nothing else text for text in stripped)
