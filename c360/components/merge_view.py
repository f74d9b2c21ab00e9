"""Parts of the merge wizard: they take values and handlers, and know no state."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from c360.components.kit import E, badge, button, icon
from c360.components.rehearsal import rehearsal, rehearse_button
from c360.components.related_table import face
from c360.components.view_dialog import sharing_options
from c360.components.wraps.i18n import day, num, tr
from c360.services.merging.shapes import APPEND


def stepper(names: Sequence[str], step: Any) -> rx.Component:
    """Return where one is on the way."""

    def one(number: int, name: str) -> rx.Component:
        current = rx.cond(step == name, "step", "false")
        return E.li(E.span(str(number), class_name="num", aria_hidden=True), tr(f"wizard.step.{name}"),
                    aria_current=current)  # fmt: skip

    steps = [one(number, name) for number, name in enumerate(names, 1)]
    return E.ol(*steps, class_name="msteps", aria_label=tr("wizard.steps"))


def survivors(sides: Any, survivor: Any, reason: Any, proposed: Any, on_choose: Callable[[Any], Any]) -> rx.Component:
    """Return the records as cards, the one that stays marked; the proposed one says why."""

    def one(side: Any, index: Any) -> rx.Component:
        why = rx.cond(side["id"] == proposed, E.span(icon("sparkles", 12), reason, class_name="mwhy row"))
        # Beside the name, so that on a phone the mark goes below it instead of out of the card.
        mark = rx.cond(side["id"] == survivor, badge(tr("wizard.master"), "indigo"))
        named = E.span(E.b(side["name"], class_name="mname"), mark, class_name="row wrap gap8")
        radio = E.input(
            type="radio", name="survivor", value=side["id"], checked=side["id"] == survivor,
            on_change=on_choose(side["id"]),
        )  # fmt: skip
        facts = E.span(
            rx.cond(side["hint"] != "", E.span(side["hint"])),
            E.span(tr("wizard.made", when=day(side["created"]))),
            E.span(tr("wizard.rows", n=side["rows"])),
            class_name="mfacts mut",
        )
        return E.li(
            E.label(
                radio,
                rx.cond(index < 9, E.kbd(index + 1, class_name="kbd hide-s", aria_hidden=True)),
                face(side["initials"], side["hue"], side["square"], 32),
                E.span(named, facts, why, class_name="col grow"),
                class_name=rx.cond(side["id"] == survivor, "mside on", "mside"),
            ),
            key=side["id"],
        )

    return E.fieldset(
        E.legend(tr("wizard.survivor.legend"), class_name="sr"),
        E.ul(rx.foreach(sides, one), class_name="plain msides"),
        class_name="bare",
    )


def related(kinds: Any, sides: Any, how: Any, on_treat: Callable[[Any, Any], Any]) -> rx.Component:
    """Return one row a kind of related rows: how many, how many meet their like, and whether they add up or replace."""

    def line(kind: Any) -> rx.Component:
        key = kind["key"]
        replacing: Any = rx.foreach(
            sides,
            lambda side: E.option(tr("wizard.replace", name=side["name"]), value=side["id"], key=side["id"]),
        )
        menu = E.select(
            E.option(tr("wizard.append"), value=APPEND),
            rx.cond(kind["may_replace"], replacing),
            value=how[key],
            class_name="inp",
            aria_label=tr("wizard.how_of", kind=kind["label"]),
            on_change=lambda value: on_treat(key, value),
        )
        samples = kind["samples"].to(list[str])
        looked = rx.cond(
            samples.length() > 0,
            E.details(E.summary(tr("wizard.samples")), E.ul(rx.foreach(samples, E.li), class_name="samples")),
        )
        counts: Any = rx.foreach(kind["counts"].to(list[int]), lambda n: E.td(num(n), class_name="num"))
        return E.tr(
            E.th(kind["label"], looked, scope="row"),
            counts,
            E.td(rx.cond(kind["twins"] > 0, tr("wizard.twins", n=kind["twins"]), "–"), class_name="mut"),
            E.td(menu),
            key=key,
        )

    heads: Any = rx.foreach(sides, lambda side: E.th(side["name"], class_name="num mcut", scope="col", key=side["id"]))
    head = E.tr(
        E.th(tr("wizard.kind"), scope="col"), heads, E.th(tr("wizard.collisions"), scope="col"),
        E.th(tr("wizard.how"), scope="col"),
    )  # fmt: skip
    table = E.table(E.thead(head), E.tbody(rx.foreach(kinds, line)), class_name="plain-table mrel")
    return E.div(table, class_name="wide", tab_index=0, role="region", aria_label=tr("wizard.related.table"))


def recipes(state: Any) -> rx.Component:
    """Return the menu of recipes and the form that keeps the rules as one; it takes the wizard's state."""
    listed: Any = rx.foreach(state.recipes, lambda one: E.option(one["name"], value=one["id"], key=one["id"]))
    menu = E.select(
        E.option(tr("wizard.recipe.none"), value=""),
        listed,
        value=state.recipe,
        class_name="inp mrecipe",
        aria_label=tr("wizard.recipe"),
        on_change=state.use_recipe,
    )
    drop = button(ic="trash-2", kind="gh", aria=tr("wizard.recipe.drop"), on_click=state.drop_recipe)
    shares = E.select(
        *sharing_options(), name="sharing", class_name="inp mshares", aria_label=tr("list.view.sharing"),
    )  # fmt: skip
    name = E.input(
        name="name", class_name="inp mrecipe", max_length=200, required=True, placeholder=tr("wizard.recipe.name"),
        aria_label=tr("wizard.recipe.name"),
    )  # fmt: skip
    keep = E.form(
        name,
        shares,
        button(tr("wizard.recipe.save"), type="submit", ic="bookmark"),
        on_submit=state.save_recipe,
        class_name="row wrap gap8",
    )
    tried = rehearse_button(state.rehearse)
    dropped = rx.cond((state.recipe != "") & state.may_drop, drop)
    return E.div(menu, dropped, tried, keep, rehearsal(state), class_name="row wrap gap8")
