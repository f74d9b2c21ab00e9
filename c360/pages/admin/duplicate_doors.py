"""What each door does with a record that looks like another, from which score on, and which rules are asked there."""

from typing import Any

import reflex as rx

from c360.components.admin import tick
from c360.components.kit import E, card
from c360.components.wraps.i18n import tr
from c360.services.duplicates.rules import DOORS, OWN
from c360.state.admin_duplicates import DuplicateRules

STATE: Any = DuplicateRules


def doors() -> rx.Component:
    """Return the doors, each with its reaction and its own two bounds."""
    return card(
        E.p(tr("admin.dups.doors.lead"), class_name="mut"),
        E.div(*[_door(name, reactions) for name, reactions in DOORS.items()], class_name="adm-rows"),
        title=tr("admin.dups.doors"),
    )


def _door(name: str, reactions: tuple[str, ...]) -> rx.Component:
    box = E.select(
        *[E.option(tr(f"admin.dups.reaction.{one}"), value=one) for one in reactions],
        id=f"dup-{name}", value=STATE.doors[name], class_name="inp", on_change=lambda one: STATE.react(name, one),
        custom_attrs={"aria-describedby": f"dup-{name}-hint"},
    )  # fmt: skip
    bounds = [_bound(name, which) for which in ("ask", "sure")] if name in OWN else []
    told = E.div(
        E.label(tr(f"admin.dups.door.{name}"), html_for=f"dup-{name}", class_name="lbl"),
        E.div(tr(f"admin.dups.door.{name}.hint"), id=f"dup-{name}-hint", class_name="mut"),
        class_name="adm-what",
    )
    return E.div(told, box, *bounds, class_name="dup-door", role="group", aria_label=tr(f"admin.dups.door.{name}"))


def _bound(door: str, which: str) -> rx.Component:
    common = STATE.ask if which == "ask" else STATE.sure
    return E.input(
        id=f"dup-{door}-{which}", type="number", min=5, max=100, step=1, class_name="inp",
        default_value=STATE.bounds[f"{door}.{which}"], key=f"{STATE.stamp}-{door}-{which}",
        placeholder=common.to(str) + " %", aria_label=tr(f"admin.dups.{which}"), title=tr(f"admin.dups.{which}"),
        on_blur=lambda typed: STATE.bound_at(door, which, typed),
    )  # fmt: skip


def asked_at() -> rx.Component:
    """Return the boxes by which a rule is asked at some doors only."""
    return E.fieldset(
        E.legend(tr("admin.dups.asked"), class_name="lbl"),
        E.div(
            *[tick(f"at-{door}", tr(f"admin.dups.door.{door}"), STATE.asked[door]) for door in DOORS],
            class_name="col gap8",
        ),
        class_name="group",
    )
