"""What a list needs besides its rows: its columns, the sentence of a filter, the names of what a filter holds."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import Field

from c360.api.deps import Who
from c360.api.grid import FRESH, Asked
from c360.core.i18n import text
from c360.query import criteria
from c360.registry.entity import entity_for
from c360.services import listing
from c360.services.listing import ColumnInfo, lookup
from c360.services.listing.sentence import sentence
from c360.services.uow import UnitOfWork, ask

router = APIRouter(prefix="/api", tags=["lists"])
SHARED = ("country", "language")
"""Kinds whose many options are sent once, as the operators of every kind are."""


class Filter(Asked):
    """A filter to put in words."""

    criteria: dict[str, Any] | None = None


class Ids(Asked):
    """Records to name."""

    ids: Annotated[list[UUID], Field(max_length=200, strict=False)]


@router.post("/grid/{entity}/columns")
def columns(entity: str, who: Who) -> JSONResponse:
    """Return the columns of a list, those of every record its references lead to, and the records that point here."""
    lookup.listed(entity)
    return JSONResponse(ask(who, described, entity), headers=FRESH)


def described(uow: UnitOfWork, key: str) -> dict[str, Any]:
    """Return what a list may show and be filtered by, what administrators keep out of lists left out."""
    shared: dict[str, Any] = {"operators": {}}
    found = _columns(uow, key, shared)
    related = [
        {
            "entity": other,
            "via": via,
            "label": text(uow.actor.language, f"entity.{other}.plural", default=entity_for(other).plural),
            "columns": _columns(uow, other, shared),
        }
        for other, via in entity_for(key).related
    ]
    targets: dict[str, list[dict[str, Any]]] = {}
    led_to = [*found, *(column for one in related for column in one["columns"])]
    while wanted := {one["target"] for one in led_to if one["kind"] == "reference" and one["target"]} - targets.keys():
        for target in sorted(wanted):
            targets[target] = [one for one in _columns(uow, target, shared) if shared["operators"][one["kind"]]]
        led_to = [column for target in wanted for column in targets[target]]
    return {"columns": found, "related": related, "shared": shared, "targets": targets}


def _columns(uow: UnitOfWork, key: str, shared: dict[str, Any]) -> list[dict[str, Any]]:
    return [_column(one, shared) for one in listing.columns(uow, key) if one.listed]


def _column(column: ColumnInfo, shared: dict[str, Any]) -> dict[str, Any]:
    described = asdict(column)
    shared["operators"].setdefault(column.kind, described.pop("operators"))
    if column.kind in SHARED:
        shared.setdefault(column.kind, described["options"])
        described |= {"options": [], "shared": column.kind}
    return described


@router.post("/grid/{entity}/sentence")
def wording(entity: str, asked: Filter, who: Who) -> JSONResponse:
    """Return a filter as one sentence."""
    lookup.listed(entity)
    told = ask(who, sentence, entity, criteria.from_json(asked.criteria))
    return JSONResponse({"sentence": told}, headers=FRESH)


@router.post("/lookup/{entity}/labels")
def labels(entity: str, asked: Ids, who: Who) -> JSONResponse:
    """Return what records are called, those in reach."""
    found = ask(who, lookup.labels, entity, asked.ids)
    return JSONResponse({"hits": [asdict(one) for one in found]}, headers=FRESH)
