"""Reflex settings; everything else is read from the environment."""

import os
import sysconfig

os.environ.setdefault("REFLEX_USE_NPM", "1")
os.environ["PATH"] = sysconfig.get_path("scripts") + os.pathsep + os.environ.get("PATH", "")

import reflex as rx

HUES = ("gray", "slate", "indigo", "teal", "orange", "plum", "grass", "ruby", "cyan", "amber", "red", "green")
PORT = int(os.environ.get("C360_PORT", "3000"))
SCALED = int(os.environ.get("C360_SERVER_PROCESSES", "1")) > 1


class SlimRadix(rx.plugins.RadixThemesPlugin):
    """Radix with the hues the app uses and no others: a quarter less style to load."""

    def get_stylesheet_paths(self, **context: object) -> tuple[str, ...]:
        """Return the style sheets to ship."""
        if not self.enabled:
            return ()
        base = "@radix-ui/themes"
        hues = (f"{base}/tokens/colors/{hue}.css" for hue in HUES)
        return (f"{base}/tokens/base.css", *hues, f"{base}/components.css", f"{base}/utilities.css")


config = rx.Config(
    app_name="c360",
    frontend_port=PORT,
    backend_port=PORT,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    cors_allowed_origins=[os.environ.get("C360_PUBLIC_ORIGIN") or f"http://localhost:{PORT}"],
    redis_url=(os.environ.get("C360_REDIS_URL") or None) if SCALED else None,
    # Never on disk: what a page shows would lie there in clear.
    state_manager_mode="redis" if SCALED else "memory",
    redis_token_expiration=1800,
    frontend_compression_formats=["brotli", "gzip"],
    plugins=[SlimRadix(theme=rx.theme(accent_color="indigo", gray_color="slate", has_background=False))],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
