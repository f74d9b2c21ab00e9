"""Purposes: what data is used for, on which channels, on what ground; each with the texts people agree to."""

from typing import Any

import reflex as rx

from c360.components.admin import dialog, entry_menu, error_of, movers, text_input, tick
from c360.components.kit import E, button, card, empty_state, field, link_button, tag
from c360.components.wraps.i18n import tr
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.registry.entity import entity_for
from c360.services.consents.purposes import Entry, TextRow
from c360.state.admin_purposes import ConsentTexts, Purposes

STATE: Any = Purposes
SPECS = entity_for("purpose").fields
TEXTS: Any = ConsentTexts


def _entry(row: Entry, index: rx.Var[int]) -> rx.Component:
    about = E.div(
        rx.foreach(row.media_labels, lambda medium: E.span(medium)),
        E.span(row.basis_label),
        rx.cond(row.double_opt_in, E.span(tr("admin.purposes.double"))),
        rx.cond(row.lasts_months != "", E.span(tr("admin.purposes.lasts", n=row.lasts_months.to(int)))),  # pyright: ignore
        class_name="lfs mut",
    )
    return E.li(
        movers(row.name, STATE.move, row.id, index, STATE.rows.length()),
        E.div(
            E.div(
                E.b(row.name), tag(row.nature_label), rx.cond(row.retired, tag(tr("admin.retired"))),
                class_name="row wrap gap8",
            ),
            about,
            class_name="grow adm-what",
        ),
        E.span(rx.cond(row.used == 0, tr("admin.unused"), tr("admin.purposes.used", n=row.used)),
               class_name="mut adm-used"),
        rx.link(tr("admin.purposes.texts", n=row.texts), href="/admin/purposes/" + row.id),
        button(ic="pencil", kind="gh", aria=tr("admin.edit_named", name=row.name), on_click=STATE.ask_for(row.id)),
        entry_menu(STATE, row.id, row.name, row.retired),
        class_name=rx.cond(row.retired, "adm-row off", "adm-row"),
        key=row.id,
    )  # fmt: skip


def _dialog() -> rx.Component:
    draft: Any = STATE.draft

    def box(name: str, value: Any, needed: bool = False, **props: Any) -> rx.Component:
        told = error_of(STATE, name)
        control = text_input(name, value, told, **props)
        hint = tr(f"admin.purposes.{name}.hint")
        return field(tr(f"admin.purposes.{name}"), control, id=name, error=told, hint=hint, needed=needed)

    def area(name: str, value: Any) -> rx.Component:
        control = E.textarea(id=name, name=name, default_value=value, rows="2", class_name="inp")
        return field(tr(f"admin.purposes.{name}"), control, id=name, error=error_of(STATE, name),
                     hint=tr(f"admin.purposes.{name}.hint"))  # fmt: skip

    def pick(name: str, chosen: Any) -> rx.Component:
        options: Any = SPECS[name].options
        choices = [E.option(tr(f"option.{options.key}.{one}"), value=one) for one in options.values]
        control = E.select(*choices, id=name, name=name, default_value=chosen, class_name="inp")
        return field(tr(f"admin.purposes.{name}"), control, id=name, error=error_of(STATE, name))

    channels: Any = SPECS["media"].options
    media = [tick(f"on-{one}", tr(f"option.medium.{one}"), draft.media.contains(one)) for one in channels.values]
    return dialog(
        rx.cond(draft.id == "", tr("admin.purposes.new"), tr("admin.purposes.change")),
        tr("admin.purposes.lead"),
        E.div(
            box("name", draft.name, needed=True, max_length=100, auto_focus=True),
            rx.cond(draft.id == "", box("key", draft.key, needed=True, max_length=40)),
            class_name="fgrid",
        ),
        area("description", draft.description),
        E.div(pick("nature", draft.nature), pick("basis", draft.basis), class_name="fgrid"),
        E.fieldset(
            E.legend(tr("admin.purposes.media"), class_name="lbl"),
            E.div(*media, class_name="row wrap gap12"),
            rx.cond(error_of(STATE, "media") != "", E.span(error_of(STATE, "media"), class_name="err", role="alert")),
            class_name="group",
        ),
        tick("double_opt_in", tr("admin.purposes.double_opt_in"), draft.double_opt_in),
        box("lasts_months", draft.lasts_months, input_mode="numeric", max_length=4),
        area("data_categories", draft.data_categories),
        area("recipients", draft.recipients),
        open=STATE.dialog == "purpose",
        on_submit=STATE.save,
        on_close=STATE.close,
        wide=True,
    )


