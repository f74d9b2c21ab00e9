"""Folded text: how two texts are compared when case and accents must not matter."""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Return ``text`` without accents and in lower case, the same on every database.

    PostgreSQL has the twin ``c360_fold`` (see migrations) and SQLite calls this very function.
    """
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower().replace("ς", "σ")
