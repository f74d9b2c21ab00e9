"""Users, roles and teams, for administrators."""

from typing import Any

import reflex as rx

from c360.components.admin import error_of, navigation
from c360.components.kit import E, avatar, badge, button, card, empty_state, field, icon, menu, notice
from c360.components.wraps.i18n import ago, tr
from c360.pages.admin.places import PLACES
from c360.pages.frame import LOADS, frame
from c360.pages.route import Route
from c360.services.role_matrix import ENTITIES, VERBS
from c360.state.people import RolesPage, TeamsPage, UsersPage

USERS: Any = UsersPage
TEAMS: Any = TeamsPage
ROLES: Any = RolesPage


def _page(key: str, *body: rx.Component) -> rx.Component:
    found = E.section(*body, class_name="adm-body col gap12", aria_label=tr(f"people.{key}"))
    page = E.div(navigation(PLACES, key), found, class_name="page pad adm")
    return frame(page, active="admin", title=tr(f"people.{key}"))


def _dialog(
    title: Any, *body: rx.Component, open: Any, on_submit: Any, on_close: Any, end: rx.Component
) -> rx.Component:
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title, size="3"),
            rx.dialog.description(title, class_name="sr"),
            E.form(E.div(*body, class_name="col gap12"), end, on_submit=on_submit, no_validate=True),
            size="2",
            max_width="480px",
        ),
        open=open,
        on_open_change=on_close,
    )


def _end(on_close: Any) -> rx.Component:
    return E.div(
        button(tr("people.cancel"), on_click=on_close),
        button(tr("people.save"), kind="pri", type="submit"),
        class_name="row end dialog-end",
    )


def _person(person: Any) -> rx.Component:
    item = rx.dropdown_menu.item
    state = rx.match(
        person["state"],
        ("active", badge(tr("people.state.active"), "green")),
        ("invited", badge(tr("people.state.invited"), "amber")),
        badge(tr("people.state.disabled"), "gray"),
    )
    shut = rx.cond(
        person["state"] == "disabled",
        item(icon("lock-open"), tr("people.enable"), on_select=USERS.enable(person["id"])),
        item(icon("lock"), tr("people.disable"), color="red", on_select=USERS.disable(person["id"])),
    )
    return E.tr(
        E.td(
            E.div(
                avatar(person["name"][0:1], size=26),
                E.div(E.div(person["name"], class_name="strong trunc"), E.div(person["login"], class_name="mut trunc")),
                class_name="row gap8",
            )
        ),
        E.td(person["role_names"], class_name="hide-s"),
        E.td(person["team_names"], class_name="hide-s"),
        E.td(state),
        E.td(rx.cond(person["seen"] != "", ago(person["seen"]), tr("people.never")), class_name="mut hide-s"),
        E.td(
            menu(
                button(ic="ellipsis", kind="gh", aria=tr("people.more", name=person["name"])),
                item(icon("pencil"), tr("people.edit"), on_select=USERS.edit(person["id"])),
                item(icon("link"), tr("people.link"), on_select=USERS.make_link(person["id"])),
                item(icon("log-out"), tr("people.sign_out"), on_select=USERS.sign_out(person["id"])),
                shut,
                label=tr("people.more", name=person["name"]),
            ),
            class_name="end",
        ),
        key=person["id"],
    )


def _ticks(prefix: str, options: Any, chosen: Any) -> rx.Component:
    def one(option: Any) -> rx.Component:
        box = E.input(
            type="checkbox", name=f"{prefix}-{option['id']}", value="yes", default_checked=chosen.contains(option["id"])
        )
        return E.label(box, option["name"], class_name="people-tick", key=option["id"])

    return E.div(rx.foreach(options, one), class_name="col people-ticks")


