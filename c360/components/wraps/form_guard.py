"""Watch a form: whether it was changed, Ctrl/Cmd+S, and the question before changes are lost."""

import reflex as rx
from reflex.event import passthrough_event_spec

from c360.components.wraps import i18n, shared

I18N = i18n.LIBRARY


class FormGuard(rx.Component):
    """Guard the one form inside; a new ``version`` takes what it holds now as saved."""

    library = shared(__name__, "form_guard.jsx").importable_path
    tag = "FormGuard"

    version: rx.Var[int]
    enabled: rx.Var[bool]
    on_dirty_change: rx.EventHandler[passthrough_event_spec(bool)]


form_guard = FormGuard.create
