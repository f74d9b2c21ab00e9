"""The keys people and organisations are found by; a large population needs narrower ones."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from c360.matching.blocking import Pass
from c360.matching.column import Ints, key
from c360.matching.records import Records

MANY_PEOPLE, MANY_ORGANISATIONS = 30_000, 15_000
RARE, RARE_WORD = 20, 60
LONG_MAILBOX = 6


def passes(records: Records) -> list[Pass]:
    """Return every way to find pairs among these records."""
    found = [
        Pass(name, records.codes(name).astype(np.int64), (name,))
        for name in ("email", "phone", "identity_number", "tax_number", "registration_number", "website")
        if name in records
    ]
    if "mailbox" in records:
        boxes = records["mailbox"]
        length = boxes.facts(len, 0, np.int64)
        found.append(Pass("mailbox", np.where(length >= LONG_MAILBOX, boxes.codes, -1).astype(np.int64), ("email",)))
    if "given" in records:
        found += _people(records)
    if "name" in records:
        found += _organisations(records)
    return found


def _people(records: Records) -> list[Pass]:
    big, code = records.size > MANY_PEOPLE, records.codes
    given, family, sound_g, sound_f = code("given"), code("family"), code("given_sound"), code("family_sound")
    initial_g, initial_f = records.facts["given_initial"], records.facts["family_initial"]
    names = ("given", "family")
    found = [Pass("names", key(given, family), names)]
    a, b = (given, family) if big else (sound_g, sound_f)
    found.append(Pass("names in any order", _unordered(a, b), names))
    if big:
        found.append(Pass("rare sounds of names", key(sound_f, sound_g), names, RARE))
        found.append(Pass("rare family name and initial", key(family, initial_g), names, RARE))
    if "birth_date" in records:
        day = code("birth_date")
        found.append(Pass("family sound and birth date", key(sound_f, day), ("family", "birth_date")))
        found.append(Pass("given sound and birth date", key(sound_g, day), ("given", "birth_date")))
        found.append(Pass("sounds and year", key(sound_f, sound_g, records.facts["year"]), names))
        found.append(Pass("family sound, initial, month and day", key(sound_f, initial_g, code("month_day")), names))
        if not big:
            found.append(Pass("birth date", day.astype(np.int64), ("birth_date",)))
        place = "postal_area" if "postal_area" in records else "city_sound"
        if place in records:
            found.append(Pass(f"birth date and {place}", key(day, code(place)), ("birth_date",)))
    if not big:
        found.append(Pass("family sound and initial", key(sound_f, initial_g), names))
        found.append(Pass("given", given.astype(np.int64), ("given",)))
        found.append(Pass("family", family.astype(np.int64), ("family",)))
    return found + _people_by_place(records, initial_g, initial_f) + _people_by_origin(records, initial_g)


def _people_by_place(records: Records, initial_g: NDArray, initial_f: NDArray) -> list[Pass]:
    big, code = records.size > MANY_PEOPLE, records.codes
    sound_g, sound_f, city = code("given_sound"), code("family_sound"), code("city_sound")
    found = []
    if "postal_code" in records:
        post, area = code("postal_code"), code("postal_area")
        found.append(Pass("family sound and postal code", key(sound_f, post), ("family", "address")))
        found.append(Pass("given sound and postal code", key(sound_g, post), ("given", "address")))
        found.append(Pass("sounds and postal area", key(sound_f, sound_g, area), ("given", "family")))
    if "city_sound" in records:
        both = ("given", "family", "address")
        found.append(Pass("family sound, initial and city", key(sound_f, initial_g, city), both))
        if not big:
            found.append(Pass("given sound and city", key(sound_g, city), ("given", "address")))
            found.append(Pass("family sound and city", key(sound_f, city), ("family", "address")))
    if "street_key" in records:
        house = (code("house_number"), code("street_key"))
        if big:
            found += [
                Pass(f"house, {place} and initial", key(*house, code(place), initial_g), ("address", "given"))
                for place in ("postal_area", "city_sound")
                if place in records
            ]
            found.append(Pass("house and given sound", key(*house, sound_g), ("address", "given")))
        else:
            found.append(Pass("house and given initial", key(*house, initial_g), ("address", "given")))
            found.append(Pass("house and family initial", key(*house, initial_f), ("address", "family")))
    return found


def _people_by_origin(records: Records, initial_g: NDArray) -> list[Pass]:
    code, sound_f = records.codes, records.codes("family_sound")
    found = []
    if records.has("birth_place", "birth_date"):
        both = key(code("birth_place"), code("birth_date"))
        found.append(Pass("birth place and date", both, ("birth_place", "birth_date")))
    if "birth_place" in records:
        born = key(code("birth_place"), sound_f, initial_g)
        found.append(Pass("birth place, family sound and initial", born, ("birth_place", "family")))
    if "employer" in records:
        found.append(Pass("employer and family sound", key(code("employer"), sound_f), ("employer", "family")))
    return found


def _unordered(a: NDArray, b: NDArray) -> Ints:
    missing = (a < 0) | (b < 0)
    return key(np.where(missing, -1, np.minimum(a, b)), np.where(missing, -1, np.maximum(a, b)))


def _organisations(records: Records) -> list[Pass]:
    names, times, code = records["name"], records.facts["word_times"], records.codes
    big = records.size > MANY_ORGANISATIONS
    rare = RARE_WORD if big else np.inf
    by_rarity = {
        name: sorted(dict.fromkeys(name.split()), key=lambda word: (times[word], word)) for name in names.values
    }

    def of(change: Callable[[list[str]], str | None]) -> Ints:
        return names.derive(lambda name: change(by_rarity[name])).codes.astype(np.int64)

    by_name = ("name",)
    found = [
        Pass("name", code("solid_name").astype(np.int64), by_name),
        Pass("rarest word", of(lambda some: some[0] if times[some[0]] <= rare else None), by_name),
        Pass("second word", of(lambda some: some[1] if len(some) > 1 and times[some[1]] <= rare else None), by_name),
    ]
    if big:
        two = of(lambda some: " ".join(sorted(some[:2])) if len(some) > 1 else None)
        found.append(Pass("two rarest words", two, by_name))
    solid = records["solid_name"]
    begins = solid.derive(lambda name: name[: 10 if big else 6]).codes.astype(np.int64)
    found.append(Pass("beginning of the name", begins, by_name))
    first = names.derive(lambda name: name.split()[0]).codes
    short = np.where(code("short_name") >= 0, code("short_name"), code("initials"))
    sound = code("name_sound")
    places = [name for name in ("postal_area", "city_sound") if name in records]
    for label, part in (("first word", first), ("sound of the name", sound), ("initials", short)):
        if big:
            found += [Pass(f"{label} and {place}", key(part, code(place)), by_name) for place in places]
        else:
            found.append(Pass(label, part.astype(np.int64), by_name))
    if "street_key" in records:
        near = [code(places[0])] if big and places else []
        found.append(Pass("house", key(code("house_number"), code("street_key"), *near), ("address",)))
    if "postal_code" in records:
        two = names.derive(lambda name: name[:2]).codes
        found.append(Pass("postal code and two letters", key(code("postal_code"), two), ("address",)))
    if "city" in records:
        some = names.derive(lambda name: name[: 4 if big else 3]).codes
        found.append(Pass("city and the first letters", key(code("city"), some), ("address",)))
    return found


def order(records: Records) -> NDArray | None:
    """Return what brings likely neighbours together within a large block."""
    for name in ("postal_code", "birth_date"):
        if name in records:
            return records.codes(name)
    return None
