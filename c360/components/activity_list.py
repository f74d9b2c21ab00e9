"""Activities one below the other: what, when, with whom, and what can be done to each in place."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, empty_state, icon, menu
from c360.components.wraps.i18n import moment, tr
from c360.components.wraps.picker import picker
from c360.services.activities import FOLLOW_UPS
from c360.services.activity_lines import ActivityLine, Who
from c360.services.attachments import Paper

ICONS = {
    "call": "phone", "meeting": "calendar", "task": "square-check", "mail": "mail", "note": "notebook-pen",
    "letter": "mailbox", "other": "message-circle",
}  # fmt: skip
SNOOZES = ((15, "activity.snooze.quarter"), (60, "activity.snooze.hour"), (1440, "activity.snooze.day"))


def kind_icon(kind: Any, size: int = 15) -> Any:
    """Return the picture of a kind of activity."""
    return rx.match(kind, *[(key, icon(name, size)) for key, name in ICONS.items()], icon("circle", size))


def activity_list(lines: Any, acts: Any, *, label: Any, nothing: rx.Component) -> rx.Component:
    """Return the list; ``acts`` is the state whose handlers its lines call."""
    listed = E.ul(rx.foreach(lines, lambda line: _line(line, acts)), class_name="acts-list", aria_label=label)
    return rx.cond(lines.length() > 0, listed, nothing)


def none_of(title: str, text: str) -> rx.Component:
    """Return what stands where there is no activity."""
    return empty_state("calendar", tr(title), tr(text))


def customers_of(line: ActivityLine) -> rx.Component:
    """Return with whom an activity is; who is out of reach is masked."""

    def one(who: Who) -> rx.Component:
        linked = rx.link(who.name, href=who.href, underline="hover")
        return E.span(rx.cond(who.href != "", linked, E.span(icon("lock", 11), who.name, class_name="dim")))

    return E.span(rx.foreach(line.customers, one), class_name="act-who")


def papers(files: Any) -> rx.Component:
    """Return the files that hang on an activity, each to be downloaded."""

    def one(paper: Paper) -> rx.Component:
        return E.a(icon("paperclip", 12), E.span(paper.name), href=paper.href, download=True, class_name="tag",
                   title=tr("files.save", name=paper.name), key=paper.id)  # fmt: skip

    return rx.cond(files.length() > 0, E.div(rx.foreach(files, one), class_name="act-files"))


def products_of(line: ActivityLine) -> rx.Component:
    """Return what was discussed in an activity."""
    named = rx.foreach(line.products, lambda name: E.span(icon("package", 12), name, class_name="tag", key=name))
    return rx.cond(line.products.length() > 0, E.div(named, class_name="act-files"))  # pyright: ignore


def when_of(line: ActivityLine) -> rx.Component:
    """Return the time of an activity, marked when it is overdue."""
    mark = rx.cond(line.overdue, E.span(tr("activity.overdue"), class_name="tag late"))
    ended = rx.cond(~line.planned & (line.status != "closed"), E.span(line.status_label, class_name="tag"))  # pyright: ignore
    step = rx.cond(line.planned & (line.status != "open"), E.span(line.status_label, class_name="tag"))  # pyright: ignore
    return E.span(
        E.time(moment(line.at), date_time=line.at, class_name="num"), mark, ended, step, class_name="act-when"
    )


def _line(line: ActivityLine, acts: Any) -> rx.Component:
    about = E.div(
        E.span(line.kind_label),
        rx.cond(line.direction_label != "", E.span(line.direction_label)),
        rx.cond(line.medium_label != "", E.span(line.medium_label)),
        rx.cond(line.purpose != "", E.span(line.purpose)),
        E.span(line.operator),
        customers_of(line),
        class_name="act-about mut",
    )
    body = E.div(
        E.div(
            rx.link(line.subject, href=line.href, underline="hover", class_name="lt"),
            when_of(line),
            class_name="act-head",
        ),
        about,
        rx.cond(line.text != "", E.p(line.text, class_name="act-text")),
        rx.cond(line.outcome != "", E.p(icon("corner-down-right", 12), line.outcome, class_name="act-text")),
        products_of(line),
        papers(line.files),
        class_name="col grow",
    )
    return E.li(
        E.span(kind_icon(line.kind), class_name="lico"),
        body,
        buttons_of(line, acts),
        key=line.id,
        class_name="act",
    )


def buttons_of(line: ActivityLine, acts: Any) -> rx.Component:
    """Return what can be done to an activity: completing it is one click, the rest is in a menu."""
    item = rx.dropdown_menu.item
    finish = button(
        tr("activity.complete"),
        ic="check",
        aria=tr("activity.complete.one", subject=line.subject),
        on_click=acts.finish(line.id, "closed"),
    )
    follow = [item(tr("activity.follow.months", n=n), on_select=acts.follow_up(line.id, n)) for n in FOLLOW_UPS]
    snoozes = [item(tr(key), on_select=acts.snooze(line.id, minutes)) for minutes, key in SNOOZES]
    steps = [
        rx.cond(
            line.moves.contains(status),  # pyright: ignore[reportAttributeAccessIssue]
            item(tr(f"activity.step.{status}"), on_select=handler),
        )
        for status, handler in (
            ("submitted", acts.step(line.id, "submitted")),
            ("authorised", acts.step(line.id, "authorised")),
            ("declined", acts.finish(line.id, "declined")),
        )
    ]
    planned = rx.fragment(
        *steps,
        item(icon("x"), tr("activity.cancel"), on_select=acts.finish(line.id, "cancelled")),
        rx.dropdown_menu.separator(),
        *snoozes,
    )
    more = menu(
        button(ic="ellipsis", kind="gh", aria=tr("activity.more", subject=line.subject)),
        item(icon("external-link"), tr("activity.open"), on_select=rx.redirect(line.href)),
        rx.cond(
            line.may_edit,
            rx.cond(
                line.planned, planned, item(icon("rotate-ccw"), tr("activity.reopen"), on_select=acts.reopen(line.id))
            ),
        ),
        rx.dropdown_menu.separator(),
        *follow,
        rx.cond(
            line.may_edit,
            rx.fragment(
                rx.dropdown_menu.separator(),
                item(icon("archive"), tr("activity.discard"), color="red", on_select=acts.discard(line.id)),
            ),
        ),
        label=tr("activity.more", subject=line.subject),
    )
    return E.div(rx.cond(line.planned & line.may_edit, finish), more, class_name="row act-do")  # pyright: ignore


def activity_facts(line: ActivityLine, acts: Any) -> rx.Component:
    """Return an activity whole: its facts, its text and the customers it is with."""

    def fact(label: Any, value: Any, shown: Any) -> rx.Component:
        return rx.cond(shown, E.div(E.dt(label), E.dd(value), class_name="kv"))

    def with_whom(who: Who) -> rx.Component:
        off = button(
            ic="x", kind="gh", aria=tr("activity.unlink", name=who.name), on_click=acts.take_off(line.id, who.id)
        )
        name = rx.cond(who.href != "", rx.link(who.name, href=who.href, underline="hover"), E.span(who.name))
        can = line.may_edit & (who.id != "") & (line.customers.length() > 1)  # pyright: ignore
        return E.li(name, rx.cond(can, off), class_name="row")

    more = picker(
        name="more", input_id="act-more", items=[], value=[], multiple=True, search_url="/api/lookup/customer",
        label=tr("activity.link"), placeholder=tr("activity.link"),
        on_value_change=lambda chosen: acts.put_on(line.id, chosen), key=f"more-{line.customers.length()}",  # pyright: ignore
    )  # fmt: skip
    facts = E.dl(
        fact(tr("field.kind"), line.kind_label, True),
        fact(tr("field.at"), when_of(line), True),
        fact(tr("field.ends_at"), moment(line.ends_at), line.ends_at != ""),
        fact(tr("field.direction"), line.direction_label, line.direction_label != ""),
        fact(tr("field.medium"), line.medium_label, line.medium_label != ""),
        fact(tr("consent.purpose"), line.purpose, line.purpose != ""),
        fact(tr("field.place"), line.place, line.place != ""),
        fact(tr("field.activity.owner_id"), line.operator, True),
        fact(tr("field.remind_at"), moment(line.reminder), line.reminder != ""),
        fact(tr("field.outcome"), line.outcome, line.outcome != ""),
        class_name="facts",
    )
    return E.div(
        facts,
        rx.cond(line.text != "", E.p(line.text, class_name="act-whole")),
        E.h2(tr("activity.with"), class_name="h2"),
        E.ul(rx.foreach(line.customers, with_whom), class_name="act-with"),
        rx.cond(line.may_edit, E.div(more, class_name="act-more")),
        class_name="col gap12",
    )
