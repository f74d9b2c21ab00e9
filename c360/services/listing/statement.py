"""From a query to its SQL: which rows, in what order, which window."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.errors import Forbidden, Invalid
from c360.models.customer import Customer
from c360.models.customer_indexes import SORTED, index_of
from c360.models.search import SearchDocument
from c360.query import text
from c360.query.complete import complete
from c360.query.criteria import Criteria, Criterion
from c360.query.expressions import expression
from c360.query.scope import live, reach
from c360.registry.entity import Entity, FieldSpec, entity_for
from c360.services import shelves
from c360.services.consents import asking
from c360.services.listing import order
from c360.services.listing.query import ListQuery, Mailing
from c360.services.uow import UnitOfWork

FEW = 500
"""So many customers a word may leave to be named one by one."""
COUNTED = 10_000
"""Where a list stops counting unless it is asked for the exact number."""


def conditions(uow: UnitOfWork, query: ListQuery) -> list[ColumnElement[bool]]:
    """Return the tests a row must pass: reach, life-cycle, criteria, search, folder."""
    entity = entity_for(query.entity)
    if not _listed(uow, entity):
        raise Forbidden("error.forbidden", verb=Verb.READ.value, entity=entity.label)
    found = [reach(entity, uow.actor, Verb.READ), live(entity, inactive=query.include_inactive)]
    tree = complete(query.criteria)
    if tree.of:
        found.append(uow.where(query.entity, tree))
    if query.folder:
        found.append(shelves.inside(uow, entity, query.folder))
    if query.mailing:
        found.append(_mailed(uow, entity, query.mailing))
    if query.search.strip():
        found.append(_searched(uow, entity, query.search))
    return [*found, *_narrowed(uow, entity, query, tree)]


def _mailed(uow: UnitOfWork, entity: Entity, mailing: Mailing) -> ColumnElement[bool]:
    if entity.model is not Customer:
        raise Invalid.field("mailing", "mailing.customers")
    return asking.contactable(asking.named(uow, mailing.purpose, mailing.medium), mailing.medium)


def _narrowed(uow: UnitOfWork, entity: Entity, query: ListQuery, tree: Criteria) -> Iterator[ColumnElement[bool]]:
    """Yield the few customers a rare word leaves, by id: a planner cannot know how rare it is, and would walk the list.

    A common word yields nothing: there the list's own order finds a page soon.
    """
    if entity.model is not Customer:
        return
    asked: list[tuple[tuple[str, ...], list[text.Term]]] = []
    columns = text.readable_columns(entity, uow.actor)
    if query.search.strip() and columns and ("people" in columns or entity.key == "contact"):
        asked.append((columns, text.terms(query.search)))
    fields = uow.fields(entity.key)
    for part in tree.of if tree.join == "all" else ():
        if isinstance(part, Criterion) and part.op == "contains" and isinstance(part.value, str):
            spec = fields.get(part.field)
            if spec is not None and spec.searched:
                asked.append(((spec.searched,), [(text.fold(part.value),)]))
    for names, terms in asked:
        if not any(len(one) >= text.SHORTEST for term in terms for one in term):
            continue
        holding = select(col(SearchDocument.customer_id)).where(text.documented(names, terms)).limit(FEW + 1)
        ids = uow.session.execute(holding).scalars().all()
        if len(ids) <= FEW:
            yield col(Customer.id).in_(ids)


def _listed(uow: UnitOfWork, entity: Entity) -> bool:
    keys = ("contact", "account") if entity.key == "customer" or entity.within else (entity.key,)
    return any(uow.actor.may(Verb.READ, key) for key in keys)


def _searched(uow: UnitOfWork, entity: Entity, words: str) -> ColumnElement[bool]:
    if entity.model is Customer:
        return text.matching(entity, uow.actor, words)
    fields = uow.fields(entity.key)
    model: Any = entity.model
    titles = [getattr(model, name) for name in entity.title if name in fields and fields[name].kind.python is str]
    found = literal_column("1") == literal_column("0")
    for column in titles:
        found = found | func.c360_fold(column).contains(text.fold(words.strip()), autoescape=True)
    return found


@cache
def _row(model: Any) -> Any:
    """Return the second look at a table, made once: copying sixty columns takes longer than most queries."""
    return aliased(model, name="row")


def window(
    uow: UnitOfWork,
    query: ListQuery,
    columns: Sequence[str],
    computed: Sequence[FieldSpec],
    start: int,
    end: int,
    tests: Sequence[ColumnElement[bool]],
    walked: str = "",
) -> Select[Any]:
    """Return the select of a window: ids alone from an index, then the rows of those ids.

    Skipping 900,000 rows costs little in an index and much in the table. ``walked`` names the index to walk.
    """
    entity = entity_for(query.entity)
    model: Any = entity.model
    keys = order.keys(entity, uow.fields(query.entity), query.sort)
    inner = select(model.id).where(*tests).order_by(*order.clauses(uow, entity, keys, model))
    if walked:
        inner = inner.with_hint(model, f"INDEXED BY {walked}", "sqlite")
    page = inner.limit(end - start).offset(start).subquery("page")
    row = _row(model)
    shown = [*(getattr(row, name) for name in columns), *(expression(row, spec) for spec in computed)]
    chosen = select(*shown).select_from(page).join(row, row.id == page.c.id)
    return chosen.order_by(*order.clauses(uow, entity, keys, row))


def as_made(
    query: ListQuery, columns: Sequence[str], computed: Sequence[FieldSpec], limit: int,
    tests: Sequence[ColumnElement[bool]],
) -> Select[Any]:  # fmt: skip
    """Return the select of the first rows in the order they were made, which is that of their ids."""
    model: Any = entity_for(query.entity).model
    page = select(model.id).where(*tests).order_by(model.id).limit(limit).subquery("page")
    row = _row(model)
    shown = [*(getattr(row, name) for name in columns), *(expression(row, spec) for spec in computed)]
    return select(*shown).select_from(page).join(row, row.id == page.c.id).order_by(row.id)


def walk(uow: UnitOfWork, query: ListQuery) -> str:
    """Name the index that holds a filtered list in its order, where the planner must be told; else return nothing.

    SQLite weighs a filter without knowing how many rows it leaves, and sorts a hundred thousand of them to show one
    page. PostgreSQL knows.
    """
    entity = entity_for(query.entity)
    filtered = complete(query.criteria).of or query.search.strip() or query.folder
    if entity.model is not Customer or not filtered or query.include_inactive:
        return ""
    if uow.session.get_bind().dialect.name != "sqlite":
        return ""
    first = order.keys(entity, uow.fields(query.entity), query.sort)[0].spec.name
    column = "sort_name" if first == "name" else first
    if column not in (SORTED[:3] if entity.key == "customer" else SORTED):
        return ""
    return index_of(column) if entity.key == "customer" else index_of("kind", column)


def counted(query: ListQuery, tests: Sequence[ColumnElement[bool]], cap: int | None) -> Select[Any]:
    """Return the select of the number of rows, up to a cap or exactly."""
    model: Any = entity_for(query.entity).model
    if cap is None:
        return select(func.count()).select_from(model).where(*tests)
    some = select(literal_column("1").label("one")).select_from(model).where(*tests).limit(cap + 1).subquery()
    return select(func.count()).select_from(some)


def first_ids(uow: UnitOfWork, query: ListQuery, limit: int) -> Select[Any]:
    """Return the select of the ids of a list in its order."""
    entity = entity_for(query.entity)
    model: Any = entity.model
    keys = order.keys(entity, uow.fields(query.entity), query.sort)
    tests = conditions(uow, query)
    return select(col(model.id)).where(*tests).order_by(*order.clauses(uow, entity, keys, model)).limit(limit)
