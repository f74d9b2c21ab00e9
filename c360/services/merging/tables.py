"""What the census says of each table: the columns that name customers, what makes two of its rows twins, its name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Boolean

from c360.core.i18n import text
from c360.models import census
from c360.models.customer import Customer
from c360.registry.entity import Entity, entities, entity_for, marks_of
from c360.registry.marks import OnMerge, SystemSet
from c360.registry.record import Row
from c360.services import names

SPLIT = {"activity_customer": "kind", "communication": "family"}
"""Tables whose rows a person knows by kind: calls and notes are chosen apart, e-mails and phones too."""
OPTION = {"kind": "activity_kind", "family": "family"}
FIXED = frozenset(
    {"external_reference", "consent_event", "subject_request", "legal_hold", "employment", "folder_member"}
)
"""Rows every merge keeps, whoever's they are: nobody replaces an identity, a consent or a duty."""
BESIDE = frozenset({"stored_file"})
"""Rows that follow without being told of: a file is known by the attachment, photo or proof that holds it."""
STILL = (OnMerge.KEEP, OnMerge.RECOMPUTE)


@dataclass(frozen=True, eq=False)
class Linked:
    """A table whose rows name customers: through which columns, and what makes two of them the same row twice."""

    model: Any
    entity: Entity | None
    columns: tuple[str, ...]
    typed: str | None
    policy: OnMerge
    twins: tuple[str, ...]
    unique: bool
    """Whether an index allows each set of references and twins once."""
    retires: str | None
    """The column that says since when a row no longer counts."""
    subject: Entity | None = None
    """What its rows put on a customer, where two of that can say the same: an activity, a post."""
    via: str = "id"
    """The column that names it: the row itself, or the reference of a link."""

    @property
    def compared(self) -> bool:
        """Whether the survivor's rows are compared with those that come."""
        return bool(self.twins) or self.subject is not None

    @property
    def table(self) -> Any:
        """The table itself."""
        return self.model.__table__

    @property
    def name(self) -> str:
        """Its name: the entity's key where it has one."""
        return self.entity.key if self.entity else self.table.name

    @property
    def within(self) -> str | None:
        """The column of the customer its rows belong to."""
        return self.entity.within if self.entity else None

    @property
    def split(self) -> str | None:
        """The column by which a person tells kinds of its rows."""
        return SPLIT.get(self.table.name)

    @property
    def ordered(self) -> bool:
        """Whether its two columns hold a pair, the smaller id on the left."""
        return self.columns == ("left_id", "right_id")

    @property
    def replaceable(self) -> bool:
        """Whether a person may choose one record's rows instead of all."""
        mine = self.within in self.columns and self.retires is not None
        return mine and self.name not in FIXED and not self.ordered

    @property
    def contents(self) -> tuple[str, ...]:
        """The columns that hold what somebody said: a row is the richer the more of them are filled."""
        marked = ((c.name, marks_of(self.model, c.name)) for c in self.table.c if c.name not in self.columns)
        return tuple(name for name, marks in marked if not any(isinstance(m, SystemSet) for m in marks))

    def is_flag(self, name: str) -> bool:
        """Tell whether a column says yes or no."""
        return isinstance(self.table.c[name].type, Boolean)

    def key(self, kind: str = "") -> str:
        """Return the key of one kind of its rows."""
        return f"{self.name}.{kind}" if kind else self.name

    def label(self, kind: str, language: str) -> str:
        """Return what one kind of its rows is called, several of them."""
        if kind and self.split:
            return names.option(OPTION[self.split], kind, language)
        called = self.entity.plural if self.entity else self.table.name.replace("_", " ").capitalize()
        plural = text(language, f"entity.{self.name}.plural", default=called)
        return text(language, f"merge.rows.{self.name}", default=plural)


@cache
def linked() -> tuple[Linked, ...]:
    """Return every table with rows that follow a customer through a merge; his own table is not among them."""
    return tuple(_linked())


def _linked() -> Iterator[Linked]:
    models: dict[Any, list[census.Link]] = {}
    for link in census.links():
        if link.policy not in STILL and link.model is not Customer:
            models.setdefault(link.model, []).append(link)
    for model, links in models.items():
        entity = next((one for one in entities() if one.model is model), None)
        columns = tuple(link.name for link in links)
        unique, retires = _unique(model, columns)
        twins = entity.twins if entity and entity.twins else unique or ()
        policies = {link.policy for link in links}
        policy = OnMerge.FORBID if OnMerge.FORBID in policies else links[0].policy
        if "archived_at" in model.__table__.c:
            retires = "archived_at"
        about = _subject(entity) if entity else (None, "id")
        yield Linked(model, entity, columns, links[0].typed, policy, twins, unique is not None, retires, *about)


def _subject(entity: Entity) -> tuple[Entity | None, str]:
    """Return what a row of an entity puts on a customer, if two of that can say the same, and the column naming it."""
    for one in entities():
        if one.same and one.through and one.through[0] == entity.key:
            return one, one.through[1]
    return (entity if entity.same else None), "id"


def own() -> tuple[str, ...]:
    """Return the columns by which customers name each other."""
    return tuple(link.name for link in census.links() if link.model is Customer and link.policy is OnMerge.MOVE)


def is_journaled(one: Linked) -> bool:
    """Tell whether the journal tells of the table's rows."""
    return one.entity is not None and issubclass(one.model, Row)


def _unique(model: Any, columns: tuple[str, ...]) -> tuple[tuple[str, ...] | None, str | None]:
    """Return the other columns of a unique index that names a customer, and what takes a row out of it."""
    for index in sorted(model.__table__.indexes, key=lambda one: one.name):
        within = [column.name for column in index.columns]
        if index.unique and set(within) & set(columns):
            where = index.dialect_options["sqlite"].get("where")
            told = re.match(r"(\w+) IS NULL", str(where)) if where is not None else None
            return tuple(name for name in within if name not in columns), told.group(1) if told else None
    return None, None


def hop(one: Linked, path: str) -> tuple[Any, Any] | None:
    """Return the table and the column at the end of a hop over a reference; None when the path is a column."""
    reference, _, name = path.partition(".")
    if not name:
        return None
    target = next(iter(one.table.c[reference].foreign_keys)).column.table
    return target, target.c[name]


def named(key: str) -> Entity | None:
    """Return the entity of this key, None for a table the journal does not tell of."""
    return next((one for one in entities() if one.key == key), None) and entity_for(key)
