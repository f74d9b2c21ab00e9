"""How else a field's text may be read before it is compared, where a company writes more into it than its value.

A reading comes before what the engine does with every text (accents, scripts, legal forms …). Stored keys are made of
texts as they stand and do not change with it: where one record is checked, or what changed is searched, a reading
decides on whoever shares a key; only a whole search also looks by the texts as they are read.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from c360.matching.generic import Generic

if TYPE_CHECKING:
    from c360.matching.table import Table

Readings = Mapping[str, str]
"""The reading of each column that has one."""
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|（[^（）]*）|【[^【】]*】")
_MARK = re.compile(r"\s*[,;/|·•]\s*|\s+[-–—]+\s+")


def bare(text: str) -> str:
    """Return a text without what stands in brackets.

    >>> bare("Big Bear Stores (closed)"), bare("山田（東京）太郎"), bare("(VIP)")
    ('Big Bear Stores', '山田太郎', '')
    """
    return " ".join(_BRACKETS.sub("", text).split())


def head(text: str) -> str:
    """Return what stands before the first comma, semicolon, slash, bar or dash between words.

    >>> head("Acme - North branch"), head("Müller-Lüdenscheidt, geb. Klöbner"), head("/x")
    ('Acme', 'Müller-Lüdenscheidt', '')
    """
    return _MARK.split(text, maxsplit=1)[0].strip()


def words(text: str) -> str:
    """Return the words that have no digit in them.

    >>> words("Acme 0042 Ltd"), words("4711")
    ('Acme Ltd', '')
    """
    return " ".join(word for word in text.split() if not any(map(str.isdigit, word)))


def digits(text: str) -> str:
    """Return the digits of a text.

    >>> digits("DE 811.907-980"), digits("DE")
    ('811907980', '')
    """
    return "".join(filter(str.isdigit, text))


def unpadded(text: str) -> str:
    """Return the digits of a number without the zeros before them.

    >>> unpadded("HRB 000 4711"), unpadded("0")
    ('4711', '0')
    """
    found = digits(text)
    return found.lstrip("0") or found


def tagged(text: str) -> str:
    """Return an e-mail address in which what stands after a plus tells mailboxes apart.

    >>> tagged("team+north@king.example")
    'team=north@king.example'
    """
    mailbox, at, domain = text.rpartition("@")
    return mailbox.replace("+", "=") + at + domain


READINGS: Mapping[str, Callable[[str], str]] = {
    "bare": bare, "head": head, "words": words, "digits": digits, "unpadded": unpadded, "tagged": tagged,
}  # fmt: skip
_TITLED, _NUMBER = ("bare", "head", "words"), ("digits", "unpadded")
OFFERED: Mapping[str, tuple[str, ...]] = {
    "given": ("bare", "head"), "family": ("bare", "head"), "middle": ("bare",), "name": _TITLED,
    "employer": _TITLED, "occupation": ("bare", "head"), "address": ("bare",), "address_extra": ("bare",),
    "tax_number": _NUMBER, "registration_number": _NUMBER, "identity_number": _NUMBER, "email": ("tagged",),
}  # fmt: skip
"""The readings that fit a comparison."""


def read(reading: str, text: str) -> str:
    """Return a text as it is read; one of which nothing would be left is taken as it stands.

    >>> read("bare", "(VIP)"), read("digits", "unknown"), read("bare", "King (VIP)")
    ('(VIP)', 'unknown', 'King')
    """
    return READINGS[reading](text) or text


def table(some: "Table", readings: Readings) -> "Table":
    """Return a table with these columns read as said."""
    found = dict(some.columns)
    for column, reading in readings.items():
        if column in found:
            found[column] = found[column].derive(lambda text, reading=reading: read(reading, text))
    return type(some)(some.size, found)


def values(generic: Generic, readings: Readings) -> Generic:
    """Return values that never count as they stand in a table that was read so."""
    return {
        column: [read(readings[column], one) for one in some] if column in readings else some
        for column, some in generic.items()
    }
