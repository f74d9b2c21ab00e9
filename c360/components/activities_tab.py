"""The body of the History and Future tabs, given its values and handlers."""

from typing import Any

import reflex as rx

from c360.components.activity_list import activity_list, none_of
from c360.components.change_list import waiting
from c360.components.kit import E, button, notice
from c360.components.wraps.i18n import tr


def activities_tab(state: Any, phase: str) -> rx.Component:
    """Return the tab: its activities and a way to the next ones."""
    key = "history" if phase == "past" else "future"
    listed = activity_list(
        state.lines,
        state,
        label=tr(f"profile.tab.{key}"),
        nothing=none_of(f"activity.{key}.none", f"activity.{key}.none.text"),
    )
    more = rx.cond(state.more, button(tr("activity.show_more"), on_click=state.show_more))
    problem = rx.cond(state.problem != "", notice(state.problem, kind="red"))
    shown = rx.cond(state.ready, E.div(problem, listed, more, class_name="col"), waiting())
    return E.section(shown, class_name="card acts-page", aria_label=tr(f"profile.tab.{key}"))
