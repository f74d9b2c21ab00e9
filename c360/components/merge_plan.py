"""The last steps of a merge: what its plan does, what was changed meanwhile, what came of it."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from c360.components.consents_tab import mark
from c360.components.kit import E, button, card, icon, link_button, notice
from c360.components.wraps.i18n import moment, num, tr
from c360.services.merging.shapes import Moved, Permission, Question, Result

FIGURES = ("moved", "collapsed", "replaced", "dropped")


def plan(moved: Any, outcome: Any, touched: Any) -> rx.Component:
    """Return what the merge does: rows by kind, and each field that changes."""

    def line(one: Moved) -> rx.Component:
        figures = [E.td(rx.cond(getattr(one, name) == 0, "–", num(getattr(one, name))), class_name="num")
                   for name in FIGURES]  # fmt: skip
        return E.tr(E.th(one.label, scope="row"), *figures, key=one.key)

    def result(one: Result) -> rx.Component:
        before = rx.cond(one.before != "", E.del_(one.before, class_name="old"), E.span("–", class_name="dim"))
        after = rx.cond(one.after != "", E.ins(one.after, class_name="new"), E.span("–", class_name="dim"))
        both = E.span(before, icon("arrow-right", 12), after, class_name="from-to")
        return E.div(E.dt(one.label), E.dd(both), class_name="change-line", key=one.name)

    head = E.tr(E.th(tr("wizard.kind"), scope="col"),
                *[E.th(tr(f"wizard.plan.{name}"), scope="col", class_name="num") for name in FIGURES])  # fmt: skip
    table = E.table(E.thead(head), E.tbody(rx.foreach(moved, line)), class_name="plain-table")
    wide = E.div(table, class_name="wide", tab_index=0, role="region", aria_label=tr("wizard.plan.rows"))
    fields = E.dl(rx.foreach(outcome, result), class_name="change-lines")
    return rx.fragment(
        card(
            rx.cond(outcome.length() > 0, fields, E.p(tr("wizard.plan.same"), class_name="mut")),
            title=tr("wizard.plan.fields"),
        ),
        card(
            rx.cond(moved.length() > 0, wide, E.p(tr("wizard.plan.nothing"), class_name="mut")),
            E.p(tr("wizard.plan.touched", n=touched), class_name="mut"),
            title=tr("wizard.plan.rows"),
        ),
    )


def permissions(lines: Any) -> rx.Component:
    """Return where the records differ in what they allow, and what will hold; nothing where they do not."""

    def stand(one: Any) -> rx.Component:
        return E.td(mark(one.state), title=one.why)

    def line(one: Permission) -> rx.Component:
        name = E.th(one.purpose, E.span(" · ", one.medium, class_name="mut"), scope="row")
        why = E.div(one.after.why, class_name="mut")
        return E.tr(name, rx.foreach(one.before, stand), E.td(mark(one.after.state), why),
                    key=one.purpose + one.medium)  # fmt: skip

    heads: Any = rx.foreach(lines[0].before, lambda one: E.th(one.who, scope="col"))
    head = E.tr(E.th(tr("consent.purpose"), scope="col"), heads, E.th(tr("wizard.plan.after"), scope="col"))
    table = E.table(E.thead(head), E.tbody(rx.foreach(lines, line)), class_name="plain-table")
    wide = E.div(table, class_name="wide", tab_index=0, role="region", aria_label=tr("consent.title"))
    shown = card(E.p(tr("wizard.plan.strictest"), class_name="mut"), wide, title=tr("consent.title"))
    return rx.cond(lines.length() > 0, shown)


def doubts(questions: Any, confirmed: Any, on_confirm: Callable[[Any, Any], Any]) -> rx.Component:
    """Return what has to be confirmed first; nothing where nothing is in doubt."""

    def one(question: Question) -> rx.Component:
        box = E.input(
            type="checkbox", checked=confirmed.contains(question.key),
            on_change=lambda on: on_confirm(question.key, on),
        )  # fmt: skip
        return E.li(E.label(box, E.span(question.text), class_name="tick"), key=question.key)

    asked = E.div(
        icon("circle-help", 15),
        E.div(E.b(tr("wizard.doubts")), E.ul(rx.foreach(questions, one), class_name="plain mdoubts")),
        class_name="note",
        role="group",
        aria_label=tr("wizard.doubts"),
    )
    return rx.cond(questions.length() > 0, asked)


def meanwhile(since: Any) -> rx.Component:
    """Return what others changed after the plan; nothing where nobody did."""

    def one(change: Any) -> rx.Component:
        lines: Any = rx.foreach(change["lines"].to(list[str]), lambda text: E.li(text))
        return E.li(
            E.b(change["title"]), " · ", change["who"], " · ", moment(change["at"]), E.ul(lines), key=change["key"]
        )

    told = E.div(
        icon("triangle-alert", 15),
        E.div(E.b(tr("wizard.meanwhile")), E.p(tr("wizard.meanwhile.text")), E.ul(rx.foreach(since, one))),
        class_name="note",
        role="alert",
    )
    return rx.cond(since.length() > 0, told)


def done(count: Any, name: Any, href: Any, undo: Any, path: Any) -> rx.Component:
    """Return what came of the merge, and the way back."""
    return card(
        E.div(
            E.div(icon("git-merge", 20), class_name="ico"),
            E.div(tr("wizard.done", n=count), class_name="h2", role="status"),
            E.p(tr("wizard.done.text", name=name), class_name="text"),
            E.div(
                link_button(tr("wizard.open", name=name), href=href, kind="pri"),
                link_button(tr("unmerge.link"), href=undo, ic="undo-2"),
                link_button(tr("wizard.list"), href=path),
                class_name="row wrap",
            ),
            class_name="empty",
        )
    )


def second(why: Any) -> rx.Component:
    """Return that somebody else must approve the merge, and why; nothing where nobody must."""
    told = E.div(E.b(tr("wizard.second")), E.p(why))
    return rx.cond(why != "", E.div(icon("users-round", 15), told, class_name="note info", role="note"))


def asked(why: Any, path: Any) -> rx.Component:
    """Return that the merge waits for somebody else, and where it does."""
    return card(
        E.div(
            E.div(icon("hourglass", 20), class_name="ico"),
            E.div(tr("wizard.asked"), class_name="h2", role="status"),
            E.p(tr("wizard.asked.text", why=why), class_name="text"),
            E.div(
                link_button(tr("wizard.asked.open"), href="/duplicates/requests", kind="pri"),
                link_button(tr("wizard.list"), href=path),
                class_name="row wrap",
            ),
            class_name="empty",
        )
    )


def under_way(started: Any, rows: Any, path: Any) -> rx.Component:
    """Return that a worker merges, or will; how long that takes nobody can say, as it is one step."""
    told = rx.cond(started, tr("wizard.running"), tr("wizard.queued"))
    return card(
        E.div(
            E.div(icon("git-merge", 20), class_name="ico"),
            E.div(told, class_name="h2", role="status"),
            E.progress(aria_label=told),
            E.p(tr("wizard.running.text", n=rows), class_name="text"),
            E.div(link_button(tr("wizard.list"), href=path), class_name="row"),
            class_name="empty",
        ),
        aria_busy=True,
    )


def clashes(lines: Any, answers: Any, on_answer: Callable[[Any, Any], Any]) -> rx.Component:
    """Return every value edited since the merge, and which of the two shall hold."""

    def choice(line: Any, value: str, label: Any, shown: Any) -> rx.Component:
        chosen = answers[line["key"]] == value
        radio = E.input(
            type="radio", name="answer-" + line["key"].to(str), value=value, checked=chosen,
            on_change=on_answer(line["key"], value),
        )  # fmt: skip
        text = rx.cond(shown != "", shown, tr("wizard.empty"))
        return E.label(radio, E.span(E.span(label, class_name="mut"), E.span(text, class_name="mname"),
                       class_name="col"), class_name="mside")  # fmt: skip

    def one(line: Any) -> rx.Component:
        return E.li(
            E.fieldset(
                E.legend(E.b(line["field"]), " · ", line["label"], class_name="mleg"),
                E.p(
                    tr("unmerge.clash.merged", value=rx.cond(line["merged"] != "", line["merged"], "–")),
                    class_name="mut",
                ),
                E.div(
                    choice(line, "now", tr("unmerge.clash.now"), line["now"]),
                    choice(line, "former", tr("unmerge.clash.former"), line["before"]),
                    class_name="g2",
                ),
                class_name="bare",
            ),
            key=line["key"],
        )

    return rx.cond(
        lines.length() > 0,
        card(
            E.p(tr("unmerge.clashes.text"), class_name="mut"),
            E.ul(rx.foreach(lines, one), class_name="plain mclash"),
            title=tr("unmerge.clashes", n=lines.length()),
        ),
    )


def newcomers(fresh: Any, people: Any, owners: Any, on_assign: Callable[[Any, Any], Any]) -> rx.Component:
    """Return every row that came after the merge, and whose it shall be."""

    def one(row: Any) -> rx.Component:
        menu = E.select(
            rx.foreach(people, lambda someone: E.option(someone["name"], value=someone["id"], key=someone["id"])),
            value=owners[row["key"]],
            class_name="inp",
            aria_label=tr("unmerge.fresh.whose", row=row["label"]),
            on_change=lambda value: on_assign(row["key"], value),
        )
        return E.tr(
            E.th(row["label"], scope="row"), E.td(moment(row["at"]), class_name="mut"), E.td(menu), key=row["key"]
        )

    head = E.tr(*[E.th(tr(f"unmerge.fresh.{name}"), scope="col") for name in ("row", "at", "to")])
    table = E.table(E.thead(head), E.tbody(rx.foreach(fresh, one)), class_name="plain-table mrel")
    return rx.cond(
        fresh.length() > 0,
        card(
            E.p(tr("unmerge.fresh.text"), class_name="mut"),
            E.div(table, class_name="wide", tab_index=0, role="region", aria_label=tr("unmerge.fresh")),
            title=tr("unmerge.fresh"),
        ),
    )


def apart(people: Any, restored: Any, left: rx.Component) -> rx.Component:
    """Return what came of taking a merge apart: who is back, and what could not be put back."""
    links: Any = rx.foreach(
        people, lambda one: E.li(rx.link(one["name"], href=one["href"], underline="hover"), key=one["id"])
    )
    return card(
        E.p(tr("unmerge.done", n=people.length()), role="status"),
        E.p(tr("unmerge.rows", n=restored), class_name="mut"),
        E.ul(links, class_name="samples"),
        left,
        title=tr("unmerge.done.title"),
    )


def sure(people: Any, touched: Any, blocked: Any) -> rx.Component:
    """Return who comes back and what it takes."""
    names: Any = rx.foreach(people, lambda one: E.li(one["name"], key=one["id"]))
    return rx.fragment(
        rx.cond(blocked != "", notice(blocked, kind="red")),
        card(
            E.p(tr("unmerge.text", n=touched), class_name="mut"),
            E.ul(names, class_name="samples"),
            title=tr("unmerge.who"),
        ),
    )


def foot(said: Any, *acts: rx.Component) -> rx.Component:
    """Return the bar below a step: what was refused, and the ways on and back."""
    return E.div(E.div(rx.cond(said != "", E.span(said, class_name="err", role="alert")), class_name="grow"), *acts,
                 class_name="mfoot")  # fmt: skip


def wait_button(label: Any, busy: Any, shut: Any = False, **props: Any) -> rx.Component:
    """Return the main button of a step; while something runs it says so and waits."""
    return button(rx.cond(busy, tr("wizard.busy"), label), kind="pri", disabled=busy | shut, **props)
