"""Mailings: how many of a list may be contacted for a purpose on a channel, and why the others are left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from c360.core.i18n import text
from c360.services import exports, listing, names
from c360.services.consents import purposes
from c360.services.uow import UnitOfWork, ask


@dataclass(slots=True)
class Forecast:
    """What a mailing would reach: how many, how many not, and a line for each reason."""

    reached: int = 0
    left_out: int = 0
    reasons: list[str] = field(default_factory=list)


def uses(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Return every purpose on each of its channels, as ``purpose:medium`` and its name."""
    language = uow.actor.language
    return [
        (f"{one.key}:{medium}", f"{one.name}: {names.option('medium', medium, language)}")
        for one in purposes.offered(uow)
        for medium in one.media
    ]


def forecast(uow: UnitOfWork, query: Mapping[str, Any]) -> Forecast:
    """Count whom an export for a mailing would hold, and why it leaves out the others."""
    wanted = listing.from_json(query)
    counted = ask(exports.narrowed(uow.actor, wanted.entity), listing.left_out, wanted)
    return told(uow.actor.language, counted)


def told(language: str, counted: Mapping[str, int]) -> Forecast:
    """Say in words why how many are left out, most first."""
    why = {key: n for key, n in counted.items() if key}
    reasons = [text(language, f"mailing.why.{key}", n=n) for key, n in sorted(why.items(), key=lambda one: -one[1])]
    return Forecast(counted.get("", 0), sum(why.values()), reasons)