def _user_form() -> rx.Component:
    person = USERS.chosen
    new = person["id"] == ""
    link = E.div(
        notice(tr("people.link.text"), kind="info", ic="link"),
        E.input(value=USERS.link, read_only=True, class_name="inp", aria_label=tr("people.link.label")),
        E.div(
            button(tr("people.link.copy"), ic="copy", kind="pri", on_click=rx.set_clipboard(USERS.link)),
            button(tr("people.done"), on_click=USERS.close),
            class_name="row end dialog-end",
        ),
        class_name="col gap12",
    )
    name = E.input(
        id="name", name="name", default_value=person["name"], class_name="inp",
        aria_invalid=error_of(USERS, "name") != "",
    )  # fmt: skip
    login = E.input(id="login", name="login", type="email", class_name="inp")
    language = E.select(
        E.option("English", value="en"), E.option("Deutsch", value="de"), id="language", name="language",
        class_name="inp",
    )  # fmt: skip
    role_error = rx.cond(error_of(USERS, "roles") != "", E.span(error_of(USERS, "roles"), class_name="err"))
    form = rx.fragment(
        field(tr("people.name"), name, id="name", error=error_of(USERS, "name"), needed=True),
        rx.cond(
            new,
            rx.fragment(
                field(tr("people.login"), login, id="login", error=error_of(USERS, "login"), needed=True),
                field(tr("people.language"), language, id="language"),
            ),
        ),
        E.fieldset(E.legend(tr("people.roles")), _ticks("role", USERS.roles, person["roles"]), role_error),
        E.fieldset(E.legend(tr("people.teams")), _ticks("team", USERS.teams, person["teams"])),
        _end(USERS.close),
    )
    title = rx.cond(USERS.link != "", tr("people.link"), rx.cond(new, tr("people.invite"), person["name"]))
    return _dialog(
        title,
        rx.cond(USERS.link != "", link, form),
        open=USERS.editing,
        on_submit=USERS.save,
        on_close=USERS.close,
        end=rx.fragment(),
    )


def users() -> rx.Component:
    """Return the page of users."""
    head = E.tr(
        E.th(tr("people.name"), scope="col"),
        E.th(tr("people.roles"), scope="col", class_name="hide-s"),
        E.th(tr("people.teams"), scope="col", class_name="hide-s"),
        E.th(tr("people.state"), scope="col"),
        E.th(tr("people.seen"), scope="col", class_name="hide-s"),
        E.th(E.span(tr("people.actions"), class_name="sr"), scope="col"),
    )
    table = E.table(E.thead(head), E.tbody(rx.foreach(USERS.people, _person)), class_name="people-table")
    add = button(tr("people.invite"), ic="plus", kind="pri", on_click=USERS.edit(""))
    body = E.div(table, class_name="people-scroll")
    return _page("users", card(body, title=tr("people.users"), actions=(add,)), _user_form())


def teams() -> rx.Component:
    """Return the page of teams."""

    def row(team: Any) -> rx.Component:
        return E.tr(
            E.td(team["name"], class_name="strong"),
            E.td(tr("people.members", n=team["users"]), class_name="mut"),
            E.td(
                button(ic="pencil", kind="gh", aria=tr("people.edit"), on_click=TEAMS.edit(team["id"])),
                button(ic="trash-2", kind="gh", aria=tr("people.remove"), on_click=TEAMS.remove(team["id"])),
                class_name="end",
            ),
            key=team["id"],
        )

    name = E.input(id="name", name="name", default_value=TEAMS.name, class_name="inp")
    form = _dialog(
        tr("people.team"),
        field(tr("people.name"), name, id="name", error=error_of(TEAMS, "name"), needed=True),
        open=TEAMS.editing,
        on_submit=TEAMS.save,
        on_close=TEAMS.close,
        end=_end(TEAMS.close),
    )
    add = button(tr("people.team.add"), ic="plus", kind="pri", on_click=TEAMS.edit(""))
    nobody = empty_state("users", tr("people.team.none"), tr("people.team.text"))
    table = E.table(E.tbody(rx.foreach(TEAMS.teams, row)), class_name="people-table")
    body = rx.cond(TEAMS.teams.length() > 0, table, nobody)
    return _page("teams", card(body, title=tr("people.teams"), actions=(add,)), form)


