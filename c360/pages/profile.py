"""A customer's profile: header, tabs by address, cards, and the form that takes their place while one edits."""

from typing import Any

import reflex as rx

from c360.components import duplicates, quick_activity, record_form, related_table, tabs
from c360.components.compact_profile import actions_of, notes_marker
from c360.components.edit_form import edit_form
from c360.components.kit import E, breadcrumb, button, empty_state, icon, link_button, menu, skeleton
from c360.components.merge_with import merge_with_dialog
from c360.components.wraps.bringing import photo_pick
from c360.components.wraps.hotkeys import Hotkey
from c360.components.wraps.i18n import day, money, tr
from c360.components.wraps.trail import trail
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.pages.tabs import TABS
from c360.services import photos
from c360.state.commands import ProfileCommands
from c360.state.form import FormState
from c360.state.merge_with import MergeWith
from c360.state.photo import PhotoState
from c360.state.profile import ProfileState
from c360.state.quick_activity import QuickActivity
from c360.state.shell import ShellState

Header = ProfileState.header
SHORTCUTS: tuple[Hotkey, ...] = tuple(
    {"id": kind, "keys": keys, "label": tr(f"activity.key.{kind}")} for kind, keys in quick_activity.KEYS.items()
)
COPY = "navigator.clipboard?.writeText(location.href)"


def profile(entity: str) -> rx.Component:
    """Return the page of a contact or an account."""
    plural = f"shell.{entity}s"
    found = rx.fragment(_hero(), tabs.tab_bar(ProfileState.tabs, ProfileState.tab), _body())
    waiting = E.div(skeleton("40%", "60%", "30%", height=16), class_name="page pad")
    body = rx.cond(ProfileState.problem != "", _problem(plural, entity), rx.cond(Header.id == "", waiting, found))
    return frame(
        E.div(body, class_name="page"),
        merge_with_dialog(MergeWith),
        active=entity,
        title=breadcrumb((tr(plural), f"/{entity}s"), (Header.name, None)),
        top=(trail(record_id=Header.id, tab=ProfileState.tab),),
        scope="record",
        commands=ProfileState.commands,
        on_command=ProfileCommands.run,
        shortcuts=SHORTCUTS,
        on_shortcut=QuickActivity.begin,
    )


def _hero() -> rx.Component:
    face = rx.cond(
        Header.photo != "",
        E.img(src=Header.photo, alt="", class_name="av", style={"--s": "44px"}),
        related_table.face(Header.initials, Header.hue, Header.square, 44),
    )
    about = E.div(
        rx.foreach(Header.dots, related_table.chip),
        E.span(Header.kind, class_name="mut"),
        rx.cond(Header.code != "", E.span(Header.code, class_name="tag")),
        rx.cond(Header.place != "", E.span(Header.place, class_name="mut")),
        rx.cond(ProfileState.has_notes, notes_marker(f"/{Header.entity}/{Header.id}/general")),
        class_name="facts-line",
    )
    value = E.span(tr("profile.value"), " ", E.b(money(Header.lifetime_value, Header.currency), class_name="num"))
    meta = E.div(
        E.span(tr("profile.created", when=day(Header.created_at), who=Header.created_by)),
        E.span(tr("profile.updated", when=day(Header.updated_at), who=Header.updated_by)),
        value,
        class_name="meta",
    )
    hang = photo_pick(
        face,
        address=f"/api/customers/{Header.id}/photo",
        most=photos.MOST_BYTES,
        label=rx.cond(Header.photo == "", tr("photo.add"), tr("photo.change")),
        on_hung=PhotoState.hung,
    )
    return E.header(
        rx.cond(Header.may_edit, hang, face),
        E.div(E.h1(Header.name, class_name="h1"), about, meta, class_name="col grow htext"),
        E.div(actions_of(Header.actions), _more(), class_name="row hacts"),
        class_name="hero",
    )


