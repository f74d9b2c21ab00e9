"""Sentences and formats in the reader's language, as Vars the browser computes.

The language is the browser's affair, so that a switch re-renders at once; the server reads the same catalogue with
``core.i18n`` for what it writes itself.
"""

import json
from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData
from reflex.vars.function import FunctionStringVar

from c360.components.wraps import shared

LIBRARY = shared(__name__, "i18n.js").importable_path
ENGLISH = shared(__name__, "catalogue_en.js")
GERMAN = shared(__name__, "catalogue_de.js")


def _imports(*names: str) -> dict[str, list[ImportVar]]:
    return {LIBRARY: [ImportVar(tag=name, install=False) for name in names]}


language: rx.Var[str] = rx.Var(
    "c360Language",
    _var_type=str,
    _var_data=VarData(imports=_imports("useLanguage"), hooks=["const c360Language = useLanguage()"]),
)
"""The language shown now, ``en`` or ``de``."""


def _call(name: str, *args: Any) -> rx.Var[str]:
    function = FunctionStringVar.create(name, _var_data=VarData(imports=_imports(name)))
    return function.call(language, *args).to(str)


def tr(key: str | rx.Var[str], **params: Any) -> rx.Var[str]:
    """Return the sentence of a key; ``n`` picks its plural form, ``default`` stands in for a missing one."""
    return _call("tr", key, params)


def num(value: Any) -> rx.Var[str]:
    """Return a number as the reader writes it."""
    return _call("num", value)


def bytes_of(value: Any) -> rx.Var[str]:
    """Return the size of a file."""
    return _call("bytes", value)


def money(cents: Any, currency: str | rx.Var[str] = "EUR") -> rx.Var[str]:
    """Return an amount given in cents."""
    return _call("money", cents, currency)


def day(value: Any) -> rx.Var[str]:
    """Return a date."""
    return _call("day", value)


def moment(value: Any) -> rx.Var[str]:
    """Return a date with its time."""
    return _call("moment", value)


def ago(value: Any) -> rx.Var[str]:
    """Return how long ago a moment was."""
    return _call("ago", value)


def name_of(kind: str, code: Any) -> rx.Var[str]:
    """Return the name of a ``region``, ``language`` or ``currency`` from its code."""
    return _call("nameOf", kind, code)


def change_language(code: str) -> rx.event.EventSpec:
    """Show the page in another language from now on."""
    return rx.run_script(f"dispatchEvent(new CustomEvent('c360:language', {{detail: {json.dumps(code)}}}))")
