"""Errors a person can act on; each entry point renders them once.

A message is a key of the catalogue with its parameters, so that every reader gets it in his language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from c360.core.i18n import text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence of the catalogue, not yet in any language."""

    key: str
    params: Mapping[str, Any]

    def text(self, language: str = "en") -> str:
        """Return the sentence in a language."""
        return text(language, self.key, **self.params)


class C360Error(Exception):
    """Base of every expected failure."""

    status = 400

    def __init__(self, key: str, **params: Any) -> None:
        self.message = Message(key, params)
        super().__init__(key)

    def text(self, language: str = "en") -> str:
        """Return what a person should read."""
        return self.message.text(language)

    def __str__(self) -> str:
        return self.text()


class NotFound(C360Error):
    """The record does not exist, or this actor may not see it."""

    status = 404


class Forbidden(C360Error):
    """The actor may see the record but not do this to it."""

    status = 403


class SignedOut(C360Error):
    """Nobody is signed in, or the session is over."""

    status = 401


class Unavailable(C360Error):
    """An administrator has switched this section off."""

    status = 410


class TooMany(C360Error):
    """A limit is reached; the message says when to try again."""

    status = 429


class Invalid(C360Error):
    """The values do not fit; ``fields`` maps a field name to its message."""

    status = 422

    def __init__(self, fields: Mapping[str, Message]) -> None:
        super().__init__("error.invalid")
        self.fields = dict(fields)

    @classmethod
    def field(cls, name: str, key: str, **params: Any) -> "Invalid":
        """Return the error of one field."""
        return cls({name: Message(key, params)})

    def texts(self, language: str = "en") -> dict[str, str]:
        """Return each field's message in a language."""
        return {name: message.text(language) for name, message in self.fields.items()}

    def links(self) -> dict[str, str]:
        """Return, by field, the address of the record that is in the way, where the reader may open it."""
        return {name: href for name, message in self.fields.items() if (href := str(message.params.get("href", "")))}

    def text(self, language: str = "en") -> str:
        """Return every message, joined."""
        return "; ".join(self.texts(language).values())


@dataclass(frozen=True, slots=True)
class Clash:
    """One field two people changed at once: the value both started from, mine and theirs."""

    field: str
    base: Any
    mine: Any
    theirs: Any


class Conflict(C360Error):
    """The record changed meanwhile, or a rule of the domain forbids this now."""

    status = 409

    def __init__(self, key: str, *, clashes: tuple[Clash, ...] = (), version: int | None = None, **params: Any) -> None:
        super().__init__(key, **params)
        self.clashes = clashes
        self.version = version