def _more() -> rx.Component:
    item = rx.dropdown_menu.item
    turn = rx.cond(
        Header.inactive == "",
        item(icon("moon"), tr("profile.inactivate"), on_select=ProfileState.ask_leaving("inactivate")),
        item(icon("sun"), tr("profile.activate"), on_select=ProfileState.activate),
    )
    edits = [
        rx.cond(Header.erased, rx.fragment(), turn),
        rx.cond(
            Header.photo != "",
            item(icon("image-off"), tr("photo.remove"), on_select=PhotoState.take_down(Header.id)),
        ),
    ]
    return menu(
        button(ic="ellipsis", aria=tr("profile.more")),
        item(icon("link"), tr("profile.copy"), on_select=[rx.run_script(COPY), rx.toast.success(tr("profile.copied"))]),
        rx.cond(
            ShellState.may["audit"],
            item(icon("eye"), tr("access.who"), on_select=rx.redirect(f"/audit/access?record={Header.id}")),
        ),
        item(icon("printer"), tr("profile.print"), on_select=rx.run_script("print()")),
        rx.cond(
            Header.may_merge,
            item(icon("git-merge"), tr("wizard.with"), on_select=MergeWith.ask(Header.entity, Header.id)),
        ),
        rx.cond(Header.may_edit, rx.fragment(rx.dropdown_menu.separator(), *edits)),
        rx.cond(
            Header.may_archive & ~Header.archived,
            item(icon("archive"), tr("profile.archive"), color="red", on_select=ProfileState.ask_leaving("archive")),
        ),
        label=tr("profile.more"),
    )


def _body() -> rx.Component:
    shown = rx.match(ProfileState.tab, *[(tab.key, tab.body()) for tab in TABS], _cards())
    return E.div(
        _state_of_record(),
        _leaving(),
        quick_activity.quick_form(QuickActivity),
        rx.cond(FormState.open, E.div(edit_form(FormState), class_name="fpage"), shown),
        class_name="pbody",
    )


def _cards() -> rx.Component:
    cards = related_table.cards_of(
        ProfileState.cards,
        currency=Header.currency,
        lit=ProfileState.lit,
        on_edit=lambda sections: FormState.edit(Header.entity, Header.id, sections),
        on_add=lambda entity: FormState.add(entity, Header.id, ""),
        on_edit_line=lambda entity, record_id: FormState.edit(entity, record_id, ""),
        on_prefer=ProfileState.prefer,
        on_remove=ProfileState.remove,
        on_act=QuickActivity.begin_at,
        on_fill=lambda role_id: FormState.add("contact_person", Header.id, role_id),
        on_more=ProfileState.show_more,
    )
    summary = E.div(quick_activity.actions_panel(QuickActivity), _score(), class_name="col gap12")
    return E.div(rx.cond((ProfileState.tab == "summary") & ~Header.erased, summary), cards)


def _score() -> rx.Component:
    lines: Any = rx.foreach(
        ProfileState.gaps,
        lambda gap: E.li(E.span(gap.label), E.span(f"+{gap.weight} %", class_name="num mut"), key=gap.label),
    )
    meter = E.span(E.i(style={"width": f"{ProfileState.score}%"}), class_name="meter", aria_hidden=True)
    return E.details(
        E.summary(tr("profile.complete", score=ProfileState.score), meter),
        rx.cond(
            ProfileState.gaps.length() > 0,
            E.ul(lines, class_name="gaps"),
            E.p(tr("profile.complete.all"), class_name="mut"),
        ),
        class_name="card score",
        style={"marginBottom": "14px"},
    )


