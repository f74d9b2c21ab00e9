"""The source as text and as trees, for the tests of the house rules."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def files(folder: str, *endings: str) -> tuple[Path, ...]:
    """Return the files of a folder that belong to the project, new ones not yet committed included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(ROOT / name for name in listed if name.endswith(endings) and (ROOT / name).exists())


def modules() -> list[Path]:
    """Return the app's own modules; migrations are generated."""
    return [p for p in files("c360", ".py") if "migrations" not in p.parts]


@cache
def tree(path: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(path.read_text("utf-8"))


def name(path: Path) -> str:
    """Return a path as people write it."""
    return path.relative_to(ROOT).as_posix()


def docs() -> str:
    """Return every page of documentation in one text."""
    pages = [ROOT / p for p in ("README.md", "CONTRIBUTING.md")] + list((ROOT / "docs").rglob("*.md"))
    return "\n".join(p.read_text("utf-8") for p in pages)


def has_word(text: str, word: str) -> bool:
    """Tell whether a text has a word as code: between backticks, alone or in a longer piece."""
    return re.search(rf"`[^`\n]*(?<![\w-]){re.escape(word)}(?![\w-])[^`\n]*`", text) is not None
