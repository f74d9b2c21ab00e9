"""Pairs of customers weighed by what the last scan learned.

What compares is large and wanted by few, so a server loads this module when somebody first needs it: ``engine``.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session, select

from c360.matching.keys import Row
from c360.models.duplicate import DuplicateModel
from c360.services.duplicates import rules

if TYPE_CHECKING:
    from c360.matching.model import Model
    from c360.matching.online import Weighed
    from c360.matching.population import Population

Learned = tuple["Model", "Population"]
_latest: dict[str, tuple[UUID, Learned]] = {}
"""What was learned last of each kind of customer, as this process read it."""


@cache
def engine(name: str) -> ModuleType:
    """Return a module of the matching engine, loaded now."""
    return import_module(f"c360.matching.{name}")


def learned(session: Session, entity: str) -> Learned | None:
    """Return what the last whole scan of a kind of customer learned; None before the first."""
    now = session.exec(select(DuplicateModel.id).where(DuplicateModel.entity == entity)).first()
    if now is None:
        return None
    kept = _latest.get(entity)
    if kept is None or kept[0] != now:
        columns = select(DuplicateModel.weights, DuplicateModel.population)
        weights, population = session.exec(columns.where(DuplicateModel.id == now)).one()
        found = engine("model").from_json(weights), engine("population").from_json(population)
        kept = _latest[entity] = now, found
    return kept[1]


def weigh(session: Session, entity: str, rows: Sequence[Row], pairs: Sequence[tuple[int, int]]) -> list["Weighed"]:
    """Weigh pairs of rows by what was learned, or by what to expect anywhere before the first scan."""
    known = learned(session, entity) or (None, None)
    table = engine("table").of_rows([row.texts for row in rows], engine("table").FIELDS[entity])
    return engine("online").weigh(table, entity, pairs, *known, rules=rules.of(session, entity).rules)
