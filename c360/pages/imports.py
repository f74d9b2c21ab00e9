"""The pages of imports: the list with the place to drop a file, and one import from mapping to result."""

from typing import Any

import reflex as rx

from c360.components import import_view as view
from c360.components.kit import E, breadcrumb, button, card, empty_state, error_state, field, notice, skeleton
from c360.components.wraps.i18n import num, tr
from c360.components.wraps.upload import file_drop, ticker
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.services import activities
from c360.services.imports.plan import CHANGING, ENTITIES, LEAVING, ON_MATCH
from c360.state.imports import BUSY, ImportState


def imports() -> rx.Component:
    """Return the list of imports with the place to drop a file."""
    kinds = E.div(
        *[_kind(key, f"import.into.{key}") for key in ENTITIES],
        class_name="row gap8",
        role="group",
        aria_label=tr("import.into"),
    )
    new = card(
        E.p(tr("import.new.text"), class_name="mut"),
        field(tr("import.into"), kinds, id="import-into"),
        file_drop(entity=ImportState.entity, on_uploaded=ImportState.uploaded),
        title=tr("import.new"),
    )
    none = empty_state("file-up", tr("import.none.title"), tr("import.none.text"))
    past = card(
        rx.cond(
            ImportState.ready,
            rx.cond(ImportState.past.length() > 0, view.batch_table(ImportState.past), none),
            skeleton("80%", "60%", "70%"),
        ),
        title=tr("import.past"),
    )
    return frame(E.div(new, past, class_name="page pad col gap12"), active="import", title=tr("shell.imports"))


def _kind(key: str, label: str) -> rx.Component:
    chosen = ImportState.entity == key
    return E.button(
        tr(label), type="button", class_name=rx.cond(chosen, "btn pressed", "btn"), aria_pressed=chosen,
        on_click=ImportState.choose_entity(key),
    )  # fmt: skip


def one_import() -> rx.Component:
    """Return one import: mapping, options, check, run, result, problem rows."""
    busy = _any_of(ImportState.state, BUSY)
    open_ = _any_of(ImportState.state, ("mapping", "checked", "failed")) & (ImportState.phase != "run")
    body = E.div(
        rx.cond(busy, ticker(every=700, on_tick=ImportState.refresh)),
        rx.cond(ImportState.gone, notice(tr("import.file.gone"))),
        rx.cond(ImportState.error != "", notice(ImportState.error, kind="red")),
        rx.cond(ImportState.joined > 0, notice(tr("import.joined", n=ImportState.joined), kind="info", ic="info")),
        rx.cond(busy, _progress()),
        rx.cond(ImportState.phase != "", _result(busy)),
        rx.cond(ImportState.unknown.length() > 0, rx.cond(busy, rx.fragment(), _words())),
        rx.cond(ImportState.problem_count > 0, rx.cond(busy, rx.fragment(), _problems())),
        rx.cond(open_, rx.fragment(_mapping(), _options(), _go())),
        class_name="page pad col gap12",
    )
    missing = error_state(tr("import.missing.title"), tr("import.missing.text"), ImportState.load)
    title = breadcrumb((tr("shell.imports"), "/imports"), (ImportState.file, None))
    return frame(
        rx.cond(
            ImportState.ready,
            rx.cond(ImportState.state == "missing", missing, body),
            E.div(card(skeleton("40%", "90%", "80%", "85%")), class_name="page pad"),
        ),
        active="import",
        title=title,
    )


def _any_of(value: Any, states: tuple[str, ...]) -> Any:
    found = value == states[0]
    for state in states[1:]:
        found = found | (value == state)
    return found


def _progress() -> rx.Component:
    return card(
        E.div(
            E.progress(
                value=ImportState.done, max=rx.cond(ImportState.total > 0, ImportState.total, 1),
                aria_label=tr("import.progress"), class_name="grow",
            ),
            E.span(num(ImportState.done), " / ", num(ImportState.total), class_name="num mut", role="status"),
            button(tr("import.stop"), kind="gh", on_click=ImportState.cancel),
            class_name="row gap12",
        ),
        title=tr("import.state." + ImportState.state),
    )  # fmt: skip


def _result(busy: Any) -> rx.Component:
    ran = ImportState.phase == "run"
    undoable = ran & ~busy & (ImportState.state != "undone")
    undo = rx.cond(undoable, button(tr("import.undo"), ic="undo-2", on_click=ImportState.undo))
    undone = rx.cond(
        ImportState.state == "undone",
        notice(
            E.div(
                tr("import.undone", restored=ImportState.undone["restored"]),
                rx.cond(
                    ImportState.kept.length() > 0,
                    E.div(
                        E.p(tr("import.undone.kept", n=ImportState.undone["kept"])),
                        E.ul(rx.foreach(ImportState.kept, E.li)),
                    ),
                ),
            ),
            kind="info",
            ic="undo-2",
        ),
    )
    return card(
        undone,
        view.counts(ImportState.counts),
        rx.cond(ImportState.made_of.length() > 0, view.records(ImportState.made_of)),
        rx.cond(ImportState.samples.length() > 0, view.samples(ImportState.samples)),
        rx.cond(ImportState.reasons.length() > 0, view.reasons(ImportState.reasons)),
        title=rx.cond(ran, tr("import.result"), tr("import.checked")),
        actions=[undo],
    )


def _words() -> rx.Component:
    return card(
        E.p(tr("import.words.text"), class_name="mut"),
        rx.foreach(
            ImportState.unknown,
            lambda row: view.word(row, lambda means: ImportState.map_word(row["column"], row["word"], means)),
        ),
        title=tr("import.words"),
    )


