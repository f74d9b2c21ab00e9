"""The body of the Relations tab: what to show of it, then the chart, the table or the tree."""

from typing import Any

import reflex as rx

from c360.components.change_list import change_list
from c360.components.kit import E, button, empty_state, icon, menu, skeleton
from c360.components.required_roles import required_roles
from c360.components.suggested_ties import suggested_ties
from c360.components.wraps.i18n import day, tr
from c360.components.wraps.picker import Option, picker
from c360.components.wraps.relations import chart_do, relation_chart, relation_tree, time_slider
from c360.services.relationships.lines import TieRow


def relations_tab(state: Any, form: Any, group: Any, on_fill: Any) -> rx.Component:
    """Return the tab, given the states of what is shown, of its form and of the form of a group."""
    acts: dict[str, Any] = {
        "on_open": state.open,
        "on_expand": state.expand,
        "on_relate": form.ask_add,
        "on_edit": form.ask_edit,
        "on_end": state.end,
        "on_remove": state.remove,
        "on_group": group.ask,
    }
    chart = E.div(
        relation_chart(nodes=state.nodes, edges=state.edges, center=state.center, layout=state.layout, **acts),
        class_name="rc-frame",
    )
    views = rx.match(
        state.view,
        ("table", _table(state, form, group)),
        ("tree", relation_tree(branches=state.branches, **acts)),
        chart,
    )
    nothing = empty_state(
        "waypoints",
        tr("relations.empty.title"),
        tr("relations.empty.text"),
        button(tr("relations.add"), ic="plus", kind="pri", on_click=form.ask_add("", "")),
    )
    left = rx.cond(
        state.left > 0,
        E.div(
            icon("info", 15),
            E.div(tr("relations.left", n=state.left), class_name="grow"),
            class_name="note info",
            role="status",
        ),
    )
    folded = rx.cond(
        (state.folded > 0) & (state.view == "chart"),
        E.div(
            icon("group", 15),
            E.div(tr("relations.folded", n=state.folded), class_name="grow"),
            button(tr("relations.show_all"), on_click=state.show_all),
            class_name="note info",
            role="status",
        ),
    )
    body = rx.cond(state.nodes.length() < 2, rx.cond(state.view == "chart", E.div(chart, nothing), nothing), views)
    below = required_roles(state.needs, on_fill), suggested_ties(state, form), _past(state)
    shown = E.div(_toolbar(state, form), left, folded, body, *below, class_name="col gap12")
    wrong = E.div(empty_state("cloud-alert", tr("relations.problem"), state.problem), role="alert")
    waiting = E.div(skeleton("40%", "100%", "80%", height=16), aria_busy=True)
    return E.section(
        rx.cond(state.ready, rx.cond(state.problem != "", wrong, shown), waiting),
        class_name="card relations-page",
        aria_label=tr("relations.title"),
    )


def _toolbar(state: Any, form: Any) -> rx.Component:
    def choice(value: str, current: Any, handler: Any, ic: str, label: str) -> rx.Component:
        return button(
            E.span(tr(label)), ic=ic, kind="gh", aria_pressed=rx.cond(current == value, "true", "false"),
            on_click=handler(value),
        )  # fmt: skip

    def group(label: str, *buttons: rx.Component) -> rx.Component:
        return E.div(*buttons, class_name="seg", role="group", aria_label=tr(label))

    rings = group(
        "relations.rings",
        *[
            button(
                str(n), kind="gh", aria=tr("relations.ring", n=n), on_click=state.widen(n),
                aria_pressed=rx.cond(state.rings == n, "true", "false"),
            )
            for n in (1, 2, 3)
        ],
    )  # fmt: skip
    views = group(
        "relations.views",
        choice("chart", state.view, state.show, "waypoints", "relations.view.chart"),
        choice("table", state.view, state.show, "table", "relations.view.table"),
        choice("tree", state.view, state.show, "list-tree", "relations.view.tree"),
    )
    scope = group(
        "relations.scope",
        choice("around", state.scope, state.look_at, "waypoints", "relations.scope.around"),
        choice("structure", state.scope, state.look_at, "network", "relations.scope.structure"),
    )
    layout = group(
        "relations.layout",
        choice("network", state.layout, state.lay_out, "share-2", "relations.layout.network"),
        choice("tree", state.layout, state.lay_out, "network", "relations.layout.tree"),
    )
    kinds = E.div(
        picker(
            input_id="relation-kinds",
            items=state.kind_options.to(list[Option]),
            value=state.only,
            multiple=True,
            label=tr("relations.kinds"),
            placeholder=tr("relations.kinds"),
            on_value_change=state.pick,
        ),
        class_name="rel-kinds",
    )
    former = E.label(
        E.input(type="checkbox", checked=state.former, on_change=state.with_former), tr("relations.with_former"),
        class_name="tick",
    )  # fmt: skip
    item = rx.dropdown_menu.item
    save = menu(
        button(ic="download", aria=tr("relations.save")),
        item(tr("relations.save.png"), on_select=chart_do("png")),
        item(tr("relations.save.svg"), on_select=chart_do("svg")),
        label=tr("relations.save"),
    )
    around = rx.cond(
        state.scope == "around",
        E.div(
            E.span(tr("relations.rings"), class_name="mut", aria_hidden=True), rings, kinds, former,
            rx.cond(state.earliest != "", time_slider(earliest=state.earliest, day=state.day, on_day=state.on_day)),
            class_name="row wrap gap8",
        ),
    )  # fmt: skip
    return E.div(
        E.div(
            views,
            rx.cond(state.is_account, scope),
            rx.cond(state.view == "chart", rx.fragment(layout, save)),
            E.span(class_name="grow"),
            button(tr("relations.add"), ic="plus", kind="pri", on_click=form.ask_add("", "")),
            class_name="row wrap gap8",
        ),
        around,
        class_name="col gap8",
        role="toolbar",
        aria_label=tr("relations.tools"),
    )


