"""The search index: what a customer is found by, and how it is asked on SQLite (FTS5) and PostgreSQL (trigrams)."""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, ClassVar

import phonenumbers
from sqlalchemy import ColumnElement, Text, and_, false, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement as Element
from sqlalchemy.sql.visitors import InternalTraversal
from sqlmodel import col

from c360.core import home
from c360.core.actor import Actor, Verb
from c360.core.fold import fold
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.search import SearchDocument
from c360.query.scope import live, reach
from c360.registry.entity import Entity, entity_for

SHORTEST = 3
"""Shorter texts have no trigram: they are looked for without the index."""
LONGEST = 200
"""More of a search text than this is not read."""
DIALLING = re.compile(r"\+?[\d\s()./-]{5,}")
Term = tuple[str, ...]
"""Texts of which one must be found."""


class holds(Element[bool]):
    """Whether some columns of the search index hold, for each term, one of its texts."""

    # All parts make the key under which the compiled statement is kept; the shape tells which text is whose.
    _traverse_internals: ClassVar[list[Any]] = [
        ("parts", InternalTraversal.dp_clauseelement_list),
        ("shape", InternalTraversal.dp_plain_obj),
    ]

    def __init__(self, names: Sequence[str], terms: Sequence[Term]) -> None:
        self.columns = [getattr(SearchDocument, name) for name in names]
        self.number: Any = col(SearchDocument.number)
        of = "{" + " ".join(names) + "}"
        groups = [" OR ".join(f"{of} : {_quoted(t)}" for t in term) for term in terms]
        self.phrase = literal(" AND ".join(f"({g})" for g in groups), Text())
        self.likes = [[literal(f"%{like(t)}%", Text()) for t in term] for term in terms]
        self.parts = [*self.columns, self.number, self.phrase, *(one for term in self.likes for one in term)]
        self.shape = (tuple(names), tuple(len(term) for term in terms))

    @property
    def _from_objects(self) -> list[Any]:
        return self.number._from_objects

    def get_children(self, **_: Any) -> tuple[Any, ...]:
        """Return the parts SQLAlchemy walks."""
        return tuple(self.parts)


@compiles(holds, "sqlite")
def _sqlite(element: holds, compiler: SQLCompiler, **kw: Any) -> str:
    phrase = compiler.process(element.phrase, **kw)
    number = compiler.process(element.number, **kw)
    return f"{number} IN (SELECT rowid FROM search_fts WHERE search_fts MATCH {phrase})"  # noqa: S608 - bound


@compiles(holds, "postgresql")
def _postgresql(element: holds, compiler: SQLCompiler, **kw: Any) -> str:
    columns = [compiler.process(column, **kw) for column in element.columns]
    groups = (
        " OR ".join(f"{column} LIKE {compiler.process(one, **kw)}" for one in term for column in columns)
        for term in element.likes
    )
    return "(" + " AND ".join(f"({group})" for group in groups) + ")"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def like(text: str) -> str:
    """Return a text in which nothing is a wildcard of LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def column_contains(name: str, value: str) -> ColumnElement[bool]:
    """Return the test that a customer's name, e-mail or phone holds a text, through the index."""
    return col(Customer.id).in_(select(col(SearchDocument.customer_id)).where(holds((name,), ((fold(value),),))))


def terms(text: str) -> list[Term]:
    """Return what a typed text asks for: its folded words, or one phone number in its spellings."""
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    if DIALLING.fullmatch(text):
        return [_numbers(text)]
    return [spellings(word) for word in dict.fromkeys(fold(text).split())]


def spellings(word: str) -> Term:
    """Return a word and how else the same is written: who has no umlauts types Mueller and Strasse."""
    plain = re.sub("([aou])e", r"\1", word).replace("ß", "ss")
    sharp = word.replace("ss", "ß")
    return tuple(dict.fromkeys(one for one in (word, plain, sharp) if one == word or len(one) >= SHORTEST))


def _numbers(text: str) -> Term:
    digits = re.sub(r"\D", "", text)
    found = [digits, digits.lstrip("0")]
    with suppress(phonenumbers.NumberParseException):
        found.append(str(phonenumbers.parse(text, home.country()).national_number))
    known = tuple(dict.fromkeys(f for f in found if len(f) >= SHORTEST))
    # A number in full holds its shorter spellings, so the shortest alone finds them all.
    return (min(known, key=len),) if known else (text,)


def readable_columns(entity: Entity, actor: Actor) -> tuple[str, ...]:
    """Return the columns of the index that hold nothing this actor may not read."""
    kinds = ("contact", "account", "customer") if entity.key == "customer" else (entity.key, "customer")

    def shut(*names: str) -> bool:
        return any(f"{kind}.{name}" in actor.hidden for kind in kinds for name in names)

    limited = actor.owners("contact", Verb.READ) is not None
    inside = {name.partition(".")[0] for name in actor.hidden}
    closed = {
        "name": shut("name", "given_name", "middle_name", "family_name"),
        "email": shut("email") or "communication" in inside,
        "phone": shut("phone") or "communication" in inside,
        "address": shut("city") or "address" in inside,
        "people": limited or bool(inside & {"contact", "customer", "contact_person"}),
    }
    return tuple(name for name, is_closed in closed.items() if not is_closed)


def matching(entity: Entity, actor: Actor, text: str) -> ColumnElement[bool]:
    """Return the test that a customer is found by a typed text: every word of it, anywhere the actor may read."""
    asked = terms(text)
    columns = readable_columns(entity, actor)
    if not asked or not columns:
        return false()
    documents = col(Customer.id).in_(select(col(SearchDocument.customer_id)).where(documented(columns, asked)))
    if all(len(t) < SHORTEST for term in asked for t in term):
        return _short(asked) if "name" in columns else false()
    if "people" in columns or entity.key == "contact":
        return documents
    return or_(documents, _through_people(actor, asked))


def documented(columns: Sequence[str], asked: Sequence[Term]) -> ColumnElement[bool]:
    """Return the test that a document of the index fits: long terms by trigram, short ones by reading the name."""
    long = [term for term in asked if all(len(t) >= SHORTEST for t in term)]
    short = [term for term in asked if term not in long]
    parts = [holds(columns, long)] if long else []
    read = [getattr(SearchDocument, name) for name in columns]
    return and_(*parts, *(or_(*(c.contains(t, autoescape=True) for c in read for t in term)) for term in short))


def _short(asked: Sequence[Term]) -> ColumnElement[bool]:
    name = col(Customer.sort_name)
    return and_(*(or_(*(name.contains(t, autoescape=True) for t in term)) for term in asked))


def _through_people(actor: Actor, asked: Sequence[Term]) -> ColumnElement[bool]:
    """Find an account by those of its people the actor may see, by what he may read of them."""
    contact = entity_for("contact")
    columns = [name for name in readable_columns(contact, actor) if name in ("name", "email", "phone")]
    if not columns:
        return false()
    found = select(col(SearchDocument.customer_id)).where(documented(columns, asked))
    people = select(col(Customer.id)).where(
        col(Customer.id).in_(found), reach(contact, actor, Verb.READ), live(contact)
    )
    accounts = select(col(ContactPerson.account_id)).where(
        col(ContactPerson.contact_id).in_(people.correlate(None)), col(ContactPerson.archived_at).is_(None)
    )
    return col(Customer.id).in_(accounts.correlate(None))
