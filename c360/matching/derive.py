"""What follows from the normalised values of people, mailboxes and places: sounds, initials, digits, keys."""

import numpy as np
from numpy.typing import NDArray

from c360.matching.column import Column, key, numbered, stacked
from c360.matching.normalise import people, places, reach
from c360.matching.normalise.text import skeleton
from c360.matching.records import Records


def derive_people(records: Records) -> None:
    """Add what names and birth dates are compared and found by."""
    if "given" in records or "family_words" in records:
        _derive_names(records)
    if "birth_date" in records:
        records.facts["day_digits"] = _digits(records["birth_date"], 8)
        records.facts["year"] = records["birth_date"].facts(lambda day: int(day[:4]), -1, np.int32)
        records.columns["month_day"] = records["birth_date"].derive(lambda day: day[4:])


def _derive_names(records: Records) -> None:
    size = records.size
    empty = Column(np.full(size, -1, np.int32), np.empty(0, object))
    given = records.columns.get("given", empty)
    written = records.columns.get("family_words", empty)
    family = written.derive(lambda name: name.replace(" ", ""))
    # One dictionary for both, so that swapped names are equal codes.
    records.columns["given"], records.columns["family"] = stacked((given, family))
    records.columns["family_words"] = written
    sounds = stacked((records["given"].derive(skeleton), records["family"].derive(skeleton)))
    records.columns["given_sound"], records.columns["family_sound"] = sounds
    for name in ("given", "family"):
        records.facts[f"{name}_initial"] = records[name].facts(lambda text: ord(text[0]), -1, np.int32)
    records.facts["given_length"] = np.array([*map(len, records["given"].values), 0], np.int16)
    records.facts["nicknames"] = _nicknames(records["given"])


def _nicknames(given: Column) -> NDArray[np.int64]:
    """Return the pairs of names that are nicknames of each other, as sorted numbers."""
    places_ = {name: place for place, name in enumerate(given.values)}
    width = len(given.values) + 1
    pairs = {
        min(place, places_[other]) * width + max(place, places_[other])
        for name, place in places_.items()
        for other in people.nicknames(name)
        if other in places_
    }
    return np.array(sorted(pairs), np.int64)


def _digits(column: Column, width: int) -> NDArray[np.uint8]:
    """Return the digits of each distinct value as a row of numbers; an extra row for no value."""
    told = "".join(value.rjust(width, "0") for value in column.values) + "0" * width
    return (np.frombuffer(told.encode("ascii"), np.uint8) - 48).reshape(-1, width)


def derive_reach(records: Records) -> None:
    """Add what e-mail addresses and phone numbers are compared and found by."""
    if "email" in records:
        boxes = records["email"].derive(reach.mailbox)
        records.columns["mailbox"] = boxes
        records.facts["mailbox_signs"] = _signs(boxes)
        records.facts["mailbox_length"] = np.array([*map(len, boxes.values), 0], np.int16)
    if "phone" in records:
        records.facts["phone_digits"] = _digits(records["phone"], 9)


def _signs(column: Column) -> NDArray[np.uint64]:
    """Return of each distinct value which of 64 signs it has, as bits; an extra row for no value."""
    lengths = np.fromiter(map(len, column.values), np.int64, len(column.values))
    told = np.frombuffer("".join(column.values).encode("utf-32-le", "surrogatepass"), np.uint32)
    bits = np.uint64(1) << (told & 63).astype(np.uint64)
    starts = np.append(0, np.cumsum(lengths))[:-1]
    return np.append(np.bitwise_or.reduceat(bits, starts), np.uint64(0)) if len(bits) else np.zeros(1, np.uint64)


def derive_places(records: Records) -> None:
    """Add what addresses are compared and found by."""
    if "street" in records:
        records.columns["street_key"] = records["street"].derive(places.street_key)
    if "postal_code" in records:
        records.columns["postal_area"] = records["postal_code"].derive(lambda code: code[:3])
    if "city" in records:
        records.columns["city_sound"] = records["city"].derive(skeleton)
    parts = [records.codes(name) for name in ("street", "house_number") if name in records]
    if "street" in records:
        records.columns["address"] = numbered(key(*parts))
    elif records.has("postal_code"):
        records.columns["address"] = records["postal_code"]
    elif records.has("city"):
        records.columns["address"] = records["city"]
