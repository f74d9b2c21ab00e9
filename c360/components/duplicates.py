"""Likely duplicates: the hint in a form, and the groups that wait for a decision with their evidence."""

from typing import Any

import reflex as rx

from c360.components.admin import dialog
from c360.components.kit import E, button, field, icon, link_button, tag
from c360.components.wraps.i18n import ago, tr
from c360.services.duplicates.check import Likely
from c360.services.duplicates.enquiring import PLACE
from c360.services.duplicates.households import HomeLine
from c360.services.duplicates.reviewing import GroupLine, Member, PairLine
from c360.services.duplicates.telling import Shown


def percent(score: Any) -> rx.Var[str]:
    """Return a share as people read it."""
    return rx.Var.create(f"{(score * 100).to(int)} %")


def evidence(bars: Any) -> rx.Component:
    """Return a bar for each thing that speaks for or against, in the order of their weight."""

    def one(bar: Shown) -> rx.Component:
        return E.li(
            E.span(bar.label, class_name="dup-said"),
            E.span(
                E.i(class_name=rx.cond(bar.bits >= 0, "for", "against"), style={"--w": bar.share}),
                class_name="dup-bar",
                aria_hidden=True,
            ),
            E.span(tr("duplicates.bits", bits=bar.told), class_name="num mut"),
            key=bar.key,
            class_name="dup-line",
        )

    return E.ul(rx.foreach(bars, one), class_name="dup-bars", aria_label=tr("duplicates.evidence"))


def likely_panel(state: Any) -> rx.Component:
    """Return who may be the customer of a form: a hint, and after saving was tried what it takes to save anyway."""
    likely, ask, error = state.likely, state.ask, state.errors["_reason"]

    def one(found: Likely) -> rx.Component:
        return E.li(
            E.div(
                rx.link(found.name, href=f"{found.href}/summary", target="_blank", underline="hover", size="2"),
                E.span(found.why, class_name="mut dup-why"),
                E.details(E.summary(tr("duplicates.why")), evidence(found.bars)),
                class_name="col grow",
            ),
            E.span(
                button(tr("duplicates.use"), on_click=state.use(found.id)),
                rx.cond(
                    found.may_merge,
                    button(tr("duplicates.into"), ic="git-merge", on_click=state.merge_into(found.id)),
                ),
                class_name="row wrap gap8",
            ),
            key=found.id,
            class_name="row dup-likely",
        )

    reason = E.div(
        E.label(tr("duplicates.anyway.reason"), html_for="f-_reason"),
        E.input(
            custom_attrs={"id": "f-_reason"}, name="_reason", max_length=500, class_name="inp", auto_complete="off",
            aria_invalid=error != "", aria_describedby="h-_reason e-_reason",
        ),
        E.span(
            rx.cond(state.blocked, tr("duplicates.anyway.needed"), tr("duplicates.anyway.hint")),
            class_name="hint", id="h-_reason",
        ),
        rx.cond(error != "", E.span(error, class_name="err", id="e-_reason", role="alert")),
        button(tr("duplicates.anyway"), type="submit"),
        class_name="fld dup-anyway",
    )  # fmt: skip
    to_answers = rx.link(tr("enquiries.title"), href=PLACE, target="_blank", size="2")
    asked = E.p(icon("check", 15), tr("enquiry.sent"), to_answers, class_name="row wrap gap8")
    hidden = E.div(
        E.p(tr("duplicates.hidden", who=ask.join(", "))),
        rx.cond(state.enquired, asked, button(tr("enquiry.ask"), ic="message-circle-question", on_click=state.enquire)),
        class_name="col gap8 dup-hidden",
    )
    return rx.cond(
        (likely.length() > 0) | (ask.length() > 0),
        E.section(
            E.h2(icon("users-round", 15), tr("duplicates.likely"), class_name="h2 row gap8"),
            E.ul(rx.foreach(likely, one), class_name="dup-list"),
            rx.cond(ask.length() > 0, hidden),
            rx.cond(state.doubted, reason),
            class_name="note dup-panel",
            role="status",
            aria_label=tr("duplicates.likely"),
        ),
    )


