"""The keys one record is found by, kept with it: numbers two records share when they may be the same.

Plain Python on one record at a time, by the same normalisers as the comparison of a whole table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

from c360.matching.normalise import codes, days, organisations, people, places, reach
from c360.matching.normalise.text import skeleton

Text = str | None
LONG_MAILBOX = 6
WORDS = 4
STRONG = frozenset({"email", "phone", "identity_number", "tax_number", "registration_number"})
"""Keys that hardly two people share by chance: these alone tell of a record its finder may not open."""
MANY, RARE = 30_000, {"sounds": 20}
"""Records beyond which these keys tell something only where so few share them."""
REMEMBERED = 20_000
_name, _sound = lru_cache(REMEMBERED)(people.name), lru_cache(REMEMBERED)(skeleton)
_street = lru_cache(REMEMBERED)(places.street)
_organisation = lru_cache(REMEMBERED)(organisations.organisation)


@dataclass(frozen=True, slots=True)
class Row:
    """A record as plain text: its fields by name, and every e-mail address and phone number it has."""

    texts: Mapping[str, Text]
    emails: Sequence[str] = field(default=())
    phones: Sequence[str] = field(default=())


def keys(entity: str, row: Row) -> dict[int, str]:
    """Return the keys of a record, each with the name of what it is made of."""
    own = _person(row.texts) if entity == "contact" else _organisation_keys(row.texts)
    found: dict[int, str] = {}
    for name, *parts in (*_reached(row), *own):
        if all(parts):
            told = "\x1f".join((entity, name, *parts))
            found[int.from_bytes(blake2b(told.encode(), digest_size=8).digest(), signed=True)] = name
    return found


def rare(entity: str, given_name: Text, family_name: Text) -> dict[int, int]:
    """Return the keys of a record that must be rare where there are many, each with how many may share it."""
    named = keys(entity, Row({"given_name": given_name, "family_name": family_name}))
    return {key: RARE[name] for key, name in named.items() if name in RARE}


def _reached(row: Row) -> Iterator[tuple[str, ...]]:
    for text in dict.fromkeys(filter(None, (row.texts.get("email"), *row.emails))):
        address = reach.email(text)
        box = reach.mailbox(address)
        yield "email", address
        if len(box) >= LONG_MAILBOX:
            yield "mailbox", box
    for text in dict.fromkeys(filter(None, (row.texts.get("phone"), *row.phones))):
        yield "phone", reach.phone(text)
    for name in ("identity_number", "tax_number", "registration_number"):
        yield name, codes.code(row.texts.get(name) or "")
    yield "website", reach.web(row.texts.get("website") or row.texts.get("email_domain") or "")


def _person(texts: Mapping[str, Text]) -> Iterator[tuple[str, ...]]:
    given, family = _names(texts)
    sound_g, sound_f, initial = _sound(given), _sound(family), given[:1]
    day = days.day(texts.get("birth_date") or "")
    post = places.postal_code(texts.get("postal_code") or "")
    city = _sound(places.city(texts.get("city") or ""))
    house = _house(texts)
    yield ("names", *sorted((given, family)))
    yield ("sounds", *sorted((sound_g, sound_f)))
    yield "family sound and birth date", sound_f, day
    yield "given sound and birth date", sound_g, day
    yield "sounds and year", sound_f, sound_g, day[:4]
    yield "family sound, initial, month and day", sound_f, initial, day[4:]
    yield "family sound and postal code", sound_f, post
    yield "given sound and postal code", sound_g, post
    yield "family sound, initial and city", sound_f, initial, city
    yield "house and initial", house, post[:3] or city, initial


def _names(texts: Mapping[str, Text]) -> tuple[str, str]:
    """Return given and family name, taken apart where one cell holds both."""
    raw_given, raw_family = texts.get("given_name") or "", texts.get("family_name") or ""
    given, family = _name(raw_given), _name(raw_family)
    alone = given or family
    if bool(given) != bool(family) and " " in alone:
        given, family = people.halves(raw_given if given else raw_family)
    return given.partition(" ")[0], family.replace(" ", "")


def _house(texts: Mapping[str, Text]) -> str:
    street = _street(texts.get("street") or "")
    number = street.number or "".join((texts.get("house_number") or "").lower().split())
    return f"{number} {places.street_key(street.name)}" if street.name and number else ""


def _organisation_keys(texts: Mapping[str, Text]) -> Iterator[tuple[str, ...]]:
    name = _organisation(texts.get("name") or "")
    words = name.split()
    if not words:
        return
    solid, first = "".join(words), words[0]
    post = places.postal_code(texts.get("postal_code") or "")
    city = places.city(texts.get("city") or "")
    yield "name", solid
    yield "beginning of the name", solid[:10]
    for word in sorted(dict.fromkeys(words), key=lambda word: (-len(word), word))[:WORDS]:
        yield "word", word
    place = post[:3] or _sound(city)
    yield "first word and place", first, place
    yield "sound and place", _sound(first) + _sound(words[-1]), place
    yield "initials", organisations.initials(name) or organisations.short_name(name), place
    yield "house and place", _house(texts), place
    yield "postal code and two letters", post, name[:2]
    yield "city and the first letters", city, name[:4]
