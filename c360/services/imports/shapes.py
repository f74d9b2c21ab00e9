"""What a file can hold: how its rows are read, matched and written, one shape an entity."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from c360.services.duplicates import asking
from c360.services.imports import activities, activity_words
from c360.services.imports.chunk import Chunk
from c360.services.imports.customers import Customers
from c360.services.imports.plan import CHANGING, ON_MATCH, Plan
from c360.services.imports.rows import Setting
from c360.services.imports.synonyms import SYNONYMS
from c360.services.imports.target import Target
from c360.services.imports.targets import match_keys, missing, targets
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of a file become records of an entity.

    ``targets`` lists where columns can go, ``match_keys`` by what a row is recognised, ``missing`` what a plan lacks;
    ``synonyms`` are header words by target. ``chunk`` writes rows, ``after`` follows the last one. ``on_match`` names
    what may become of a record that is there already.
    """

    targets: Callable[[UnitOfWork, str], dict[str, Target]]
    match_keys: Callable[[UnitOfWork, str], dict[str, str]]
    missing: Callable[[Plan, Mapping[str, Target]], list[str]]
    synonyms: Mapping[str, tuple[str, ...]]
    chunk: Callable[[UnitOfWork, Setting], Chunk]
    after: Callable[[UnitOfWork, str], object] = lambda uow, entity: None
    on_match: tuple[str, ...] = ON_MATCH


CUSTOMERS = Shape(targets, match_keys, missing, SYNONYMS, Customers, asking.after_import)
ACTIVITIES = Shape(
    activities.targets, activities.match_keys, activities.missing, activity_words.SYNONYMS, activities.Activities,
    on_match=CHANGING,
)  # fmt: skip
SHAPES: Mapping[str, Shape] = {"contact": CUSTOMERS, "account": CUSTOMERS, "activity": ACTIVITIES}


def shape_of(entity: str) -> Shape:
    """Return the shape of files that hold an entity."""
    return SHAPES[entity]