def _reach(entity: str, verb: str) -> rx.Component:
    cell = f"{entity}:{verb}"
    options = [E.option(tr(f"people.reach.{r or 'none'}"), value=r) for r in ("", "own", "team", "all")]
    return E.select(
        *options,
        name=cell,
        default_value=ROLES.cells[cell],
        class_name="inp",
        aria_label=tr("people.cell", verb=tr(f"people.verb.{verb}"), entity=tr(f"people.entity.{entity}")),
    )


def roles() -> rx.Component:
    """Return the page of roles."""

    def link(role: Any) -> rx.Component:
        return button(
            role["name"],
            E.span(role["users"], class_name="mut"),
            kind=rx.cond(ROLES.chosen == role["id"], "pri", "gh").to(str),
            on_click=ROLES.choose(role["id"]),
            key=role["id"],
        )

    fixed = ROLES.key == "administrator"
    head = E.tr(
        E.th(tr("people.entity"), scope="col"),
        *[E.th(tr(f"people.verb.{verb.value}"), scope="col") for verb in VERBS],
    )
    rows = [
        E.tr(
            E.th(tr(f"people.entity.{entity}"), scope="row"),
            *[E.td(_reach(entity, verb.value)) for verb in VERBS],
        )
        for entity in ENTITIES
    ]

    def shut(pair: Any) -> rx.Component:
        name = pair[0].to(str)
        state = rx.cond(ROLES.hidden.contains(name), "hidden", rx.cond(ROLES.locked.contains(name), "locked", ""))
        return E.label(
            pair[1],
            E.select(
                E.option(tr("people.field.open"), value=""),
                E.option(tr("people.field.locked"), value="locked"),
                E.option(tr("people.field.hidden"), value="hidden"),
                name=f"field-{name}",
                default_value=state,
                class_name="inp",
            ),
            class_name="people-field",
            key=name,
        )

    name_input = E.input(id="name", name="name", default_value=ROLES.name, class_name="inp")
    form = E.form(
        field(tr("people.name"), name_input, id="name", error=error_of(ROLES, "name"), needed=True),
        E.fieldset(
            E.div(E.table(E.thead(head), E.tbody(*rows), class_name="people-table matrix"), class_name="people-scroll"),
            E.details(
                E.summary(tr("people.fields")),
                E.div(rx.foreach(ROLES.closable.entries(), shut), class_name="people-fields"),
            ),
            disabled=fixed,
            class_name="bare",
        ),
        E.div(
            rx.cond(
                ROLES.chosen != "",
                button(tr("people.remove"), kind="red", on_click=ROLES.remove, disabled=fixed),
            ),
            button(tr("people.save"), kind="pri", type="submit", disabled=fixed),
            class_name="row end dialog-end",
        ),
        on_submit=ROLES.save,
        no_validate=True,
        key=ROLES.chosen,
        class_name="col gap12",
    )
    add = button(tr("people.role.add"), ic="plus", on_click=ROLES.choose(""))
    switch = E.div(rx.foreach(ROLES.roles, link), class_name="row wrap")
    told = rx.cond(fixed, notice(tr("people.role.fixed"), kind="info", ic="shield"))
    body = E.div(switch, told, form, class_name="col gap12")
    return _page("roles", card(body, title=tr("people.roles"), actions=(add,)))


ROUTES = [
    Route("/admin/users", users, "people.users", [*LOADS, UsersPage.load]),
    Route("/admin/roles", roles, "people.roles", [*LOADS, RolesPage.load]),
    Route("/admin/teams", teams, "people.teams", [*LOADS, TeamsPage.load]),
]
