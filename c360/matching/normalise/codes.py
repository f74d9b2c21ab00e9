"""Numbers and codes somebody issued: tax numbers, identity numbers; and one letter for a gender."""

from c360.matching.normalise.text import plain, squeezed


def code(text: str) -> str:
    """Return the letters and digits of a number; nothing for a row of one sign."""
    found = squeezed(text)
    return found if len(found) >= 4 and len(set(found)) > 1 else ""


def gender(text: str) -> str:
    """Return the first letter of a gender, in the letter English uses."""
    first = plain(text).strip()[:1]
    return {"w": "f"}.get(first, first)
