"""The rules for duplicates: bands, what is compared, rules of one's own, and a bench to try them on."""

from typing import Any

import reflex as rx

from c360.components.admin import error_of, kinds
from c360.components.duplicates import evidence, percent
from c360.components.kit import E, button, card, empty_state, field, notice, tag
from c360.components.wraps.i18n import num, tr
from c360.pages.admin.duplicate_doors import doors
from c360.pages.admin.duplicate_never import never
from c360.pages.admin.duplicate_rule import holds_for, rule_dialog
from c360.pages.admin.places import admin_page
from c360.pages.frame import LOADS
from c360.pages.route import Route
from c360.services.duplicates.measuring import Measured
from c360.services.duplicates.rule_book import Compared
from c360.services.duplicates.rules import TIMES
from c360.services.duplicates.trying import Blank
from c360.state.admin_duplicates import EVERY, DuplicateRules
from c360.state.duplicate_rule import RuleRow

STATE: Any = DuplicateRules


def _bands() -> rx.Component:
    def bound(name: str, value: Any) -> rx.Component:
        box = E.input(
            id=f"dup-{name}", type="number", min=5, max=100, step=1, default_value=value.to(str), key=STATE.stamp,
            class_name="inp adm-weight", on_change=lambda typed: STATE.bound(name, typed),
            custom_attrs={"aria-describedby": f"dup-{name}-hint"},
        )  # fmt: skip
        return field(tr(f"admin.dups.{name}"), box, id=f"dup-{name}", hint=tr(f"admin.dups.{name}.hint"))

    def part(name: str, width: Any) -> rx.Component:
        return E.span(tr(f"admin.dups.band.{name}"), class_name=f"dup-band {name}", style={"width": width})

    bar = E.div(
        part("ignore", STATE.ask.to(str) + "%"),
        part("ask", (STATE.sure - STATE.ask).to(str) + "%"),
        part("sure", (100 - STATE.sure).to(str) + "%"),
        class_name="dup-bands",
        aria_hidden=True,
    )
    every = E.select(
        *[E.option(tr(f"admin.dups.every.{hours}"), value=str(hours)) for hours in EVERY],
        id="dup-every", value=STATE.every.to(str), class_name="inp", on_change=STATE.schedule,
    )  # fmt: skip
    return card(
        E.p(tr("admin.dups.bands.lead"), class_name="mut"),
        bar,
        E.div(bound("ask", STATE.ask), bound("sure", STATE.sure),
              field(tr("admin.dups.every"), every, id="dup-every", hint=tr("admin.dups.every.hint")),
              class_name="dup-three"),
        title=tr("admin.dups.bands"),
    )  # fmt: skip


def _rules() -> rx.Component:
    def row(one: RuleRow, place: Any) -> rx.Component:
        name: Any = one["name"]

        active = rx.switch(
            checked=one["active"], on_change=lambda on: STATE.switch(place, on), size="1",
            aria_label=tr("admin.dups.active.named", name=one["name"]),
        )  # fmt: skip
        return E.li(
            E.div(E.strong(one["name"]), E.div(one["said"], class_name="mut"),
                  E.div(one["where"], class_name="mut"), holds_for(one["holds"]), class_name="grow adm-what"),
            E.span(active, tr("admin.dups.active"), class_name="row gap8 mut adm-used"),
            E.span(
                button(ic="pencil", kind="gh", aria=tr("admin.edit_named", name=name), on_click=STATE.ask_for(place)),
                button(ic="trash-2", kind="gh", aria=tr("admin.dups.drop", name=name), on_click=STATE.drop(place)),
                class_name="row",
            ),
            class_name=rx.cond(one["active"], "adm-row", "adm-row off"),
            key=place,
        )  # fmt: skip

    add = button(tr("admin.dups.add"), ic="plus", on_click=STATE.ask_for(-1))
    nothing = empty_state("git-compare", tr("admin.dups.none"), tr("admin.dups.none.text"))
    rows = rx.cond(STATE.rows.length() > 0, E.ol(rx.foreach(STATE.rows, row), class_name="adm-rows"), nothing)
    return card(E.p(tr("admin.dups.rules.lead"), class_name="mut"), rows, title=tr("admin.dups.rules"), actions=[add])


def _measured() -> rx.Component:
    columns = ("waiting", "later", "oldest", "merged", "apart", "dismissed", "undone")

    def line(one: Measured) -> rx.Component:
        shares = (rx.cond(share != "", share, "–") for share in (one.dismissed, one.undone))
        oldest = rx.cond(one.waiting > 0, tr("duplicates.days", n=one.oldest_days), "–")
        figures = (num(one.waiting), num(one.later), oldest, num(one.merged), num(one.apart), *shares)
        name = rx.cond(one.name != "", one.name, tr("admin.dups.figure.alone"))
        return E.tr(E.th(name, scope="row"), *[E.td(figure, class_name="num") for figure in figures], key=one.name)

    head = E.tr(E.th(tr("admin.dups.rule"), scope="col"),
                *[E.th(tr(f"admin.dups.figure.{one}"), scope="col", class_name="num") for one in columns])  # fmt: skip
    table = E.table(E.thead(head), E.tbody(rx.foreach(STATE.measured, line)), class_name="plain-table dup-measured")
    return card(
        E.p(tr("admin.dups.figures.lead"), class_name="mut"),
        E.div(table, class_name="wide", tab_index=0, role="region", aria_label=tr("admin.dups.figures")),
        title=tr("admin.dups.figures"),
    )


