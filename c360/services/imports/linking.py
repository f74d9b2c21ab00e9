"""Whom the words of a file name: customers by id, external id, number, e-mail or exact name, the surest way first."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col

from c360.core.actor import Verb
from c360.core.fold import fold
from c360.core.ids import id_in
from c360.models.communication import Communication
from c360.models.customer import Customer
from c360.models.external_reference import ExternalReference
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services import merged
from c360.services.imports.finding import parts
from c360.services.imports.parsing import Entry
from c360.services.uow import UnitOfWork

C: Any = Customer
Found = Iterator[tuple[str, UUID, bool]]
"""A word, a customer in reach that it names, and whether the actor may change him."""


def resolve(uow: UnitOfWork, source: str, entries: Sequence[Entry], *, every: bool = True) -> None:
    """Find the customers rows name; one that is unknown or doubtful is the row's problem.

    So is one who is not the actor's to change, where it takes the right to change ``every`` one, not just one of them.
    """
    found = customers(uow, source, {word for entry in entries for _, _, word in entry.named})
    for entry in entries:
        far: list[tuple[str, str]] = []
        for place, column, word in entry.named:
            ids = found.get(word, {})
            if len(ids) != 1:
                entry.wrong(column, f"import.customer.{'many' if ids else 'unknown'}", value=word[:100])
                continue
            customer_id, mine = next(iter(ids.items()))
            far += [] if mine else [(column, word)]
            if customer_id not in entry.ends.setdefault(place, []):
                entry.ends[place].append(customer_id)
        for column, word in far if every or len(far) == len(entry.named) else ():
            entry.wrong(column, "import.customer.far", value=word[:100])
        entry.named.clear()


def customers(uow: UnitOfWork, source: str, words: Iterable[str]) -> dict[str, dict[UUID, bool]]:
    """Return whom each word names, and whether the actor may change him; a surer way leaves the others unasked."""
    left, found = set(words), dict[str, dict[UUID, bool]]()
    for way in _ways(uow, source):
        for portion in parts(sorted(left)):
            for word, customer_id, mine in way(portion):
                found.setdefault(word, {})[customer_id] = bool(mine)
        left -= found.keys()
    return found


def _ways(uow: UnitOfWork, source: str) -> Iterator[Callable[[list[str]], Found]]:
    """Yield the ways to name a customer that this actor may use: by nothing that is closed to him."""
    known = uow.fields("customer")
    yield lambda words: _ids(uow, words)
    if "external_id" in uow.fields("external_reference"):
        yield lambda words: _external(uow, words, col(ExternalReference.source) == source)
        yield lambda words: _external(uow, words)
    if "code" in uow.fields("account"):
        yield lambda words: _rows(uow, C.code, {word: word for word in words})
    if "email" in known:
        yield lambda words: _mailed(uow, {word: word.lower() for word in words if "@" in word})
    if "name" in known:
        yield lambda words: _rows(uow, C.sort_name, {word: fold(" ".join(word.split())) for word in words})


def _seen(uow: UnitOfWork, *columns: Any) -> Any:
    mine = reach(entity_for("customer"), uow.actor, Verb.UPDATE).label("mine")
    return uow.select("customer").with_only_columns(*columns, C.id, mine)


def _rows(uow: UnitOfWork, column: Any, keys: Mapping[str, Any]) -> Found:
    if not keys:
        return
    query = _seen(uow, column).where(column.in_(sorted(set(keys.values()))))
    yield from _back(keys, uow.session.execute(query))


def _back(keys: Mapping[str, Any], rows: Iterable[Any]) -> Found:
    """Yield what was found under the words it was asked by."""
    words: dict[Any, list[str]] = {}
    for word, key in keys.items():
        words.setdefault(key, []).append(word)
    for key, customer_id, mine in rows:
        yield from ((word, customer_id, mine) for word in words[key])


def _ids(uow: UnitOfWork, words: list[str]) -> Found:
    ids = {word: known for word in words if (known := id_in(word))}
    # An id that was merged leads to the record that is left.
    left = merged.survivors(uow.session, ids.values()) if ids else {}
    yield from _rows(uow, C.id, {word: left.get(known, known) for word, known in ids.items()})


def _external(uow: UnitOfWork, words: list[str], *tests: Any) -> Found:
    query = _seen(uow, col(ExternalReference.external_id)).join(
        ExternalReference, col(ExternalReference.customer_id) == C.id
    )
    live = col(ExternalReference.archived_at).is_(None)
    yield from uow.session.execute(query.where(col(ExternalReference.external_id).in_(words), live, *tests))


def _mailed(uow: UnitOfWork, keys: dict[str, str]) -> Found:
    yield from _rows(uow, C.email, keys)
    if not keys:
        return
    option: Any = Communication
    query = _seen(uow, option.normalised).join(Communication, option.customer_id == C.id)
    tests = (option.family == "email", option.normalised.in_(sorted(set(keys.values()))), option.archived_at.is_(None))
    yield from _back(keys, uow.session.execute(query.where(*tests)))
