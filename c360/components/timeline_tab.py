"""The body of the Timeline tab: what is planned, the feed's composer, filters, the chart and the stream."""

from typing import Any

import reflex as rx

from c360.components.activity_list import ICONS as KINDS
from c360.components.activity_list import activity_list, papers
from c360.components.change_list import day_field, waiting
from c360.components.contact_chart import contact_chart
from c360.components.kit import E, button, empty_state, icon, notice
from c360.components.wraps.care import care
from c360.components.wraps.i18n import ago, moment, num, tr
from c360.components.wraps.picker import picker as combobox
from c360.services.timeline import MOST, Entry, Told

ICONS = KINDS | {"post": "message-square", "change": "pencil", "file": "paperclip", "consent": "shield-check",
                 "relation": "users-round", "merge": "git-merge"}  # fmt: skip
"""The picture of each type of entry."""


def timeline_tab(state: Any) -> rx.Component:
    """Return the tab."""
    planned = rx.cond(
        state.upcoming.length() > 0,
        E.section(
            E.div(E.h2(tr("timeline.upcoming"), class_name="h2"), class_name="cardh"),
            activity_list(state.upcoming, state, label=tr("timeline.upcoming"), nothing=E.span()),
            class_name="card",
            aria_label=tr("timeline.upcoming"),
        ),
    )
    nothing = empty_state("history", tr("timeline.none"), tr("timeline.none.text"))
    listed = E.ol(rx.foreach(state.entries, lambda entry: _entry(entry, state)), class_name="tl",
                  aria_label=tr("profile.tab.timeline"))  # fmt: skip
    more = rx.cond(state.more, button(tr("activity.show_more"), on_click=state.show_more))
    stream = E.section(
        _filters(state),
        _totals(state),
        contact_chart(state),
        rx.cond(state.problem != "", notice(state.problem, kind="red")),
        rx.cond(state.entries.length() > 0, listed, nothing),
        more,
        class_name="card tl-page",
        aria_label=tr("profile.tab.timeline"),
    )
    return rx.cond(state.ready, E.div(planned, _composer(state), stream, class_name="col gap12 tl-all"), waiting())


def _composer(state: Any) -> rx.Component:
    text = E.textarea(name="text", rows="2", class_name="inp", placeholder=tr("feed.placeholder"), required=True,
                      aria_label=tr("feed.post"), custom_attrs={"id": "feed-text"}, max_length=5000,
                      key=f"post-{state.stamp}")  # fmt: skip
    whom = combobox(items=state.authors, value=[], multiple=True, label=tr("feed.mention"), input_id="feed-mention",
                    placeholder=tr("feed.mention"), on_value_change=state.mention,
                    key=f"who-{state.stamp}")  # fmt: skip
    return E.form(
        text,
        care(of="feed-text", key=f"care-{state.stamp}"),
        rx.cond(state.error != "", E.span(state.error, class_name="err", role="alert")),
        E.div(E.div(whom, class_name="grow feed-who"), button(tr("feed.post"), kind="pri", type="submit"),
              class_name="row"),
        on_submit=state.post,
        class_name="card feed-new",
        aria_label=tr("feed.post"),
    )  # fmt: skip


def _filters(state: Any) -> rx.Component:
    words = E.input(type="search", name="words", id="f-words", default_value=state.words, class_name="inp",
                    key=f"w{state.stamp}")  # fmt: skip

    def added(label: str, checked: Any, on_change: Any) -> rx.Component:
        box = E.input(type="checkbox", checked=checked, on_change=on_change, class_name="chk")
        return E.label(box, tr(label), class_name="row tl-wide")

    wide = E.div(
        added("timeline.wide", state.wide, state.widen),
        added("timeline.grouped", state.grouped, state.gather),
        class_name="row wrap gap12",
    )
    return E.div(
        E.form(
            _choose(tr("timeline.type"), "kind", state.kinds, state.kind, tr("history.all")),
            _choose(tr("field.direction"), "way", state.ways, state.way, tr("history.all")),
            _choose(tr("timeline.author"), "author", state.authors, state.author, tr("history.all")),
            day_field(tr("history.since"), "since", state.since),
            day_field(tr("history.until"), "until", state.until),
            E.div(E.label(tr("timeline.words"), html_for="f-words"), words, class_name="fld"),
            button(tr("history.show"), type="submit"),
            button(tr("timeline.clear"), kind="gh", on_click=state.clear),
            on_submit=state.narrow,
            class_name="change-filters",
            aria_label=tr("history.filters"),
        ),
        rx.cond(state.entity == "account", wide),
        class_name="col",
    )


def _choose(label: Any, name: str, options: Any, value: Any, everything: Any) -> rx.Component:
    entries: Any = rx.foreach(options, lambda one: E.option(one.label, value=one.value, key=one.value))
    menu = E.select(E.option(everything, value=""), entries, name=name, id=f"f-{name}", default_value=value,
                    class_name="inp", key=f"{name}-{value}")  # fmt: skip
    return E.div(E.label(label, html_for=f"f-{name}"), menu, class_name="fld")


