"""Groups of commands whose modules are loaded when a command is asked for."""

from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup


class Commands(TyperGroup):
    """Commands by name and the module of this package that has each."""

    modules: ClassVar[dict[str, str]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """Name them all."""
        return list(self.modules)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load one; None when there is no such command."""
        if cmd_name not in self.modules:
            return None
        part = typer.Typer(callback=lambda: None)
        import_module(f"c360.cli.{self.modules[cmd_name]}").register(part)
        group: Any = typer.main.get_command(part)
        return group.commands[cmd_name]
