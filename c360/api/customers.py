"""Customers for programs: contacts and accounts, read and written under an API key."""

from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from c360.api.deps import Keyed
from c360.services import listing, programs
from c360.services.listing import ListQuery
from c360.services.uow import ask

router = APIRouter(prefix="/api/v1", tags=["customers"])
FRESH = {"Cache-Control": "no-store"}
Kind = Literal["contact", "account"]
Name = Annotated[str, Field(max_length=100)]
Limit = Annotated[int, Field(ge=1, le=200)]


class Asked(BaseModel):
    """A body that holds what is named here and nothing else."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Search(Asked):
    """Which customers of a kind to list, with which fields; ``after`` is the ``after`` of the page before."""

    kind: Kind
    criteria: dict[str, Any] | None = None
    search: Annotated[str, Field(max_length=200)] = ""
    columns: Annotated[list[Name], Field(max_length=200)] = []
    inactive: bool = False
    after: Annotated[UUID | None, Field(strict=False)] = None
    limit: Limit = 100

    def query(self) -> ListQuery:
        """Return the question in the words of the services."""
        told = self.model_dump(include={"criteria", "search", "columns"})
        return listing.from_json({**told, "entity": self.kind, "include_inactive": self.inactive})


@router.get("/customers")
def first(
    who: Keyed,
    kind: Kind,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> JSONResponse:
    """List customers of a kind in the order they were made, with the usual columns."""
    return search(Search(kind=kind, after=after, limit=limit), who)


@router.post("/customers/search")
def search(asked: Search, who: Keyed) -> JSONResponse:
    """List customers of a kind who fit criteria, with chosen columns, in the order they were made."""
    return _answer(asdict(ask(who, programs.listed, asked.query(), asked.after, asked.limit)))


@router.get("/customers/{customer_id}")
def read(customer_id: UUID, who: Keyed) -> JSONResponse:
    """Return one customer with every readable field; an old id leads to the survivor of its merge."""
    return _answer(ask(who, programs.one, customer_id))


@router.get("/openapi.json", include_in_schema=False)
def description(who: Keyed) -> JSONResponse:
    """Return the description of these routes to who has a key."""
    return _answer(get_openapi(title="Customer 360", version="1", routes=router.routes))


def _answer(content: dict[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(content, status, headers=FRESH)
