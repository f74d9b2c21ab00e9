"""Fields administrators add to contacts and accounts."""

from typing import Any

import reflex as rx

from c360.components.admin import COLOURS, dialog, error_of, kinds, movers, text_input, tick
from c360.components.kit import E, button, card, empty_state, field, notice, tag
from c360.components.wraps.i18n import tr
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.state.admin_fields import CustomFields, OptionRow

STATE: Any = CustomFields

KINDS = (
    "text",
    "long_text",
    "integer",
    "number",
    "money",
    "percent",
    "date",
    "boolean",
    "choice",
    "choices",
    "reference",
    "file",
    "email",
    "phone",
    "url",
)
PLACES = ("in_list", "in_form", "in_import", "in_merge", "in_history")


def _row(row: Any, index: Any) -> rx.Component:
    retired: Any = row["retired"]
    back = button(tr("admin.field.offer"), ic="rotate-ccw", kind="gh", on_click=STATE.act("offer", row["id"]))
    away = button(
        ic="archive",
        kind="gh",
        aria=tr("admin.field.retire", name=row["label"]),
        on_click=STATE.act("retire", row["id"]),
    )
    edit = button(
        ic="pencil", kind="gh", aria=tr("admin.edit_named", name=row["label"]), on_click=STATE.ask_for(row["id"])
    )
    return E.li(
        movers(row["label"], STATE.move, row["id"], index, STATE.rows.length()),
        E.div(
            E.div(
                E.strong(row["label"]),
                tag(tr("option.custom_kind." + row["kind"].to(str))),
                rx.cond(row["on"].to(list[str]).contains("required"), tag(tr("admin.field.required"))),
                rx.cond(row["on"].to(list[str]).contains("is_unique"), tag(tr("admin.field.is_unique"))),
                rx.cond(retired, tag(tr("admin.retired"))),
                class_name="row wrap gap8",
            ),
            E.div(
                E.code(row["key"]), rx.cond(row["help"] != "", " · " + row["help"].to(str), ""), class_name="mut trunc"
            ),
            class_name="grow adm-what",
        ),
        E.span(
            rx.cond(row["used"] == 0, tr("admin.unused"), tr("admin.used", n=row["used"])), class_name="mut adm-used"
        ),
        rx.cond(retired, back, E.span(edit, away, class_name="row")),
        class_name=rx.cond(retired, "adm-row off", "adm-row"),
        key=row["id"],
    )


def _option(row: Any, index: Any) -> rx.Component:
    number = (index + 1).to(str)
    label = E.input(
        name="option-" + index.to(str),
        default_value=row["label"],
        class_name="inp",
        max_length=200,
        aria_label=tr("admin.field.option", n=number),
    )
    color = E.select(
        *[E.option(tr(f"option.color.{one}"), value=one) for one in COLOURS],
        name="color-" + index.to(str),
        default_value=row["color"],
        class_name="inp",
        aria_label=tr("admin.field.option_color", n=number),
    )
    return E.div(label, color, class_name="adm-option", key=index.to(str))


def _dialog() -> rx.Component:
    draft: Any = STATE.draft
    on: Any = draft["on"].to(list[str])
    kind = E.select(
        *[E.option(tr(f"option.custom_kind.{one}"), value=one) for one in KINDS],
        id="kind",
        name="kind",
        default_value=draft["kind"],
        class_name="inp",
        on_change=STATE.choose_kind,
    )
    target = E.select(
        *[E.option(tr(f"option.custom_target.{one}"), value=one) for one in ("contact", "account", "user")],
        id="target",
        name="target",
        default_value=rx.cond(draft["target"] == "", "contact", draft["target"]),
        class_name="inp",
    )
    privacy = E.select(
        *[E.option(tr(f"option.privacy.{one}"), value=one) for one in ("plain", "personal", "sensitive")],
        id="privacy",
        name="privacy",
        default_value=draft["privacy"],
        class_name="inp",
    )
    chosen = (STATE.kind == "choice") | (STATE.kind == "choices")
    options = E.fieldset(
        E.legend(tr("admin.field.options"), class_name="lbl"),
        rx.foreach(draft["options"].to(list[OptionRow]), _option),
        rx.cond(
            error_of(STATE, "choices") != "",
            E.span(error_of(STATE, "choices"), class_name="err", role="alert"),
        ),
        button(tr("admin.field.more_options"), ic="plus", kind="gh", on_click=STATE.more_options),
        class_name="group",
    )
    switches = E.fieldset(
        E.legend(tr("admin.field.where"), class_name="lbl"),
        E.div(*[tick(one, tr(f"admin.field.{one}"), on.contains(one)) for one in PLACES], class_name="adm-ticks"),
        class_name="group",
    )
    rules = E.div(
        *[tick(one, tr(f"admin.field.{one}"), on.contains(one)) for one in ("required", "is_unique")],
        class_name="adm-ticks",
    )
    errors = error_of(STATE, "is_unique")
    return dialog(
        rx.cond(draft["id"] == "", tr("admin.field.new"), tr("admin.field.change")),
        tr("admin.field.lead"),
        field(
            tr("admin.field.label"),
            text_input(
                "label", draft["label"], error_of(STATE, "label"), max_length=200, required=True, auto_focus=True
            ),
            id="label",
            error=error_of(STATE, "label"),
            needed=True,
        ),
        E.div(
            field(tr("admin.field.kind"), kind, id="kind", error=error_of(STATE, "kind")),
            field(tr("admin.field.privacy"), privacy, id="privacy"),
            class_name="adm-pair",
        ),
        rx.cond(
            STATE.kind == "reference",
            field(tr("admin.field.target"), target, id="target", error=error_of(STATE, "target")),
        ),
        rx.cond(chosen, options),
        field(tr("admin.field.help"), text_input("help", draft["help"]), id="help"),
        field(
            tr("admin.field.default"),
            text_input("default", draft["default"], error_of(STATE, "default"), max_length=500),
            id="default",
            error=error_of(STATE, "default"),
        ),
        rules,
        rx.cond(errors != "", E.span(errors, class_name="err", role="alert")),
        switches,
        open=STATE.dialog == "field",
        on_submit=STATE.save,
        on_close=STATE.close,
        wide=True,
    )


def fields() -> rx.Component:
    """Return the page."""
    add = button(tr("admin.field.add"), ic="plus", kind="pri", on_click=STATE.ask_for(""))
    first = button(tr("admin.field.add"), ic="plus", on_click=STATE.ask_for(""))
    nothing = empty_state("text-cursor-input", tr("admin.field.empty.title"), tr("admin.field.empty.text"), first)
    rows = rx.cond(STATE.rows.length() == 0, nothing, E.ol(rx.foreach(STATE.rows, _row), class_name="adm-rows"))
    return admin_page(
        STATE,
        "fields",
        kinds(STATE.which, "/admin/fields"),
        card(rows, title=tr("admin.fields"), actions=[add]),
        notice(tr("admin.field.note"), kind="info", ic="info"),
        _dialog(),
    )


ROUTES = [
    Route("/admin/fields", fields, "admin.fields", [*LOADS, STATE.load]),
    Route("/admin/fields/[kind_of]", fields, "admin.fields", [*LOADS, STATE.load]),
]
