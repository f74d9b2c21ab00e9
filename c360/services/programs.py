"""What programs do with customers: the same services as people's, in plain values, logged as theirs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from c360.core.errors import NotFound
from c360.core.i18n import text
from c360.registry.entity import entity_for
from c360.services import listing
from c360.services.listing import ListQuery
from c360.services.merging import aliases
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Listed:
    """Customers in the order they were made, and after whom the next ones come (None at the end)."""

    customers: list[dict[str, Any]]
    after: str | None


def listed(uow: UnitOfWork, query: ListQuery, after: UUID | None, limit: int) -> Listed:
    """Return customers of a kind who fit a query, at most so many, after one of them."""
    page = listing.following(uow, query, after, limit + 1)
    rows = page.rows[:limit]
    if page.personal and rows:
        uow.saw("api.list", query.entity, ids=[row[0] for row in rows], fields=list(page.columns))
    found = [{"kind": query.entity, **dict(zip(page.columns, row, strict=True))} for row in rows]
    return Listed(found, rows[-1][0] if len(page.rows) > limit else None)


def archived(uow: UnitOfWork, record_id: UUID) -> dict[str, Any] | None:
    """Return which customer it is when he was archived since; None when he was not."""
    record = uow.get("customer", record_id, archived=True)
    if record.archived_at is None or record.merged_into_id:
        return None
    return {"id": str(record.id), "kind": record.kind, "version": record.version, "archived": True}


def one(uow: UnitOfWork, record_id: UUID) -> dict[str, Any]:
    """Return a customer with every field the actor may read; an id that was merged leads to the survivor."""
    alias = aliases.resolve(uow, record_id)
    record = uow.get("customer", alias.survivor_id if alias else record_id)
    names = tuple(column.name for column in listing.columns(uow, record.kind))
    page = listing.only(uow, ListQuery(record.kind, columns=names, include_inactive=True), record.id)
    if not page.rows:
        raise NotFound("error.not_found", entity=entity_for("customer").label)
    uow.saw("api.read", record.kind, record.id)
    told = {"id": str(record.id), "kind": record.kind, "version": record.version}
    if alias:
        told["merged_into"] = str(alias.survivor_id)
        told["notice"] = text(uow.actor.language, "api.merged", name=alias.label, survivor=alias.survivor)
    return told | {"values": dict(zip(page.columns, page.rows[0], strict=True))}
