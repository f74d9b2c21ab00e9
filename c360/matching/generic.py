"""Values that say nothing of anybody, named by whoever keeps the rules: a switchboard, a name that means "unknown".

They add to what the normalisers drop and to what too many records share (``prepare.SHARED``).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from c360.matching.keys import Row
from c360.matching.normalise import codes, days, organisations, people, reach

if TYPE_CHECKING:
    from c360.matching.table import Table

Generic = Mapping[str, Collection[str]]
"""Values by column, as typed; an e-mail may be a mailbox anywhere ("info@") or all of a domain ("@x.example")."""
READ: Mapping[str, Callable[[str], str]] = {
    "given_name": people.name, "family_name": people.name, "birth_date": days.day, "name": organisations.organisation,
    "tax_number": codes.code, "registration_number": codes.code, "website": reach.web, "email": reach.email,
    "phone": reach.phone,
}  # fmt: skip
"""How each column is read that may have such values."""


@lru_cache(20_000)
def read(column: str, typed: str) -> str:
    """Return a typed value as it is compared with those of records; nothing where it can never equal one.

    >>> read("phone", "030 / 901 820-1"), read("email", " Buero@"), read("phone", "n/a")
    ('309018201', 'buero@', '')
    """
    if column == "email" and "@" in typed:
        mailbox, _, domain = typed.strip().lower().rpartition("@")
        if not mailbox or not domain:
            return f"{mailbox}@{reach.PROVIDERS.get(domain, domain)}" if mailbox or domain else ""
    return READ[column](typed)


def table(some: "Table", generic: Generic) -> "Table":
    """Return a table without these values; a column that has nothing else is left out."""
    found = dict(some.columns)
    for name, values in generic.items():
        if name in found and values:
            found[name] = found[name].derive(_kept(name, values))
    return replace(some, columns={name: column for name, column in found.items() if len(column.values)})


def row(one: Row, generic: Generic) -> Row:
    """Return a record without these values."""
    kept = {name: _kept(name, values) for name, values in generic.items() if values}
    if not kept:
        return one
    texts = {name: kept[name](text) if text and name in kept else text for name, text in one.texts.items()}
    emails, phones = (
        [text for text in some if name not in kept or kept[name](text)]
        for name, some in (("email", one.emails), ("phone", one.phones))
    )
    return Row(texts, emails, phones)


def _kept(column: str, values: Collection[str]) -> Callable[[str], str | None]:
    """Return what keeps a text of a column unless it is one of these values."""
    never = {read(column, typed) for typed in values}

    def keep(text: str) -> str | None:
        told = READ[column](text)
        mailbox, at, domain = told.rpartition("@")
        generic = told in never or (bool(at) and (f"{mailbox}@" in never or f"@{domain}" in never))
        return None if generic else text

    return keep
