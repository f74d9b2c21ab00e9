"""The catalogue: every sentence a person reads, a folder of JSON files per language, read here and by the browser."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.plural import PluralRule

CATALOGUES = Path(__file__).parents[2] / "assets" / "locales"
LANGUAGES = ("en", "de")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return the sentences of a language by key; each area of the app has a file."""
    sentences: dict[str, str] = {}
    for path in sorted((CATALOGUES / language).glob("*.json")):
        sentences |= json.loads(path.read_text("utf-8"))
    return sentences


@cache
def _plural(language: str) -> PluralRule:
    return Locale(language).plural_form


def text(language: str, key: str, **params: Any) -> str:
    """Return a sentence in a language; ``n`` picks its plural form, English stands in for what is missing."""
    for lang in (language, "en"):
        sentences = catalogue(lang) if lang in LANGUAGES else {}
        forms = (f"{key}_{_plural(lang)(params['n'])}", f"{key}_other", key) if "n" in params else (key,)
        for form in forms:
            if form in sentences:
                return sentences[form].format(**params)
    return str(params.get("default", key))
