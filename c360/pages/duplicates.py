"""The queue of possible duplicates: groups with their evidence, decided one after the other with keys."""

from typing import Any

import reflex as rx

from c360.components.admin import dialog
from c360.components.change_list import waiting
from c360.components.duplicates import group_card, home_card
from c360.components.kit import E, button, empty_state, field, keys, link_button
from c360.components.wraps.hotkeys import Hotkey
from c360.components.wraps.i18n import num, tr
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.services.duplicates import enquiring, sure
from c360.services.duplicates.households import HomeLine
from c360.services.duplicates.reviewing import GroupLine
from c360.services.merging import requests
from c360.state.duplicates import KINDS, STATES, DuplicatesPage
from c360.state.households import HOMES

STATE: Any = DuplicatesPage
KEYS: tuple[Hotkey, ...] = (
    {"id": "down", "keys": "j", "label": tr("duplicates.key.down")},
    {"id": "up", "keys": "k", "label": tr("duplicates.key.up")},
    {"id": "merge", "keys": "m", "label": tr("duplicates.merge")},
    {"id": "apart", "keys": "n", "label": tr("duplicates.apart")},
    {"id": "later", "keys": "l", "label": tr("duplicates.later")},
    {"id": "ask", "keys": "a", "label": tr("duplicates.ask")},
    {"id": "home", "keys": "h", "label": tr("duplicates.home.accept")},
)


def duplicates() -> rx.Component:
    """Return the page."""
    nothing = empty_state("copy-check", tr("duplicates.none"), tr("duplicates.none.text"))

    def card(line: GroupLine) -> rx.Component:
        return group_card(line, STATE.chosen, on_choose=STATE.choose, on_cut=STATE.cut)

    def home(line: HomeLine) -> rx.Component:
        return home_card(line, STATE.chosen, on_choose=STATE.choose)

    lines = rx.cond(STATE.state == HOMES, rx.foreach(STATE.homes, home), rx.foreach(STATE.groups, card))
    listed = E.ol(lines, class_name="dup-groups", aria_label=tr("duplicates.title"))
    more = rx.cond(STATE.more, button(tr("duplicates.more"), on_click=STATE.show_more))
    queue = rx.cond(
        STATE.groups.length() + STATE.homes.length() > 0, E.div(_acts(), listed, class_name="col gap12"), nothing
    )
    body = E.div(_figures(), _tools(), queue, more, class_name="col gap12")
    return frame(
        E.div(rx.cond(STATE.ready, body, waiting()), _dialog(), class_name="page pad dups"),
        active="duplicates",
        title=tr("duplicates.title"),
        shortcuts=KEYS,
        on_shortcut=STATE.press,
    )


def _figures() -> rx.Component:
    told = STATE.figures

    def one(label: str, value: Any) -> rx.Component:
        return E.div(E.dt(tr(label), class_name="mut"), E.dd(value, class_name="num"))

    return E.dl(
        one("duplicates.figure.waiting", num(told.waiting)),
        one("duplicates.figure.sure", num(told.sure)),
        one("duplicates.figure.oldest", tr("duplicates.days", n=told.oldest_days)),
        one("duplicates.figure.median", tr("duplicates.days", n=told.median_days)),
        one("duplicates.figure.merged", num(told.merged)),
        one("duplicates.figure.apart", num(told.apart)),
        class_name="card dup-figures",
    )


