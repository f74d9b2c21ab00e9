"""Pairs of customers weighed by what the last scan learned.

What compares is large and wanted by few, so a server loads this module when somebody first needs it: ``engine``.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from math import log2
from types import ModuleType
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from c360.matching import generic, readings
from c360.matching.keys import Row
from c360.matching.rule import Asked
from c360.models.duplicate import DuplicateModel
from c360.services.duplicates import sources
from c360.services.duplicates.rules import Rules

if TYPE_CHECKING:
    from c360.matching.guards import Household
    from c360.matching.model import Model
    from c360.matching.online import Looked, Weighed
    from c360.matching.population import Population
    from c360.matching.table import Table

Learned = tuple["Model", "Population"]
_latest: dict[str, tuple[UUID, Learned]] = {}
"""What was learned last of each kind of customer, as this process read it."""


@cache
def engine(name: str) -> ModuleType:
    """Return a module of the matching engine, loaded now."""
    return import_module(f"c360.matching.{name}")


def learned(session: Session, entity: str) -> Learned | None:
    """Return what the last whole scan of a kind of customer learned; None before the first."""
    now = session.exec(_latest_of(entity)).first()
    if now is None:
        return None
    kept = _latest.get(entity)
    if kept is None or kept[0] != now:
        columns = select(DuplicateModel.weights, DuplicateModel.population)
        weights, population = session.exec(columns.where(DuplicateModel.id == now)).one()
        found = engine("model").from_json(weights), engine("population").from_json(population)
        kept = _latest[entity] = now, found
    return kept[1]


@cache
def _latest_of(entity: str) -> SelectOfScalar[UUID]:
    """Return the query that tells which scan was the last; made once, for making it takes longer than to run."""
    return select(DuplicateModel.id).where(DuplicateModel.entity == entity)


def table(entity: str, rows: Sequence[Row]) -> "Table":
    """Return a few records as the engine's table."""
    return engine("table").of_rows([row.texts for row in rows], engine("table").FIELDS[entity])


def worth(model: "Model | None", name: str) -> tuple[float, float]:
    """Return the bits a model gives to two records that agree on a field, and to two that differ."""
    if model is None or name not in model.fields:
        return 0.0, 0.0
    place = model.fields.index(name)
    same, chance = model.shares[0][place], model.shares[1][place]
    return round(log2(same[0] / chance[0]), 1), round(log2(same[-1] / chance[-1]), 1)


def weigh(
    session: Session, entity: str, some: "Table", pairs: Sequence[tuple[int, int]], by: Rules, asked: Sequence[Asked],
    least: float = 0.0,
) -> list["Weighed"]:  # fmt: skip
    """Weigh pairs of rows by what was learned, or by what to expect anywhere before the first scan.

    Those that score ``least`` and more are returned; ``asked`` are the rules as they are asked of the rows.
    """
    return engine("online").told(_look(session, entity, some, pairs, by, asked), least) if pairs else []


def sort(
    session: Session, entity: str, some: "Table", pairs: Sequence[tuple[int, int]], by: Rules, asked: Sequence[Asked]
) -> tuple[list["Weighed"], list["Household"]]:
    """Return the pairs of rows that are to be looked at by these rules, and those that are a household instead."""
    if not pairs:
        return [], []
    looked = _look(session, entity, some, pairs, by, asked)
    return engine("online").told(looked, by.ask), engine("online").households(looked)


def _look(
    session: Session, entity: str, some: "Table", pairs: Sequence[tuple[int, int]], by: Rules, asked: Sequence[Asked]
) -> "Looked":
    known = learned(session, entity) or (None, None)
    return engine("online").look(counted(some, by), entity, pairs, *known, rules=asked, emphasis=by.weights)


def counted(some: "Table", by: Rules) -> "Table":
    """Return a table without the columns and the values that do not count by these rules, read as they say."""
    read = {column: said for name, said in by.readings.items() for column in sources.parts(name)}
    counts = readings.table(some.without(sources.left_out(by.without)), read)
    return generic.table(counts, readings.values(by.generic, read))
