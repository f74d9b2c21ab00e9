"""From a table of texts to records ready to compare: normalise, collapse, drop what too many share, derive."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from c360.matching.column import Column, either, nothing
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
    webs = [table.columns[name] for name in ("website", "email_domain") if name in table.columns]
    if webs:
        found["website"] = reduce(either, webs).derive(reach.web)
    found |= _streets(table)
    return {name: column for name, column in found.items() if len(column.values)}


def _streets(table: Table) -> dict[str, Column]:
    street = table.get("street")
    if street is None:
        return {}
    name, number, unit = street.parted(places.street, 3)
    found = {"street": name, "house_number": number, "unit": unit}
    if "house_number" in table.columns:
        found["house_number"] = table.columns["house_number"].derive(lambda text: "".join(text.lower().split()))
    return found


def _names(table: Table) -> dict[str, Column]:
    """Return given, middle and family names and the generation, wherever in the file they stand."""
    written, empty = (table.get("given_name"), table.get("family_name")), nothing(table.size)
    read = [one.parted(people.parts, 2) if one is not None else [empty, empty] for one in written]
    given, family = _parted(read[0][0], read[1][0], written)
    middle = table.columns["middle_name"].derive(people.name) if "middle_name" in table.columns else empty
    whole = table.get("full_name")
    if whole is not None:
        unnamed = whole.only((given.codes < 0) & (family.codes < 0))
        first, inner, last = unnamed.parted(people.full, 3)
        given, family, middle = either(given, first), either(family, last), either(middle, inner)
    found = {
        "given": given.derive(lambda name: name.partition(" ")[0]),
        "family_words": family,
        "middle": either(middle, given.derive(lambda name: name.partition(" ")[2])),
    }
    suffix = table.columns["suffix"].derive(people.generation) if "suffix" in table.columns else empty
    named = whole.derive(people.suffix) if whole is not None else empty
    found["suffix"] = reduce(either, (suffix, read[1][1], named, read[0][1]))
    return found


def _parted(given: Column, family: Column, written: Sequence[Column | None]) -> tuple[Column, Column]:
    """Where one of the two cells holds the whole name, take it apart."""
    pair = given, family
    for one, other, typed in zip(pair, reversed(pair), written, strict=True):
        alone = (other.codes < 0) & one.facts(lambda name: " " in name, False, np.bool_)
        if typed is not None and alone.any():
            first, last = typed.only(alone).parted(people.halves, 2)
            given, family = either(first, given), either(last, family)
    return given, family


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
