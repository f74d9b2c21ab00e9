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


def parts(text: str) -> tuple[str, str]:
    """Return the words of a name without titles and suffixes, and the generation it ends with.

    >>> parts("Dr. Ana-María Ruiz, Jr.")
    ('ana maria ruiz', 'jr')
    """
    found, suffix = words(text), ""
    while len(found) > 1 and (found[-1] in SUFFIXES or found[-1] in DECORATIONS):
        suffix = SUFFIXES.get(found.pop(), suffix)
    while len(found) > 1 and found[0] in TITLES:
        found = found[1:]
    return " ".join(found), suffix


def name(text: str) -> str:
    """Return the words of a name without titles and suffixes: "Dr. Ana-María Ruiz, Jr." is "ana maria ruiz"."""
    return parts(text)[0]


def suffix(text: str) -> str:
    """Return the generation a name ends with ("jr", "sr", "3"), or nothing."""
    return parts(text)[1]


def generation(text: str) -> str:
    """Return the generation a field of its own says."""
    found = words(text)
    return SUFFIXES.get(found[-1], "") if found else ""


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
    last = family.split()
    # What stands between the first and the last word is a middle name when it is an initial, else part of the family.
    middle = []
    while len(last) > 1 and len(last[0]) == 1:
        middle.append(last.pop(0))
    return given, " ".join(middle), " ".join(last)


@cache
def _namer() -> NickNamer:
    return NickNamer()


def nicknames(given: str) -> frozenset[str]:
    """Return what somebody of this given name is also called, and whom somebody so called may be."""
    namer = _namer()
    return frozenset(namer.nicknames_of(given) | namer.canonicals_of(given))
