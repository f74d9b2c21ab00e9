"""Settings of merging: what takes a second person, what happens by itself."""

from typing import Any

import reflex as rx

from c360.components.admin import error_of, kinds, text_input, tick
from c360.components.kit import E, button, card, field
from c360.components.rehearsal import rehearsal, rehearse_button
from c360.components.wraps.i18n import tr
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.services.duplicates import sure
from c360.state.admin_merging import FORM, NUMBERS, MergingSettings

STATE: Any = MergingSettings


def _number(name: str) -> Any:
    wrong = error_of(STATE, name)
    box = text_input(name, STATE.numbers[name].to_string(), wrong, input_mode="numeric", max_length=7)
    return field(tr(f"admin.merging.{name}"), box, id=name, error=wrong, hint=tr("admin.merging.off"))


def _switch(name: str) -> Any:
    return tick(name, tr(f"admin.merging.{name}"), STATE.switches[name])


def _sources() -> Any:
    wrong = error_of(STATE, "sources")
    box = E.textarea(
        id="sources", name="sources", rows=4, default_value=STATE.sources, class_name="inp",
        aria_invalid=wrong != "", aria_describedby="sources-error",
    )  # fmt: skip
    hint = tr("admin.merging.sources.hint", known=rx.cond(STATE.known != "", STATE.known, "–"))
    return field(tr("admin.merging.sources"), box, id="sources", error=wrong, hint=hint)


def _rule(one: Any) -> Any:
    name = f"rule-{one['name']}"
    offered: Any = rx.foreach(
        one["offered"].to(list[str]), lambda said: E.option(tr("wizard.how." + said), value=said, key=said)
    )
    menu = E.select(
        E.option(tr("admin.merging.rules.usual"), value=""), offered, id=name, name=name, default_value=one["said"],
        class_name="inp",
    )  # fmt: skip
    return E.div(field(one["label"], menu, id=name), key=one["name"])


def merging() -> Any:
    """Return the page."""
    second = E.fieldset(
        E.legend(tr("admin.merging.second"), class_name="h2"),
        E.p(tr("admin.merging.second.text"), class_name="mut"),
        *[_number(name) for name in NUMBERS],
        _switch("second_consents"),
        class_name="bare col gap12",
    )
    automatic = E.fieldset(
        E.legend(tr("admin.merging.alone"), class_name="h2"),
        E.p(tr("admin.merging.alone.text"), class_name="mut"),
        _switch("automatic"),
        rx.link(tr("runs.title"), href=sure.PLACE),
        class_name="bare col gap12",
    )
    trust = E.fieldset(
        E.legend(tr("admin.merging.trust"), class_name="h2"),
        E.p(tr("admin.merging.trust.text"), class_name="mut"),
        _sources(),
        _switch("typed_first"),
        class_name="bare col gap12",
    )
    rules = E.fieldset(
        E.legend(tr("admin.merging.rules"), class_name="h2"),
        E.p(tr("admin.merging.rules.text"), class_name="mut"),
        rx.foreach(STATE.rules, _rule),
        class_name="bare col gap12",
    )
    save = E.div(
        rehearse_button(STATE.rehearse), button(tr("admin.save"), kind="pri", type="submit"), class_name="row end gap8"
    )
    form = E.form(second, automatic, trust, rules, save, on_submit=STATE.save, no_validate=True, id=FORM,
                  class_name="col gap12 adm-form", key=STATE.which)  # fmt: skip
    return admin_page(STATE, "merging", kinds(STATE.which, "/admin/merging"), card(form), rehearsal(STATE))


ROUTES = [
    Route("/admin/merging", merging, "admin.merging", [*LOADS, STATE.load]),
    Route("/admin/merging/[kind_of]", merging, "admin.merging", [*LOADS, STATE.load]),
]
