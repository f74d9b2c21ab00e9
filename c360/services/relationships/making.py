"""Making and changing ties: what two customers can be to each other, and each act as one undoable change."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.clock import today
from c360.core.errors import Conflict, Invalid
from c360.core.i18n import text
from c360.models.relationship import RELAY, Relation, RelationType
from c360.services import records, references
from c360.services.relationships import sections
from c360.services.relationships.ties import WORDED
from c360.services.uow import UnitOfWork

PARENT = "parent"
NOBODY = "nobody"
"""Said instead of an heir: from now on there is no primary relay."""
FACTS = ("since_on", "until_on", "is_former", "is_primary", "strength", "source", "note")


@dataclass(slots=True)
class Wording:
    """One thing the first of two customers can be to the second: ``value`` is what ``connect`` takes."""

    value: str
    label: str
    color: str = "gray"
    part: str = ""


@dataclass(slots=True)
class Facts:
    """A relation as its form shows it, read from one side."""

    id: str
    value: str
    since_on: str = ""
    until_on: str = ""
    is_former: bool = False
    is_primary: bool = False
    strength: str = "normal"
    source: str = ""
    note: str = ""
    version: int = 0


def wordings(uow: UnitOfWork, one_id: UUID, other_id: UUID, *, also: UUID | None = None) -> list[Wording]:
    """Return everything one customer can be to another, each type from the sides it fits; ``also`` a retired one."""
    one, other = (uow.get("customer", i, archived=True).kind for i in (one_id, other_id))
    kinds = uow.select("relation_type").where(col(RelationType.retired_at).is_(None) | (col(RelationType.id) == also))
    found = []
    for kind in uow.session.exec(kinds.order_by(col(RelationType.position), col(RelationType.name))):
        if _fits(kind.from_kind, one) and _fits(kind.to_kind, other):
            found.append(Wording(f"{kind.id}:forward", kind.name, kind.color, kind.part or ""))
        if kind.shape != "equal" and _fits(kind.from_kind, other) and _fits(kind.to_kind, one):
            found.append(Wording(f"{kind.id}:back", kind.reverse, kind.color, kind.part or ""))
    if (one, other) == ("account", "account"):
        language = uow.actor.language
        found.append(Wording(f"{PARENT}:forward", text(language, "relation.parent")))
        found.append(Wording(f"{PARENT}:back", text(language, "relation.parent.reverse")))
    return found


def _fits(wanted: str, kind: str) -> bool:
    return wanted in ("any", kind)


def connect(
    uow: UnitOfWork, one_id: UUID, other_id: UUID, wording: str, values: Mapping[str, str] | None = None
) -> UUID:
    """Tie two customers by a wording that reads from the first to the second; return the change set's id."""
    kind, _, side = wording.partition(":")
    source, target = (one_id, other_id) if side == "forward" else (other_id, one_id)
    if side not in ("forward", "back"):
        raise Invalid.field("type_id", "relation.choose")
    for end in (one_id, other_id):
        uow.get("customer", end)
    if kind == PARENT:
        records.update(uow, "account", target, {"parent_id": str(source)})
        uow.log("relation.connected")
        return uow.draft.set_id
    facts = _said(values or {})
    records.create(uow, "relation", {**facts, "to_id": str(target), "type_id": kind}, from_id=source)
    uow.log("relation.connected")
    return uow.draft.set_id


def _said(values: Mapping[str, str]) -> dict[str, str]:
    """Return what may be said of a relation; an empty strength is none at all, not a weak one."""
    return {name: value for name, value in values.items() if name in FACTS and (value or name != "strength")}


def facts(uow: UnitOfWork, relation_id: UUID, side_of: UUID) -> Facts:
    """Return a relation for its form, read from the side of one of the two."""
    row: Relation = uow.get("relation", relation_id, Verb.UPDATE)
    kind = uow.session.get_one(RelationType, row.type_id)
    side = "forward" if row.from_id == side_of or kind.shape == "equal" else "back"
    since, until = (day.isoformat() if day else "" for day in (row.since_on, row.until_on))
    return Facts(
        str(row.id), f"{row.type_id}:{side}", since, until, row.is_former, row.is_primary, row.strength,
        row.source or "", row.note or "", row.version,
    )  # fmt: skip


