"""Fields of a customer that are worked out when they are read, never typed: age, tags, folders, a likeness."""

from typing import Any

from sqlalchemy import Integer, case, cast, extract, or_
from sqlmodel import col, select

from c360.core.clock import today
from c360.models.duplicate import WAITING, DuplicateGroup, DuplicatePair
from c360.registry.entity import FieldSpec
from c360.registry.kinds import BOOLEAN, FOLDERS, INTEGER, TAGS
from c360.registry.marks import Privacy


def _age(model: Any) -> Any:
    """Whole years since the birth date; who is born on 29 February turns on 1 March of a common year."""
    now, born = today(), model.birth_date
    day = extract("month", born) * 100 + extract("day", born)
    still_to_come = case((day > now.month * 100 + now.day, 1), else_=0)
    return cast(now.year - extract("year", born) - still_to_come, Integer)


def _possible_duplicate(model: Any) -> Any:
    """Whether a group of possible duplicates that waits for a decision holds the customer."""
    waiting = select(DuplicateGroup.id).where(col(DuplicateGroup.state).in_(WAITING))
    sides = (DuplicatePair.left_id, DuplicatePair.right_id)
    return or_(*(model.id.in_(select(side).where(col(DuplicatePair.group_id).in_(waiting))) for side in sides))


AGE = FieldSpec(
    "age", "Age", kind=INTEGER, editable=False, privacy=Privacy.PERSONAL, source="computed", sql=_age,
    reads=("birth_date",),
)  # fmt: skip
SHELVES = (
    FieldSpec("tags", "Tags", kind=TAGS, editable=False, target="tag", source="computed"),
    FieldSpec("folders", "Folders", kind=FOLDERS, editable=False, target="folder", source="computed"),
    FieldSpec(
        "possible_duplicate",
        "Possible duplicate",
        kind=BOOLEAN,
        editable=False,
        source="computed",
        sql=_possible_duplicate,
    ),
)
