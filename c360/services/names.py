"""What codes are called: countries, languages, currencies, time zones and fixed options, in a reader's language."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_currency_name, list_currencies

from c360.core.fold import fold
from c360.core.i18n import text
from c360.registry.entity import Entity, FieldSpec

CODED = ("country", "language", "currency", "timezone")
MOST = 50


def name_of(kind: str, code: str, language: str) -> str:
    """Return what a code is called; the code itself when it has no name."""
    return _names(kind, language).get(code, code)


def find(kind: str, typed: str, language: str) -> list[tuple[str, str]]:
    """Return codes with their names that fit what was typed, names that begin with it first."""
    wanted = fold(typed)
    fits = [(code, name) for code, name in _names(kind, language).items() if wanted in fold(f"{name} {code}")]
    return sorted(fits, key=lambda one: (not fold(one[1]).startswith(wanted), fold(one[1])))[:MOST]


def every(kind: str, language: str) -> list[tuple[str, str]]:
    """Return every code of a kind with its name, in the order of names."""
    return sorted(_names(kind, language).items(), key=lambda one: fold(one[1]))


def field_label(entity: str, spec: FieldSpec, language: str) -> str:
    """Return what a field is called; an entity may have its own word for it."""
    if spec.source == "custom":
        return spec.label
    common = text(language, f"field.{spec.name}", default=spec.label)
    return text(language, f"field.{entity}.{spec.name}", default=common)


def entity_label(entity: Entity, language: str) -> str:
    """Return what one record of an entity is called."""
    return text(language, f"entity.{entity.key}", default=entity.label)


def option(key: str, value: str, language: str) -> str:
    """Return what a fixed option is called."""
    return text(language, f"option.{key}.{value}", default=value.replace("_", " ").capitalize())


@cache
def _names(kind: str, language: str) -> dict[str, str]:
    locale = Locale(language)
    if kind == "country":
        return {code: name for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()}
    if kind == "language":
        return {code: name for code, name in locale.languages.items() if len(code) == 2}
    if kind == "currency":
        return {code: f"{get_currency_name(code, locale=locale)} ({code})" for code in sorted(list_currencies())}
    return {zone: zone.replace("_", " ") for zone in sorted(available_timezones()) if "/" in zone}