def _tools() -> rx.Component:
    def choice(label: str, value: str, now: Any, act: Any) -> rx.Component:
        return button(
            tr(label), class_name=rx.cond(now == value, "on", ""), aria_pressed=now == value, on_click=act(value)
        )

    states = [choice(f"duplicates.state.{one}", one, STATE.state, STATE.show) for one in STATES[:-1]]
    waiting_homes = E.span(num(STATE.households), class_name="num")
    states.append(button(
        tr("duplicates.state.homes"), " ", waiting_homes, class_name=rx.cond(STATE.state == HOMES, "on", ""),
        aria_pressed=STATE.state == HOMES, on_click=STATE.show(HOMES),
    ))  # fmt: skip
    kinds = [choice(f"duplicates.kind.{one or 'all'}", one, STATE.entity, STATE.narrow) for one in KINDS]
    search = rx.cond(
        STATE.searching != "",
        E.span(
            E.progress(value=STATE.progress.to(str), max="100", aria_label=tr("duplicates.searching")),
            button(tr("duplicates.stop"), on_click=STATE.stop),
            class_name="row gap8",
            role="status",
        ),
        E.span(
            button(tr("duplicates.search.contacts"), ic="scan-search", on_click=STATE.search("contact")),
            button(tr("duplicates.search.accounts"), ic="scan-search", on_click=STATE.search("account")),
            class_name="row wrap gap8",
        ),
    )
    approvals = link_button(tr("requests.title"), " ", E.span(num(STATE.requests), class_name="num"),
                            href=requests.PLACE, ic="users-round")  # fmt: skip
    return E.div(
        E.div(*states, class_name="row wrap gap8", role="group", aria_label=tr("duplicates.states")),
        E.div(*kinds, class_name="row wrap gap8", role="group", aria_label=tr("duplicates.kinds")),
        approvals,
        link_button(tr("enquiries.title"), " ", E.span(num(STATE.enquiries), class_name="num"), href=enquiring.PLACE,
                    ic="message-circle-question"),
        link_button(tr("runs.title"), href=sure.PLACE, ic="git-merge"),
        E.span(class_name="grow"),
        search,
        class_name="row wrap gap12",
    )  # fmt: skip


def _acts() -> rx.Component:
    def act(key: str, label: str, pressed: str, ic: str, kind: str = "") -> rx.Component:
        return button(
            tr(label), keys(pressed), ic=ic, kind=kind, disabled=STATE.chosen == "", on_click=STATE.press(key)
        )

    later = rx.cond(
        STATE.state == "open",
        act("later", "duplicates.later", "L", "clock"),
        act("later", "duplicates.back", "L", "undo-2"),
    )
    home = act("home", "duplicates.home.accept", "H", "house")
    groups = rx.fragment(
        act("merge", "duplicates.merge", "M", "git-merge", "pri"),
        act("apart", "duplicates.apart", "N", "split"),
        home,
        later,
        act("ask", "duplicates.ask", "A", "message-circle-question"),
    )
    homes = rx.fragment(
        act("home", "duplicates.home.accept", "H", "house", "pri"), act("apart", "duplicates.home.dismiss", "N", "x")
    )
    return E.div(
        rx.cond(STATE.state == HOMES, homes, groups),
        class_name="row wrap gap8 dup-acts",
        role="toolbar",
        aria_label=tr("duplicates.acts"),
    )


def _dialog() -> rx.Component:
    asks = STATE.asked == "ask"
    words = field(
        rx.cond(asks, tr("duplicates.ask.words"), tr("duplicates.apart.words")),
        E.input(name="words", max_length=500, class_name="inp", auto_focus=True, auto_complete="off",
                custom_attrs={"id": "dup-words"}, aria_invalid=STATE.error != "", aria_describedby="dup-words-error"),
        id="dup-words",
        error=STATE.error,
    )  # fmt: skip
    return dialog(
        rx.match(STATE.asked, ("ask", tr("duplicates.ask")), ("cut", tr("duplicates.cut")), tr("duplicates.apart")),
        rx.cond(asks, tr("duplicates.ask.text"), tr("duplicates.apart.text")),
        words,
        open=STATE.asked != "",
        on_submit=STATE.answer,
        on_close=STATE.close,
    )


ROUTES = [
    Route("/duplicates", duplicates, "duplicates.title", [*LOADS, STATE.load]),
    Route("/duplicates/[group]", duplicates, "duplicates.title", [*LOADS, STATE.load]),
]
"""The page's addresses."""
