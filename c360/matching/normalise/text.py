"""Plain text: every script in ASCII, words, and the skeleton of sounds."""

import re

from anyascii import anyascii

_GAPS = re.compile(r"[^a-z0-9]+")
_QUIET = str.maketrans("", "", "aeiouyhw")
_SOUNDS = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556")
_FIRST = {
    "c": "k", "q": "k", "z": "s", "v": "f", "j": "y", "w": "v", "i": "y", "x": "s", "e": "a", "o": "a", "u": "a",
}  # fmt: skip
_SKELETON = 4


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list written as one text."""
    return frozenset(text.split())


def plain(text: str) -> str:
    """Return a text in lower-case ASCII: accents off, other scripts transliterated, invisible characters gone."""
    return text.lower() if text.isascii() else anyascii(text).lower()


def words(text: str) -> list[str]:
    """Return the words of a text; an apostrophe joins (``O'Brien`` is one word), everything else parts."""
    if text.isalnum() and text.isascii():  # One word, as most names are.
        return [text.lower()]
    return _GAPS.sub(" ", plain(text).replace("'", "").replace("`", "")).split()


def joined(text: str) -> str:
    """Return the words of a text with one space between."""
    return " ".join(words(text))


def squeezed(text: str) -> str:
    """Return the letters and digits of a text only."""
    return _GAPS.sub("", plain(text))


def skeleton(name: str) -> str:
    """Return how a name sounds: its first sound and the classes of the consonants after it.

    >>> skeleton("meyer") == skeleton("maier"), skeleton("philips") == skeleton("fillips")
    (True, True)
    """
    if not name:
        return ""
    name = name.replace("ph", "f").replace(" ", "")
    kept: list[str] = []
    for sound in name[1:].translate(_QUIET).translate(_SOUNDS):
        if not kept or kept[-1] != sound:
            kept.append(sound)
    return _FIRST.get(name[0], name[0]) + "".join(kept[:_SKELETON])
