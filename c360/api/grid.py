"""Rows, counts and look-ups of every list, over HTTP and with the session's rights."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from c360.api.deps import Who
from c360.services import access, finding, listing, names
from c360.services.listing import ListQuery, lookup
from c360.services.uow import ask

router = APIRouter(prefix="/api", tags=["lists"])
Name = Annotated[str, Field(max_length=100)]
FRESH = {"Cache-Control": "no-store"}


class Asked(BaseModel):
    """A body that holds what is named here and nothing else."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Sort(Asked):
    """One column of a sort, in the grid's own words."""

    colId: Name
    sort: Literal["asc", "desc"]


class Rows(Asked):
    """Which rows of a list to count."""

    criteria: dict[str, Any] | None = None
    search: Annotated[str, Field(max_length=200)] = ""
    folder: Annotated[str, Field(max_length=36)] | None = None
    inactive: bool = False

    def query(self, entity: str) -> ListQuery:
        """Return the question in the words of the services."""
        lookup.listed(entity)
        return listing.from_json(
            {
                "entity": entity,
                "criteria": self.criteria,
                "search": self.search,
                "folder": self.folder,
                "include_inactive": self.inactive,
                "columns": list(getattr(self, "columns", ())),
                "sort": [f"-{s.colId}" if s.sort == "desc" else s.colId for s in getattr(self, "sort", ())],
            }
        )


class Window(Rows):
    """Which window of a list to show."""

    start: Annotated[int, Field(ge=0, le=2**53)] = 0
    end: Annotated[int, Field(ge=0, le=2**53)] = 100
    sort: Annotated[list[Sort], Field(max_length=5)] = []
    columns: Annotated[list[Name], Field(max_length=200)] = []


class Words(Asked):
    """A typed text."""

    q: Annotated[str, Field(max_length=200)] = ""


@router.post("/grid/{entity}")
def window(entity: str, asked: Window, who: Who) -> JSONResponse:
    """Return a window of a list: at most 500 rows as lists of values, the id first."""
    page = ask(who, listing.rows, asked.query(entity), asked.start, asked.end)
    access.page(who, "list", entity, page)
    return _answer({"cols": page.columns, "rows": page.rows, "total": page.total, "exact": page.exact})


@router.post("/grid/{entity}/count")
def count(entity: str, asked: Rows, who: Who) -> JSONResponse:
    """Return the exact number of rows."""
    return _answer(asdict(ask(who, listing.count, asked.query(entity))))


@router.post("/lookup/{entity}")
def look_up(entity: str, asked: Words, who: Who) -> JSONResponse:
    """Return what a picker offers for a typed text: at most 20 records, or codes by their names."""
    if entity in names.CODED:
        named = names.find(entity, asked.q, who.language)
        return _answer({"hits": [{"id": code, "label": name, "hint": ""} for code, name in named]})
    found = ask(who, lookup.lookup, entity, asked.q)
    if found and entity in ("contact", "account", "customer"):
        access.seen(who, "lookup", entity, [one.id for one in found])
    return _answer({"hits": [asdict(one) for one in found]})


@router.post("/search")
def search(asked: Words, who: Who) -> JSONResponse:
    """Return the customers that fit a typed text, best first."""
    hits = ask(who, finding.find, asked.q)
    if hits:
        access.seen(who, "search", "customer", [hit.id for hit in hits])
    return _answer({"hits": [asdict(hit) for hit in hits]})


def _answer(content: dict[str, Any]) -> JSONResponse:
    return JSONResponse(content, headers=FRESH)
