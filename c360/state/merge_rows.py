"""What the merge pages show, as plain text a browser can draw."""

from typing import Annotated, TypedDict

from pydantic import StringConstraints

from c360.services.merging.shapes import Collection, FieldRow, Participant, Since
from c360.services.profiles import hue, initials

TYPED = ("text", "textarea", "email", "tel", "url", "number", "decimal", "percent", "money", "date")
"""Widgets whose value can be typed over in the grid."""


Id = Annotated[str, StringConstraints(max_length=36)]
"""An id as a browser sends it."""


class Side(TypedDict):
    """A record that takes part."""

    id: str
    name: str
    hint: str
    initials: str
    hue: str
    square: bool
    created: str
    rows: int


class Field(TypedDict):
    """A line of the grid."""

    name: str
    label: str
    group: str
    cells: list[str]
    results: dict[str, str]
    editor: str
    options: list[dict[str, str]]
    locked: str


class Kind(TypedDict):
    """A kind of rows that hang on the records; ``twins`` are those that meet their like."""

    key: str
    label: str
    counts: list[int]
    total: int
    twins: int
    samples: list[str]
    may_replace: bool


class Recipe(TypedDict):
    """A recipe to choose; ``kept`` when it may be taken away."""

    id: str
    name: str
    kept: bool


class Change(TypedDict):
    """What somebody changed since the plan."""

    key: str
    title: str
    who: str
    at: str
    lines: list[str]


def side(one: Participant, entity: str) -> Side:
    """Return a record as its card and its column show it."""
    return {
        "id": str(one.id), "name": one.label, "hint": " · ".join(filter(None, (one.sub, one.owner))),
        "initials": initials(one.label), "hue": hue(one.label), "square": entity == "account",
        "created": one.created_at, "rows": one.related,
    }  # fmt: skip


def field(one: FieldRow) -> Field:
    """Return a line of the grid."""
    editor = "options" if one.options else one.widget if one.widget in TYPED else ""
    return {
        "name": one.name, "label": one.label, "group": one.group, "cells": list(one.cells),
        "results": dict(one.results), "editor": editor, "locked": one.locked,
        "options": [{"value": value, "label": label} for value, label in one.options],
    }  # fmt: skip


def kind(one: Collection) -> Kind:
    """Return a kind of related rows."""
    return {
        "key": one.key, "label": one.label, "counts": list(one.counts), "total": one.total, "twins": one.collisions,
        "samples": list(one.samples), "may_replace": one.replaceable,
    }  # fmt: skip


def change(one: Since) -> Change:
    """Return what somebody changed since the plan."""
    told = [f"{label}: {old or '–'} → {new or '–'}" for label, old, new in one.fields]
    key = f"{one.record_id}-{one.at}-{one.what}"
    return {"key": key, "title": f"{one.label}: {one.what}", "who": one.who, "at": one.at, "lines": told}
