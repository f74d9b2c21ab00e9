"""What a page says when it cannot go on by itself: the server is away, or the page's own script broke."""

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary
from reflex_components_core.core.banner import has_too_many_connection_errors

from c360.components.wraps import i18n, shared

LIBRARY = shared(__name__, "faults.jsx").importable_path
I18N = i18n.LIBRARY


class Connection(rx.Component):
    """Say that the server does not answer, or that too many tabs are open; nothing while all is well."""

    library = LIBRARY
    tag = "Connection"

    lost: rx.Var[bool]


class Crash(rx.Component):
    """Stand in for a page whose script broke, with the way back."""

    library = LIBRARY
    tag = "Crash"


def connection() -> rx.Component:
    """Watch the page's socket."""
    return Connection.create(lost=has_too_many_connection_errors)


def boundary() -> rx.Component:
    """Hold what breaks while a page is drawn; the server is told where."""
    return ErrorBoundary.create(fallback_render=rx.Var.create(Crash.create()))
