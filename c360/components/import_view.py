"""Parts of the import page: they take values and handlers, and know no state."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from c360.components.kit import E, badge, button, field, icon
from c360.components.wraps.i18n import moment, num, tr

VERDICTS = (
    ("created", "green"),
    ("updated", "indigo"),
    ("unchanged", "gray"),
    ("skipped", "amber"),
    ("rejected", "red"),
)
ENCODINGS = ("utf-8", "cp1252", "cp1250", "cp1251", "utf-16", "mac_roman", "shift_jis", "gb18030", "euc_kr")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
HEADERS = tuple(map(str, range(1, 11)))
STATES = {"done": "green", "undone": "gray", "failed": "red", "cancelled": "amber", "running": "indigo"}


def batch_table(rows: Any) -> rx.Component:
    """Return past imports, each a link to its page."""

    def line(row: Any) -> rx.Component:
        color: Any = rx.match(row["state"], *STATES.items(), "gray")
        return E.tr(
            E.td(rx.link(row["file"], href="/imports/" + row["id"].to(str), class_name="trunc"), class_name="cut"),
            E.td(tr("import.into." + row["entity"].to(str)), class_name="hide-s"),
            E.td(badge(tr("import.state." + row["state"].to(str)), color)),
            *[E.td(num(row[verdict]), class_name="num hide-s") for verdict, _ in VERDICTS],
            E.td(moment(row["made"]), class_name="mut"),
            key=row["id"],
        )

    heads = [E.th(tr(f"import.{verdict}"), class_name="num hide-s", scope="col") for verdict, _ in VERDICTS]
    head = E.tr(
        E.th(tr("import.file"), scope="col"), E.th(tr("import.into"), class_name="hide-s", scope="col"),
        E.th(tr("import.state"), scope="col"), *heads, E.th(tr("import.made"), scope="col"),
    )  # fmt: skip
    return E.div(E.table(E.thead(head), E.tbody(rx.foreach(rows, line)), class_name="plain-table"), class_name="wide")


def counts(found: Any) -> rx.Component:
    """Return how many rows got each verdict."""
    return E.dl(
        *[
            E.div(
                E.dt(badge(tr(f"import.{verdict}"), color)),
                E.dd(num(found[verdict]), class_name="num"),
                class_name="kpi",
            )
            for verdict, color in VERDICTS
        ],
        class_name="kpis five",
    )


def samples(rows: Any) -> rx.Component:
    """Return what some rows change, folded away."""

    def line(row: Any) -> rx.Component:
        changes = E.ul(rx.foreach(row["diff"].to(list[str]), E.li), class_name="mut")
        return E.li(
            E.span(tr("import.row", row=row["number"]), class_name="mut num"), " ", row["name"], " · ",
            tr("import." + row["verdict"].to(str)), changes, key=row["number"].to_string(),
        )  # fmt: skip

    return E.details(E.summary(tr("import.samples")), E.ul(rx.foreach(rows, line), class_name="samples"))


def reasons(rows: Any) -> rx.Component:
    """Return why rows were not taken, the commonest first."""
    lines: Any = rx.foreach(rows, lambda row: E.li(E.span(num(row["n"]), class_name="num"), " × ", row["text"]))
    return E.details(E.summary(tr("import.reasons")), E.ul(lines, class_name="samples"))


def choice(id: str, label: Any, options: Any, value: Any, none: Any, on_change: Any) -> rx.Component:
    """Return a menu of options with an entry for none."""
    entries = rx.foreach(options, lambda o: E.option(o["label"], value=o["key"]))
    chosen = rx.cond(value == "", "-", value) if isinstance(value, rx.Var) else value
    control = E.select(
        E.option(none, value="-"), entries, id=id, value=chosen, class_name="inp", on_change=on_change
    )  # fmt: skip
    return field(label, control, id=id)


def mapping(
    columns: Any, groups: Any, on_map: Callable[[Any, Any], Any], on_null: Callable[[Any, Any], Any]
) -> rx.Component:
    """Return every column with its values and the menu of what it may mean."""

    def line(column: Any) -> rx.Component:
        index = column["index"].to(int)
        menu = E.select(
            E.option(tr("import.left_out"), value=""),
            rx.foreach(
                groups,
                lambda group: E.optgroup(
                    rx.foreach(
                        group["options"].to(list[dict[str, str]]), lambda o: E.option(o["label"], value=o["key"])
                    ),
                    label=group["label"],
                ),
            ),
            value=column["target"],
            class_name="inp",
            aria_label=tr("import.means", column=column["name"]),
            on_change=lambda target: on_map(index, target),
        )
        nothing = rx.cond(
            column["nulls"] != "",
            rx.checkbox(
                tr("import.nothing", word=column["nulls"]),
                checked=column["empty"] != "",
                on_change=lambda on: on_null(index, on),
                size="1",
            ),
        )
        sure = rx.cond(
            (column["target"] != "") & (column["sure"].to(int) < 90),
            E.span(icon("sparkles", 12), tr("import.guessed", n=column["sure"]), class_name="row mut"),
        )
        return E.tr(
            E.th(column["name"], scope="row", class_name="cut"),
            E.td(E.span(column["samples"], class_name="mut trunc"), class_name="cut"),
            E.td(menu, sure, nothing),
            key=column["index"].to_string(),
        )

    head = E.tr(*[E.th(tr(f"import.head.{name}"), scope="col") for name in ("column", "values", "means")])
    table = E.table(E.thead(head), E.tbody(rx.foreach(columns, line)), class_name="plain-table mapping")
    return E.div(table, class_name="wide")


def reading(how: Any, sheets: Any, kind: Any, on_read: Callable[[str, Any], Any]) -> rx.Component:
    """Return how the file was read, folded away: what was found out can be said otherwise."""

    def one(name: str, entries: Sequence[rx.Component]) -> rx.Component:
        control = E.select(
            *entries, id=f"import-read-{name}", value=how[name], class_name="inp",
            on_change=lambda value: on_read(name, value),
        )  # fmt: skip
        return field(tr(f"import.read.{name}"), control, id=f"import-read-{name}")

    encodings = [_found(how["encoding"], ENCODINGS), *[E.option(e, value=e) for e in ENCODINGS]]
    delimiters = [E.option(tr(f"import.read.by.{key}"), value=value) for key, value in DELIMITERS.items()]
    headers = [
        _found(how["header"], ("0", *HEADERS)),
        E.option(tr("import.read.header.none"), value="0"),
        *[E.option(n, value=n) for n in HEADERS],
    ]
    listed = rx.foreach(sheets, lambda sheet: E.option(sheet, value=sheet))
    is_text = (kind == "csv") | (kind == "tsv")
    return E.details(
        E.summary(tr("import.read")),
        E.div(
            rx.cond(kind != "xlsx", one("encoding", encodings)),
            rx.cond(is_text, one("delimiter", delimiters)),
            rx.cond(kind == "xlsx", one("sheet", [listed])),
            rx.cond(kind != "vcard", one("header", headers)),
            class_name="g2",
        ),
    )


def _found(value: Any, offered: tuple[str, ...]) -> Any:
    """Return an entry for what was found out, where it is none of those offered."""
    return rx.match(value, (offered[0], rx.fragment()), *[(one, rx.fragment()) for one in offered[1:]],
                    E.option(value, value=value))  # fmt: skip


def records(rows: Any) -> rx.Component:
    """Return links to the first records an import made or changed."""

    def line(row: Any) -> rx.Component:
        color: Any = rx.match(row["verdict"], *VERDICTS, "gray")
        return E.li(
            rx.link(
                E.span(tr("import.row", row=row["number"]), class_name="mut num"),
                E.span(row["name"], class_name="trunc grow"),
                badge(tr("import." + row["verdict"].to(str)), color),
                href=row["href"], underline="none", class_name="lst",
            ),
            key=row["number"].to_string(),
        )  # fmt: skip

    listed = E.ul(rx.foreach(rows, line), class_name="plain made")
    return E.details(E.summary(tr("import.records")), listed, open=True)


def saving(on_save: Any) -> rx.Component:
    """Return the form that keeps a mapping under a name."""
    return E.form(
        E.input(
            name="name", class_name="inp", placeholder=tr("import.template.name"), max_length=200, required=True,
            aria_label=tr("import.template.name"),
        ),
        button(tr("import.template.save"), type="submit", ic="bookmark"),
        on_submit=on_save,
        class_name="row gap8 acts",
    )  # fmt: skip


def word(row: Any, on_map: Callable[[Any], Any]) -> rx.Component:
    """Return a word that is no option and the menu of what it may mean."""
    menu = E.select(
        E.option(tr("import.words.choose"), value=""),
        rx.foreach(row["options"].to(list[str]), lambda name: E.option(name, value=name)),
        E.option(tr("import.words.create"), value="+"),
        value="",
        class_name="inp",
        aria_label=tr("import.words.means", word=row["word"]),
        on_change=on_map,
    )
    said = E.span(E.b(row["word"]), " · ", row["column"], " · ", num(row["n"]), class_name="grow")
    return E.div(said, menu, class_name="row gap12 wordrow")


def replacing(columns: Any, on_replace: Any) -> rx.Component:
    """Return the form that searches and replaces in a column of the problem rows."""
    menu = E.select(
        rx.foreach(columns, lambda column: E.option(column["name"], value=column["index"].to_string())),
        name="column", class_name="inp", aria_label=tr("import.replace.column"),
    )  # fmt: skip
    return E.form(
        menu,
        E.input(
            name="find", class_name="inp", placeholder=tr("import.replace.find"), aria_label=tr("import.replace.find")
        ),
        E.input(name="by", class_name="inp", placeholder=tr("import.replace.by"), aria_label=tr("import.replace.by")),
        button(tr("import.replace"), type="submit"),
        on_submit=on_replace,
        class_name="row gap8 replace",
    )


def problem_grid(
    columns: Any, rows: Any, on_mend: Callable[[Any, Any, Any], Any], on_decide: Callable[[Any, Any], Any]
) -> rx.Component:
    """Return the rows that wait, every cell a field; why they stopped stands first."""

    def line(row: Any) -> rx.Component:
        number = row["number"].to(int)
        acts = [
            button(tr(f"import.decide.{act}"), kind="gh", on_click=on_decide(number, act))
            for act in ("update", "create")
        ]
        skip = button(tr("import.decide.skip"), kind="gh", on_click=on_decide(number, "skip"))
        waiting = rx.cond(row["verdict"] == "mended", badge(tr("import.mended"), "indigo"))
        why = E.div(E.span(row["why"]), waiting, class_name="col gap4 why")
        decide = E.div(rx.cond(row["like"], rx.fragment(*acts)), skip, class_name="row")
        cells = rx.foreach(
            row["cells"].to(list[str]),
            lambda cell, index: E.td(
                E.input(
                    default_value=cell,
                    class_name="inp cell",
                    aria_label=tr("import.cell", row=row["number"], n=index + 1),
                    on_blur=lambda value: on_mend(number, index, value),
                    key=cell,
                )
            ),
        )
        return E.tr(
            E.th(num(row["number"]), scope="row", class_name="num"), E.td(why, decide), cells, key=number.to_string()
        )

    heads = rx.foreach(columns, lambda column: E.th(column["name"], scope="col"))
    head = E.tr(E.th(tr("import.head.row"), scope="col"), E.th(tr("import.head.why"), scope="col"), heads)
    table = E.table(E.thead(head), E.tbody(rx.foreach(rows, line)), class_name="plain-table problems")
    return E.div(table, class_name="wide", tab_index=0, role="region", aria_label=tr("import.problems.table"))
