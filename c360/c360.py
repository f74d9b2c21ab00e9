"""The app: pages, style and the doors beside Reflex's own."""

from pathlib import Path

import reflex as rx

from c360.api.app import make
from c360.api.gate import gate
from c360.components.wraps import faults
from c360.components.wraps.inbox import inbox
from c360.core import memory
from c360.core.config import settings
from c360.core.i18n import text
from c360.core.logs import configure
from c360.pages import ROUTES
from c360.state import failures, guard

CLIENT = Path(__file__).parents[1] / ".web" / "build" / "client"
ASSETS = Path(__file__).parents[1] / "assets"


def _page_title(key: str) -> str:
    name = text("en", "app.name")
    return name if key == "app.name" else f"{text('en', key)} · {name}"


app = rx.App(
    stylesheets=[f"/{sheet.name}" for sheet in sorted(ASSETS.glob("*.css"))],
    html_lang="en",
    head_components=[
        rx.el.link(rel="icon", href="/logo.svg", type="image/svg+xml"),
        rx.el.link(
            rel="preload",
            href="/fonts/inter-latin-wght-normal.woff2",
            custom_attrs={"as": "font", "type": "font/woff2", "crossOrigin": "anonymous"},
        ),
        rx.el.meta(name="theme-color", content="#3e63dd"),
        rx.el.script(src="/session.js"),
    ],
    api_transformer=[make(), gate(guard.is_known, CLIENT)],
    backend_exception_handler=failures.tell,  # pyright: ignore[reportArgumentType]  # An Event is sent like an EventSpec.
    frontend_exception_handler=failures.note,
    toaster=rx.fragment(rx.toast.provider(rich_colors=False, close_button=True, position="bottom-right"), inbox()),
)
app.app_wraps[55, "ErrorBoundary"] = lambda stateful: faults.boundary()
app.app_wraps[5, "Overlay"] = lambda stateful: rx.fragment(faults.connection())
for route in ROUTES:
    app.add_page(route.page, route=route.path, title=_page_title(route.title), on_load=route.on_load or None)
app.add_middleware(guard.Guard(), index=0)
app.register_lifespan_task(lambda: configure(settings().log_level))
app.register_lifespan_task(memory.settle)
guard.assert_complete()
