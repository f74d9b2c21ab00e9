"""What the page of data protection is made of: a request as a line, and the dialogs that answer it."""

from typing import Any

import reflex as rx

from c360.components.admin import dialog, error_of, text_input
from c360.components.kit import E, button, field, icon, link_button, menu, notice, tag
from c360.components.wraps.i18n import day, tr
from c360.components.wraps.picker import picker
from c360.services.privacy.erasing import Share
from c360.services.privacy.requests import Asked

KINDS = ("access", "portability", "rectification", "erasure", "anonymisation", "restriction", "objection")
ACTS = {"erasure": "eraser", "restriction": "snowflake", "objection": "hand"}


def request(row: Asked, state: Any) -> rx.Component:
    """Return one request with its deadline and what can be done about it."""
    due = rx.cond(
        row.state == "open",
        rx.cond(
            row.late,
            tag(tr("privacy.late", n=-row.days), "red"),
            tag(tr("privacy.left", n=row.days), rx.cond(row.pressing, "amber", "gray")),
        ),
        tag(row.state_label, rx.cond(row.state == "done", "green", "gray")),
    )
    return E.li(
        E.div(
            E.div(
                E.b(row.kind_label),
                rx.link(row.customer, href=row.href, underline="hover", size="2"),
                due,
                class_name="row wrap gap8",
            ),
            E.div(
                E.span(tr("privacy.received", when=day(row.received_on))),
                E.span(tr("privacy.due", when=day(row.due_on))),
                rx.cond(row.extended, E.span(tr("privacy.is_extended"))),
                rx.cond(row.note != "", E.span(row.note)),
                rx.cond(row.outcome != "", E.span(row.outcome)),
                class_name="lfs mut",
            ),
            class_name="col grow",
        ),
        rx.cond(row.state == "open", E.div(_main(row, state), _more(row, state), class_name="row gap8")),
        class_name="line",
        key=row.id,
    )


def _main(row: Asked, state: Any) -> Any:
    file = link_button(
        tr("privacy.file"), href="/api/privacy/" + row.id + "/data.zip", ic="download", is_external=True
    )  # fmt: skip
    erase = button(tr("privacy.erase"), ic=ACTS["erasure"], on_click=state.ask_for("erasure", row.id))
    acts = [
        (kind, button(tr(f"privacy.{kind}"), ic=ACTS[kind], on_click=state.carry_out(row.id)))
        for kind in ("restriction", "objection")
    ]
    fix = link_button(tr("privacy.rectification"), href=row.href, ic="pencil")
    hide = button(tr("privacy.anonymise"), ic="venetian-mask", on_click=state.ask_for("erasure", row.id))
    wipes = [("erasure", erase), ("anonymisation", hide)]
    return rx.match(row.kind, ("access", file), ("portability", file), *wipes, *acts, fix)


def _more(row: Asked, state: Any) -> rx.Component:
    item = rx.dropdown_menu.item
    return menu(
        button(ic="ellipsis", kind="gh", aria=tr("privacy.more", name=row.customer)),
        item(icon("check"), tr("privacy.close"), on_select=state.ask_for("close", row.id)),
        rx.cond(
            ~row.extended, item(icon("calendar-plus"), tr("privacy.extend"), on_select=state.ask_for("extend", row.id))
        ),
        item(icon("gavel"), tr("privacy.hold"), on_select=state.ask_for("hold", row.id)),
        item(icon("snowflake"), tr("privacy.lift"), on_select=state.lift(row.customer_id)),
        rx.dropdown_menu.separator(),
        item(icon("x"), tr("privacy.refuse"), color="red", on_select=state.ask_for("refuse", row.id)),
        label=tr("privacy.more", name=row.customer),
    )


def dialogs(state: Any) -> rx.Component:
    """Return every dialog of the page; one is open at a time."""

    def one(key: str, *body: rx.Component) -> rx.Component:
        return dialog(
            tr(f"privacy.{key}.title"),
            tr(f"privacy.{key}.text"),
            E.p(tr(f"privacy.{key}.text"), class_name="mut", aria_hidden=True),
            *body,
            open=state.dialog == key,
            on_submit=state.save,
            on_close=state.close,
        )

    return rx.fragment(
        one("new", *_new(state)),
        one("extend", _area(state, "because")),
        one("close", _area(state, "outcome")),
        one("refuse", _area(state, "outcome")),
        one("hold", _area(state, "reason"), _line(state, "until_on", "date")),
        _erasure(state),
    )


def _new(state: Any) -> tuple[rx.Component, ...]:
    kinds = [E.option(tr(f"option.request_kind.{kind}"), value=kind) for kind in KINDS]
    who = picker(
        input_id="p-customer",
        name="customer",
        items=[],
        search_url="/api/lookup/customer",
        label=tr("privacy.field.customer"),
        placeholder=tr("form.search"),
        invalid=error_of(state, "customer") != "",
        described_by="p-customer-error",
    )
    return (
        field(tr("privacy.field.customer"), who, id="p-customer", error=error_of(state, "customer"), needed=True),
        field(tr("privacy.field.kind"), E.select(*kinds, id="p-kind", name="kind", class_name="inp"), id="p-kind"),
        _line(state, "received_on", "date", state.now),
        _area(state, "identity"),
        _area(state, "note"),
    )


def _line(state: Any, name: str, kind: str, value: Any = "") -> rx.Component:
    box = text_input(f"p-{name}", value, error_of(state, name), name=name, type=kind)
    return field(tr(f"privacy.field.{name}"), box, id=f"p-{name}", error=error_of(state, name))


def _area(state: Any, name: str) -> rx.Component:
    box = E.textarea(id=f"p-{name}", name=name, rows="3", class_name="inp", max_length=2000)
    return field(tr(f"privacy.field.{name}"), box, id=f"p-{name}", error=error_of(state, name))


def _erasure(state: Any) -> rx.Component:
    def share(one: Share) -> rx.Component:
        cells = E.th(one.label, scope="row"), E.td(one.n, class_name="num"), E.td(tr("privacy.how." + one.how))
        return E.tr(*cells, key=one.label + one.how)

    table = E.table(
        E.thead(E.tr(*[E.th(tr(f"privacy.share.{name}"), scope="col") for name in ("what", "rows", "how")])),
        E.tbody(rx.foreach(state.shares, share)),
        class_name="clash",
    )
    blocked: Any = rx.foreach(state.blocked, lambda reason: notice(reason, kind="red"))
    stopped = state.blocked.length() > 0
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(tr("privacy.erasure.title", name=state.chosen.customer), size="3"),
            rx.dialog.description(tr("privacy.erasure.text"), size="2"),
            E.div(
                blocked,
                rx.cond(state.chosen.mine, notice(tr("privacy.second"), kind="info")),
                table,
                class_name="col gap12 scroll",
            ),
            E.div(
                button(tr("form.cancel"), on_click=state.close, auto_focus=True),
                button(
                    tr("privacy.erase.yes"), kind="red", disabled=stopped | state.chosen.mine,
                    on_click=state.carry_out(state.chosen.id),
                ),
                class_name="row end dialog-end",
            ),
            size="2",
            max_width="640px",
        ),
        open=state.dialog == "erasure",
        on_open_change=state.close,
    )  # fmt: skip