def enquiry_dialog(state: Any) -> rx.Component:
    """Return the dialog that asks the owners of customers a form tells of and nobody here may open."""
    words = field(
        tr("enquiry.question"),
        E.input(name="words", max_length=500, class_name="inp", auto_focus=True, auto_complete="off",
                custom_attrs={"id": "enquiry-words"}, aria_invalid=state.enquiry_error != "",
                aria_describedby="enquiry-words-error"),
        id="enquiry-words",
        error=state.enquiry_error,
    )  # fmt: skip
    return dialog(
        tr("enquiry.ask"), tr("enquiry.ask.text"), E.p(tr("enquiry.ask.text"), class_name="mut", aria_hidden=True),
        words, open=state.enquiring, on_submit=state.send_enquiry, on_close=state.unask, save=tr("enquiry.send"),
    )  # fmt: skip


def group_card(line: GroupLine, chosen: Any, *, on_choose: Any, on_cut: Any) -> rx.Component:
    """Return a group: its members side by side, and pair by pair why they are together."""
    head = E.div(
        E.button(
            E.b(percent(line.score), class_name="num"),
            rx.cond(line.sure, tag(tr("duplicates.sure"), "green")),
            rx.cond(line.home, tag(tr("duplicates.home.rather"), "amber")),
            E.span(tr("duplicates.members", n=line.size), class_name="grow"),
            E.span(ago(line.found_at), class_name="mut"),
            type="button",
            class_name="dup-head row gap8",
            aria_expanded=chosen == line.id,
            on_click=on_choose(line.id),
            custom_attrs={"id": f"dup-{line.id}"},
        ),
        class_name="dup-top",
    )
    members = E.ul(rx.foreach(line.members, _member), class_name="dup-members")
    closed = rx.cond(line.closed > 0, E.p(tr("duplicates.closed", n=line.closed, who=line.whom), class_name="mut"))
    note = rx.cond(line.note != "", E.p(icon("message-circle", 13), line.note, class_name="row gap8 mut"))
    pairs = E.ul(rx.foreach(line.pairs, lambda pair: _pair(pair, on_cut)), class_name="dup-pairs")
    return E.li(
        head,
        members,
        closed,
        note,
        rx.cond(chosen == line.id, pairs),
        key=line.id,
        class_name=rx.cond(chosen == line.id, "card dup-group on", "card dup-group"),
    )


def home_card(line: HomeLine, chosen: Any, *, on_choose: Any) -> rx.Component:
    """Return two people who may be one household, side by side, and why."""
    head = E.button(
        tag(tr("duplicates.home"), "amber"),
        E.span(line.why, class_name="grow"),
        E.span(ago(line.found_at), class_name="mut"),
        type="button",
        class_name="dup-head row gap8",
        aria_current=rx.cond(chosen == line.id, "true", "false"),
        on_click=on_choose(line.id),
        custom_attrs={"id": f"dup-{line.id}"},
    )
    return E.li(
        E.div(head, class_name="dup-top"),
        E.ul(rx.foreach(line.members, _member), class_name="dup-members"),
        key=line.id,
        class_name=rx.cond(chosen == line.id, "card dup-group on", "card dup-group"),
    )


def _member(one: Member) -> rx.Component:
    return E.li(
        rx.link(one.name, href=f"{one.href}/summary", underline="hover", size="2", class_name="trunc"),
        rx.foreach(one.facts, lambda fact: E.span(fact, class_name="mut trunc", key=fact)),
        rx.cond(one.owner != "", E.span(icon("user-round", 12), one.owner, class_name="mut row gap8")),
        key=one.id,
        class_name="dup-member",
    )


def _pair(pair: PairLine, on_cut: Any) -> rx.Component:
    weak = E.div(
        tag(tr("duplicates.weak"), "amber"),
        E.span(tr("duplicates.weak.text"), class_name="mut grow"),
        button(tr("duplicates.cut"), ic="scissors", on_click=on_cut(pair.id)),
        class_name="row wrap gap8",
    )
    return E.li(
        E.div(E.b(pair.left), icon("arrow-left-right", 12), E.b(pair.right), class_name="row wrap gap8"),
        E.p(pair.why),
        evidence(pair.bars),
        rx.cond(pair.weak, weak),
        key=pair.id,
        class_name="dup-pair",
    )


def hint(line: Any) -> rx.Component:
    """Return the hint on a profile that the customer may be there twice."""
    return rx.cond(
        line.text != "",
        E.div(
            icon("users-round", 15),
            E.div(line.text, class_name="grow"),
            rx.cond(
                line.href != "",
                link_button(tr("duplicates.review"), href=line.href),
            ),
            class_name="note info",
            role="note",
        ),
    )
