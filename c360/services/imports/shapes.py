"""What a file can hold: how its rows are read, matched and written, one shape an entity."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from c360.core.actor import Actor, Verb
from c360.query.scope import BOTH
from c360.services.duplicates import asking
from c360.services.imports import activities, activity_words, relation_words, relations
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
    what may become of a record that is there already, ``match`` by what rows are recognised unless the file has an id,
    ``right`` the entity whose import allows this one.
    """

    targets: Callable[[UnitOfWork, str], dict[str, Target]]
    match_keys: Callable[[UnitOfWork, str], dict[str, str]]
    missing: Callable[[Plan, Mapping[str, Target]], list[str]]
    synonyms: Mapping[str, tuple[str, ...]]
    chunk: Callable[[UnitOfWork, Setting], Chunk]
    after: Callable[[UnitOfWork, str], object] = lambda uow, entity: None
    on_match: tuple[str, ...] = ON_MATCH
    match: str = ""
    right: str = ""


CUSTOMERS = Shape(targets, match_keys, missing, SYNONYMS, Customers, asking.after_import)
ACTIVITIES = Shape(
    activities.targets, activities.match_keys, activities.missing, activity_words.SYNONYMS, activities.Activities,
    on_match=CHANGING,
)  # fmt: skip
RELATIONS = Shape(
    relations.targets, relations.match_keys, relations.missing, relation_words.SYNONYMS, relations.Relations,
    on_match=CHANGING, match=relations.TIE, right="customer",
)  # fmt: skip
SHAPES: Mapping[str, Shape] = {
    "contact": CUSTOMERS,
    "account": CUSTOMERS,
    "activity": ACTIVITIES,
    "relation": RELATIONS,
}


def permits(actor: Actor, entity: str) -> bool:
    """Tell whether an actor may import files that hold an entity."""
    right = SHAPES[entity].right or entity
    return any(actor.may(Verb.IMPORT, key) for key in (BOTH if right == "customer" else (right,)))


def require(uow: UnitOfWork, entity: str) -> None:
    """Raise ``Forbidden`` unless the actor may import files that hold an entity."""
    uow.require(Verb.IMPORT, SHAPES[entity].right or entity)


def shape_of(entity: str) -> Shape:
    """Return the shape of files that hold an entity."""
    return SHAPES[entity]
