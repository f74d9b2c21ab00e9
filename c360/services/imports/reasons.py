"""Why a row was not taken, as JSON: column, key of the catalogue, parameters."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError

from c360.core.errors import C360Error, Invalid
from c360.services import constraints
from c360.services.imports.plan import Plan


def reasons(error: C360Error | DBAPIError) -> list[dict[str, Any]]:
    """Return what an error means to whoever mends the row."""
    if isinstance(error, IntegrityError):
        error = constraints.meaning(error)
    if isinstance(error, DBAPIError):
        return [{"column": "", "key": "error.refused", "params": {}}]
    if isinstance(error, Invalid):
        return [
            {"column": name, "key": message.key, "params": _plain(message.params)}
            for name, message in error.fields.items()
        ]
    return [{"column": "", "key": error.message.key, "params": _plain(error.message.params)}]


def by_column(plan: Plan, problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name problems by the column of the file they come from, where one does."""
    columns = {c.target: c.column for c in plan.columns if c.target}
    return [{**problem, "column": columns.get(problem["column"], problem["column"])} for problem in problems]


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | float) else str(value) for name, value in params.items()}
