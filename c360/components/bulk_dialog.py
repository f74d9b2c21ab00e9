"""The dialog that changes a selection: what to do, what it would do, and what came of it."""

from typing import Any

import reflex as rx

from c360.components.kit import E, button, field, icon
from c360.components.wraps.i18n import num, tr
from c360.components.wraps.picker import picker

ACTS = (
    "export", "edit", "assign", "tag", "untag", "add_to_folder", "remove_from_folder", "inactivate", "activate",
    "archive",
)  # fmt: skip


def bulk_dialog(state: Any) -> rx.Component:
    """Return the dialog; it takes the whole state, whose ``bulk_*`` names it shows and calls."""
    is_open = state.bulk_act != ""
    title = rx.match(state.bulk_act, *[(act, tr(f"list.bulk.{act}")) for act in ACTS], "")
    body = rx.cond(
        state.bulk_job != "",
        _running(state),
        rx.cond(state.bulk_done >= 0, _result(state), E.div(_asked(state), _preview(state), _buttons(state))),
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title, size="3"),
            rx.dialog.description(tr("list.bulk.lead", n=state.bulk_count), size="2", class_name="mut"),
            body,
            size="2",
            max_width="480px",
        ),
        open=is_open,
        on_open_change=state.bulk_close,
    )


def _asked(state: Any) -> rx.Component:
    act = state.bulk_act
    return E.div(
        rx.match(
            act,
            ("edit", _edit(state)),
            ("assign", _lookup(state, "user", tr("list.bulk.new_owner"))),
            ("tag", _tags(state, creatable=True)),
            ("untag", _tags(state)),
            ("add_to_folder", _lookup(state, "folder", tr("list.bulk.folder"), creatable=True)),
            ("inactivate", _reason(state)),
            ("export", _export(state)),
            ("archive", E.p(tr("list.bulk.archive_text"))),
            rx.fragment(),
        ),
        rx.cond(state.bulk_error != "", E.p(state.bulk_error, class_name="err", role="alert")),
        class_name="col gap12 dialog-body",
    )


def _edit(state: Any) -> rx.Component:
    pick = E.select(
        E.option(tr("list.choose_field"), value=""),
        rx.foreach(state.bulk_fields, lambda one: E.option(one["label"], value=one["name"])),
        id="bulk-field",
        value=state.bulk_field,
        on_change=state.bulk_pick_field,
        class_name="inp",
    )
    values = rx.foreach(state.bulk_fields, lambda one: rx.cond(one["name"] == state.bulk_field, _value(state, one)))
    return E.div(field(tr("list.field"), pick, id="bulk-field"), values, class_name="col gap12")


def _value(state: Any, one: Any) -> rx.Component:
    many = (one["widget"] == "pickers") | (one["widget"] == "checks")
    listed = picker(
        input_id="bulk-value",
        label=one["label"],
        items=one["options"],
        value=rx.cond(many, state.bulk_values, state.bulk_values.join("")),
        multiple=many,
        on_value_change=state.bulk_pick,
    )
    found = picker(
        input_id="bulk-value",
        label=one["label"],
        search_url=f"/api/lookup/{one['target']}",
        value=state.bulk_values.join(""),
        on_value_change=state.bulk_pick,
    )
    typed = E.input(
        id="bulk-value",
        class_name="inp",
        type=rx.cond(one["widget"] == "date", "date", "text"),
        default_value=state.bulk_text,
        on_change=state.bulk_type,
    )
    switch = E.select(
        E.option("–", value=""),
        E.option(tr("list.yes"), value="yes"),
        E.option(tr("list.no"), value="no"),
        id="bulk-value",
        class_name="inp",
        value=state.bulk_values.join(""),
        on_change=lambda value: state.bulk_pick([value]),
    )
    control: Any = rx.match(
        one["widget"],
        ("lookup", found),
        ("switch", switch),
        *[(kind, listed) for kind in ("picker", "options", "pickers", "checks", "country", "language")],
        typed,
    )
    return field(tr("list.bulk.new_value"), control, id="bulk-value", hint=tr("list.bulk.empty_hint"))


def _lookup(state: Any, target: str, label: Any, *, creatable: bool = False) -> rx.Component:
    control = picker(
        input_id="bulk-pick",
        label=label,
        search_url=f"/api/lookup/{target}",
        items=state.bulk_made,
        creatable=creatable,
        value=state.bulk_values.join(""),
        on_value_change=state.bulk_pick,
    )
    return field(label, control, id="bulk-pick")


def _tags(state: Any, *, creatable: bool = False) -> rx.Component:
    control = picker(
        input_id="bulk-tags",
        label=tr("list.bulk.tags"),
        search_url="/api/lookup/tag",
        items=state.bulk_made,
        creatable=creatable,
        multiple=True,
        value=state.bulk_values,
        on_value_change=state.bulk_pick,
    )
    return field(tr("list.bulk.tags"), control, id="bulk-tags")


