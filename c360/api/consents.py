"""Receipts over HTTP: as JSON to keep, as a page to print."""

from html import escape
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from c360.api.deps import Who
from c360.api.pages import page
from c360.core.i18n import text
from c360.services.consents import receipts
from c360.services.uow import ask

router = APIRouter(prefix="/api/consents", tags=["consents"])


@router.get("/{event_id}/receipt.json")
def as_json(event_id: UUID, who: Who) -> JSONResponse:
    """Send the receipt of one event, in the fields of ISO/IEC TS 27560."""
    named = {"Content-Disposition": f'attachment; filename="receipt-{event_id}.json"', "Cache-Control": "no-store"}
    return JSONResponse(ask(who, receipts.receipt, event_id), headers=named)


@router.get("/{event_id}/receipt")
def as_page(event_id: UUID, who: Who, request: Request) -> Response:
    """Show the receipt of one event as a page to print."""
    lines = ask(who, receipts.lines, event_id)
    facts = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in lines)
    title = text(who.language, "consent.receipt.title")
    link = f'<a class="button" href="receipt.json">{escape(text(who.language, "consent.receipt.json"))}</a>'
    return page(request, title, f"<h1>{escape(title)}</h1><dl>{facts}</dl>{link}", 200, language=who.language)
