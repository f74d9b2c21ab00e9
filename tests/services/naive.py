"""What a filter means, written from the words alone: reads rows of plain Python values, knows no SQL."""

import unicodedata
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Any

Rows = list[dict[str, Any]]


def fits(tree: dict[str, Any], row: dict[str, Any], base: dict[str, Rows], now: date, me: str) -> bool:
    """Tell whether a row fits a tree as JSON keeps it."""
    if "of" in tree:
        each = [fits(part, row, base, now, me) for part in tree["of"]]
        if not each:
            return True
        return {"all": all(each), "any": any(each), "none": not any(each)}[tree["join"]]
    if "related" in tree:
        found = [r for r in base[tree["related"]] if r[tree["via"]] == row["id"]]
        n = sum(fits(tree["where"], r, base, now, me) for r in found)
        return {"some": n > 0, "none": n == 0, "at_least": n >= tree["n"], "at_most": n <= tree["n"]}[tree["has"]]
    name, _, rest = tree["field"].partition(".")
    if rest:
        target = next((r for r in base["customer"] if r["id"] == row.get(name)), None)
        return target is not None and fits({**tree, "field": rest}, target, base, now, me)
    return test(tree["op"], row.get(name), tree["value"], now, me)


def folded(value: Any) -> str:
    """Strip case and accents by hand."""
    bare = (c for c in unicodedata.normalize("NFKD", str(value)) if not 0x300 <= ord(c) <= 0x36F)
    return "".join(bare).lower().replace("ς", "σ")


def test(op: str, held: Any, value: Any, now: date, me: str) -> bool:
    """Apply one operator to one value."""
    empty = held is None or held == []
    if op == "is_empty":
        return empty
    if op == "is_not_empty":
        return not empty
    if op == "is_yes":
        return held is True
    if op == "is_no":
        return held is not True
    if op.startswith("has_"):
        wanted, have = set(value), set(held or [])
        return {"any": bool(wanted & have), "all": wanted <= have, "none": not wanted & have}[op.split("_")[1]]
    negative = op in ("not_contains", "not_equals", "is_not", "is_none_of")
    if empty:
        return negative
    if op in ("on", "before", "after", "between_dates", "within", "anniversary"):
        return _dated(op, held, value, now)
    if op in ("less", "at_most", "more", "at_least", "between") or (
        op in ("equals", "not_equals") and not isinstance(held, str)
    ):
        return _numbered(op, held, value)
    wanted = [me if v == "@me" else v for v in (value if isinstance(value, (list, tuple)) else [value])]
    if op in ("is", "is_not", "is_any_of", "is_none_of"):
        return (held in wanted) != negative
    texts, mine = [folded(v) for v in wanted], folded(held)
    answer = {
        "contains": texts[0] in mine, "not_contains": texts[0] in mine, "starts_with": mine.startswith(texts[0]),
        "ends_with": mine.endswith(texts[0]), "equals": mine == texts[0], "not_equals": mine == texts[0],
        "any_of": mine in texts,
    }[op]  # fmt: skip
    return answer != negative


def _numbered(op: str, held: Any, value: Any) -> bool:
    low, high = (float(v) for v in value) if op == "between" else (float(value), 0.0)
    return {
        "equals": held == low, "not_equals": held != low, "less": held < low, "at_most": held <= low,
        "more": held > low, "at_least": held >= low, "between": low <= held <= high,
    }[op]  # fmt: skip


def _day(word: str, now: date) -> date:
    return now + timedelta(days=int(word[5:] or 0)) if word.startswith("today") else date.fromisoformat(word)


def _dated(op: str, held: Any, value: Any, now: date) -> bool:
    held = held.astimezone(UTC).date() if isinstance(held, datetime) else held
    if op == "within":
        first, last = days_of(value, now)
        return (first is None or first <= held) and (last is None or held <= last)
    if op == "anniversary":
        first, last = days_of(value, now)
        return first is None or any(
            _comes_round(held, first + timedelta(days=n)) for n in range((last - first).days + 1)
        )
    if op == "between_dates":
        return _day(value[0], now) <= held <= _day(value[1], now)
    day = _day(value, now)
    return {"on": held == day, "before": held < day, "after": held > day}[op]


def _comes_round(held: date, day: date) -> bool:
    """Tell whether a date is kept on a day of any year; 29 February is on the 28th where the year has no 29th."""
    ends = (day + timedelta(days=1)).month != day.month
    leap_day = (held.month, held.day) == (2, 29)
    return (held.month, held.day) == (day.month, day.day) or (leap_day and ends and (day.month, day.day) == (2, 28))


def days_of(word: str, now: date) -> tuple[date | None, date | None]:
    """Return the first and the last day a word means, by stepping through the calendar."""
    name, _, n = word.partition(":")
    if name == "last_days":
        return now - timedelta(days=int(n)), now
    if name == "next_days":
        return now, now + timedelta(days=int(n))
    if name == "older_days":
        return None, now - timedelta(days=int(n) + 1)
    if name in ("today", "yesterday", "tomorrow"):
        day = now + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[name])
        return day, day
    which, unit = name.split("_")
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        monday = now
        while monday.weekday():
            monday -= timedelta(days=1)
        return monday + timedelta(days=7 * step), monday + timedelta(days=7 * step + 6)
    if unit == "year":
        return date(now.year + step, 1, 1), date(now.year + step, 12, 31)
    size = 1 if unit == "month" else 3
    start = now.month - (now.month - 1) % size
    year, month = now.year, start + step * size
    while month < 1:
        year, month = year - 1, month + 12
    while month > 12:
        year, month = year + 1, month - 12
    last = month + size - 1
    return date(year, month, 1), date(year, last, monthrange(year, last)[1])
