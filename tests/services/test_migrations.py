"""Migrations with data in every table: down to the first revision step by step, and forward from there."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Table, func, insert, inspect, select, text
from sqlalchemy import types as sql
from sqlmodel import SQLModel

from c360.core import db
from tests.conftest import BACKENDS, ROOT, copy_of, use

SETTINGS = Config(toml_file=ROOT / "pyproject.toml")
OLDEST = ScriptDirectory.from_config(SETTINGS).get_base() or ""
"""The first revision: what every installation there is has been through."""
WORDS = "Zoë 李 مريم 🦜 "
GIVEN: dict[str, dict[str, Any]] = {
    "attachment": {"entity": None, "record_id": None},
    "customer": {"kind": "account", "treated_as": None},
    "role": {"rights": {"contact": {"read": "own"}, "choice": {"read": "all"}}},
}
"""What a migration looks into has to make sense."""
MEANT = {"role.rights", "customer.treated_as"}
"""What migrations change on purpose."""
Rows = dict[str, dict[str, str]]
"""The rows of a table by their key, each column as text."""


def value(column: Column[Any], made: dict[str, dict[str, Any]], n: int) -> Any:
    """Return something a column may hold: what it points at where that is there already."""
    for key in column.foreign_keys:
        there = made.get(key.column.table.name)
        assert there or column.nullable, f"{column} comes before what it points at"
        return there[key.column.name] if there else None
    kind = column.type
    by_kind: list[tuple[Any, Any]] = [
        (sql.Uuid, uuid4()), (sql.Boolean, True), (sql.Integer, n), (sql.Float, n / 8), (sql.JSON, [n]),
        (sql.Numeric, n), (sql.LargeBinary, bytes([0, 255, n % 256])),
        (sql.DateTime, datetime(2001, 2, 3, 4, 5, tzinfo=UTC)), (sql.Date, date(1907, 3, 1)),
        (sql.String, f"{WORDS}{column.name}{n}"[: getattr(kind, "length", None) or 500]),
    ]  # fmt: skip
    plain = getattr(kind, "impl_instance", kind)
    return next(made for known, made in by_kind if isinstance(plain, known))


def fill() -> dict[str, dict[str, Any]]:
    """Put a row into every table, each column of it filled, and return the rows."""
    made: dict[str, dict[str, Any]] = {}
    with db.engine().begin() as connection:
        for n, table in enumerate(SQLModel.metadata.sorted_tables, start=1_000):
            row = {c.name: value(c, made, n) for c in table.columns} | GIVEN.get(table.name, {})
            connection.execute(insert(table), row)
            made[table.name] = row
    return made


def kept() -> dict[str, Rows]:
    """Return every row of every table of ours there is now, as text."""
    found: dict[str, Rows] = {}
    with db.engine().connect() as connection:
        there = inspect(connection)
        every, primary = there.get_multi_columns(), there.get_multi_pk_constraint()
        for name in set(there.get_table_names()) & set(SQLModel.metadata.tables):
            columns = [column["name"] for column in every[None, name]]
            keys = primary[None, name]["constrained_columns"]
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).mappings().all()
            found[name] = {" ".join(str(row[k]) for k in keys): {c: str(row[c]) for c in columns} for row in rows}
    return found


def lost(before: dict[str, Rows], now: dict[str, Rows]) -> list[str]:
    """Name every value that is not as it was, of the columns both have."""
    gone = {
        f"{table}.{column}"
        for table, rows in now.items()
        for key, row in before.get(table, {}).items()
        for column, was in row.items()
        if key not in rows or rows[key].get(column, was) != was
    }
    return sorted(gone - MEANT)


@pytest.mark.parametrize("backend", BACKENDS)
# SQLite cannot read an index by an expression back; nothing here depends on it.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_data_of_kept_tables_survives_every_step_down_and_up(backend, template, tmp_path):
    if backend not in template:
        pytest.skip("PostgreSQL is not running here")
    with copy_of(template, backend, tmp_path) as url:
        use(url)
        made = fill()
        first = kept()
        assert set(first) == set(SQLModel.metadata.tables)
        assert all(first.values())
        command.downgrade(SETTINGS, OLDEST)
        oldest = kept()
        assert lost(first, oldest) == []
        assert {"customer", "user", "change_row", "address", "setting"} <= set(oldest)
        assert "relation" not in oldest
        command.upgrade(SETTINGS, "head")
        assert lost(oldest, kept()) == []
        command.check(SETTINGS)
        customer: Table = SQLModel.metadata.tables["customer"]
        with db.engine().connect() as connection:
            mine: UUID = made["customer"]["id"]
            assert connection.scalar(select(customer.c.treated_as).where(customer.c.id == mine)) == "company"
            n = connection.scalar(select(func.count()).select_from(SQLModel.metadata.tables["choice"]))
        assert n == len(first["choice"])
        db.engine().dispose()
