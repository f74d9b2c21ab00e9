"""The form that records a yes or a no, with its proof."""

from typing import Any

import reflex as rx

from c360.components.admin import error_of, text_input
from c360.components.kit import E, button, field
from c360.components.wraps.bringing import file_field
from c360.components.wraps.i18n import tr
from c360.services import files
from c360.services.consents import HEARD


def consent_form(state: Any) -> rx.Component:
    """Return the form; the date is today's and the whole address book of the channel unless something else is said."""
    found = state.detail
    points: Any = rx.foreach(found.places, lambda place: E.option(place.value, value=place.id, key=place.id))
    texts: Any = rx.foreach(found.texts, lambda pair: E.option(pair[1], value=pair[0], key=pair[0]))
    yes = (state.asked == "given") | (state.asked == "renewed")
    title = tr("consent.record." + state.asked.to(str))
    sources = [E.option(tr(f"option.consent_source.{one}"), value=one) for one in HEARD]
    grid = [
        _field(state, "source", E.select(*sources, auto_focus=True, **_named("source"))),
        _field(state, "at", text_input("c-at", "", error_of(state, "at"), name="at", type="date")),
        rx.cond(
            found.places.length() > 0,
            _field(
                state,
                "option_id",
                E.select(E.option(rx.cond(yes, tr("consent.main"), tr("consent.any")), value=""), points,
                         **_named("option_id")),
            ),
        ),
        _field(state, "source_detail", text_input("c-source_detail", "", name="source_detail", max_length=300)),
        rx.cond(
            yes,
            rx.fragment(
                _field(state, "text_id", E.select(E.option("–", value=""), texts, **_named("text_id"))),
                _field(state, "valid_until", text_input("c-valid_until", "", error_of(state, "valid_until"),
                                                        name="valid_until", type="date")),
            ),
        ),
        _field(state, "party", text_input("c-party", "", name="party", max_length=200)),
        _field(state, "file_id", file_field(name="file_id", input_id="c-file_id", label=tr("consent.file_id"),
                                            invalid=error_of(state, "file_id") != "", refused=sorted(files.REFUSED))),
        _field(state, "note", E.textarea(id="c-note", name="note", rows="2", class_name="inp", max_length=5000)),
    ]  # fmt: skip
    return E.form(
        E.h3(title, class_name="h3"),
        E.div(*grid, class_name="fgrid"),
        E.div(
            button(tr("form.cancel"), on_click=state.ask_for("")),
            button(title, kind="pri", type="submit"),
            class_name="row end",
        ),
        on_submit=state.save,
        key=state.stamp,
        no_validate=True,
        class_name="col gap12",
        aria_label=title,
    )


def _field(state: Any, name: str, control: rx.Component) -> rx.Component:
    hints = {"note": "consent.note.hint", "party": "consent.party.hint", "at": "consent.at.hint"}
    hint = tr(hints[name]) if name in hints else None
    return field(
        tr(f"consent.{'until.label' if name == 'valid_until' else name}"), control, id=f"c-{name}",
        error=error_of(state, name), hint=hint,
    )  # fmt: skip


def _named(name: str) -> dict[str, Any]:
    return {"id": f"c-{name}", "name": name, "class_name": "inp"}
