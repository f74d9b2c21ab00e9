"""Global search: customers by name, e-mail, phone, address and their people, typing errors forgiven, best first.

Nothing here counts or sorts a large set: any two hundred that fit are taken from the index, and those are ranked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapidfuzz.distance import OSA
from sqlalchemy import Select
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.fold import fold
from c360.models.customer import Customer
from c360.models.search import SearchDocument
from c360.query import text
from c360.query.scope import live, reach
from c360.registry.entity import entity_for
from c360.services import merged
from c360.services.listing import cells
from c360.services.uow import UnitOfWork

TAKEN, ALIKE, ENOUGH = 200, 1_000, 5
"""How many that fit are ranked; how many that are alike are looked at; how many make guessing needless."""
SURE = 0.7
"""How like a word must be to count as the one that was meant."""
SHOWN = ("job_title", "employer_id", "email", "phone", "city")
LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer that was found: what he is called, what tells him from his namesakes, where he opens."""

    id: str
    entity: str
    label: str
    sub: str
    href: str


def find(uow: UnitOfWork, words: str, limit: int = 20, *, inactive: bool = False) -> list[Hit]:
    """Return the customers in reach that fit a typed text, best first."""
    words = " ".join(words.replace("\x00", " ").split())[: text.LONGEST]
    if not words or not any(uow.actor.may(Verb.READ, kind) for kind in ("contact", "account")):
        return []
    if (asked := _asked(uow, words)) is not None:
        return _hits(uow, uow.session.execute(_select(uow, inactive).where(col(Customer.id) == asked)).all())
    found = {row.id: row for row in _fitting(uow, words, inactive)}
    ranked = sorted(found.values(), key=lambda row: _rank(uow, row, words))
    if len(ranked) < ENOUGH:
        ranked += [row for row in _alike(uow, words, inactive) if row.id not in found]
    return _hits(uow, ranked[:limit])


def _select(uow: UnitOfWork, inactive: bool) -> Select[Any]:
    entity = entity_for("customer")
    columns: Any = (
        Customer.id, Customer.kind, Customer.name, Customer.sort_name, Customer.email, Customer.phone, Customer.city,
        Customer.job_title, Customer.employer_id, Customer.owner_id, Customer.updated_at,
    )  # fmt: skip
    return select(*columns).where(reach(entity, uow.actor, Verb.READ), live(entity, inactive=inactive))


def _asked(uow: UnitOfWork, words: str) -> UUID | None:
    """Return the customer whose id was typed, or who is left of him; None when it is no id."""
    try:
        typed = UUID(words)
    except ValueError:
        return None
    return merged.survivors(uow.session, [typed]).get(typed, typed)


def _fitting(uow: UnitOfWork, words: str, inactive: bool) -> list[Any]:
    entity = entity_for("customer")
    found = _select(uow, inactive)
    rows = list(uow.session.execute(found.where(text.matching(entity, uow.actor, words)).limit(TAKEN)).all())
    if len(rows) == TAKEN and "name" in text.readable_columns(entity, uow.actor):
        # Among many, those whose name begins so must not be left out by chance.
        name, begins = col(Customer.sort_name), fold(words)
        first = found.where(name >= begins, name < begins + LAST).order_by(name).limit(TAKEN // 4)
        rows += uow.session.execute(first).all()
    return rows


def _rank(uow: UnitOfWork, row: Any, words: str) -> tuple[int, bool, float, str]:
    """Order: the text itself, a beginning, whole words, anywhere in the name, elsewhere; own and recent ones first."""
    may = uow.fields(row.kind)
    name, email, phone = (
        getattr(row, one) or "" if seen in may else ""
        for one, seen in (("sort_name", "name"), ("email", "email"), ("phone", "phone"))
    )
    asked, parts = fold(words), name.split()
    digits, dialled = re.sub(r"\D", "", words), re.sub(r"\D", "", phone)
    if asked in (name, email) or (len(digits) > 5 and dialled.endswith(digits.lstrip("0"))):
        place = 0
    elif name.startswith(asked):
        place = 1
    elif all(any(part.startswith(word) for part in parts) for word in asked.split()):
        place = 2
    elif email.startswith(asked):
        place = 3
    else:
        place = 4 if asked in name else 5
    return place, row.owner_id != uow.actor.user_id, -row.updated_at.timestamp(), name


def _alike(uow: UnitOfWork, words: str, inactive: bool) -> list[Any]:
    """Find what may have been meant: a typing error leaves one half of a word whole."""
    asked = fold(words).split()
    entity = entity_for("customer")
    if not all(len(word) >= text.SHORTEST and word.isalpha() for word in asked):
        return []
    if "name" not in text.readable_columns(entity, uow.actor):
        return []
    whole = reach(entity, uow.actor, Verb.READ)
    near = select(SearchDocument.customer_id, SearchDocument.name).where(
        text.documented(("name",), [halves(word) for word in asked])
    )
    if any(uow.actor.owners(kind, Verb.READ) is not None for kind in ("contact", "account")):
        near = near.where(col(SearchDocument.customer_id).in_(select(col(Customer.id)).where(whole)))
    scored = [(likeness(asked, name), found) for found, name in uow.session.execute(near.limit(ALIKE)).all()]
    best = sorted((one for one in scored if one[0] >= SURE), reverse=True)[:TAKEN]
    if not best:
        return []
    places: dict[UUID, float] = {found: score for score, found in best}
    rows = uow.session.execute(_select(uow, inactive).where(col(Customer.id).in_(places))).all()
    return sorted(rows, key=lambda row: (-places[row.id], row.owner_id != uow.actor.user_id, row.sort_name))


def halves(word: str) -> text.Term:
    """Return the beginning and the end of a word: one error can spoil one of them alone."""
    size = max(text.SHORTEST, (len(word) + 1) // 2)
    return tuple(dict.fromkeys((word[:size], word[-max(text.SHORTEST, len(word) // 2) :])))


def likeness(asked: Sequence[str], name: str) -> float:
    """Return how like the least like of the asked words is to some word of a name."""
    parts = name.split()
    return min((max((OSA.normalized_similarity(word, part) for part in parts), default=0.0)) for word in asked)


def _hits(uow: UnitOfWork, rows: Iterable[Any]) -> list[Hit]:
    rows = list(rows)
    known = {kind: uow.fields(kind) for kind in ("contact", "account")}
    employers = {row.employer_id for row in rows if row.employer_id and "employer_id" in known["contact"]}
    titles = cells.titles(uow, "account", employers)
    hits = []
    for row in rows:
        may = known[row.kind]
        told = [
            titles.get(str(row.employer_id), {}).get("label") if name == "employer_id" else getattr(row, name)
            for name in SHOWN
            if name in may
        ]
        label = row.name if "name" in may else "–"
        sub = " · ".join([part for part in told if part][:3])
        hits.append(Hit(str(row.id), row.kind, label, sub, f"/{row.kind}/{row.id}"))
    return hits
