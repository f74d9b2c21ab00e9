"""Change sets drawn one below the other: who, when, what, old and new value, and the way back."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, icon, link_button, skeleton, tag
from c360.components.wraps.i18n import moment, tr


def change_list(
    entries: Any, *, on_undo: Any = None, on_restore: Any = None, on_tell: Any = None, opened: Any = "",
    told: rx.Component | None = None,
) -> rx.Component:  # fmt: skip
    """Return the list; without handlers nothing can be undone from it. ``told`` stands under the entry ``opened``."""

    def one(entry: Any) -> rx.Component:
        chosen = opened == entry["id"]
        more = E.div(
            button(tr("decided.title"), ic="git-merge", kind="gh", on_click=on_tell(entry["id"]), aria_expanded=chosen),
            rx.cond(chosen, told or rx.fragment()),
        ) if on_tell is not None else rx.fragment()  # fmt: skip
        return _entry(entry, on_undo, on_restore, rx.cond(entry["merge"], more))

    return E.ol(rx.foreach(entries, one), class_name="changes")


def waiting() -> rx.Component:
    """Return what stands here while the list is on its way."""
    return E.div(skeleton("60%", "90%", "75%", "85%", height=14), class_name="col", aria_busy=True)


def _entry(entry: Any, on_undo: Any, on_restore: Any, more: rx.Component) -> rx.Component:
    marks = E.span(
        rx.cond(entry["source"] != "", E.span(entry["source"], class_name="tag")),
        rx.cond(entry["undone"], E.span(tr("history.undone"), class_name="tag")),
        class_name="row",
    )
    head = E.div(
        E.div(E.b(entry["action"]), marks, class_name="row grow"),
        E.span(entry["who"], class_name="mut"),
        E.time(moment(entry["at"]), date_time=entry["at"], class_name="mut num"),
        rx.cond(
            entry["undoable"],
            button(tr("history.undo"), ic="undo-2", kind="gh", on_click=on_undo(entry["id"]), aria=tr("history.undo")),
        )
        if on_undo is not None
        else rx.fragment(),
        rx.cond(
            entry["unmerge"] != "",
            link_button(tr("unmerge.link"), href=entry["unmerge"].to(str), ic="undo-2", kind="gh"),
        )
        if on_undo is not None
        else rx.fragment(),
        class_name="change-head",
    )
    rest = rx.cond(entry["rest"] > 0, E.p(tr("history.rest", n=entry["rest"]), class_name="mut"))
    return E.li(
        head,
        rx.foreach(entry["parts"].to(list[dict[str, Any]]), lambda part: _part(part, on_restore)),
        rest,
        more,
        key=entry["id"],
        class_name="change",
    )


def _part(part: Any, on_restore: Any) -> rx.Component:
    name = rx.cond(
        part["href"] != "",
        rx.link(part["title"], href=part["href"].to(str), underline="hover", size="2"),
        E.span(part["title"]),
    )
    lines = part["lines"].to(list[dict[str, Any]])
    merged = rx.cond(part["whose"] != "", tag(tr("history.from", name=part["whose"]), "plum"))
    return E.div(
        E.div(E.span(part["label"], class_name="mut"), name, merged, class_name="row change-of"),
        E.dl(rx.foreach(lines, lambda line: _line(line, on_restore)), class_name="change-lines"),
        key=part["key"].to(str),
    )


def _line(line: Any, on_restore: Any) -> rx.Component:
    old = rx.cond(
        line["old"] != "", E.del_(line["old"], class_name="old"), E.span(tr("history.empty"), class_name="dim")
    )
    new = rx.cond(
        line["new"] != "", E.ins(line["new"], class_name="new"), E.span(tr("history.empty"), class_name="dim")
    )
    back: rx.Component = rx.fragment()
    if on_restore is not None:
        back = rx.cond(
            line["can"].to(bool),
            button(
                ic="rotate-ccw",
                kind="gh",
                aria=tr("history.restore", field=line["label"]),
                on_click=on_restore(line["row_id"], line["field"]),
            ),
        )
    return E.div(
        E.dt(line["label"]),
        E.dd(E.span(old, icon("arrow-right", 12), new, class_name="from-to"), back),
        key=line["field"].to(str),
        class_name="change-line",
    )


def picker(label: Any, name: str, options: Any, value: Any, everything: Any) -> rx.Component:
    """Return a labelled menu of choices, the first of which means all."""
    entries: Any = rx.foreach(options, lambda one: E.option(one["label"], value=one["value"], key=one["value"]))
    menu = E.select(
        E.option(everything, value=""), entries, name=name, id=f"f-{name}", default_value=value, class_name="inp",
        key=f"{name}-{value}",
    )  # fmt: skip
    return E.div(E.label(label, html_for=f"f-{name}"), menu, class_name="fld")


def day_field(label: Any, name: str, value: Any) -> rx.Component:
    """Return a labelled date."""
    control = E.input(
        type="date", name=name, id=f"f-{name}", default_value=value, class_name="inp", key=f"{name}{value}"
    )
    return E.div(E.label(label, html_for=f"f-{name}"), control, class_name="fld")