def _problems() -> rx.Component:
    again = rx.cond(ImportState.phase == "run", tr("import.mended.run"), tr("import.mended.check"))
    paging = rx.cond(
        ImportState.problem_count > ImportState.problems.length(),
        E.div(
            button(aria=tr("import.before"), ic="chevron-left", kind="gh", on_click=ImportState.turn(-1)),
            E.span(num(ImportState.page + 1), class_name="num"),
            button(aria=tr("import.after"), ic="chevron-right", kind="gh", on_click=ImportState.turn(1)),
            class_name="row",
        ),
    )
    download = rx.link(
        tr("import.errors"), href="/api/imports/" + ImportState.batch_id + "/errors", class_name="btn", download=True,
        underline="none", is_external=True,
    )  # fmt: skip
    run = button(
        again, " (", num(ImportState.mended), ")", kind="pri", on_click=ImportState.run_mended,
        disabled=ImportState.mended == 0,
    )  # fmt: skip
    return card(
        E.p(tr("import.problems.text"), class_name="mut"),
        view.replacing(ImportState.columns, ImportState.replace_all),
        view.problem_grid(
            ImportState.columns,
            ImportState.problems,
            lambda number, column, value: ImportState.mend(number, column, value),
            lambda number, decision: ImportState.decide(number, decision),
        ),
        E.div(run, download, paging, class_name="row gap8 acts"),
        title=tr("import.problems", n=ImportState.problem_count),
    )


def _mapping() -> rx.Component:
    saved = rx.cond(
        ImportState.templates.length() > 0,
        view.choice(
            "import-template", tr("import.template.use"), ImportState.templates, "-", tr("import.template.none"),
            ImportState.use_template,
        ),
    )  # fmt: skip
    return card(
        E.p(tr("import.mapping.text", n=ImportState.rows), class_name="mut"),
        saved,
        view.reading(
            ImportState.reading, ImportState.sheets, ImportState.kind,
            lambda how, value: ImportState.read_again(how, value),
        ),
        view.mapping(
            ImportState.columns, ImportState.groups,
            lambda index, target: ImportState.map_column(index, target),
            lambda index, on: ImportState.null_column(index, on),
        ),
        view.saving(ImportState.save_template),
        title=tr("import.mapping"),
    )  # fmt: skip


def _options() -> rx.Component:
    def one(name: str, value: Any, keys: tuple[str, ...]) -> rx.Component:
        entries = [E.option(tr(f"import.{name}.{key}"), value=key) for key in keys]
        return field(
            tr(f"import.{name}"),
            E.select(
                *entries, id=f"import-{name}", value=value, class_name="inp",
                on_change=lambda chosen: ImportState.choose_option(name, chosen),
            ),
            id=f"import-{name}",
        )  # fmt: skip

    leaves = _any_of(ImportState.on_match, LEAVING)
    people = _any_of(ImportState.entity, ("contact", "account"))
    new = [
        one("on_new", ImportState.on_new, ("create", "skip")),
        rx.cond(people, one("on_duplicate", ImportState.on_duplicate, ("refuse", "link", "queue", "create", "door"))),
    ]
    return card(
        E.div(
            view.choice(
                "import-match", tr("import.match"), ImportState.matches, ImportState.match, tr("import.match.none"),
                lambda chosen: ImportState.choose_option("match", chosen),
            ),
            rx.cond(
                people,
                one("on_match", ImportState.on_match, ON_MATCH),
                one("on_match", ImportState.on_match, CHANGING),
            ),
            rx.cond(ImportState.entity == "activity", _untyped()),
            rx.cond(
                ImportState.on_match == "inactivate",
                view.choice(
                    "import-reason", tr("import.reason"), ImportState.why, ImportState.reason,
                    tr("import.reason.none"), lambda chosen: ImportState.choose_option("reason", chosen),
                ),
            ),
            rx.cond(leaves, rx.fragment(), rx.fragment(*new)),
            field(
                tr("import.source"),
                E.input(
                    id="import-source", default_value=ImportState.source, key=ImportState.source, class_name="inp",
                    max_length=100, on_blur=lambda typed: ImportState.choose_option("source", typed),
                ),
                id="import-source",
            ),
            class_name="g2",
        ),
        rx.cond(
            leaves,
            notice(tr("import.leave." + ImportState.on_match), kind="info", ic="info"),
            rx.checkbox(tr("import.erase"), checked=ImportState.erase, on_change=ImportState.choose_erase),
        ),
        title=tr("import.options"),
    )  # fmt: skip


def _untyped() -> rx.Component:
    kinds = [E.option(tr(f"option.activity_kind.{kind}"), value=kind) for kind in activities.KINDS]
    return field(
        tr("import.untyped"),
        E.select(
            *kinds, id="import-untyped", value=ImportState.untyped, class_name="inp",
            on_change=ImportState.choose_untyped,
        ),
        id="import-untyped",
    )  # fmt: skip


def _go() -> rx.Component:
    needs = rx.cond(
        ImportState.missing.length() > 0,
        notice(tr("import.needs", field=ImportState.missing.join(", "))),
    )
    return E.div(
        needs,
        E.div(
            button(tr("import.check"), ic="flask-conical", on_click=ImportState.check),
            button(tr("import.run"), ic="file-up", kind="pri", on_click=ImportState.run),
            class_name="row gap8 acts",
        ),
        class_name="col gap8",
    )


ROUTES = [
    Route("/imports", imports, "shell.imports", [*LOADS, ImportState.load_list]),
    Route("/imports/[import_id]", one_import, "shell.imports", [*LOADS, ImportState.load]),
]
