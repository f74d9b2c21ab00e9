"""A chunk of rows, from cells to verdicts: every row ends up created, updated, unchanged, skipped or rejected."""

from collections.abc import Sequence

from sqlalchemy.exc import DBAPIError

from c360.core.errors import C360Error
from c360.services import loops
from c360.services.imports.reasons import by_column, reasons
from c360.services.imports.rows import REJECTED, Outcome, Raw, Setting
from c360.services.imports.shapes import shape_of
from c360.services.uow import UnitOfWork


def process(uow: UnitOfWork, setting: Setting, raws: Sequence[Raw]) -> list[Outcome]:
    """Write the rows; when the database refuses a chunk, its halves are tried, down to the row that is to blame."""
    if not raws:
        return []
    rows = {key: dict(row) for key, row in uow.draft.rows.items()}
    touched = set(uow.draft.customers)
    nested = uow.session.begin_nested()
    try:
        outcomes = shape_of(setting.plan.entity).chunk(uow, setting).run(raws)
        uow.session.flush()
        loops.refuse(uow.session, uow.draft.rows.values())
        nested.commit()
        return outcomes
    except (C360Error, DBAPIError) as error:
        nested.rollback()
        uow.draft.rows, uow.draft.customers = rows, touched
        if len(raws) > 1:
            half = len(raws) // 2
            return process(uow, setting, raws[:half]) + process(uow, setting, raws[half:])
        why = by_column(setting.plan, reasons(error))
        return [Outcome(raws[0].number, raws[0].cells, REJECTED, why, ask=True)]
