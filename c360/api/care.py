"""Hints for free text while it is typed: words that need care."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from c360.api.deps import Who
from c360.services.privacy import care
from c360.services.uow import ask

router = APIRouter(prefix="/api", tags=["privacy"])


class Typed(BaseModel):
    """A text somebody is writing."""

    model_config = ConfigDict(strict=True, extra="forbid")
    text: Annotated[str, Field(max_length=20_000)]


@router.post("/care")
def look(typed: Typed, who: Who) -> JSONResponse:
    """Return the words of a text that need care; it is kept nowhere."""
    return JSONResponse({"words": ask(who, care.flagged, typed.text)}, headers={"Cache-Control": "no-store"})