def change(
    uow: UnitOfWork, relation_id: UUID, side_of: UUID, wording: str, values: Mapping[str, str], version: int
) -> UUID:
    """Change what a relation says, read from the side of one of the two; return the change set's id."""
    row: Relation = uow.get("relation", relation_id, Verb.UPDATE)
    kind, _, side = wording.partition(":")
    if side not in ("forward", "back"):
        raise Invalid.field("type_id", "relation.choose")
    other = row.to_id if row.from_id == side_of else row.from_id
    source, target = (side_of, other) if side == "forward" else (other, side_of)
    said, offered = _said(values) | {"type_id": kind}, heirs(uow, relation_id)
    shape = uow.session.exec(select(RelationType.shape).where(RelationType.id == UUID(kind))).first()
    if shape != "equal" and (source, target) != (row.from_id, row.to_id):
        row.from_id, row.to_id = source, target
        said["to_id"] = str(target)
    records.update(uow, "relation", relation_id, said, version)
    if offered and said.get("is_primary") != "no" and not row.is_primary:
        raise Invalid.field("is_former", "relation.heir.first")
    uow.log("relation.changed")
    return uow.draft.set_id


def heirs(uow: UnitOfWork, relation_id: UUID) -> list[Wording]:
    """Return the other relays of the organisation whose primary relay this one is; nobody when it is not."""
    row: Relation = uow.get("relation", relation_id)
    others = sections.tied(uow, row.to_id, RELAY).rows if row.is_primary else []
    return [
        Wording(str(other.id), references.called(uow, who.kind, who)) for other, who in others if other.id != row.id
    ]


def _hand_on(uow: UnitOfWork, relation_id: UUID, heir: str) -> None:
    """Make the heir of a primary relay who leaves the primary one; which of the others, or nobody, must be said."""
    offered = heirs(uow, relation_id)
    if offered and heir not in (NOBODY, *(one.value for one in offered)):
        raise Conflict("relation.heir")
    if offered and heir != NOBODY:
        records.update(uow, "relation", UUID(heir), {"is_primary": "yes"})


def end(uow: UnitOfWork, relation_id: UUID, heir: str = "") -> UUID:
    """End a relation today: it stays as a former one; return the change set's id.

    When a primary relay leaves, ``heir`` is who follows: the relation of another relay, or ``NOBODY``.
    """
    row: Relation = uow.get("relation", relation_id, Verb.UPDATE)
    if row.is_former or (row.until_on and row.until_on < today()):
        raise Conflict("relation.over")
    _hand_on(uow, relation_id, heir)
    said = {"is_former": "yes"}
    if row.since_on is None or row.since_on <= today():
        said["until_on"] = today().isoformat()
    records.update(uow, "relation", relation_id, said)
    uow.log("relation.ended")
    return uow.draft.set_id


def remove(uow: UnitOfWork, origin: str, record_id: UUID, heir: str = "") -> UUID:
    """Take a tie away that should not have been made, ``heir`` as in ``end``; return the change set's id."""
    if origin == PARENT:
        records.update(uow, "account", record_id, {"parent_id": ""})
    elif origin == "relation":
        _hand_on(uow, record_id, heir)
        records.archive(uow, "relation", record_id)
    else:
        raise Conflict("relation.elsewhere")
    uow.log("relation.removed")
    return uow.draft.set_id


def kinds_in_use(uow: UnitOfWork) -> list[Wording]:
    """Return every type for a filter of the chart, retired ones that are in use too."""
    used = select(Relation.type_id)
    found = uow.select("relation_type").where(col(RelationType.retired_at).is_(None) | col(RelationType.id).in_(used))
    kinds = uow.session.exec(found.order_by(col(RelationType.position), col(RelationType.name)))
    language = uow.actor.language
    made = [Wording(str(kind.id), kind.name, kind.color) for kind in kinds]
    return made + [Wording(name, text(language, f"relation.{name}")) for name in WORDED]
