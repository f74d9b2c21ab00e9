"""The frame around every page: sidebar, top bar, content, bottom bar on phones. Pages use ``pages.frame``."""

from typing import Any

import reflex as rx

from c360.components.kit import E, avatar, button, icon, keys, menu
from c360.components.wraps.i18n import language, tr
from c360.components.wraps.palette import open_palette

LISTS = (
    ("home", "shell.home", "/", "house"),
    ("day", "shell.day", "/day", "calendar-check"),
    ("contact", "shell.contacts", "/contacts", "user-round"),
    ("account", "shell.accounts", "/accounts", "building-2"),
    ("customer", "shell.customers", "/customers", "users-round"),
    ("activity", "shell.activities", "/activities", "notebook-tabs"),
)
ON_PHONES = ("home", "day", "contact", "account")
"""What the bar at the bottom of a phone holds; the rest is behind its last button."""
TOOLS = (
    ("duplicates", "duplicates.title", "/duplicates", "copy-check"),
    ("import", "shell.imports", "/imports", "file-up"),
    ("audit", "shell.audit", "/audit", "history"),
    ("privacy", "shell.privacy", "/privacy", "shield-user"),
    ("admin", "shell.admin", "/admin", "settings-2"),
)


def shell(
    *body: rx.Component,
    active: str,
    title: Any,
    may: Any,
    views: rx.Component,
    user: rx.Component,
    more: tuple[rx.Component, ...],
    top: tuple[rx.Component, ...] = (),
    extras: tuple[rx.Component, ...] = (),
) -> rx.Component:
    """Return the frame with a page's body in it; ``may`` holds which tools the user may open, by key.

    ``user`` is the user's menu at the foot of the sidebar; phones have its items, ``more``, behind the last button.
    """
    head = title if isinstance(title, rx.Component) else E.h1(title, class_name="trunc")
    return E.div(
        E.a(tr("shell.skip"), href="#main", class_name="skip"),
        _sidebar(active, may, views, user),
        E.main(_top(head, *top), E.div(*body, class_name="body"), class_name="main", id="main", tab_index=-1),
        _bottom(active, may, more),
        *extras,
        class_name="app",
    )


def _link(active: str, key: str, label: str, href: str, ic: str) -> rx.Component:
    current: dict[str, Any] = {"aria_current": "page"} if key == active else {}
    return rx.link(
        icon(ic, 15), E.span(tr(label), class_name="trunc"), href=href, underline="none", class_name="nav", **current
    )


def _sidebar(active: str, may: Any, views: rx.Component, user: rx.Component) -> rx.Component:
    tools = [rx.cond(may[key], _link(active, key, label, href, ic)) for key, label, href, ic in TOOLS]
    return E.aside(
        rx.link(
            E.img(src="/logo.svg", alt="", width="20", height="20"),
            "Customer 360",
            href="/",
            underline="none",
            class_name="brand",
        ),
        E.nav(*[_link(active, *entry) for entry in LISTS], aria_label=tr("shell.main"), class_name="col navs"),
        views,
        E.div(class_name="grow"),
        E.nav(*tools, aria_label=tr("shell.tools"), class_name="col navs"),
        user,
        class_name="side",
        aria_label=tr("shell.sidebar"),
    )


def _top(head: rx.Component, *rest: rx.Component) -> rx.Component:
    search = E.button(
        icon("search"),
        E.span(tr("shell.search"), class_name="grow trunc"),
        keys("Ctrl", "K"),
        class_name="search",
        aria_label=tr("shell.search"),
        aria_keyshortcuts="Control+K Meta+K",
        on_click=open_palette(),
        type="button",
    )
    return E.header(head, *rest, E.div(class_name="grow hide-s"), search, _theme(), class_name="top")


def _theme() -> rx.Component:
    return button(
        E.span(icon("sun"), class_name="when-light"),
        E.span(icon("moon"), class_name="when-dark"),
        kind="gh",
        class_name="ic",
        aria=tr("shell.theme"),
        on_click=rx.toggle_color_mode,
    )


def _bottom(active: str, may: Any, more: tuple[rx.Component, ...]) -> rx.Component:
    def entry(key: str, label: str, href: str, ic: str) -> rx.Component:
        current: dict[str, Any] = {"aria_current": "page"} if key == active else {}
        return rx.link(icon(ic, 18), tr(label), href=href, underline="none", **current)

    def other(label: str, href: str, ic: str) -> rx.Component:
        return rx.dropdown_menu.item(icon(ic), tr(label), on_select=rx.redirect(href))

    shown = [one for one in LISTS if one[0] in ON_PHONES]
    others = menu(
        E.button(icon("ellipsis", 18), tr("shell.more"), type="button"),
        *[other(*rest) for key, *rest in LISTS if key not in ON_PHONES],
        *[rx.cond(may[key], other(*rest)) for key, *rest in TOOLS],
        rx.dropdown_menu.separator(),
        *more,
        label=tr("shell.more"),
    )
    return E.nav(*[entry(*one) for one in shown], others, class_name="tabbar", aria_label=tr("shell.main"))


def user_menu(name: Any, initials: Any, *items: rx.Component) -> rx.Component:
    """Return the menu of the signed-in user."""
    face = E.button(
        avatar(initials, size=22, hue="teal"),
        E.span(name, class_name="trunc grow"),
        icon("chevrons-up-down", 12),
        class_name="nav me",
        type="button",
        aria_label=tr("shell.user", name=name),
    )
    return menu(face, *items, label=tr("shell.user", name=name))


def user_items(on_language: Any, on_sign_out: Any) -> tuple[rx.Component, ...]:
    """Return what the user's menu offers: language, theme, shortcuts, account, sign out."""
    item = rx.dropdown_menu.item

    def speak(code: str, label: str) -> rx.Component:
        tick = rx.cond(language == code, icon("check"), E.span(class_name="gap"))
        return item(tick, label, on_select=on_language(code), lang=code)

    return (
        speak("en", "English"),
        speak("de", "Deutsch"),
        rx.dropdown_menu.separator(),
        item(icon("sun-moon"), tr("shell.theme"), on_select=rx.toggle_color_mode),
        item(
            icon("keyboard"),
            tr("shell.shortcuts"),
            on_select=rx.run_script("dispatchEvent(new CustomEvent('c360:shortcuts'))"),
        ),
        rx.dropdown_menu.separator(),
        item(icon("circle-user-round"), tr("shell.account"), on_select=rx.redirect("/account")),
        item(icon("log-out"), tr("shell.sign_out"), on_select=on_sign_out),
    )


def side_panel(*body: rx.Component, label: Any) -> rx.Component:
    """Return the panel at the right that pushes the page aside; on phones it fills the screen."""
    return E.aside(*body, class_name="peek", aria_label=label)
