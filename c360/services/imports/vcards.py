"""vCard files (3.0 and 4.0) as rows: one card a row, one column a kind of value."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import vobject

COLUMNS = (
    "UID", "Prefix", "First name", "Middle name", "Last name", "Suffix", "Organisation", "Department", "Job title",
    "E-mail", "E-mail 2", "E-mail 3", "Mobile", "Phone", "Phone 2", "Fax", "Website", "Birthday",
    "Street", "Postal code", "City", "Region", "Country", "Street 2", "Postal code 2", "City 2", "Region 2",
    "Country 2", "Tags", "Notes",
)  # fmt: skip
BIGGEST_CARD = 2_000_000


def rows(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Yield a header, then each card; a card that cannot be read becomes a row that says so in its notes."""
    yield 1, list(COLUMNS)
    for number, card in enumerate(_cards(path, encoding), start=2):
        try:
            read = vobject.readOne(card, ignoreUnreadable=True, allowQP=True)
            values = _values(read)
        except Exception:
            values = {"Notes": card[:2_000]}
        yield number, [values.get(column, "") for column in COLUMNS]


def _cards(path: Path, encoding: str) -> Iterator[str]:
    lines: list[str] = []
    size = 0
    with path.open(encoding=encoding, errors="replace") as file:
        for line in file:
            word = line.strip().upper()
            if word == "BEGIN:VCARD":
                lines, size = [], 0
            size += len(line)
            if size < BIGGEST_CARD:
                lines.append(line)
            if word == "END:VCARD" and lines:
                yield "".join(lines)
                lines, size = [], 0


def _values(card: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    if name := _first(card, "n"):
        parts = {"Prefix": name.prefix, "First name": name.given, "Middle name": name.additional}
        parts |= {"Last name": name.family, "Suffix": name.suffix}
        found |= {column: _text(value, " ") for column, value in parts.items()}
    if not (found.get("First name") or found.get("Last name")) and (whole := _first(card, "fn")):
        found["First name"], _, found["Last name"] = str(whole).rpartition(" ")
    organisation = _first(card, "org") or []
    organisation = [organisation] if isinstance(organisation, str) else organisation
    found |= dict(zip(("Organisation", "Department"), [_text(o) for o in organisation], strict=False))
    found |= {
        "UID": _text(_first(card, "uid")), "Job title": _text(_first(card, "title")),
        "Birthday": _text(_first(card, "bday")), "Website": _text(_first(card, "url")),
        "Notes": _text(_first(card, "note")), "Tags": _text(_first(card, "categories"), "; "),
    }  # fmt: skip
    _many(found, "E-mail", [_text(e.value).removeprefix("mailto:") for e in card.contents.get("email", [])])
    _phones(found, card)
    for place, suffix in zip(_preferred(card.contents.get("adr", [])), ("", " 2"), strict=False):
        where = place.value
        parts = {"Street": where.street, "Postal code": where.code, "City": where.city}
        parts |= {"Region": where.region, "Country": where.country}
        found |= {f"{column}{suffix}": _text(value, ", ") for column, value in parts.items()}
    return found


def _phones(found: dict[str, str], card: Any) -> None:
    groups: dict[str, list[str]] = {"Mobile": [], "Fax": [], "Phone": []}
    for phone in _preferred(card.contents.get("tel", [])):
        types = _types(phone)
        group = "Fax" if "FAX" in types else "Mobile" if types & {"CELL", "MOBILE"} else "Phone"
        groups[group].append(_text(phone.value).removeprefix("tel:"))
    found |= {"Mobile": "", "Fax": next(iter(groups["Fax"]), "")}
    if groups["Mobile"]:
        found["Mobile"] = groups["Mobile"].pop(0)
    _many(found, "Phone", [*groups["Phone"], *groups["Mobile"]])


def _many(found: dict[str, str], column: str, values: list[str]) -> None:
    names = [name for name in COLUMNS if name == column or (name.startswith(f"{column} ") and name[-1].isdigit())]
    values = list(dict.fromkeys(filter(None, values)))
    found |= dict(zip(names, values, strict=False))
    if len(values) > len(names):
        found["Notes"] = "\n".join(filter(None, [found.get("Notes"), *values[len(names) :]]))


def _types(item: Any) -> set[str]:
    return {part.strip('"').upper() for value in item.params.get("TYPE", []) for part in value.split(",")}


def _preferred(items: list[Any]) -> list[Any]:
    return sorted(items, key=lambda item: not (_types(item) & {"PREF"} or item.params.get("PREF") == ["1"]))


def _first(card: Any, name: str) -> Any:
    items = _preferred(card.contents.get(name, []))
    return items[0].value if items else None


def _text(value: Any, joint: str = "; ") -> str:
    if isinstance(value, list | tuple):
        return joint.join(filter(None, (_text(v) for v in value)))
    return str(value).strip() if value else ""
