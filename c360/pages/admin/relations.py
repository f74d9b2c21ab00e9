"""Relation types: how two customers can be related, worded from both sides."""

from typing import Any

import reflex as rx

from c360.components.admin import colours, dialog, entry_menu, error_of, movers, text_input, tick
from c360.components.kit import E, badge, button, card, empty_state, field, tag
from c360.components.wraps.i18n import tr
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.services.relationships.types import TypeEntry
from c360.state.admin_relations import RelationTypes

STATE: Any = RelationTypes
SHAPES = ("equal", "directed", "hierarchy")
ENDS = ("any", "contact", "account")
PARTS = ("relay", "member")


def _entry(row: TypeEntry, index: rx.Var[int]) -> rx.Component:
    def end(kind: Any) -> Any:
        return rx.match(kind, *[(one, tr(f"option.relation_end.{one}")) for one in ENDS], "")

    ends = rx.cond(
        row.shape == "equal",
        E.span(end(row.from_kind), " ↔ ", end(row.to_kind)),
        E.span(end(row.from_kind), " → ", end(row.to_kind)),
    )
    used = rx.cond(row.used == 0, tr("admin.unused"), tr("admin.relations.used", n=row.used))
    return E.li(
        movers(row.name, STATE.move, row.id, index, STATE.rows.length()),
        E.div(
            E.div(
                badge(row.name, row.color),
                rx.cond(row.shape != "equal", E.span("/ ", row.reverse, class_name="mut")),
                rx.cond(row.shape == "hierarchy", tag(tr("admin.relations.hierarchy"))),
                *(rx.cond(row.part == part, tag(tr(f"option.relation_part.{part}"))) for part in PARTS),
                rx.cond(row.is_party, tag(tr("admin.relations.party"))),
                rx.cond(row.retired, tag(tr("admin.retired"))),
                class_name="row wrap gap8",
            ),
            E.div(ends, " · ", used, class_name="mut"),
            class_name="grow adm-what",
        ),
        button(ic="pencil", kind="gh", aria=tr("admin.edit_named", name=row.name), on_click=STATE.ask_for(row.id)),
        entry_menu(STATE, row.id, row.name, row.retired, deletes=True),
        class_name=rx.cond(row.retired, "adm-row off", "adm-row"),
        key=row.id,
    )


def _dialog() -> rx.Component:
    draft: Any = STATE.draft

    def box(name: str, label: str, value: Any, needed: bool = False, **props: Any) -> rx.Component:
        told = error_of(STATE, name)
        return field(tr(label), text_input(name, value, told, **props), id=name, error=told, needed=needed)

    def pick(name: str, label: str, values: tuple[str, ...], options: str, chosen: Any) -> rx.Component:
        choices = [E.option(tr(f"{options}.{one}"), value=one) for one in values]
        return field(tr(label), E.select(*choices, id=name, name=name, default_value=chosen, class_name="inp"), id=name)

    part = E.select(
        E.option(tr("admin.relations.part.none"), value=""),
        *[E.option(tr(f"option.relation_part.{one}"), value=one) for one in PARTS],
        id="part", name="part", default_value=draft.part, class_name="inp",
        aria_invalid=error_of(STATE, "part") != "", aria_describedby="part-error",
    )  # fmt: skip
    return dialog(
        rx.cond(draft.id == "", tr("admin.relations.new"), tr("admin.relations.change")),
        tr("admin.relations.lead"),
        box("name", "admin.relations.name", draft.name, needed=True, max_length=100, auto_focus=True),
        pick("shape", "admin.relations.shape", SHAPES, "option.relation_shape", draft.shape),
        box("reverse", "admin.relations.reverse", draft.reverse, max_length=100),
        E.div(
            pick("from_kind", "admin.relations.from", ENDS, "option.relation_end", draft.from_kind),
            pick("to_kind", "admin.relations.to", ENDS, "option.relation_end", draft.to_kind),
            class_name="fgrid",
        ),
        field(tr("admin.relations.part"), part, id="part", error=error_of(STATE, "part")),
        tick("is_party", tr("admin.relations.is_party"), draft.is_party),
        colours("color", draft.color),
        box("comment", "admin.comment", draft.comment),
        open=STATE.dialog == "type",
        on_submit=STATE.save,
        on_close=STATE.close,
        wide=True,
    )


def relations() -> rx.Component:
    """Return the page."""
    add = button(tr("admin.relations.add"), ic="plus", kind="pri", on_click=STATE.ask_for(""))
    nothing = empty_state("waypoints", tr("admin.relations.empty.title"), tr("admin.relations.empty.text"))
    entries = rx.cond(STATE.rows.length() == 0, nothing, E.ol(rx.foreach(STATE.rows, _entry), class_name="adm-rows"))
    return admin_page(STATE, "relations", card(entries, title=tr("admin.relations"), actions=[add]), _dialog())


ROUTES = [Route("/admin/relations", relations, "admin.relations", [*LOADS, STATE.load])]
