"""Any record's form, from plain data: a control for each widget, its error beside it, conflicts field by field."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from c360.components.kit import E, button, icon
from c360.components.wraps.bringing import file_field
from c360.components.wraps.care import care
from c360.components.wraps.form_guard import form_guard
from c360.components.wraps.i18n import ago, tr
from c360.components.wraps.moment_field import moment_field
from c360.components.wraps.picker import Option as Offered
from c360.components.wraps.picker import picker
from c360.services import files
from c360.services.forms import ClashLine, FormField, FormSection

LOOKED_UP = ("lookup", "country", "language", "currency", "timezone")
INPUT_TYPES = {"email": "email", "tel": "tel", "url": "url", "date": "date"}
FORM_ID = "record-form"
PAUSE = 200
"""Milliseconds without a key before what was typed is looked at."""


def record_form(
    sections: Any,
    errors: Any,
    holders: Any,
    *,
    stamp: Any,
    on_submit: Any,
    on_dirty: Any,
    on_typed: Any,
    head: Sequence[rx.Component] = (),
    foot: Sequence[rx.Component] = (),
) -> rx.Component:
    """Return the form, guarded: Ctrl+S saves, leaving with unsaved changes asks."""
    return form_guard(
        E.form(
            *head,
            rx.foreach(sections, lambda section: _section(section, errors, holders, stamp, on_typed)),
            *foot,
            on_submit=on_submit,
            no_validate=True,
            id=FORM_ID,
            class_name="rform",
        ),
        version=stamp,
        on_dirty_change=on_dirty,
    )


def form_error(text: Any) -> rx.Component:
    """Return what went wrong with the whole form."""
    return rx.cond(text != "", E.div(icon("circle-alert", 15), E.div(text), class_name="note red", role="alert"))


def question(text: Any, *, on_yes: Any, on_no: Any) -> rx.Component:
    """Return what must be confirmed before the form is saved."""
    buttons = E.div(
        button(tr("form.confirm"), kind="pri", on_click=on_yes),
        button(tr("form.back"), on_click=on_no),
        class_name="row",
    )
    return rx.cond(
        text != "",
        E.div(
            icon("triangle-alert", 15),
            E.div(E.p(text), buttons, class_name="col grow"),
            class_name="note",
            role="alert",
        ),
    )


def clash_screen(
    clashes: Any,
    kept: Any,
    *,
    who: Any,
    at: Any,
    on_keep: Any,
    on_resolve: Any,
    on_cancel: Any,
) -> rx.Component:
    """Return the conflict: for each field what it was, mine and theirs, and whose value stays."""

    def side(line: ClashLine, name: str, value: Any) -> rx.Component:
        return E.td(
            E.label(
                E.input(
                    type="radio",
                    name=f"_{line.name}",
                    checked=kept[line.name] == name,
                    on_change=lambda _: on_keep(line.name, name),
                ),
                E.span(rx.cond(value == "", tr("form.nothing"), value)),
                class_name="side-of",
            ),
            custom_attrs={"data-label": tr(f"form.{name}")},
        )

    def row(line: ClashLine) -> rx.Component:
        was = E.td(
            rx.cond(line.base == "", tr("form.nothing"), line.base), custom_attrs={"data-label": tr("form.base")}
        )
        return E.tr(
            E.th(line.label, scope="row"),
            was,
            side(line, "mine", line.mine),
            side(line, "theirs", line.theirs),
            key=line.name,
        )

    heads = [E.th(tr(key), scope="col") for key in ("form.field", "form.base", "form.mine", "form.theirs")]
    return rx.cond(
        clashes.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]
        E.section(
            E.div(
                icon("git-merge", 16), E.h3(tr("form.clash", who=who, ago=ago(at)), class_name="h2"), class_name="row"
            ),
            E.p(tr("form.clash.text"), class_name="mut"),
            E.table(E.thead(E.tr(*heads)), E.tbody(rx.foreach(clashes, row)), class_name="clash"),
            E.div(
                button(tr("form.clash.save"), kind="pri", on_click=on_resolve),
                button(tr("form.cancel"), on_click=on_cancel),
                class_name="row",
            ),
            class_name="clashes",
            role="alert",
        ),
    )


def _section(section: FormSection, errors: Any, holders: Any, stamp: Any, on_typed: Any) -> rx.Component:
    return E.fieldset(
        E.legend(section.label, class_name="h2"),
        E.div(
            rx.foreach(section.fields, lambda field: _field(field, errors, holders, stamp, on_typed)),
            class_name="fgrid",
        ),
        key=section.key,
        class_name="fsec",
    )


def _field(field: FormField, errors: Any, holders: Any, stamp: Any, on_typed: Any) -> rx.Component:
    wrong = rx.cond(errors.contains(field.name), errors[field.name], "")
    control = rx.cond(field.locked, _locked(field), _control(field, wrong, stamp, on_typed))
    return E.div(
        E.label(
            field.label,
            html_for=f"f-{field.name}",
            class_name=rx.cond(field.required, "need", ""),
        ),
        control,
        rx.cond(
            (field.widget == "textarea") & ~field.locked,  # pyright: ignore[reportOperatorIssue]
            care(of=f"f-{field.name}"),
        ),
        rx.cond(wrong != "", E.span(wrong, class_name="err", id=f"e-{field.name}", role="alert")),
        rx.cond(
            holders.contains(field.name),
            rx.link(tr("form.holder"), href=holders[field.name].to(str), underline="always", size="1"),
        ),
        rx.cond(field.help != "", E.span(field.help, class_name="hint")),
        key=f"{field.name}-{stamp}",
        class_name=rx.cond(field.wide, "fld wide", "fld"),
    )


def _locked(field: FormField) -> rx.Component:
    shown = rx.cond(field.shown == "", "–", field.shown)
    return E.output(shown, id=f"f-{field.name}", class_name="locked", title=tr("form.locked"))


def _control(field: FormField, wrong: Any, stamp: Any, on_typed: Any) -> Any:
    # An id given as such makes Reflex submit the control once more, through a ref that is null while it is not shown.
    common: dict[str, Any] = {
        "custom_attrs": {"id": f"f-{field.name}"},
        "name": field.name,
        "aria_invalid": wrong != "",
        "aria_describedby": f"e-{field.name}",
        "aria_required": field.required,
    }
    plain: dict[str, Any] = common | {"default_value": field.value, "class_name": "inp", "auto_complete": "off"}
    typed: Any = rx.match(field.widget, *INPUT_TYPES.items(), "text")
    mode: Any = rx.match(field.widget, ("number", "numeric"), ("decimal", "decimal"), ("money", "decimal"), "text")
    box = E.input(
        **plain,
        type=typed,
        input_mode=mode,
        max_length=field.max_length,
        on_change=lambda value: on_typed(field.name, value).debounce(PAUSE),
        on_blur=lambda value: on_typed(field.name, value),
    )
    switch = E.input(**common, type="checkbox", value="yes", default_checked=field.value == "yes", class_name="chk")
    pick: dict[str, Any] = {
        "input_id": f"f-{field.name}",
        "items": field.options.to(list[Offered]),  # pyright: ignore[reportAttributeAccessIssue]
        "invalid": wrong != "",
        "described_by": f"e-{field.name}",
        "label": field.label,
    }
    pick_file: dict[str, Any] = {name: pick[name] for name in ("input_id", "invalid", "described_by", "label")} | {
        "most": field.max_length,
        "refused": sorted(files.REFUSED),
    }
    return rx.match(
        field.widget,
        ("textarea", E.textarea(**plain, rows="5")),
        ("moment", moment_field(input_id=f"f-{field.name}", name=field.name, value=field.value, invalid=wrong != "")),
        ("switch", E.div(switch, class_name="chkrow")),
        ("picker", picker(**pick, name=field.name, value=field.value)),
        ("options", picker(**pick, name=field.name, value=field.value)),
        ("file", file_field(**pick_file, name=field.name, value=field.value, shown=field.shown)),
        ("pickers", picker(**pick, name=f"{field.name}[]", value=field.texts, multiple=True)),
        ("checks", picker(**pick, name=f"{field.name}[]", value=field.texts, multiple=True)),
        *[
            (
                widget,
                picker(**pick, name=field.name, value=field.value, search_url=f"/api/lookup/{field.target}",
                       placeholder=tr("form.search"), creatable=field.creatable),
            )
            for widget in LOOKED_UP
        ],
        box,
    )  # fmt: skip
