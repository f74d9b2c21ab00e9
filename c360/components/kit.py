"""Small building blocks: plain elements with classes of ``app.css``."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from c360.components.wraps.i18n import tr

Text = str | rx.Var[str]
E = rx.el


def icon(name: str, size: int = 14) -> rx.Component:
    """Return an icon, silent to screen readers."""
    return rx.icon(name, size=size, stroke_width=1.75, aria_hidden=True)


def button(*label: Any, ic: str | None = None, kind: Text = "", aria: Text | None = None, **props: Any) -> rx.Component:
    """Return a button; ``kind`` is ``pri`` (the one main action), ``gh`` (quiet) or ``red`` (dangerous)."""
    only_icon = " ic" if ic and not label else ""
    props["class_name"] = f"btn {kind}{only_icon} {props.get('class_name', '')}".strip()
    named: dict[str, Any] = {"aria_label": aria, "title": aria} if aria is not None else {}
    filled: dict[str, Any] = {"type": "button"} | named | props
    return E.button(*([icon(ic)] if ic else []), *label, **filled)


def link_button(*label: Any, href: Text, ic: str | None = None, kind: str = "", **props: Any) -> rx.Component:
    """Return a link that looks like a button."""
    only_icon = " ic" if ic and not label else ""
    return rx.link(
        *([icon(ic)] if ic else []),
        *label,
        href=href,
        underline="none",
        class_name=f"btn {kind}{only_icon}".strip(),
        **props,
    )


def avatar(
    initials: Text, *, size: int = 24, square: bool | rx.Var[bool] = False, hue: Text = "indigo"
) -> rx.Component:
    """Return a person's round or an organisation's square face, made of initials."""
    shape = rx.cond(square, "av sq", "av") if isinstance(square, rx.Var) else ("av sq" if square else "av")
    style = {"--s": f"{size}px", "--b": f"var(--{hue}-4)", "--f": f"var(--{hue}-12)"}
    return E.span(initials, class_name=shape, aria_hidden=True, style=style)


def badge(text: Any, color: Text = "gray") -> rx.Component:
    """Return a word with a coloured dot before it: a status, a segment."""
    return E.span(text, class_name="dot", style={"--d": f"var(--{color}-9)"})


def tag(text: Any, color: Text | None = None) -> rx.Component:
    """Return a tag."""
    style: dict[str, Any] = {"background": f"var(--{color}-a3)"} if color is not None else {}
    return E.span(text, class_name="tag", style=style)


def keys(*names: str) -> rx.Component:
    """Return the keys of a shortcut."""
    return E.span(*[E.kbd(name, class_name="kbd") for name in names], class_name="row keys hide-s", aria_hidden=True)


def key_value(label: Any, value: Any, ic: str | None = None) -> rx.Component:
    """Return a row of a list of facts; stands in a ``dl``."""
    return E.div(E.dt(*([icon(ic, 13)] if ic else []), label), E.dd(value), class_name="kv")


def breadcrumb(*steps: tuple[Any, Text | None]) -> rx.Component:
    """Return the way here: pairs of text and address, the last without one."""
    parts: list[rx.Component] = []
    for index, (text, href) in enumerate(steps):
        if index:
            parts.append(icon("chevron-right", 12))
        last = E.span(text, class_name="trunc", aria_current="page")
        parts.append(rx.link(text, href=href, underline="none", size="2") if href is not None else last)
    return E.nav(*parts, class_name="crumb", aria_label=tr("shell.breadcrumb"))


def field(
    label: Any,
    control: rx.Component,
    *,
    id: str,
    error: rx.Var[str] | None = None,
    hint: Any = None,
    needed: bool = False,
    extra: rx.Component | None = None,
) -> rx.Component:
    """Return a control with its label above and its error or hint below; the error's id is ``<id>-error``."""
    below = (
        [rx.cond(error != "", E.span(error, class_name="err", id=f"{id}-error", role="alert"))]
        if error is not None
        else []
    )
    below += [E.span(hint, class_name="hint", id=f"{id}-hint")] if hint is not None else []
    star = [E.span("*", class_name="star", aria_hidden=True)] if needed else []
    return E.div(
        E.label(label, *star, html_for=id), control, *below, *([extra] if extra is not None else []), class_name="fld"
    )


def empty_state(ic: str, title: Any, text: Any, *actions: rx.Component) -> rx.Component:
    """Return what an empty place says: what belongs here and what to do next."""
    return E.div(
        E.div(icon(ic, 18), class_name="ico"),
        E.div(title, class_name="h2"),
        E.div(text, class_name="text"),
        E.div(*actions, class_name="row wrap"),
        class_name="empty",
    )


def error_state(title: Any, text: Any, retry: Any) -> rx.Component:
    """Return what stands where something failed: what happened and a way to try again."""
    again = button(tr("kit.retry"), ic="rotate-cw", on_click=retry)
    return E.div(empty_state("cloud-alert", title, text, again), role="alert")


def skeleton(*widths: str, height: int = 12) -> rx.Component:
    """Return grey lines that stand for text on its way."""
    lines = [E.div(class_name="skel", style={"width": width, "height": f"{height}px"}) for width in widths]
    return E.div(*lines, class_name="col skels", aria_hidden=True)


def card(*body: Any, title: Any = None, actions: Sequence[rx.Component] = (), **props: Any) -> rx.Component:
    """Return a bordered box with a heading."""
    head = [E.div(E.h2(title, class_name="h2"), *actions, class_name="cardh")] if title is not None else []
    return E.section(*head, *body, class_name="card", **props)


def notice(text: Any, *, kind: str = "", ic: str = "triangle-alert") -> rx.Component:
    """Return a sentence that needs attention; ``kind`` is empty (a warning), ``red`` or ``info``."""
    return E.div(icon(ic, 15), E.div(text), class_name=f"note {kind}".strip(), role="note")


def menu(trigger: rx.Component, *items: rx.Component, label: Text) -> rx.Component:
    """Return a menu that opens from a button."""
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(trigger),
        rx.dropdown_menu.content(*items, size="1", variant="soft", aria_label=label),
        modal=False,
    )
