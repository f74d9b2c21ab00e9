"""The dialog that ties two customers, or changes what ties them."""

from typing import Any

import reflex as rx

from c360.components.admin import dialog, error_of, text_input, tick
from c360.components.kit import E, field
from c360.components.record_form import form_error
from c360.components.wraps.care import care
from c360.components.wraps.i18n import tr
from c360.components.wraps.picker import Option, picker

STRENGTHS = ("weak", "normal", "strong")


def tie_dialog(state: Any) -> rx.Component:
    """Return the dialog, given the state of its form."""
    draft = state.draft
    whom = rx.cond(
        state.other.contains("label") & (state.other["label"] != ""),
        E.output(state.other["label"], id="tie-other", class_name="locked"),
        picker(
            input_id="tie-other",
            label=tr("relations.whom"),
            placeholder=tr("form.search"),
            search_url="/api/lookup/customer",
            value=state.other["id"].to(str),
            invalid=error_of(state, "to_id") != "",
            described_by="tie-other-error",
            on_value_change=state.choose_other,
        ),
    )
    wording = picker(
        input_id="tie-wording",
        name="wording",
        label=tr("relations.how"),
        placeholder=rx.cond(state.wordings.length() > 0, tr("form.search"), tr("relations.how.first")),
        items=state.wordings.to(list[Option]),
        value=draft.value,
        disabled=state.wordings.length() == 0,
        invalid=error_of(state, "type_id") != "",
        described_by="tie-wording-error",
        key=state.stamp.to(str) + state.wordings.length().to(str),
    )
    strength = E.select(
        *[E.option(tr(f"option.relation_strength.{one}"), value=one) for one in STRENGTHS],
        id="tie-strength", name="strength", default_value=draft.strength, class_name="inp",
    )  # fmt: skip

    def a_day(name: str, label: str, value: Any) -> rx.Component:
        return field(
            tr(label),
            text_input(f"tie-{name}", value, error_of(state, name), name=name, type="date"),
            id=f"tie-{name}",
            error=error_of(state, name),
        )

    return dialog(
        rx.cond(state.dialog == "edit", tr("relations.edit.title"), tr("relations.add.title")),
        tr("relations.lead"),
        form_error(state.problem),
        E.div(E.span(tr("relations.who"), class_name="lbl"), E.b(state.one["label"]), class_name="fld"),
        field(tr("relations.whom"), whom, id="tie-other", error=error_of(state, "to_id"), needed=True),
        field(tr("relations.how"), wording, id="tie-wording", error=error_of(state, "type_id"), needed=True),
        E.div(
            a_day("since_on", "relations.since.head", draft.since_on),
            a_day("until_on", "relations.until.head", draft.until_on),
            class_name="fgrid",
        ),
        tick("is_former", tr("relations.is_former"), draft.is_former),
        rx.cond(state.relays, tick("is_primary", tr("relations.is_primary"), draft.is_primary)),
        E.div(
            field(tr("relations.strength"), strength, id="tie-strength"),
            field(
                tr("relations.source"),
                text_input("tie-source", draft.source, name="source", max_length=200),
                id="tie-source",
            ),
            class_name="fgrid",
        ),
        field(
            tr("relations.note"),
            E.textarea(name="note", id="tie-note", rows="2", default_value=draft.note, class_name="inp"),
            id="tie-note",
        ),
        care(of="tie-note"),
        open=state.dialog != "",
        on_submit=state.save,
        on_close=state.close,
        wide=True,
    )
