"""Customers for programs: contacts and accounts, read and written under an API key."""

from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from c360.api import problems
from c360.api.deps import Keyed
from c360.core.actor import Actor
from c360.services import listing, programs, programs_writing
from c360.services.listing import ListQuery
from c360.services.programs_writing import Door, Saved
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


Text = Annotated[str, Field(max_length=100_000)]
Value = Text | bool | int | float | Annotated[list[Text], Field(max_length=500)] | None
Values = Annotated[dict[Name, Value], Field(max_length=300)]
Version = Annotated[int, Field(ge=1, le=2**31)]
Token = Annotated[str, Header(alias="Idempotency-Key", max_length=255)]
"""By it a request that is sent again is done once."""


class Likeness(Asked):
    """What to do when the record looks like another: refuse it, fill what is there, queue both or create it anyway.

    The administrators' setting of this door is the least; what it does not let in takes ``create`` and a reason.
    """

    on_duplicate: Literal["create", "queue", "link", "refuse"] | None = None
    reason: Annotated[str, Field(max_length=500)] = ""

    def door(self) -> Door:
        """Return it in the words of the services."""
        return Door(self.on_duplicate or "", self.reason)


class New(Likeness):
    """A customer to create: texts by the field's name, a choice or a reference by its id."""

    kind: Kind
    values: Values


class Change(Likeness):
    """Fields to set, null to empty one, and the version they were read at."""

    version: Version
    values: Values


class Seen(Asked):
    """The version of a customer as it was read."""

    version: Version


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


@router.post("/customers", status_code=201)
def create(asked: New, who: Keyed, token: Token = "") -> JSONResponse:
    """Create a customer; one who seems to be there already is refused or told, as the door is set."""
    texts = _texts(asked.values)
    made = programs_writing.once(
        who, token, asked.model_dump_json(), programs_writing.create, asked.kind, texts, asked.door()
    )
    return _saved(who, made, 200 if made.linked else 201)


@router.patch("/customers/{customer_id}")
def change(customer_id: UUID, asked: Change, who: Keyed, token: Token = "") -> JSONResponse:
    """Set the given fields; a conflict tells of each field what it was, what was sent and what it is now."""
    sent, texts = f"{customer_id} {asked.model_dump_json()}", _texts(asked.values)
    made = programs_writing.once(
        who, token, sent, programs_writing.change, customer_id, asked.version, texts, asked.door()
    )
    return _saved(who, made, 200)


@router.post("/customers/{customer_id}/archive")
def archive(customer_id: UUID, asked: Seen, who: Keyed, token: Token = "") -> JSONResponse:
    """Take a customer out of every list; nothing is deleted."""
    sent = f"{customer_id} archive {asked.model_dump_json()}"
    programs_writing.once(who, token, sent, programs_writing.archive, customer_id, asked.version)
    return _answer({"id": str(customer_id), "archived": True})


@router.get("/openapi.json", include_in_schema=False)
def description(who: Keyed) -> JSONResponse:
    """Return the description of these routes to who has a key."""
    return _answer(get_openapi(title="Customer 360", version="1", routes=router.routes))


def _saved(who: Actor, made: Saved, status: int) -> JSONResponse:
    told = {"linked": True} if made.linked else {}
    gone = ask(who, programs.archived, made.id) if made.repeated else None
    found = ask(who, programs.one, made.id) if gone is None else gone
    return _answer(found | problems.likely(made.found) | told, status)


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as forms send them: text, several texts for a field of several values."""
    words = {True: "yes", False: "no", None: ""}
    return {
        name: value if isinstance(value, str | list) else words[value] if value is None or isinstance(value, bool)
        else str(value)
        for name, value in values.items()
    }  # fmt: skip


def _answer(content: dict[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(content, status, headers=FRESH)