def _table(state: Any, form: Any, group: Any) -> rx.Component:
    heads = ("one", "wording", "other", "contacts", "since.head", "until.head", "acts")

    def person(name: Any, href: Any) -> rx.Component:
        return rx.cond(
            href != "",
            rx.link(name, href=href, underline="hover"),
            E.span(icon("lock", 12), name, class_name="row gap4 mut"),
        )

    def row(one: TieRow) -> rx.Component:
        marks = E.span(
            rx.cond(one.primary, E.span(icon("star", 11), tr("relations.primary"), class_name="tag pri")),
            rx.cond(one.former, E.span(tr("relations.former"), class_name="tag")),
            rx.cond(one.strength == "strong", E.span(tr("option.relation_strength.strong"), class_name="tag")),
            rx.cond(one.strength == "weak", E.span(tr("option.relation_strength.weak"), class_name="tag")),
            class_name="chips",
        )
        named = {"name": one.other}
        edits = rx.fragment(
            button(ic="pencil", kind="gh", aria=tr("relations.edit.name", **named), on_click=form.ask_edit(one.id)),
            rx.cond(
                ~one.former,  # pyright: ignore[reportOperatorIssue]
                button(ic="circle-stop", kind="gh", aria=tr("relations.end.name", **named), on_click=state.end(one.id)),
            ),
        )
        changes = rx.fragment(
            rx.cond(one.origin == "relation", edits),
            button(ic="trash-2", kind="gh", aria=tr("relations.remove.name", **named), on_click=state.remove(one.id)),
        )
        together = button(
            ic="group", kind="gh", aria=tr("relations.group.name", **named), on_click=group.ask([one.other_id])
        )
        acts = E.div(
            rx.cond(one.other_masked | (one.other_id == state.center), rx.fragment(), together),
            rx.cond(one.editable, changes),
            class_name="row",
        )
        return E.tr(
            E.td(person(one.one, one.one_href)),
            E.td(E.span(one.wording, class_name="dot", style={"--d": f"var(--{one.color}-9)"}), marks),
            E.td(
                E.span(
                    person(one.other, one.other_href),
                    rx.cond(one.group != "", E.span(one.group, class_name="tag")),
                    class_name="row gap8",
                )
            ),
            E.td(one.contacts, class_name="num"),
            E.td(day(one.since), class_name="num"),
            E.td(day(one.until), class_name="num"),
            E.td(acts),
            key=one.id,
            class_name=rx.cond(one.former, "former", ""),
        )

    return E.div(
        E.table(
            E.caption(tr("relations.table"), class_name="sr"),
            E.thead(E.tr(*[E.th(tr(f"relations.{head}"), scope="col") for head in heads])),
            E.tbody(rx.foreach(state.rows, row)),
            class_name="rel-table",
        ),
        class_name="scroll-x",
        tab_index=0,
        role="region",
        aria_label=tr("relations.table"),
    )


def _past(state: Any) -> rx.Component:
    """Return what happened to every account of the group."""
    return rx.cond(
        (state.scope == "structure") & (state.past.length() > 0),
        E.div(
            E.h2(tr("relations.past"), class_name="h2"),
            change_list(state.past),
            rx.cond(state.past_more, button(tr("history.more"), on_click=state.more_past)),
            class_name="col gap12",
        ),
    )
