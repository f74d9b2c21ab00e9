"""Records that are not kept yet, as criteria read them: one typed, one in a file, one about to be changed."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, literal, null, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel

from c360.core.errors import Invalid
from c360.models.customer import Customer
from c360.query.criteria import Criteria, Criterion
from c360.query.expressions import plain
from c360.registry.entity import entity_for
from c360.services import fields, records
from c360.services.mass import chunks
from c360.services.uow import UnitOfWork

TABLE = SQLModel.metadata.tables["customer"]
NAMES = [column.key for column in TABLE.columns]
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Unkept:
    """What is said of a record, by field, over what is kept of ``mine``, the one it changes, if any.

    Of a record that is not ``whole`` more may be said yet: a field nobody named is unknown rather than empty.
    """

    values: Mapping[str, Any]
    mine: UUID | None = None
    whole: bool = True


def typed(
    uow: UnitOfWork, entity: str, texts: Mapping[str, Any], mine: UUID | None = None, *, whole: bool = True
) -> Unkept:  # fmt: skip
    """Return a record from what a form or a program says of it; what cannot be read yet is left out."""
    known, found = uow.fields(entity), dict[str, Any]()
    for name, text in texts.items():
        spec = known.get(name.removesuffix("[]"))
        if spec is not None and spec.editable:
            # Half an address or a date: saving says what is wrong with it.
            with suppress(ValueError):
                found[spec.name] = records.parse_field(spec, text)
    return owned(uow, found, mine, whole=whole)


def owned(uow: UnitOfWork, values: Mapping[str, Any], mine: UUID | None = None, *, whole: bool = True) -> Unkept:
    """Return a record from its typed values; a new one of which nobody says otherwise is the actor's own."""
    own = {} if mine else dict.fromkeys(("owner_id", "responsible_id", "created_by_id"), uow.actor.user_id)
    return Unkept({**own, **{name: value for name, value in values.items() if value is not None or mine}}, mine, whole)


def meeting(uow: UnitOfWork, entity: str, criteria: Criteria, some: Sequence[Unkept]) -> list[bool]:
    """Tell of each record whether it meets criteria, as the database tells it of those that are kept.

    What hangs on a record (tags, addresses, orders) a new one has not got yet. Where criteria test what is unknown of
    a record that is not whole, it passes: nothing said of it speaks against it.
    """
    wanted = set(_tested(criteria))
    found = [not one.whole and one.mine is None and not wanted <= one.values.keys() for one in some]
    asked = [place for place, passes in enumerate(found) if not passes]
    for part in chunks(asked, AT_ONCE):
        rows = [_columns(uow.session, entity, some[place]) for place in part]
        for place in _fitting(uow, entity, criteria, dict(zip(part, rows, strict=True))):
            found[place] = True
    return found


def _tested(criteria: Criteria) -> Iterable[str]:
    """Walk the fields of the record itself that criteria test; one nobody types for what hangs on it."""
    for part in criteria.of:
        if isinstance(part, Criteria):
            yield from _tested(part)
        else:
            yield part.field.partition(".")[0] if isinstance(part, Criterion) else ""


def _columns(session: Session, entity: str, one: Unkept) -> dict[str, Any]:
    """Return the columns a record would have if it were saved."""
    kept = session.get(Customer, one.mine) if one.mine else None
    values: dict[str, Any] = {name: getattr(kept, name) for name in NAMES} if kept else {"kind": entity}
    made: Any = Customer(**values)
    known, custom = fields.every(session, entity_for(entity)), dict(made.custom)
    for name, value in one.values.items():
        if name in known and known[name].source == "custom":
            custom[name] = plain(value)
        elif name in TABLE.columns:
            setattr(made, name, value)
    made.custom = custom
    # A record nobody has named yet has no name to be found by.
    with suppress(Invalid):
        made.settle()
    return {name: getattr(made, name) for name in NAMES}


def _fitting(
    uow: UnitOfWork, entity: str, criteria: Criteria, rows: Mapping[int, Mapping[str, Any]]
) -> Iterable[int]:  # fmt: skip
    """Return the places of the rows that meet criteria: they are put beside the table, whose types they take."""
    arms = [select(*TABLE.columns, literal(0).label("place")).where(false())]
    arms += [
        select(*(_value(row[column.key], column) for column in TABLE.columns), literal(place).label("place"))
        for place, row in rows.items()
    ]
    beside = union_all(*arms).subquery()
    test = uow.where(entity, criteria, model=aliased(Customer, beside))
    return uow.session.scalars(select(beside.c.place).where(test))


def _value(value: Any, column: Any) -> ColumnElement[Any]:
    return (null() if value is None else literal(value, column.type)).label(column.key)