def _fields() -> rx.Component:
    def row(one: Compared) -> rx.Component:
        ways: Any = one.readings
        learned = rx.cond(
            (one.same == 0) & (one.different == 0),
            E.span(tr("admin.dups.unlearned"), class_name="mut"),
            E.span(tr("admin.dups.worth", same=one.same, different=one.different), class_name="num mut"),
        )
        switch = rx.switch(
            checked=one.on, disabled=one.fixed, on_change=lambda on: STATE.compare(one.name, on), size="1",
            aria_label=tr("admin.dups.compare", name=one.label),
        )  # fmt: skip
        times = E.select(
            *[E.option(tr(f"admin.dups.times.{n:g}"), value=f"{n:g}") for n in TIMES],
            value=one.times, on_change=lambda n: STATE.weight(one.name, n), class_name="inp dup-times",
            aria_label=tr("admin.dups.times", name=one.label),
        )  # fmt: skip
        reading = E.select(
            E.option(tr("admin.dups.read.usual"), value=""),
            rx.foreach(ways, lambda way: E.option(way.label, value=way.value, key=way.value)),
            value=one.reading, on_change=lambda way: STATE.read(one.name, way), class_name="inp dup-times",
            aria_label=tr("admin.dups.read", name=one.label),
        )  # fmt: skip
        return E.li(
            E.div(E.strong(one.label), E.div(one.how, class_name="mut"), class_name="grow adm-what"),
            E.span(learned, class_name="dup-worth"),
            rx.cond(ways.length() > 0, reading, E.span(class_name="dup-times hide-s")),
            times,
            switch,
            class_name=rx.cond(one.on, "adm-row", "adm-row off"),
            key=one.name,
        )

    return card(
        E.p(tr("admin.dups.fields.lead"), class_name="mut"),
        E.ul(rx.foreach(STATE.fields, row), class_name="adm-rows"),
        title=tr("admin.dups.fields"),
    )


def _bench() -> rx.Component:
    def side(one: Blank, name: str, value: Any) -> rx.Component:
        return E.input(
            name=f"{name}-{one.name}", default_value=value, class_name="inp", max_length=300, auto_complete="off",
            aria_label=tr(f"admin.dups.side.{name}", field=one.label),
        )  # fmt: skip

    def row(one: Blank) -> rx.Component:
        return E.div(E.span(one.label, class_name="lbl"), side(one, "l", one.left), side(one, "r", one.right),
                     key=f"{STATE.stamp}-{one.name}", class_name="dup-blank")  # fmt: skip

    pick = E.select(
        E.option(tr("admin.dups.pick.none"), value=""),
        rx.foreach(STATE.offered, lambda one: E.option(one[1], value=one[0], key=one[0])),
        id="dup-pick", class_name="inp", on_change=STATE.pick,
    )  # fmt: skip
    found = STATE.verdict
    color: Any = rx.match(found.band, ("sure", "green"), ("ask", "amber"), "gray")
    band = rx.match(
        found.band,
        ("sure", tr("admin.dups.band.sure")),
        ("ask", tr("admin.dups.band.ask")),
        tr("admin.dups.band.ignore"),
    )  # fmt: skip
    answer = E.div(
        E.div(E.b(percent(found.score), class_name="dup-score"), tag(band, color),
              rx.foreach(found.met, lambda name: tag(name)),
              rx.foreach(found.outside, lambda name: tag(tr("admin.dups.outside", name=name), "gray")),
              class_name="row wrap gap8"),
        E.p(found.why),
        evidence(found.bars),
        role="status",
    )  # fmt: skip
    return card(
        E.p(tr("admin.dups.bench.lead"), class_name="mut"),
        field(tr("admin.dups.pick"), pick, id="dup-pick"),
        E.form(
            E.div(rx.foreach(STATE.blanks, row), class_name="dup-blanks"),
            E.div(button(tr("admin.dups.weigh"), ic="scale", type="submit"), class_name="row end"),
            on_submit=STATE.weigh,
            class_name="col gap12",
        ),
        rx.cond(found.band != "", answer),
        title=tr("admin.dups.bench"),
    )


def _bar() -> rx.Component:
    told = STATE.effect
    effect = rx.cond(
        STATE.told,
        E.span(
            tr("admin.dups.effect", n=num(told.looked_at), sure=told.sure, less=told.no_longer_sure, leave=told.leave),
        ),
        rx.cond(STATE.dirty, E.span(tr("form.dirty"), class_name="tag hide-s")),
    )
    error = error_of(STATE, "duplicates")
    return E.div(
        E.div(effect, rx.cond(error != "", E.div(error, class_name="err", role="alert")), class_name="grow",
              role="status"),
        button(tr("admin.dups.estimate"), ic="activity", on_click=STATE.estimate),
        button(E.span(tr("admin.dups.reset"), class_name="hide-s"), ic="rotate-ccw", kind="gh",
               aria=tr("admin.dups.reset"), on_click=STATE.reset_rules),
        button(tr("admin.save"), kind="pri", disabled=~STATE.dirty, on_click=STATE.save),
        class_name="card row wrap gap8 dup-save",
    )  # fmt: skip


def rules() -> rx.Component:
    """Return the page."""
    return admin_page(
        STATE,
        "dups",
        kinds(STATE.which, "/admin/duplicates"),
        _bands(),
        doors(),
        _rules(),
        _measured(),
        _fields(),
        never(),
        _bench(),
        notice(tr("admin.dups.note"), kind="info", ic="info"),
        _bar(),
        rule_dialog(),
    )


ROUTES = [
    Route("/admin/duplicates", rules, "admin.dups", [*LOADS, STATE.load]),
    Route("/admin/duplicates/[kind_of]", rules, "admin.dups", [*LOADS, STATE.load]),
]
