"""Names of people: titles off, suffixes apart, a whole name in one cell taken apart, nicknames."""

from functools import cache

from nicknames import NickNamer

from c360.matching.normalise.text import words, words_of

TITLES = words_of("mr mrs ms miss dr prof herr frau sr sra mme mlle sir rev ing dipl mx lady lord dame signora signor")
SUFFIXES = {
    "jr": "jr", "jnr": "jr", "junior": "jr", "sr": "sr", "snr": "sr", "senior": "sr",
    "ii": "jr", "iii": "3", "iv": "4", "2nd": "jr", "3rd": "3",
}  # fmt: skip
"""What tells a father from a son; "II" is what a junior is called too."""
DECORATIONS = words_of("phd md esq mba msc bsc cpa")


def _stripped(name: str) -> tuple[list[str], str]:
    parts, suffix = words(name), ""
    while len(parts) > 1 and (parts[-1] in SUFFIXES or parts[-1] in DECORATIONS):
        suffix = SUFFIXES.get(parts.pop(), suffix)
    while len(parts) > 1 and parts[0] in TITLES:
        parts = parts[1:]
    return parts, suffix


def name(text: str) -> str:
    """Return the words of a name without titles and suffixes: "Dr. Ana-María Ruiz, Jr." is "ana maria ruiz"."""
    return " ".join(_stripped(text)[0])


def suffix(text: str) -> str:
    """Return the generation a name ends with ("jr", "sr", "3"), or nothing."""
    return _stripped(text)[1]


def generation(text: str) -> str:
    """Return the generation a field of its own says."""
    parts = words(text)
    return SUFFIXES.get(parts[-1], "") if parts else ""


def halves(text: str) -> tuple[str, str]:
    """Take a whole name apart into given and family names: "King, Ada" and "Ada King" are the same.

    >>> halves("King, Ada"), halves("Dr. Ada B. King"), halves("Madonna")
    (('ada', 'king'), ('ada', 'b king'), ('madonna', ''))
    """
    before, comma, after = text.partition(",")
    if comma and name(after) and name(after) not in SUFFIXES and name(after) not in DECORATIONS:
        return name(after), name(before)
    given, _, family = name(text).partition(" ")
    return given, family


def full(text: str) -> tuple[str, str, str]:
    """Take the cell of a file that holds whole names apart: given, middle and family names."""
    given, family = halves(text)
    if "," in text and " " in given:
        given, _, middle = given.partition(" ")
        return given, middle, family
    parts = family.split()
    # What stands between the first and the last word is a middle name when it is an initial, else part of the family.
    middle = []
    while len(parts) > 1 and len(parts[0]) == 1:
        middle.append(parts.pop(0))
    return given, " ".join(middle), " ".join(parts)


@cache
def _namer() -> NickNamer:
    return NickNamer()


def nicknames(given: str) -> frozenset[str]:
    """Return what somebody of this given name is also called, and whom somebody so called may be."""
    namer = _namer()
    return frozenset(namer.nicknames_of(given) | namer.canonicals_of(given))
