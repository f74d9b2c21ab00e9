"""From a table of texts to records ready to compare: normalise, collapse, drop what too many share, derive."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from c360.matching.column import Column, encoded
from c360.matching.derive import derive_people, derive_places, derive_reach
from c360.matching.derive_organisations import derive_organisations
from c360.matching.normalise import codes, days, organisations, people, places, reach
from c360.matching.records import Collapsed, Records, Times, collapse
from c360.matching.table import FIELDS, Table

SHARED = {"email": 30.0, "phone": 40.0, "fax": 60.0, "birth_date": 60.0}
"""More records than this with one value, and it says nothing of anybody: a switchboard, a family of mailboxes."""
BIRTHDAYS = 0.004
"""So large a part of all may be born on one day before the day is taken for a placeholder."""
PLAIN = {
    "birth_date": days.day, "gender": codes.gender, "email": reach.email, "phone": reach.phone, "fax": reach.phone,
    "postal_code": places.postal_code, "city": places.city, "region": places.region,
    "identity_number": codes.code, "tax_number": codes.code, "registration_number": codes.code,
    "birth_place": places.city, "occupation": places.city, "employer": organisations.organisation,
    "name": organisations.organisation, "address_extra": lambda text: places.street(text).name,
}  # fmt: skip
"""Columns that become one column of the same name."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """Records to compare, the rows each stands for, and values that were not counted because many share them."""

    records: Records
    collapsed: Collapsed
    shared: tuple[tuple[str, str, int], ...]


def prepare(table: Table, entity: str, sides: NDArray[np.uint64] | None = None) -> Prepared:
    """Return a table's records ready to compare, equal rows as one unless their ``sides`` differ."""
    records, collapsed = collapse(Records(table.size, _normalised(table, entity)), sides)
    return Prepared(records, collapsed, tuple(_derived(records, entity)))


def prepare_few(table: Table, entity: str, known: Times | None) -> Records:
    """Return a few rows ready to compare, each a record of its own; ``known`` is how common values are beyond them."""
    records = Records(table.size, _normalised(table, entity), known=known)
    _derived(records, entity)
    return records


def _derived(records: Records, entity: str) -> list[tuple[str, str, int]]:
    """Add what follows from the columns; return the values that were dropped before, as too many share them."""
    shared = _drop_shared(records)
    if entity == "contact":
        derive_people(records)
    else:
        derive_organisations(records)
    derive_reach(records)
    derive_places(records)
    return shared


def _normalised(whole: Table, entity: str) -> dict[str, Column]:
    table = Table(whole.size, {name: column for name, column in whole.columns.items() if name in FIELDS[entity]})
    found = {name: table.columns[name].derive(change) for name, change in PLAIN.items() if name in table.columns}
    if entity == "contact":
        found |= _names(table)
    elif "name" in found:
        found["legal_form"] = table.columns["name"].derive(organisations.legal_form)
    web = _either(table.get("website"), table.get("email_domain"))
    if web is not None:
        found["website"] = web.derive(reach.web)
    found |= _streets(table)
    return {name: column for name, column in found.items() if len(column.values)}


def _either(first: Column | None, second: Column | None) -> Column | None:
    """Return the first column, filled from the second where it has nothing."""
    if first is None or second is None:
        return first or second
    a, b = first.padded[first.codes], second.padded[second.codes]
    return encoded(one if one is not None else other for one, other in zip(a, b, strict=True))


def _streets(table: Table) -> dict[str, Column]:
    street = table.get("street")
    if street is None:
        return {}
    lines = [places.street(value) for value in street.values]
    found = {
        "street": street.replaced(line.name for line in lines),
        "house_number": street.replaced(line.number for line in lines),
        "unit": street.replaced(line.unit for line in lines),
    }
    number = table.get("house_number")
    if number is not None:
        found["house_number"] = number.derive(lambda text: "".join(text.lower().split()))
    return found


def _names(table: Table) -> dict[str, Column]:
    """Return given, middle and family names and the generation, wherever in the file they stand."""
    given, family, whole = table.get("given_name"), table.get("family_name"), table.get("full_name")
    found: dict[str, list[str | None]] = {}
    if given is not None or family is not None:
        found["given"] = _rows(given, table.size, people.name)
        found["family"] = _rows(family, table.size, people.name)
        _part_whole(found, _rows(given, table.size, str), _rows(family, table.size, str))
    if whole is not None:
        _fill_whole(found, whole, table.size)
    middle = table.get("middle_name")
    first = found.get("given", [])
    rest = [name.partition(" ")[2] or None if name else None for name in first]
    inner = _rows(middle, table.size, people.name) if middle is not None else [None] * len(first)
    kept = found.get("middle", [None] * len(first))
    columns = {
        "given": encoded(name.partition(" ")[0] if name else None for name in first),
        "family_words": encoded(found.get("family", [])),
        "middle": encoded(a or b or c for a, b, c in zip(inner, kept, rest, strict=True)),
        "suffix": _suffix(table),
    }
    return {name: column for name, column in columns.items() if column is not None}


def _rows(column: Column | None, size: int, change: Callable[[str], str | None]) -> list[str | None]:
    if column is None:
        return [None] * size
    texts = [change(value) or None for value in column.values]
    texts.append(None)
    return [texts[code] for code in column.codes.tolist()]


def _part_whole(found: dict[str, list[str | None]], raw_given: list[str | None], raw_family: list[str | None]) -> None:
    """Where one of the two cells holds the whole name, take it apart."""
    given, family = found["given"], found["family"]
    for row, (one, other) in enumerate(zip(given, family, strict=True)):
        alone = one or other
        if (one is None) != (other is None) and alone and " " in alone:
            given[row], family[row] = people.halves(raw_family[row] or raw_given[row] or alone)


def _fill_whole(found: dict[str, list[str | None]], whole: Column, size: int) -> None:
    """Use the column of whole names for rows that have none in parts."""
    parts = [people.full(value) for value in whole.values]
    given = found.setdefault("given", [None] * size)
    family = found.setdefault("family", [None] * size)
    middle = found.setdefault("middle", [None] * size)
    for row, code in enumerate(whole.codes.tolist()):
        if code >= 0 and not given[row] and not family[row]:
            given[row], middle[row], family[row] = (part or None for part in parts[code])


def _suffix(table: Table) -> Column | None:
    sources = [
        table.columns[name].derive(people.generation if name == "suffix" else people.suffix)
        for name in ("suffix", "family_name", "full_name", "given_name")
        if name in table.columns
    ]
    merged: Column | None = None
    for source in sources:
        merged = _either(merged, source) if merged is not None else source
    return merged


def _drop_shared(records: Records) -> list[tuple[str, str, int]]:
    shared: list[tuple[str, str, int]] = []
    for name, most in SHARED.items():
        if name not in records:
            continue
        column = records[name]
        times, total = records.times(name)
        size = records.size if records.known is None else total
        most = max(most, BIRTHDAYS * size) if name == "birth_date" else most
        common = times > most
        for place in common.nonzero()[0].tolist():
            shared.append((name, str(column.values[place]), int(times[place])))
        records.columns[name] = column.without(common)
    return sorted(shared, key=lambda one: (-one[2], one[0], one[1]))
