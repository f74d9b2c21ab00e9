"""Marks: facts about a field that its type cannot say. They ride in ``Annotated`` aliases."""

from dataclasses import dataclass
from enum import StrEnum


class Privacy(StrEnum):
    """What a column holds in the eyes of the law; every column has one, or the app does not start."""

    PLAIN = "plain"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    SECRET = "secret"  # noqa: S105 - a privacy class, not a password


class OnMerge(StrEnum):
    """What becomes of a reference to a record that folds into another."""

    MOVE = "move"
    UNION = "union"
    COLLAPSE = "collapse"
    KEEP = "keep"
    RECOMPUTE = "recompute"
    FORBID = "forbid"


class OnErase(StrEnum):
    """What becomes of a row when the customer it names is erased.

    Without a mark, a row that belongs to the customer goes and a mere mention of him stays.
    """

    DELETE = "delete"
    EMPTY = "empty"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class SystemSet:
    """Set by the app, never by a form, an import or a caller."""


@dataclass(frozen=True, slots=True)
class Target:
    """The entity whose record a reference names."""

    entity: str


@dataclass(frozen=True, slots=True)
class PickList:
    """The pick list a choice comes from."""

    key: str


@dataclass(frozen=True, slots=True)
class Options:
    """The fixed values a field may take; the catalogue names them as ``option.<key>.<value>``."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeOf:
    """The fields a column is put together from: where one of them is hidden, so is it."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """The column of the search index that holds this field folded, so that "contains" is fast."""

    column: str


@dataclass(frozen=True, slots=True)
class Needed:
    """Optional in the table, but a person must fill it in."""


SYSTEM_SET = SystemSet()
NEEDED = Needed()
