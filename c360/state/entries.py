"""Change sets as pages show them: plain text a browser can draw."""

from typing import TypedDict

from c360.core.i18n import text
from c360.services.history import Entry, Part
from c360.services.turning import Kept, UndoOutcome


class ShownLine(TypedDict):
    """One field's change."""

    field: str
    label: str
    old: str
    new: str
    row_id: str
    can: bool


class ShownPart(TypedDict):
    """One changed row."""

    key: str
    label: str
    title: str
    whose: str
    href: str
    op: str
    lines: list[ShownLine]


class ShownEntry(TypedDict):
    """One change set."""

    id: str
    at: str
    who: str
    action: str
    source: str
    undone: bool
    undoable: bool
    merge: bool
    unmerge: str
    rest: int
    parts: list[ShownPart]


class ShownConflict(TypedDict):
    """A row an undo left alone."""

    key: str
    label: str
    reason: str
    lines: list[ShownLine]


def shown(entry: Entry) -> ShownEntry:
    """Return a change set as a page shows it; a merge is taken apart on a page of its own, which asks first."""
    merge = "picks" in entry.details
    return ShownEntry(
        id=entry.set_id,
        at=entry.at.isoformat(),
        who=entry.who,
        action=entry.action,
        source=entry.source,
        undone=entry.undone,
        undoable=entry.undoable and not merge,
        merge=merge,
        unmerge=f"/unmerge/{entry.set_id}" if entry.undoable and merge else "",
        rest=entry.more,
        parts=[_part(part) for part in entry.parts],
    )


def _part(part: Part) -> ShownPart:
    lines = [
        ShownLine(field=one.field, label=one.label, old=one.old, new=one.new, row_id=one.row_id, can=one.restorable)
        for one in part.lines
    ]
    href = f"/{part.entity}/{part.record_id}/summary" if part.entity in ("contact", "account") and part.title else ""
    key = f"{part.record_id}-{part.op}"
    return ShownPart(
        key=key, label=part.entity_label, title=part.title, whose=part.whose, href=href, op=part.op, lines=lines
    )


def conflicts(outcome: UndoOutcome, language: str) -> list[ShownConflict]:
    """Return what an undo left alone, with both values of each field."""
    return [_conflict(kept, language) for kept in outcome.conflicts[:50]]


def _conflict(kept: Kept, language: str) -> ShownConflict:
    lines = [
        ShownLine(
            field=one.field, label=text(language, f"field.{one.field}", default=one.field.replace("_", " ")),
            old=str(one.now or ""), new=str(one.former or ""), row_id="", can=False,
        )
        for one in kept.fields
    ]  # fmt: skip
    reason = text(language, f"undo.reason.{kept.reason}")
    label = kept.label or text(language, f"entity.{kept.entity}", default=kept.entity)
    return ShownConflict(key=kept.record_id, label=label, reason=reason, lines=lines)
