"""The actions panel: a button for each kind of activity, and the small form that records or plans one."""

from typing import Any

import reflex as rx

from c360.components.activity_list import kind_icon
from c360.components.kit import E, button, icon
from c360.components.wraps.care import care
from c360.components.wraps.i18n import tr
from c360.components.wraps.moment_field import moment_field
from c360.components.wraps.picker import picker
from c360.services.activities import FOLLOW_UPS
from c360.services.picks import Option

KEYS = {"call": "l l", "mail": "l e", "note": "l n", "meeting": "p m", "task": "p t"}
"""Shortcuts: l for what is logged, p for what is planned."""
SIDED = ("call", "mail", "letter", "other")


def actions_panel(state: Any) -> rx.Component:
    """Return the card with a button for each kind of activity."""

    def one(kind: Option) -> rx.Component:
        return button(kind_icon(kind.value, 14), kind.label, on_click=state.begin(kind.value), key=kind.value)

    buttons = E.div(rx.foreach(state.offered, one), class_name="row quick-kinds")
    return rx.cond(
        state.offered.length() > 0,
        E.section(
            E.div(E.h2(tr("activity.actions"), class_name="h2"), _hint(), class_name="cardh"),
            buttons,
            class_name="card quick",
            aria_label=tr("activity.actions"),
        ),
    )


def _hint() -> rx.Component:
    return E.span(tr("activity.keys"), " ", E.kbd("l", class_name="kbd"), " ", E.kbd("l", class_name="kbd"),
                  class_name="mut hide-s", aria_hidden=True)  # fmt: skip


def quick_form(state: Any) -> rx.Component:
    """Return the form; Enter in the subject saves."""
    subject = E.input(
        name="subject", default_value=state.subject, class_name="inp", max_length=300, auto_complete="off",
        custom_attrs={"id": "quick-subject"}, required=True, key=f"s{state.stamp}",
    )  # fmt: skip
    at = E.div(moment_field(name="at", value=state.at, input_id="quick-at"), key=f"a{state.stamp}")
    ends = E.div(moment_field(name="ends_at", value="", input_id="quick-ends"), key=f"e{state.stamp}")
    direction = E.fieldset(
        E.legend(tr("activity.direction")),
        *[
            E.label(
                E.input(type="radio", name="direction", value=way, default_checked=way == "out"),
                tr(f"option.direction.{way}"),
            )
            for way in ("out", "in")
        ],
        class_name="row quick-ways",
    )
    months = [E.option(tr("activity.follow.months", n=n), value=str(n)) for n in FOLLOW_UPS]
    follow = E.select(E.option(tr("activity.follow.none"), value=""), *months, name="follow_up", class_name="inp",
                      custom_attrs={"id": "quick-follow"})  # fmt: skip
    place = E.input(name="place", default_value=state.place, class_name="inp", custom_attrs={"id": "quick-place"},
                    key=f"p{state.stamp}")  # fmt: skip
    owner = picker(name="owner_id", input_id="quick-owner", items=state.owners, value=state.owner,
                   search_url="/api/lookup/user",
                   label=tr("field.activity.owner_id"), key=f"o{state.stamp}")  # fmt: skip
    others = picker(name="customers[]", input_id="quick-others", items=[], value=[], multiple=True,
                    search_url="/api/lookup/customer", label=tr("activity.others"), key=f"c{state.stamp}")  # fmt: skip
    purpose = E.select(
        E.option(tr("activity.purpose.none"), value=""),
        rx.foreach(state.purposes, lambda one: E.option(one.label, value=one.value)),
        name="purpose_id", class_name="inp", custom_attrs={"id": "quick-purpose"}, key=f"u{state.stamp}",
    )  # fmt: skip
    sided: Any = rx.match(state.kind, *[(kind, True) for kind in SIDED], False)
    is_meeting = (state.kind == "meeting") & state.planned
    wrong: Any = rx.foreach(state.errors, lambda pair: E.p(pair[1]))
    return rx.cond(
        state.open,
        E.form(
            E.div(
                kind_icon(state.kind),
                E.h2(state.title, class_name="h2 grow"),
                E.label(
                    E.input(type="checkbox", checked=state.planned, on_change=state.turn, class_name="chk",
                            disabled=state.closed != ""),
                    tr("activity.plan"),
                    class_name="row",
                ),
                button(ic="x", kind="gh", aria=tr("form.cancel"), on_click=state.close),
                class_name="row",
            ),
            rx.cond(
                state.closed != "",
                E.div(icon("ban", 15), E.div(tr("activity.closed_way", why=state.closed)), class_name="note"),
            ),
            rx.cond(
                state.errors.length() > 0,
                E.div(icon("circle-alert", 15), E.div(wrong), class_name="note red", role="alert"),
            ),
            E.div(
                _field(tr("activity.subject"), subject, "quick-subject", wide=True),
                _field(rx.cond(state.planned, tr("activity.at.planned"), tr("activity.at.past")), at, "quick-at"),
                rx.cond(is_meeting, _field(tr("field.ends_at"), ends, "quick-ends"), E.span()),
                rx.cond(sided, direction),
                rx.cond(sided | (state.kind == "meeting"), _field(tr("consent.purpose"), purpose, "quick-purpose")),
                rx.cond(state.kind == "meeting", _field(tr("field.place"), place, "quick-place")),
                _field(tr("activity.text"), E.textarea(name="text", rows="3", class_name="inp",
                                                       custom_attrs={"id": "quick-text"}), "quick-text", wide=True,
                       hint=care(of="quick-text")),
                class_name="fgrid",
            ),
            E.details(
                E.summary(tr("activity.more_fields")),
                E.div(
                    _field(tr("field.activity.owner_id"), owner, "quick-owner"),
                    _field(tr("activity.others"), others, "quick-others"),
                    rx.cond(~state.planned, _field(tr("activity.follow"), follow, "quick-follow")),
                    class_name="fgrid",
                ),
            ),
            E.div(
                button(tr("form.save"), kind="pri", type="submit"),
                button(tr("form.cancel"), on_click=state.close),
                class_name="row",
            ),
            on_submit=state.save,
            class_name="card quick-form",
            aria_label=state.title,
            no_validate=True,
        ),
    )  # fmt: skip


def _field(label: Any, control: Any, for_id: str, *, wide: bool = False, hint: Any = None) -> rx.Component:
    below = [hint] if hint is not None else []
    return E.div(E.label(label, html_for=for_id), control, *below, class_name="fld wide" if wide else "fld")
