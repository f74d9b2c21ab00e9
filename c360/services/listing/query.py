"""What a list asks for, and the page it gets: plain data, JSON in and out."""

from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from c360.core.errors import Invalid
from c360.query import criteria
from c360.query.criteria import Criteria

WIDEST, LONGEST, MOST_SORTS = 500, 200, 5
"""Limits of one question: rows of a window, characters of a search, columns of a sort."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """What a list is to be used for: it leaves out whom the purpose may not reach on the medium."""

    purpose: str
    medium: str


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which rows of an entity, in what order, with which columns; what a saved view stores."""

    entity: str
    columns: tuple[str, ...] = ()
    criteria: Criteria = field(default_factory=Criteria)
    search: str = ""
    sort: tuple[str, ...] = ()
    folder: UUID | None = None
    include_inactive: bool = False
    mailing: Mailing | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A window of a list: raw values in the order of ``columns``, and how many rows there are at least.

    ``personal`` tells that it shows something about persons, so that reading it is logged.
    """

    columns: tuple[str, ...]
    rows: list[list[Any]]
    total: int
    exact: bool
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a list has; not exact when it stopped counting there."""

    total: int
    exact: bool


def to_json(query: ListQuery) -> dict[str, Any]:
    """Return a query as JSON keeps it."""
    return {
        "entity": query.entity,
        "columns": list(query.columns),
        "criteria": criteria.to_json(query.criteria),
        "search": query.search,
        "sort": list(query.sort),
        "folder": str(query.folder) if query.folder else None,
        "include_inactive": query.include_inactive,
        "mailing": asdict(query.mailing) if query.mailing else None,
    }


def from_json(data: Any) -> ListQuery:
    """Read a query from JSON; ``Invalid`` when the shape is not its own."""
    if not isinstance(data, dict) or not isinstance(data.get("entity"), str):
        raise Invalid.field("query", "listing.shape")
    columns, sort, search = data.get("columns") or [], data.get("sort") or [], data.get("search") or ""
    texts = isinstance(columns, list) and isinstance(sort, list) and all(isinstance(t, str) for t in [*columns, *sort])
    if not texts or not isinstance(search, str):
        raise Invalid.field("query", "listing.shape")
    try:
        folder = UUID(data["folder"]) if data.get("folder") else None
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid.field("query", "listing.shape") from error
    return ListQuery(
        entity=data["entity"],
        columns=tuple(columns),
        criteria=criteria.from_json(data.get("criteria")),
        search=search[:LONGEST],
        sort=tuple(sort),
        folder=folder,
        include_inactive=data.get("include_inactive") is True,
        mailing=_mailing(data.get("mailing")),
    )


def _mailing(data: Any) -> Mailing | None:
    if not data:
        return None
    if not isinstance(data, dict) or set(data) != {"purpose", "medium"} or not all(map(_is_text, data.values())):
        raise Invalid.field("query", "listing.shape")
    return Mailing(data["purpose"], data["medium"])


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
