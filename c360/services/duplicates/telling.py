"""Why two records are a pair, in a sentence a clerk reads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from c360.core.i18n import text
from c360.matching.evidence import Explanation

SAID = 4
"""How many fields a sentence names for, and as many against."""
WORTH_SAYING = 0.5
DIFFERENT = "different"
LONGEST = 20.0
"""Bits beyond which a bar is drawn no longer."""


@dataclass(slots=True)
class Shown:
    """A bar as people see it: what it says and its bits, above 0 for the same record."""

    key: str
    label: str
    bits: float
    share: str = ""
    """How long the bar is drawn."""
    told: str = ""

    def __post_init__(self) -> None:
        """Draw a bar of so many bits as half the width."""
        self.share = f"{min(abs(self.bits) / LONGEST, 1):.0%}"
        self.told = f"{self.bits:+.1f}"


def bars(why: Explanation, language: str, hidden: Collection[str] = ()) -> list[Shown]:
    """Return the bars that add up to the score; fields the reader may not see are one bar together."""
    found, unnamed = [], 0.0
    for bar in why.bars:
        if bar.field in hidden:
            unnamed += bar.bits
        else:
            named = say(bar.field, bar.level, language) if bar.level else text(language, f"duplicate.bar.{bar.field}")
            found.append(Shown(bar.field, named[:1].upper() + named[1:], bar.bits))
    if any(bar.field in hidden for bar in why.bars):
        found.append(Shown("hidden", text(language, "duplicate.bar.hidden"), round(unnamed, 3)))
    return found


def sentence(why: Explanation, language: str, hidden: frozenset[str] = frozenset()) -> str:
    """Return the reasons in words, the strongest first: "same phone, very similar family name; different city: 91 %".

    Fields the reader may not see count, but are not named.
    """
    shown = [bar for bar in why.fields if bar.field not in hidden]
    speaking = [bar for bar in shown if bar.bits >= WORTH_SAYING][:SAID]
    against = [bar for bar in shown if bar.bits <= -WORTH_SAYING][:SAID]
    parts = [", ".join(say(bar.field, bar.level, language) for bar in some) for some in (speaking, against) if some]
    if len(shown) < len(why.fields):
        parts.append(text(language, "duplicate.hidden"))
    score = _score(why.score, language)
    return f"{'; '.join(parts)}: {score}" if parts else score


def reasons(levels: Mapping[str, str], language: str) -> str:
    """Return levels in words, what agrees before what differs: "same address, same family name; other given name"."""
    parts = [
        ", ".join(say(name, level, language) for name, level in levels.items() if (level == DIFFERENT) is differs)
        for differs in (False, True)
    ]
    return "; ".join(filter(None, parts))


@cache
def say(field: str, level: str, language: str) -> str:
    """Return what one field says."""
    named = text(language, f"duplicate.field.{field}")
    return text(language, f"duplicate.level.{level.replace(' ', '_').replace(',', '')}", field=named)


def _score(score: float, language: str) -> str:
    return text(language, "duplicate.score", score=f"{score * 100:.0f}" if score < 0.995 else "> 99")
