"""Fields of a customer that are worked out when they are read, never typed: age, tags, folders."""

from typing import Any

from sqlalchemy import Integer, case, cast, extract

from c360.core.clock import today
from c360.registry.entity import FieldSpec
from c360.registry.kinds import FOLDERS, INTEGER, TAGS
from c360.registry.marks import Privacy


def _age(model: Any) -> Any:
    """Whole years since the birth date; who is born on 29 February turns on 1 March of a common year."""
    now, born = today(), model.birth_date
    day = extract("month", born) * 100 + extract("day", born)
    still_to_come = case((day > now.month * 100 + now.day, 1), else_=0)
    return cast(now.year - extract("year", born) - still_to_come, Integer)


AGE = FieldSpec(
    "age", "Age", kind=INTEGER, editable=False, privacy=Privacy.PERSONAL, source="computed", sql=_age,
    reads=("birth_date",),
)  # fmt: skip
SHELVES = (
    FieldSpec("tags", "Tags", kind=TAGS, editable=False, target="tag", source="computed"),
    FieldSpec("folders", "Folders", kind=FOLDERS, editable=False, target="folder", source="computed"),
)
