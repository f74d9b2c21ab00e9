"""One Entity per business table as people meet it, its fields derived from the model."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from c360.core.actor import Actor
from c360.registry.kinds import CHOICE, CHOICES, KIND_BY_TYPE, OPTION, OPTIONS, TEXT, Kind
from c360.registry.marks import MadeOf, Needed, OnMerge, Options, PickList, Privacy, Searched, SystemSet, Target
from c360.registry.record import Row


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """Everything the app needs to know about one field.

    ``source`` says where the value lives: in a column, in the record's ``custom`` JSON, or in ``sql``, an expression
    made from the model (a computed field has no editor). ``reads`` names the fields it is made from: where one of them
    is hidden, so is it. ``off`` names the places an administrator keeps it out of: list, form,
    import, merge, history.
    """

    name: str
    label: str
    help: str = ""
    kind: Kind = TEXT
    required: bool = False
    editable: bool = True
    privacy: Privacy = Privacy.PLAIN
    max_length: int | None = None
    target: str | None = None
    pick_list: str | None = None
    options: Options | None = None
    searched: str | None = None
    source: Literal["column", "custom", "computed"] = "column"
    sql: Callable[[Any], Any] | None = None
    reads: tuple[str, ...] = ()
    default: Any = None
    unique: bool = False
    position: int = 0
    off: frozenset[str] = frozenset()

    @property
    def personal(self) -> bool:
        """Whether the field says something about a person."""
        return self.privacy in (Privacy.PERSONAL, Privacy.SENSITIVE)


@dataclass(frozen=True, slots=True)
class Section:
    """A named group of fields on a form; an administrator may switch it off."""

    key: str
    label: str
    fields: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Entity:
    """A business table as people meet it: in lists, forms, files and logs.

    ``narrow`` keeps an entity to some rows of its table (contacts and accounts share one). ``within`` names the
    reference to the record it belongs to, whose reach and rights it shares; ``across`` names a second one it stands
    between: then it is seen where both are, and changed by whoever may change one of them. ``scope`` replaces the
    rule of owner and reach where an entity has its own (tags, views). ``names`` limits the fields to those of its
    kind, ``readonly`` names those its forms may not change. ``related`` lists the (entity, reference) pairs that
    point here.
    ``beside`` names references whose target must be there and visible as well: who may not see a tag does not see it
    in use, and what was said in a call goes with it.
    ``changeable`` makes the table append-only: once written, a row changes in these fields alone and never goes.
    ``upon`` names the pair of columns (an entity's key, a record's id) that says upon which record it hangs where that
    is no customer: it shares that record's reach instead.
    ``joined`` opens what is ``within`` a customer to everybody who sees him: each may add one, and change his own.
    ``through`` names the entity, and its reference to here, that links a record to several customers: it is seen by
    its owner, by who made it and by whoever sees one of them.
    ``twins`` names what makes two rows of one customer the same row twice, a hop over a reference as
    ``file_id.sha256``; a unique index says so by itself.
    ``same`` names what two records say when they are equal though each came for itself: a merge keeps one of them.
    """

    key: str
    model: type[Row]
    label: str
    plural: str
    title: tuple[str, ...]
    columns: tuple[str, ...]
    path: str = ""
    icon: str = "circle"
    sections: tuple[Section, ...] = ()
    narrow: tuple[str, str] | None = None
    within: str | None = None
    across: str | None = None
    scope: Callable[[Actor], Any] | None = None
    names: tuple[str, ...] | None = None
    readonly: tuple[str, ...] = ()
    computed: tuple[FieldSpec, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    beside: tuple[str, ...] = ()
    changeable: tuple[str, ...] | None = None
    upon: tuple[str, str] | None = None
    joined: bool = False
    through: tuple[str, str] | None = None
    twins: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    sort: str = "-updated_at"
    fields: dict[str, FieldSpec] = field(init=False)

    def __post_init__(self) -> None:
        specs = [*_derive(self.model, self.key), *self.computed]
        chosen = {s.name: s for s in specs if self.names is None or s.name in self.names}
        chosen |= {n: replace(chosen[n], editable=False, required=False) for n in self.readonly}
        object.__setattr__(self, "fields", chosen)
        named = {"names": self.names or (), "title": self.title, "columns": self.columns}
        named |= {f"section {s.key}": s.fields for s in self.sections}
        for group, names in named.items():
            if unknown := set(names) - set(chosen):
                raise ValueError(f"{self.key}.{group} names unknown fields: {sorted(unknown)}")

    @property
    def parents(self) -> tuple[str, ...]:
        """The references to the records it belongs to: none, one, or the two it stands between."""
        return tuple(name for name in (self.within, self.across) if name)

    @property
    def custom(self) -> bool:
        """Whether administrators can add fields."""
        return "custom" in self.model.model_fields


_entities: dict[str, Entity] = {}


def register(entity: Entity) -> Entity:
    """Add an entity to the registry; called once, beside its table."""
    if entity.key in _entities:
        raise ValueError(f"The entity {entity.key} is registered twice")
    _entities[entity.key] = entity
    return entity


def entity_for(key: str) -> Entity:
    """Return the entity with this key; ``KeyError`` when there is none."""
    return _entities[key]


def entities() -> list[Entity]:
    """Return every entity, in the order they were registered."""
    return list(_entities.values())


def paged() -> list[Entity]:
    """Return every entity whose records have a page of their own."""
    return [entity for entity in _entities.values() if entity.path]


def entity_of(record: Row) -> Entity | None:
    """Return the narrowest entity a row belongs to, or None for bookkeeping rows."""
    mine = [e for e in _entities.values() if isinstance(record, e.model)]
    fits = [e for e in mine if e.narrow and getattr(record, e.narrow[0]) == e.narrow[1]]
    return (fits or mine or [None])[0]


def marks_of(model: type[Row], name: str) -> list[Any]:
    """Return what the ``Annotated`` alias of a column says about it: the outermost word first, as it is what counts."""
    info = model.model_fields[name]
    return [*reversed(info.metadata), *_unwrap(info.annotation)[1]]


def _derive(model: type[Row], key: str) -> list[FieldSpec]:
    # A secret is no field: it must not be listed, filtered by, exported or shown in a form.
    return [_spec(model, name, key) for name in model.model_fields if Privacy.SECRET not in marks_of(model, name)]


def _spec(model: type[Row], name: str, key: str) -> FieldSpec:
    info = model.model_fields[name]
    base, _ = _unwrap(info.annotation)
    marks = marks_of(model, name)
    column = model.__table__.c[name]  # pyright: ignore[reportAttributeAccessIssue]

    def mark(kind: type) -> Any:
        return next((m for m in marks if isinstance(m, kind)), None)

    target, pick_list, options, searched = mark(Target), mark(PickList), mark(Options), mark(Searched)
    parts = mark(MadeOf)
    kind = mark(Kind) or KIND_BY_TYPE.get(base, TEXT)
    if options:
        kind = OPTIONS if get_origin(base) is list else OPTION
    if pick_list and kind.key not in ("choice", "choices"):
        kind = CHOICES if get_origin(base) is list else CHOICE
    return FieldSpec(
        name=name,
        label=info.title or name.removesuffix("_id").replace("_", " ").capitalize(),
        help=info.description or "",
        kind=kind,
        required=info.is_required() or mark(Needed) is not None,
        editable=mark(SystemSet) is None,
        default=None if info.is_required() or info.default_factory else info.default,
        privacy=mark(Privacy) or Privacy.PLAIN,
        max_length=getattr(column.type, "length", None),
        target=target.entity if target else None,
        pick_list=pick_list.key if pick_list else None,
        options=options,
        searched=searched.column if searched else None,
        reads=parts.fields if parts else (),
    )


def _unwrap(annotation: Any) -> tuple[Any, list[Any]]:
    """Strip ``Optional`` and ``Annotated``; return the bare type and its marks, the outer ones first."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        base, deeper = _unwrap(inner)
        # Python flattens an alias of an alias, the inner marks in front.
        return base, [*reversed(marks), *deeper]
    if get_origin(annotation) in (Union, UnionType):
        return _unwrap(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation, []


def merge_policy(model: type[Row], name: str) -> OnMerge | None:
    """Return what becomes of a reference when its target is merged."""
    return next((m for m in marks_of(model, name) if isinstance(m, OnMerge)), None)