def _reason(state: Any) -> rx.Component:
    reason = E.select(
        E.option(tr("list.choose_reason"), value=""),
        rx.foreach(state.bulk_reasons, lambda one: E.option(one["label"], value=one["value"])),
        id="bulk-reason",
        class_name="inp",
        value=state.bulk_values.join(""),
        on_change=lambda value: state.bulk_pick([value]),
    )
    note = E.textarea(id="bulk-note", class_name="inp", rows="2", on_blur=state.bulk_tell)
    return E.div(
        field(tr("list.bulk.reason"), reason, id="bulk-reason"),
        field(tr("list.bulk.note"), note, id="bulk-note"),
        class_name="col gap12",
    )


def _export(state: Any) -> rx.Component:
    columns = picker(
        input_id="export-columns",
        label=tr("list.columns"),
        items=state.export_options,
        multiple=True,
        value=state.export_columns,
        on_value_change=state.export_pick,
    )
    form = E.select(
        E.option("CSV", value="csv"),
        E.option("Excel (XLSX)", value="xlsx"),
        id="export-form",
        class_name="inp",
        value=state.export_form,
        on_change=state.export_as,
    )
    use = E.select(
        E.option(tr("list.export.any_use"), value=""),
        E.optgroup(
            rx.foreach(state.export_uses, lambda one: E.option(one["label"], value=one["value"])),
            label=tr("list.export.mailing"),
        ),
        id="export-use",
        class_name="inp",
        value=state.export_use,
        on_change=state.export_for,
    )
    return E.div(
        rx.cond(
            state.export_uses.length() > 0,
            field(tr("list.export.use"), use, id="export-use", hint=tr("list.export.use.hint")),
        ),
        rx.cond((state.export_use != "") & (state.bulk_error == ""), _forecast(state)),
        field(tr("list.export.form"), form, id="export-form"),
        field(tr("list.columns"), columns, id="export-columns"),
        class_name="col gap12",
    )


def _forecast(state: Any) -> rx.Component:
    """Return how many a mailing reaches, and why the others are left out."""
    return E.div(
        E.p(
            tr("list.export.reached", n=state.forecast.reached),
            " ",
            rx.cond(state.forecast.left_out > 0, tr("list.export.left_out", n=state.forecast.left_out), ""),
        ),
        E.ul(rx.foreach(state.forecast.reasons, lambda why: E.li(icon("ban", 12), E.span(why))), class_name="lines"),
        class_name="preview",
        role="status",
    )


def _preview(state: Any) -> rx.Component:
    return rx.cond(
        state.previewed,
        E.div(
            E.p(
                tr("list.bulk.would", n=state.allowed),
                rx.cond(state.refused_count > 0, tr("list.bulk.would_not", n=state.refused_count), ""),
            ),
            _lines(state.samples, "arrow-right"),
            rx.cond(state.refused.length() > 0, _lines(state.refused, "ban")),
            class_name="preview",
            role="status",
        ),
    )


def _lines(lines: Any, symbol: str) -> rx.Component:
    def line(one: Any) -> rx.Component:
        return E.li(icon(symbol, 12), E.span(E.b(one["label"]), " ", one["text"]))

    return E.ul(rx.foreach(lines, line), class_name="lines")


def _buttons(state: Any) -> rx.Component:
    kind = rx.cond(state.bulk_act == "archive", "btn red", "btn pri")
    apply = E.button(
        tr("list.bulk.apply", n=state.allowed),
        type="button",
        class_name=kind,
        disabled=state.bulk_busy | (state.allowed == 0),
        on_click=state.bulk_apply,
    )
    look = button(tr("list.bulk.preview"), kind="pri", disabled=state.bulk_busy, on_click=state.bulk_preview)
    export = button(
        tr("list.export.start"),
        ic="download",
        kind="pri",
        disabled=state.bulk_busy
        | (state.export_columns.length() == 0)
        | ((state.export_use != "") & (state.forecast.reached == 0)),
        on_click=state.export_start,
    )
    return E.div(
        button(tr("list.cancel"), on_click=state.bulk_close),
        rx.cond(state.bulk_act == "export", export, rx.cond(state.previewed, apply, look)),
        class_name="row end dialog-end",
    )


def _running(state: Any) -> rx.Component:
    return E.div(
        E.p(tr("list.bulk.running"), role="status"),
        rx.progress(value=state.bulk_progress, aria_label=tr("list.bulk.running")),
        E.p(num(state.bulk_progress), " %", class_name="mut num"),
        E.div(
            button(tr("list.bulk.stop"), on_click=state.bulk_cancel),
            button(tr("list.bulk.hide"), on_click=state.bulk_close),
            class_name="row end dialog-end",
        ),
        class_name="col dialog-body",
    )


def _result(state: Any) -> rx.Component:
    return E.div(
        E.p(tr("list.bulk.done", n=state.bulk_done)),
        E.p(tr("list.bulk.failed", n=state.refused_count), class_name="err"),
        _lines(state.refused, "ban"),
        E.div(button(tr("shell.close"), kind="pri", on_click=state.bulk_close), class_name="row end dialog-end"),
        class_name="col dialog-body",
        role="status",
    )
