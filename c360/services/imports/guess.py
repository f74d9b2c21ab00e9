"""Guessing what columns mean: from their headers, from what they hold, and from mappings people saved."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from rapidfuzz import fuzz, process

from c360.core.fold import fold
from c360.registry import values
from c360.services.imports.files import Column, Sheet
from c360.services.imports.plan import ColumnPlan, Plan
from c360.services.imports.synonyms import ACADEMIC, SYNONYMS
from c360.services.imports.target import Target

SURE, CLOSE, SEEN = 0.98, 0.88, 0.6
ENOUGH = 0.55
REASON_HEADERS = ("import problem", "problem beim import")
"""The column the error file adds: read again, it means nothing."""
NAMES = ("full_name", "given_name", "family_name", "name", "person.name", "middle_name", "person.family_name")
EXTRA = {"email": "reach.email", "phone": "reach.phone", "website": "reach.web", "reach.mobile": "reach.phone"}


def normal(header: str) -> str:
    """Return a header as plain words: ``contactName`` and ``Contact_Name (2)`` are both "contact name"."""
    header = re.sub(r"\(\d+\)$", "", header.strip())
    header = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)
    header = re.sub(r"(?<=[^\W\d_])(?=\d)", " ", header)
    return re.sub(r"[^\w]+|_", " ", fold(header)).strip()


def guess(
    entity: str, sheet: Sheet, known: Mapping[str, Target], synonyms: Mapping[str, tuple[str, ...]] = SYNONYMS
) -> Plan:
    """Return a plan for a file: each column at its likeliest target, each target used once unless it takes many."""
    words = _words(known, synonyms)
    scored: list[tuple[float, int, str]] = []
    for i, column in enumerate(sheet.columns):
        scored += [(score, i, target) for target, score in _scores(column, known, words).items() if score >= ENOUGH]
    chosen: dict[int, tuple[str, float]] = {}
    used: set[str] = set()
    for score, i, target in sorted(scored, key=lambda s: (-s[0], s[1])):
        if i in chosen:
            continue
        if target in used and not known[target].many:
            target = EXTRA.get(target, "")
            if target not in known:
                continue
        chosen[i], _ = (target, score), used.add(target)
    marked = _has_nulls(sheet)
    columns = tuple(
        ColumnPlan(
            column=column.name,
            target=chosen.get(i, ("", 0.0))[0],
            confidence=round(chosen.get(i, ("", 0.0))[1], 2),
            empty=_empty(column, chosen.get(i, ("", 0.0))[0], marked),
        )
        for i, column in enumerate(sheet.columns)
    )
    return Plan(entity=entity, columns=columns, match=_match({c.target for c in columns}))


def _match(used: set[str]) -> str:
    return next((target for target in ("id", "external_id", "email") if target in used), "")


def _words(known: Mapping[str, Target], synonyms: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return every word a header may be, with its target; a target's own label beats a synonym."""
    found: dict[str, str] = {}
    for target in known.values():
        found.setdefault(normal(target.label), target.key)
        found.setdefault(normal(target.key.replace(".", " ")), target.key)
        if target.spec:
            found.setdefault(normal(target.spec.label), target.key)
    for key, said in synonyms.items():
        if key in known:
            for word in said:
                found.setdefault(normal(word), key)
    return found


def _scores(column: Column, known: Mapping[str, Target], words: Mapping[str, str]) -> dict[str, float]:
    header = normal(column.name)
    if header in REASON_HEADERS:
        return {}
    found: dict[str, float] = {}
    if header in words:
        found[words[header]] = SURE
    elif len(header) >= 4:
        for word, ratio, _ in process.extract(
            header, words.keys(), scorer=fuzz.token_sort_ratio, limit=3, score_cutoff=84
        ):
            found[words[word]] = max(found.get(words[word], 0), CLOSE * ratio / 100)
    if header in ("title", "titel") and known.keys() & {"academic_title", "job_title"}:
        academic = sum(normal(s) in ACADEMIC for s in column.samples) >= len(column.samples) / 2
        found = {"academic_title" if academic or "job_title" not in known else "job_title": CLOSE}
    seen = _looks_like(column.samples)
    for target in list(found):
        # A header that promises an e-mail over cells that hold none is not believed.
        if target in POSSIBLE and column.samples and not any(POSSIBLE[target](s) for s in column.samples):
            found[target] -= 0.5
    if seen and max(found.values(), default=0) < ENOUGH:
        found[seen] = SEEN
    return {target: score for target, score in found.items() if target in known}


def _fits(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            parse(text)
        except ValueError:
            return False
        return True

    return fits


DETECTORS: dict[str, Callable[[str], bool]] = {
    "email": _fits(values.email),
    "website": lambda t: bool(re.match(r"(https?://|www\.)", t, re.I)) and _fits(values.web)(t),
    "birth_date": lambda t: not t.isdigit() and _fits(values.day)(t),
    "phone": lambda t: sum(c.isdigit() for c in t) >= 6 and bool(re.search(r"[+()/ -]", t)) and _fits(values.phone)(t),
    "address.main.country": lambda t: len(t) > 3 and _fits(values.country)(t),
}
POSSIBLE: dict[str, Callable[[str], bool]] = {
    "email": lambda t: "@" in t,
    "phone": lambda t: any(c.isdigit() for c in t),
    "birth_date": lambda t: any(c.isdigit() for c in t),
}
"""What a value must at least be for its header to be believed."""


def _looks_like(samples: tuple[str, ...]) -> str:
    """Return the target nearly all values fit, or nothing."""
    if not samples:
        return ""
    for target, fits in DETECTORS.items():
        if sum(map(fits, samples)) >= 0.9 * len(samples):
            return target
    return ""


def _has_nulls(sheet: Sheet) -> set[str]:
    """Return the words that stand for nothing in this file: those that fill a good part of some column."""
    return {
        word
        for column in sheet.columns
        for word, times in column.nulls.items()
        if times >= 2 and times >= 0.05 * max(column.filled, 1)
    }


def _empty(column: Column, target: str, marked: set[str]) -> tuple[str, ...]:
    """Return the words that mean nothing in a column; in a column of names only those it uses throughout itself."""
    own = {w for w, times in column.nulls.items() if times >= 2 and times >= 0.05 * max(column.filled, 1)}
    return tuple(sorted(own if target in NAMES else own | (marked & column.nulls.keys())))


def adopt(plan: Plan, saved: Plan) -> Plan:
    """Return a plan that treats columns of the same name as a saved one does; the file's other columns stay guessed."""
    by_name = {normal(c.column): c for c in saved.columns}
    mine = []
    for column in plan.columns:
        known = by_name.get(normal(column.column))
        mine.append(replace(known, column=column.column, confidence=1.0) if known else column)
    return replace(saved, entity=plan.entity, columns=tuple(mine))


def fits(plan: Plan, saved: Plan) -> bool:
    """Tell whether a saved mapping was made for the same headers."""
    mine = {normal(c.column) for c in plan.columns} - set(REASON_HEADERS)
    theirs = {normal(c.column) for c in saved.columns} - set(REASON_HEADERS)
    return mine == theirs
