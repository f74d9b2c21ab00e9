"""A person's name in one cell, taken apart without losing a letter."""

from c360.core.fold import fold

PARTICLES = {
    "al", "ap", "ben", "bin", "d", "da", "dal", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la",
    "las", "le", "los", "san", "st", "ten", "ter", "van", "vom", "von", "y", "zu", "zum", "zur",
}  # fmt: skip
SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"}


def split(whole: str) -> dict[str, str]:
    """Return first and last name (and suffix): "Maria van der Berg", "Berg, Maria" and "王小明" alike."""
    found: dict[str, str] = {}
    before, comma, after = whole.partition(",")
    if comma and _plain(after) in SUFFIXES:
        found["name_suffix"], whole, comma = after.strip(), before, ""
    if comma:
        return {n: v for n, v in (("given_name", after.strip()), ("family_name", before.strip())) if v}
    words = whole.split()
    if len(words) > 2 and _plain(words[-1]) in SUFFIXES:
        found["name_suffix"] = words.pop()
    if len(words) < 2:
        return found | {"family_name": " ".join(words)}
    start = len(words) - 1
    while start > 1 and _plain(words[start - 1]) in PARTICLES:
        start -= 1
    return found | {"given_name": " ".join(words[:start]), "family_name": " ".join(words[start:])}


def _plain(word: str) -> str:
    return fold(word.strip()).strip(".'’")