def purposes() -> rx.Component:
    """Return the page of purposes."""
    add = button(tr("admin.purposes.add"), ic="plus", kind="pri", on_click=STATE.ask_for(""))
    nothing = empty_state("target", tr("admin.purposes.empty"), tr("admin.purposes.empty.text"))
    entries = rx.cond(STATE.rows.length() == 0, nothing, E.ol(rx.foreach(STATE.rows, _entry), class_name="adm-rows"))
    lead = E.p(tr("admin.purposes.text"), class_name="mut")
    return admin_page(
        STATE,
        "purposes",
        card(E.div(lead, entries, class_name="col gap12"), title=tr("admin.purposes"), actions=[add]),
        _dialog(),
    )


def _text(row: TextRow) -> rx.Component:
    where = rx.cond(row.country == "", row.language_label, row.language_label + ", " + row.country_label)
    return E.li(
        E.div(
            E.div(
                E.b(row.title),
                tag(where),
                tag(tr("admin.texts.number", n=row.number), rx.cond(row.is_active, "green", "gray")),
                rx.cond(row.is_active, tag(tr("admin.texts.active"), "green")),
                class_name="row wrap gap8",
            ),
            E.details(
                E.summary(tr("admin.texts.show")),
                E.p(row.text, class_name="adm-text"),
                E.p("SHA-256 ", E.code(row.sha256), class_name="mut adm-hash"),
            ),
            class_name="grow adm-what",
        ),
        E.span(
            rx.cond(row.used == 0, tr("admin.unused"), tr("admin.texts.used", n=row.used)), class_name="mut adm-used"
        ),
        rx.cond(
            row.is_active,
            button(tr("admin.texts.renew"), ic="pencil", on_click=TEXTS.ask_for(row.id)),
            button(tr("admin.texts.activate"), ic="rotate-ccw", on_click=TEXTS.activate(row.id)),
        ),
        class_name=rx.cond(row.is_active, "adm-row", "adm-row off"),
        key=row.id,
    )


def _text_dialog() -> rx.Component:
    draft: Any = TEXTS.draft

    def coded(name: str, label: str, options: Any, value: Any, *first: rx.Component) -> rx.Component:
        each = rx.foreach(options, lambda one: E.option(one[1], value=one[0], key=one[0]))
        control = E.select(*first, each, id=name, name=name, default_value=value, class_name="inp")
        return field(tr(label), control, id=name, error=error_of(TEXTS, name))

    words = E.textarea(id="text", name="text", default_value=draft.text, rows="8", class_name="inp")
    return dialog(
        rx.cond(draft.id == "", tr("admin.texts.new"), tr("admin.texts.change")),
        tr("admin.texts.lead"),
        E.p(tr("admin.texts.lead"), class_name="mut", aria_hidden=True),
        E.div(
            coded("language", "admin.texts.language", TEXTS.languages, draft.language),
            coded("country", "admin.texts.country", TEXTS.countries, draft.country,
                  E.option(tr("admin.texts.anywhere"), value="")),
            class_name="fgrid",
        ),
        field(tr("admin.texts.title"), text_input("title", draft.title, error_of(TEXTS, "title"), max_length=200),
              id="title", error=error_of(TEXTS, "title"), needed=True),
        field(tr("admin.texts.text"), words, id="text", error=error_of(TEXTS, "text"), needed=True),
        open=TEXTS.dialog == "text",
        on_submit=TEXTS.save,
        on_close=TEXTS.close,
        wide=True,
    )  # fmt: skip


def texts() -> rx.Component:
    """Return the page of one purpose's texts."""
    add = button(tr("admin.texts.add"), ic="plus", kind="pri", on_click=TEXTS.ask_for(""))
    nothing = empty_state("scroll-text", tr("admin.texts.empty"), tr("admin.texts.empty.text"))
    rows = rx.cond(TEXTS.rows.length() == 0, nothing, E.ol(rx.foreach(TEXTS.rows, _text), class_name="adm-rows"))
    back = link_button(tr("admin.purposes"), href="/admin/purposes", ic="arrow-left")
    return admin_page(
        TEXTS, "purposes", card(rows, title=tr("admin.texts.of", name=TEXTS.name), actions=[back, add]), _text_dialog()
    )


ROUTES = [
    Route("/admin/purposes", purposes, "admin.purposes", [*LOADS, STATE.load]),
    Route("/admin/purposes/[purpose]", texts, "admin.purposes", [*LOADS, TEXTS.load]),
]
