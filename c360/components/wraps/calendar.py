"""A calendar to pick a day or a range from; loaded when it opens."""

from typing import Literal

import reflex as rx
from reflex.event import passthrough_event_spec

from c360.components.wraps import i18n, shared

I18N = i18n.LIBRARY


class Calendar(rx.NoSSRComponent):
    """Pick a day or a range; gives ISO dates."""

    library = shared(__name__, "calendar.jsx").importable_path
    tag = "Calendar"
    lib_dependencies: list[str] = ["react-day-picker@10.0.2"]

    mode: rx.Var[Literal["single", "range"]]
    start: rx.Var[str]
    end: rx.Var[str]
    months: rx.Var[int]
    on_pick: rx.EventHandler[passthrough_event_spec(str, str)]


calendar = Calendar.create