def _totals(state: Any) -> rx.Component:
    """Return how often and when: of the account alone, or of everybody who belongs to it."""
    found = state.totals

    def fact(label: str, value: Any, shown: Any = True) -> rx.Component:
        return rx.cond(shown, E.div(E.dt(tr(label)), E.dd(value, class_name="num"), class_name="kv"))

    facts = E.dl(
        fact("field.contacts_total", num(found.contacts_total)),
        fact("field.contacts_in", num(found.contacts_in)),
        fact("field.contacts_out", num(found.contacts_out)),
        fact("field.last_contact_at", moment(found.last_contact_at), found.last_contact_at != ""),
        fact("field.next_step_at", moment(found.next_step_at), found.next_step_at != ""),
        class_name="tl-totals",
        aria_label=tr("timeline.totals"),
    )
    some = notice(tr("timeline.wide.some", n=found.people, most=MOST))
    return E.div(facts, rx.cond(found.people > MOST, some))


def _entry(entry: Entry, state: Any) -> rx.Component:
    symbol = rx.match(entry.type, *[(key, icon(name, 12)) for key, name in ICONS.items()], icon("circle", 12))
    title = rx.cond(
        entry.href != "", rx.link(entry.title, href=entry.href, underline="hover", class_name="lt"), E.b(entry.title)
    )
    of = rx.cond(entry.of != "", rx.link(entry.of, href=entry.of_href, underline="hover", class_name="tag"))
    return E.li(
        E.span(symbol, class_name="pin"),
        E.div(
            rx.cond(entry.title != "", title),
            E.span(entry.who, class_name="mut"),
            of,
            rx.cond(entry.note != "", E.span(entry.note, class_name="mut")),
            E.time(moment(entry.at), date_time=entry.at, class_name="mut num", title=ago(entry.at)),
            class_name="act-head",
        ),
        rx.cond(entry.text != "", E.p(entry.text, class_name=rx.cond(entry.type == "post", "q tl-post", "act-text"))),
        rx.cond(entry.long, E.details(E.summary(tr("timeline.whole")), class_name="tl-fold tl-whole")),
        papers(entry.files),
        rx.cond(entry.type == "post", _feed(entry, state), _changed(entry)),
        key=entry.key,
    )


def _changed(entry: Entry) -> rx.Component:
    def line(one: Told) -> rx.Component:
        return E.div(
            E.dt(one.label),
            E.dd(
                rx.cond(
                    one.old != "", E.del_(one.old, class_name="old"), E.span(tr("history.empty"), class_name="dim")
                ),
                icon("arrow-right", 12),
                rx.cond(
                    one.text != "", E.ins(one.text, class_name="new"), E.span(tr("history.empty"), class_name="dim")
                ),
                class_name="from-to",
            ),
            key=one.id,
            class_name="change-line",
        )

    lines = E.dl(rx.foreach(entry.lines, line), class_name="change-lines")
    fields: Any = entry.lines
    label = rx.cond(entry.folded > 1, tr("timeline.edits", n=entry.folded), tr("timeline.fields", n=fields.length()))
    return rx.cond(fields.length() > 0, E.details(E.summary(label), lines, class_name="tl-fold"))


def _feed(entry: Entry, state: Any) -> rx.Component:
    def answer(one: Told) -> rx.Component:
        off = button(ic="x", kind="gh", aria=tr("feed.remove"), on_click=state.remove("post_comment", one.id))
        return E.li(
            E.div(E.b(one.who), " ", one.text, class_name="grow tl-answer"),
            E.span(ago(one.at), class_name="mut num"),
            rx.cond(one.mine, off),
            class_name="row",
            key=one.id,
        )

    thumb = E.button(
        icon("thumbs-up", 13),
        E.span(num(entry.likes), class_name="num"),
        type="button",
        class_name="btn gh",
        aria_pressed=entry.liked,
        aria_label=tr("feed.like", n=entry.likes),
        on_click=state.like(entry.id),
    )
    reply = E.form(
        E.input(type="hidden", name="post", value=entry.id, read_only=True),
        E.input(name="text", class_name="inp grow", placeholder=tr("feed.comment"), required=True, auto_complete="off",
                aria_label=tr("feed.comment"), key=f"{entry.id}-{state.stamp}"),
        button(tr("feed.send"), kind="gh", type="submit"),
        on_submit=state.comment,
        class_name="row",
    )  # fmt: skip
    off = button(ic="trash-2", kind="gh", aria=tr("feed.remove"), on_click=state.remove("post", entry.id))
    return E.div(
        E.ul(rx.foreach(entry.lines, answer), class_name="tl-answers"),
        E.div(thumb, E.div(reply, class_name="grow"), rx.cond(entry.mine, off), class_name="row"),
        class_name="col tl-feed",
    )
