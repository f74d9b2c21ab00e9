"""API keys as people see them: a list to revoke from, a form that makes one, the key shown once."""

from typing import Any

import reflex as rx

from c360.components.admin import error_of, text_input
from c360.components.kit import E, button, card, field, notice, tag
from c360.components.wraps.i18n import moment, tr
from c360.services.api_keys import USUAL_DAYS, KeyLine


def keys_list(state: Any, *, owners: bool = False) -> rx.Component:
    """Return keys with what they may do and how long, each with the button that ends it."""

    def entry(key: KeyLine) -> rx.Component:
        may = [
            E.span(rx.cond(key.kinds.contains(kind), tr(f"people.entity.{kind}"), ""), class_name="mut")  # pyright: ignore[reportAttributeAccessIssue]
            for kind in ("contact", "account")
        ]
        about = E.div(
            E.div(key.name, class_name="trunc"),
            E.div(*([key.owner] if owners else []), class_name="mut trunc"),
            E.div(*may, rx.cond(key.writes, tr("key.writes"), tr("key.reads")), class_name="row gap8 wrap"),
            E.div(tr("key.until"), " ", moment(key.expires), class_name="mut"),
            E.div(rx.cond(key.used != "", E.span(tr("key.used"), " ", moment(key.used)), tr("key.unused")),
                  class_name="mut"),
            class_name="grow",
        )  # fmt: skip
        ending = rx.match(
            key.state,
            ("live", button(tr("key.revoke"), aria=tr("key.revoke.of", name=key.name), on_click=state.revoke(key.id))),
            ("expired", tag(tr("key.state.expired"))),
            tag(tr("key.state.revoked"), "red"),
        )
        return E.li(about, ending, class_name="row gap8 people-seat", key=key.id)

    listed = E.ul(rx.foreach(state.rows, entry), class_name="people-seats")
    return rx.cond(state.rows.length() == 0, E.p(tr("key.none"), class_name="mut"), listed)


def keys_card(state: Any) -> rx.Component:
    """Return the card of one's own keys."""

    def box(name: str, label: str, *, ticked: bool) -> rx.Component:
        control = E.input(type="checkbox", name=name, value="yes", default_checked=ticked, class_name="chk")
        return E.label(control, tr(label), class_name="row gap8")

    wrong, late = error_of(state, "name"), error_of(state, "days")
    none = error_of(state, "kinds")
    lasting = text_input("days", str(USUAL_DAYS), late, input_mode="numeric", max_length=3)
    form = E.form(
        field(tr("key.for"), text_input("key-name", "", wrong, name="name", max_length=100), id="key-name", error=wrong,
              needed=True),
        field(tr("key.days"), lasting, id="days", error=late),
        box("contact", "people.entity.contact", ticked=True),
        box("account", "people.entity.account", ticked=True),
        rx.cond(none != "", E.span(none, class_name="err", role="alert")),
        box("writes", "key.may_write", ticked=False),
        E.div(button(tr("key.make"), ic="key-round", type="submit"), class_name="row end"),
        on_submit=state.add,
        no_validate=True,
        reset_on_submit=True,
        class_name="col gap12",
    )  # fmt: skip
    shown = E.div(
        notice(tr("key.once"), kind="info", ic="info"),
        E.div(
            E.input(value=state.made, read_only=True, class_name="inp grow", aria_label=tr("key.title")),
            button(tr("key.copy"), ic="copy", on_click=rx.set_clipboard(state.made)),
            class_name="row gap8",
        ),
        class_name="col gap8",
    )
    body = E.div(
        E.p(tr("key.lead"), class_name="mut"), rx.cond(state.made != "", shown), keys_list(state), form,
        class_name="col gap12",
    )  # fmt: skip
    return card(body, title=tr("key.title"))
