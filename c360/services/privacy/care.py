"""Care with free text: words that tell of health, belief, origin or politics are pointed out, never refused."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from c360.services import settings
from c360.services.uow import UnitOfWork

MOST, LONGEST = 1_000, 60
"""Words of a language, and characters of a word."""
SHOWN = 8


def flagged(uow: UnitOfWork, text: str) -> list[str]:
    """Return the words of a text that need care, as they are written, each once."""
    lists: Mapping[str, Sequence[str]] = settings.read(uow.session).sensitive_words
    words = tuple(word for language in sorted(lists) for word in lists[language])
    found = {one.lower(): one for one in _pattern(words).findall(text)} if words else {}
    return list(found.values())[:SHOWN]


def listed(text: str) -> list[str]:
    """Return the words an administrator typed, one a line or between commas, in their order."""
    parts = (" ".join(part.split()) for part in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(part for part in parts if part.strip("* ")))


@lru_cache(maxsize=8)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds any of these words; a star stands for any ending."""
    known = (
        re.escape(word.rstrip("*")).replace(r"\ ", r"\s+") + (r"\w*" if word.endswith("*") else "") for word in words
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(known)})(?!\w)", re.IGNORECASE)