def _state_of_record() -> rx.Component:
    inactive = E.div(
        icon("moon", 15),
        E.div(E.b(tr("profile.inactive")), " ", Header.inactive, class_name="grow"),
        rx.cond(Header.may_edit, button(tr("profile.activate"), on_click=ProfileState.activate)),
        class_name="note",
        role="status",
    )
    archived = E.div(
        icon("archive", 15),
        E.div(tr("profile.is_archived"), class_name="grow"),
        rx.cond(Header.may_archive, button(tr("profile.restore"), on_click=ProfileState.restore)),
        class_name="note",
        role="status",
    )
    erased = E.div(
        icon("eraser", 15),
        E.div(tr("profile.erased"), class_name="grow"),
        class_name="note",
        role="status",
    )
    merged = ProfileState.merged
    joined = E.div(
        icon("git-merge", 15),
        E.div(
            tr("wizard.was_merged", name=merged["label"], who=merged["who"], when=day(merged["at"])), class_name="grow"
        ),
        rx.cond(merged["undo"] != "", link_button(tr("unmerge.link"), href=merged["undo"], ic="undo-2")),
        class_name="note info",
        role="status",
    )
    return E.div(
        rx.cond(merged["label"] != "", joined),
        rx.cond(Header.erased, erased, rx.cond(Header.archived, archived)),
        # Who was erased is inactive for that reason alone.
        rx.cond((Header.inactive != "") & ~Header.erased, inactive),
        duplicates.hint(ProfileState.twice),
        class_name="col states",
    )


def _leaving() -> rx.Component:
    choices: Any = rx.foreach(ProfileState.reasons, lambda one: E.option(one.label, value=one.value, key=one.value))
    reason = E.select(E.option("", value=""), choices, name="reason", id="reason", class_name="inp", auto_focus=True)
    inactivate = E.form(
        E.h2(tr("profile.inactivate"), class_name="h2"),
        E.p(tr("profile.inactivate.text"), class_name="mut"),
        E.div(E.label(tr("profile.inactivate.reason"), html_for="reason"), reason, class_name="fld"),
        E.div(
            E.label(tr("profile.inactivate.note"), html_for="note"),
            E.textarea(name="note", id="note", rows="2", class_name="inp"),
            class_name="fld",
        ),
        record_form.form_error(ProfileState.leaving_error),
        E.div(
            button(tr("profile.inactivate"), kind="pri", type="submit"),
            button(tr("form.cancel"), on_click=ProfileState.ask_leaving("")),
            class_name="row",
        ),
        on_submit=ProfileState.inactivate,
    )
    archive = E.div(
        E.h2(tr("profile.archive"), class_name="h2"),
        E.p(tr("profile.archive.text"), class_name="mut"),
        E.div(
            button(tr("profile.archive"), kind="red", on_click=ProfileState.archive, auto_focus=True),
            button(tr("form.cancel"), on_click=ProfileState.ask_leaving("")),
            class_name="row",
        ),
    )
    shown = rx.match(ProfileState.leaving, ("inactivate", inactivate), ("archive", archive), rx.fragment())
    return rx.cond(ProfileState.leaving != "", E.section(shown, class_name="card leaving", role="alert"))


def _problem(plural: str, entity: str) -> rx.Component:
    back = link_button(tr("profile.back"), href=f"/{entity}s", ic="arrow-left", kind="pri")
    return E.div(
        empty_state("search-x", ProfileState.problem_title, ProfileState.problem, back),
        class_name="page pad",
        role="alert",
    )


def moved() -> rx.Component:
    """Return what shows while an address without a tab leads on to the summary."""
    waiting = E.div(skeleton("40%", "60%", height=16), class_name="page pad")
    return frame(
        rx.cond(ProfileState.problem != "", _problem("shell.customers", "customer"), waiting),
        active="customer",
        title=tr("shell.customers"),
    )


ON_LOAD = [*LOADS, FormState.cancel, ProfileState.load, QuickActivity.load, *dict.fromkeys(tab.load for tab in TABS)]
ROUTES = [
    Route("/contact/[record_id]/[tab]", lambda: profile("contact"), "shell.contacts", ON_LOAD),
    Route("/account/[record_id]/[tab]", lambda: profile("account"), "shell.accounts", ON_LOAD),
    *(Route(f"/{key}/[record_id]", moved, "shell.customers", ON_LOAD) for key in ("contact", "account", "customer")),
]
