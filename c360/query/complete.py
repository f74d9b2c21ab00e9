"""Half-typed conditions: which ones they are, and the criteria without them."""

from collections.abc import Iterator
from dataclasses import replace

from c360.query.criteria import Criteria, Criterion, Related
from c360.query.operators import OPERATORS

NEEDED = {"nothing": 0, "two": 2, "two_days": 2}


def is_complete(part: Criterion) -> bool:
    """Tell whether a condition has its field, its operator and every value the operator takes."""
    if not part.field or not part.op:
        return False
    operator = OPERATORS.get(part.op)
    # What nobody knows is not half-typed: compiling it says what is wrong.
    return operator is None or len(_filled(part)) >= NEEDED.get(operator.takes, 1)


def complete(criteria: Criteria) -> Criteria:
    """Return the criteria that can be run: half-typed conditions are left out."""
    return replace(criteria, of=tuple(_kept(criteria)))


def _kept(criteria: Criteria) -> Iterator[Criterion | Criteria | Related]:
    for part in criteria.of:
        if isinstance(part, Criteria):
            inner = complete(part)
            # A group left without any condition asks nothing, whatever joins it.
            if inner.of:
                yield inner
        elif isinstance(part, Related):
            yield replace(part, of=complete(part.of))
        elif is_complete(part):
            yield part if isinstance(part.value, str) else replace(part, value=_filled(part))


def incomplete(criteria: Criteria) -> list[Criterion]:
    """Return the conditions that cannot be run yet, in the order they stand."""
    found: list[Criterion] = []
    for part in criteria.of:
        if isinstance(part, Criterion):
            found += [] if is_complete(part) else [part]
        else:
            found += incomplete(part if isinstance(part, Criteria) else part.of)
    return found


def _filled(part: Criterion) -> tuple[str, ...]:
    values = (part.value,) if isinstance(part.value, str) else part.value
    return tuple(v for v in values if v.strip())
