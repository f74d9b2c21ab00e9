"""The files of a record, on a tab of a profile or on a page of its own, given their values and handlers."""

from typing import Any

import reflex as rx

from c360.components.change_list import waiting
from c360.components.kit import E, button, empty_state, icon, notice, tag
from c360.components.wraps.bringing import file_picture, files_drop, files_pick
from c360.components.wraps.care import care
from c360.components.wraps.i18n import ago, bytes_of, moment, tr
from c360.services.attachments import Version

SHOWN = ("image", "film", "music", "file-text", "file-archive", "file-spreadsheet")


def attachments_tab(state: Any) -> rx.Component:
    """Return the tab: what can be dropped anywhere on it, the files, their versions, and a look at one."""
    head = E.div(
        E.form(
            E.input(
                name="search", default_value=state.search, placeholder=tr("files.search"), class_name="inp",
                aria_label=tr("files.search"), type="search", key=state.search,
            ),
            on_submit=state.find,
            class_name="grow",
        ),
        E.span(tr("files.count", n=state.total), class_name="mut num", role="status"),
        files_pick(label=tr("files.add"), kind="pri"),
        class_name="row fhead",
    )  # fmt: skip
    add = rx.cond(state.may_edit, files_pick(label=tr("files.add"), kind="pri"), rx.fragment())
    nothing = rx.cond(
        state.search != "",
        empty_state("search-x", tr("files.none_found"), tr("files.none_found.text")),
        empty_state("paperclip", tr("files.none"), tr("files.none.text", mb=state.mb), add),
    )
    listed = E.ul(rx.foreach(state.documents, lambda one: _document(one, state)), class_name="lines files")
    found = rx.cond(state.documents.length() > 0, listed, nothing)
    more = rx.cond(state.more, button(tr("files.more"), on_click=state.show_more))
    bar = rx.cond((state.total > 0) | (state.search != ""), head)
    body = files_drop(
        E.section(bar, found, more, class_name="card col", aria_label=tr("profile.tab.attachments")),
        _look(state),
        address=state.address,
        most=state.most,
        refused=state.refused,
        enabled=state.may_edit,
        on_attached=state.attached,
    )
    problem = rx.cond(state.problem != "", notice(state.problem, kind="red"))
    return E.div(problem, rx.cond(state.ready, body, E.section(waiting(), class_name="card")))


def _document(one: Version, state: Any) -> rx.Component:
    history = button(
        tr("files.versions", n=one.versions),
        ic="history",
        kind="gh s",
        aria_expanded=state.opened == one.id,
        on_click=state.toggle(one.id),
    )
    versions = E.ul(
        rx.foreach(state.versions, lambda version: _version(version, state)),
        class_name="lines fversions",
        aria_label=tr("files.versions.of", name=one.name),
    )
    return E.li(
        _mark(one),
        E.div(
            E.div(
                _title(one, one.name, state),
                rx.cond(one.versions > 1, history),
                class_name="row lhead",
            ),
            _facts(one),
            _comment(one, state),
            rx.cond((state.opened == one.id) & (one.versions > 1), versions),
            class_name="col grow",
        ),
        _acts(one, state, whole=True),
        class_name="line",
        key=one.id,
    )


def _version(one: Version, state: Any) -> rx.Component:
    return E.li(
        E.div(
            E.div(
                tag(tr("files.version", number=one.number)),
                _title(one, one.file_name, state),
                class_name="row lhead",
            ),
            _facts(one),
            _comment(one, state),
            class_name="col grow",
        ),
        _acts(one, state, whole=False),
        class_name="line",
        key=one.id,
    )


def _mark(one: Version) -> rx.Component:
    symbol = rx.match(one.icon, *[(name, icon(name, 16)) for name in SHOWN], icon("file", 16))
    return E.span(symbol, class_name="lico")


def _title(one: Version, name: Any, state: Any) -> rx.Component:
    look = E.button(name, type="button", class_name="lt asl", on_click=state.look(one.id), title=tr("files.look"))
    save = E.a(name, href=f"/api/files/{one.file_id}", class_name="lt", download=True)
    lost = E.span(name, class_name="lt dim")
    return rx.cond(one.lost, lost, rx.cond(one.preview != "", look, save))


def _facts(one: Version) -> rx.Component:
    return E.div(
        rx.cond(one.kind != "", tag(one.kind)),
        E.span(bytes_of(one.size), class_name="num"),
        E.span(ago(one.at), title=moment(one.at)),
        rx.cond(one.by != "", E.span(one.by)),
        rx.cond(one.lost, E.span(tr("files.lost"), class_name="err")),
        class_name="lfs mut",
    )


def _comment(one: Version, state: Any) -> rx.Component:
    form = E.form(
        E.textarea(
            name="comment",
            default_value=one.comment,
            rows="2",
            max_length=2000,
            class_name="inp",
            auto_focus=True,
            custom_attrs={"id": "file-comment"},
            aria_label=tr("files.comment"),
        ),
        care(of="file-comment"),
        E.div(
            button(tr("form.save"), kind="pri", type="submit"),
            button(tr("form.cancel"), on_click=state.edit("")),
            class_name="row",
        ),
        on_submit=state.say,
        class_name="col gap8",
    )
    said = rx.cond(one.comment != "", E.p(one.comment, class_name="fsaid"))
    return rx.cond(state.editing == one.id, form, said)


def _acts(one: Version, state: Any, *, whole: bool) -> rx.Component:
    save = E.a(
        icon("download"),
        href=f"/api/files/{one.file_id}",
        class_name="btn gh ic",
        aria_label=tr("files.save", name=one.file_name),
        title=tr("files.save", name=one.file_name),
        download=True,
    )
    changes = [
        button(ic="message-square", kind="gh", aria=tr("files.comment.on", name=one.name), on_click=state.edit(one.id)),
        button(
            ic="trash-2",
            kind="gh",
            aria=tr("files.remove" if whole else "files.remove.version", name=one.name, number=one.number),
            on_click=state.remove(one.id, whole),
        ),
    ]
    if whole:
        changes.insert(0, files_pick(label=tr("files.replace.by", name=one.name), kind="gh", to=one.id, quiet=True))
    return E.div(rx.cond(~one.lost, save), rx.cond(state.may_edit, rx.fragment(*changes)), class_name="row lacts")


def _look(state: Any) -> rx.Component:
    seen = state.seen
    words = E.div(
        E.pre(seen.text, class_name="look-text", tab_index=0, aria_label=seen.name),
        rx.cond(seen.cut, E.p(tr("files.cut"), class_name="mut")),
    )
    picture = file_picture(address=seen.address, label=seen.name)
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(seen.name, size="3"),
            rx.dialog.description(tr("files.look.lead"), class_name="sr"),
            rx.cond(seen.kind == "text", words, picture),
            E.div(
                E.a(icon("download"), tr("files.download"), href=seen.href, class_name="btn", download=True),
                rx.dialog.close(button(tr("files.close"), kind="pri")),
                class_name="row end dialog-end",
            ),
            size="2",
            max_width="860px",
        ),
        open=seen.id != "",
        on_open_change=state.close,
    )
