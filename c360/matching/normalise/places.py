"""Streets, house numbers, postal codes and cities."""

from typing import NamedTuple

from c360.matching.normalise.text import joined, plain, squeezed, words, words_of

STREETS = {
    "street": "st", "str": "st", "strasse": "st", "avenue": "ave", "av": "ave", "avda": "ave", "avenida": "ave",
    "road": "rd", "drive": "dr", "lane": "ln", "court": "ct", "boulevard": "blvd", "bd": "blvd", "blv": "blvd",
    "place": "pl", "crescent": "cres", "gardens": "gdns", "circle": "cir", "calle": "c", "piazza": "pza",
    "north": "n", "south": "s", "east": "e", "west": "w", "highway": "hwy", "parkway": "pkwy", "terrace": "ter",
    "terr": "ter", "square": "sq", "close": "cl", "via": "v", "plaza": "pza", "platz": "pl", "allee": "al",
    "saint": "st", "sankt": "st", "mount": "mt", "p": "p", "no": "", "number": "", "nr": "",
}  # fmt: skip
UNITS = words_of("apartment apt unit flat suite ste appartement wohnung whg room rm")
_TAILS = {"strasse": "st", "str": "st", "straat": "st", "gatan": "g"}
_ENDS = tuple(_TAILS)


class Street(NamedTuple):
    """A street, the house in it and the unit in the house."""

    name: str = ""
    number: str = ""
    unit: str = ""


def street(text: str) -> Street:
    """Take a line of an address apart.

    >>> street("Hauptstraße 12a"), street("Flat 3, 12 Oak Avenue")
    (Street(name='hauptst', number='12a', unit=''), Street(name='oak ave', number='12', unit='3'))
    """
    line = plain(text).replace("#", " apt ").replace("c/", "c ").replace("p.za", "pza")
    parts = iter(words(line))
    kept: list[str] = []
    number = unit = ""
    for word in parts:
        if word in UNITS:
            unit = next(parts, "")
            continue
        word = STREETS.get(word, word)
        if not number and word[:1].isdigit():
            number = word
        elif word:
            kept.append(_short(word))
    return Street(" ".join(kept), number, unit)


def _short(word: str) -> str:
    for tail, short in _TAILS.items() if word.endswith(_ENDS) else ():
        if len(word) > len(tail) + 3 and word.endswith(tail):
            return word.removesuffix(tail) + short
    return word


def street_key(name: str) -> str:
    """Return the beginning of a street's name, which survives most typing errors."""
    first = name.split(" ")[0]
    return first[:4] if len(first) > 2 else name[:6]


def postal_code(text: str) -> str:
    """Return a postal code without spaces and marks."""
    return squeezed(text)[:7]


def city(text: str) -> str:
    """Return the words of a city's name."""
    return joined(text)


def region(text: str) -> str:
    """Return the words of a state or region."""
    return joined(text)
