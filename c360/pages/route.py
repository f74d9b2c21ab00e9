"""A route: an address, the page it shows, and what loads first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx


@dataclass(frozen=True, slots=True)
class Route:
    """One page as ``c360.py`` adds it; ``title`` is a key of the catalogue, ``on_load`` the handlers to run."""

    path: str
    page: Callable[[], rx.Component]
    title: str = "app.name"
    on_load: list[Any] = field(default_factory=list)
