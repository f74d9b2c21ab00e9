"""Cards of a profile: facts with their labels, and lines of records with what can be done to them."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, icon, link_button
from c360.components.wraps.i18n import day, moment, money, tr
from c360.services.facts import Act, Card, Chip, Fact, Line

LINE_ICONS = {
    "map-pin": "map-pin", "mail": "mail", "phone": "phone", "printer": "printer", "globe": "globe",
    "share": "share-2", "message": "message-circle", "briefcase": "briefcase", "landmark": "landmark",
    "link": "link", "arrow": "arrow-left-right", "lock": "lock", "role": "user-round-check",
}  # fmt: skip
ACT_ICONS = {"map": "map", "meeting": "calendar-plus", "visit": "footprints", "person": "user-round-plus",
             "fill": "user-round-plus"}  # fmt: skip


def cards_of(
    cards: Any, *, currency: Any, lit: Any, on_edit: Any, on_add: Any, on_edit_line: Any, on_prefer: Any,
    on_remove: Any, on_act: Any, on_fill: Any, on_more: Any,
) -> rx.Component:  # fmt: skip
    """Return every card of a tab; ``lit`` is the row the address points at."""
    handlers = (on_edit_line, on_prefer, on_remove, on_act, on_fill)

    def one(card: Card) -> rx.Component:
        edit = button(
            tr("profile.edit"),
            E.span(card.title, class_name="sr"),
            ic="pencil",
            kind="gh",
            on_click=on_edit(card.edits),
        )
        whole = link_button(card.open_label, href=card.opens, kind="gh", ic="waypoints")
        add = button(card.add_label, ic="plus", kind="gh", on_click=on_add(card.adds))
        rest = E.div(
            E.span(tr("history.rest", n=card.more), class_name="mut"),
            button(tr("activity.show_more"), E.span(card.title, class_name="sr"), on_click=on_more(card.key)),
            class_name="row",
        )
        return E.section(
            E.div(
                E.h2(card.title, class_name="h2"),
                E.div(
                    rx.cond(card.edits != "", edit),
                    rx.cond(card.adds != "", add),
                    rx.cond(card.opens != "", whole),
                    class_name="row",
                ),
                class_name="cardh",
            ),
            rx.cond(card.hint != "", E.p(icon("shield-check", 13), card.hint, class_name="hintline")),
            fact_list(card.facts, currency),
            E.ul(
                rx.foreach(card.lines, lambda line: _line(line, currency, lit, *handlers)),
                class_name="lines",
            ),
            rx.cond(card.more > 0, rest),
            rx.cond(
                (card.lines.length() == 0) & (card.facts.length() == 0) & (card.empty != ""),  # pyright: ignore
                E.p(card.empty, class_name="mut"),
            ),
            key=card.key,
            class_name="card",
            aria_label=card.title,
        )

    return E.div(rx.foreach(cards, one), class_name="pcards")


def fact_list(facts: Any, currency: Any) -> rx.Component:
    """Return facts as labels and values."""

    def row(fact: Fact) -> rx.Component:
        origin = E.span(icon("file-input", 11), fact.origin, class_name="origin", title=fact.origin_told)
        shown = E.dd(value_of(fact, currency), rx.cond(fact.origin != "", origin))
        return E.div(E.dt(fact.label), shown, key=fact.name, class_name=f"kv k-{fact.kind}")

    return rx.cond(facts.length() > 0, E.dl(rx.foreach(facts, row), class_name="facts"))


def value_of(fact: Fact, currency: Any) -> rx.Component:
    """Return a fact's value in the reader's format, linked where it leads somewhere."""
    shown = rx.match(
        fact.kind,
        ("money", money(fact.text, currency)),
        ("date", day(fact.text)),
        ("moment", moment(fact.text)),
        fact.text,
    )
    chips = E.span(rx.foreach(fact.chips, chip), class_name="chips")
    linked = rx.link(shown, href=fact.href, is_external=fact.kind == "url", underline="hover")
    saved = E.a(icon("paperclip", 12), shown, href=fact.href, download=True, class_name="row saved")
    # No title alone: a finger never sees one.
    shut = E.span(
        icon("ban", 12), E.s(shown), E.span(fact.reason, class_name="why"), class_name="shut", aria_disabled=True
    )
    plain = rx.cond(fact.reason != "", shut, E.span(shown))
    text = rx.cond(fact.kind == "file", saved, rx.cond(fact.href != "", linked, plain))
    blank = E.span("–", class_name="dim", aria_label=tr("form.nothing"))
    return rx.cond(fact.chips.length() > 0, chips, rx.cond(fact.text == "", blank, text))  # pyright: ignore


def chip(word: Chip) -> rx.Component:
    """Return a word, with a dot in its colour when it has one."""
    dotted = E.span(word.text, class_name="dot", style={"--d": f"var(--{word.color}-9)"})
    return rx.cond(word.color != "", dotted, E.span(word.text, class_name="tag"))


def face(initials: Any, hue: Any, square: Any, size: int = 30) -> rx.Component:
    """Return a person's round or an organisation's square face."""
    colours = {"--s": f"{size}px", "--b": f"var(--{hue}-4)", "--f": f"var(--{hue}-12)"}
    return E.span(initials, class_name=rx.cond(square, "av sq", "av"), aria_hidden=True, style=colours)


def _line(
    line: Line, currency: Any, lit: Any, on_edit: Any, on_prefer: Any, on_remove: Any, on_act: Any,
    on_fill: Any,
) -> rx.Component:  # fmt: skip
    symbol = rx.match(line.icon, *[(key, icon(name, 15)) for key, name in LINE_ICONS.items()], icon("circle", 15))
    mark = rx.cond(line.initials != "", face(line.initials, line.hue, line.square), E.span(symbol, class_name="lico"))
    outside = line.href.startswith("http")  # pyright: ignore[reportAttributeAccessIssue]
    title = rx.cond(
        line.href != "",
        rx.link(line.title, href=line.href, is_external=outside, underline="hover", class_name="lt"),
        E.span(line.title, class_name="lt"),
    )
    told = rx.foreach(
        line.facts,
        lambda fact: E.span(
            rx.cond(fact.label != "", E.span(fact.label, class_name="dim")),
            " ",
            value_of(fact, currency),
            class_name="lf",
        ),
    )
    words = E.span(
        rx.cond(line.primary != "", E.span(icon("star", 11), line.primary, class_name="tag pri")),
        rx.foreach(line.chips, chip),
        class_name="chips",
    )
    own = (line.id != "") & (
        (line.entity == "address") | (line.entity == "communication") | (line.entity == "contact_person")
        | (line.entity == "employment") | (line.entity == "bank_account") | (line.entity == "external_reference")
    )  # fmt: skip
    prefer = button(line.offer, kind="gh", class_name="hide-s", on_click=on_prefer(line.entity, line.id))
    acts = rx.fragment(
        button(ic="pencil", kind="gh", aria=tr("profile.edit.line", name=line.title),
               on_click=on_edit(line.entity, line.id)),
        button(ic="archive", kind="gh", aria=tr("profile.remove.line", name=line.title),
               on_click=on_remove(line.entity, line.id)),
    )  # fmt: skip
    return E.li(
        mark,
        E.div(
            E.div(title, words, class_name="row lhead"),
            rx.cond(line.sub != "", E.div(line.sub, class_name="mut")),
            E.div(told, class_name="lfs"),
            E.div(rx.foreach(line.acts, lambda act: _act(act, line.place, on_act, on_fill)), class_name="row lplace"),
            class_name="col grow",
        ),
        E.div(rx.cond(line.offer != "", prefer), rx.cond(own, acts), class_name="row lacts"),
        class_name=rx.cond((lit != "") & (line.id == lit), "line lit", "line"),
        id=f"r-{line.id}",
    )


def _act(act: Act, place: Any, on_act: Any, on_fill: Any) -> rx.Component:
    symbol = rx.match(act.key, *[(key, icon(name, 13)) for key, name in ACT_ICONS.items()], icon("circle", 13))
    shut = E.button(
        symbol, act.label, type="button", disabled=True, title=act.reason, class_name="btn gh",
        aria_label=f"{act.label}: {act.reason}",
    )  # fmt: skip
    outside = act.href.startswith("http")  # pyright: ignore[reportAttributeAccessIssue]
    link = rx.link(symbol, act.label, href=act.href, is_external=outside, underline="none", class_name="btn gh")
    live = rx.cond(
        act.key == "fill",
        button(symbol, act.label, kind="gh", on_click=on_fill(place)),
        button(symbol, act.label, kind="gh", on_click=on_act(act.key, place)),
    )
    return E.span(rx.cond(act.reason != "", shut, rx.cond(act.href != "", link, live)), key=act.key, title=act.reason)
