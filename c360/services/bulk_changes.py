"""What a bulk change does to its rows, by kind: edit, assign, life-cycle, tags, folders.

Fields of customers that nothing else depends on are set by bulk statements; the others, and those of other records,
one record at a time, with their rules.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.core.ids import new_id
from c360.models.customer import Customer
from c360.models.tag import Tagging
from c360.models.user import User
from c360.models.view import FolderMember
from c360.query.expressions import plain
from c360.registry.entity import Entity, FieldSpec, entity_for, entity_of
from c360.registry.record import Row
from c360.services import codes, fields, mass, records, references
from c360.services.mass import Change
from c360.services.rights import OF_ERASED
from c360.services.uow import UnitOfWork

Failed = list[tuple[UUID, str]]
RULED = frozenset(
    {"name", "given_name", "middle_name", "family_name", "email", "phone", "website", "birth_date", "household_size",
     "children", "employees", "parent_id", "employer_id", "job_title", "department", "code", "city", "country",
     "kind", "status", "direction", "starts_at", "ends_at", "due_at", "remind_at"}
)  # fmt: skip
"""Fields other columns or records follow: they are set one record at a time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A change ready to be made: the rights it needs and how it is done to some rows."""

    kind: str
    verbs: frozenset[Verb]
    apply: Callable[[UnitOfWork, Sequence[UUID]], Failed]


def offered(key: str) -> tuple[str, ...]:
    """Return the kinds of change there are for an entity: what hangs on a customer alone is for customers alone."""
    shelves = ("tag", "untag", "add_to_folder", "remove_from_folder")
    customers = (*shelves, "inactivate", "activate", "number") if entity_for(key).model is Customer else ()
    owned = ("assign",) if "owner_id" in entity_for(key).fields else ()
    return ("edit", *owned, "archive", *customers)


def planned(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> Plan:
    """Return what a change asks for; ``Invalid`` names what does not fit, before any row is touched."""
    kind = str(change.get("kind", ""))
    makers = {
        "edit": _edit, "assign": _assign, "inactivate": _inactivate, "activate": _activate, "archive": _archive,
        "number": _number, "tag": _tag, "untag": _untag, "add_to_folder": _shelve, "remove_from_folder": _unshelve,
    }  # fmt: skip
    if kind not in makers or kind not in offered(key):
        raise Invalid.field("kind", "bulk.kind")
    verbs, apply = makers[kind](uow, key, change)
    return Plan(kind, verbs, apply)


Made = tuple[frozenset[Verb], Callable[[UnitOfWork, Sequence[UUID]], Failed]]


def _edit(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> Made:
    values = change.get("values")
    if not isinstance(values, Mapping) or not values:
        raise Invalid.field("values", "bulk.empty")
    given = {str(n): v if isinstance(v, list) else str(v if v is not None else "") for n, v in values.items()}
    entity = entity_for(key)
    parsed = records.parse(uow, entity, given, partial=True)
    references.check(uow, fields.every(uow.session, entity), parsed)
    return _setting(uow, entity, parsed)


def _assign(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> Made:
    owner = _id(change, "owner_id")
    live = select(User.id).where(User.id == owner, col(User.archived_at).is_(None), col(User.disabled_at).is_(None))
    if uow.session.exec(live).first() is None:
        raise Invalid.field("owner_id", "bulk.nobody")
    return frozenset({Verb.ASSIGN}), _setter(key, {"owner_id": owner})


def _inactivate(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> Made:
    reason, note = _id(change, "reason_id"), str(change.get("note") or "").strip() or None
    spec = {"inactive_reason_id": entity_for("customer").fields["inactive_reason_id"]}
    references.check(uow, spec, {"inactive_reason_id": reason})
    values = {"inactive_at": utc_now(), "inactive_reason_id": reason, "inactive_note": note}
    return frozenset({Verb.UPDATE}), _setter(key, values, unless="inactive_at")


def _activate(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> Made:
    names = ("inactive_at", "inactive_reason_id", "inactive_note")

    return frozenset({Verb.UPDATE}), _setter(key, dict.fromkeys(names))


def _archive(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> Made:
    return frozenset({Verb.ARCHIVE}), _setter(key, {"archived_at": utc_now()})


def _number(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> Made:
    """Give codes to accounts that have none: what follows when a mask is set for the first time."""
    uow.require(Verb.UPDATE, "setting")

    def apply(uow: UnitOfWork, ids: Sequence[UUID]) -> Failed:
        held = mass.held(uow, entity_for("account"), ids, "kind", "code").values()
        bare = [row for row in held if row.kind == "account" and row.code is None]
        given = codes.take(uow.session, len(bare))
        pairs = zip(bare, given, strict=False)  # No codes at all when the mask is gone again.
        entity = entity_for("account")
        mass.change(uow, [Change(entity, r.id, r.version, {"code": None}, {"code": c}, r.id) for r, c in pairs])
        return []

    return frozenset({Verb.UPDATE}), apply


def _setting(uow: UnitOfWork, entity: Entity, parsed: Mapping[str, Any]) -> Made:
    known = fields.every(uow.session, entity)
    verbs = frozenset(Verb.ASSIGN if name == "owner_id" else Verb.UPDATE for name in parsed)
    ruled = not RULED.isdisjoint(parsed) or any(known[n].unique for n in parsed) or entity.model is not Customer
    return verbs, _ruled(entity, parsed) if ruled else _free(parsed, known)


def _setter(key: str, values: Mapping[str, Any], unless: str = "") -> Callable[[UnitOfWork, Sequence[UUID]], Failed]:
    if entity_for(key).model is not Customer:
        return _ruled(entity_for(key), values)
    return lambda uow, ids: _set(uow, ids, values, {}, unless)


def _free(parsed: Mapping[str, Any], known: Mapping[str, FieldSpec]) -> Callable[[UnitOfWork, Sequence[UUID]], Failed]:
    custom = {n: v for n, v in parsed.items() if known[n].source == "custom"}
    return lambda uow, ids: _set(uow, ids, {n: v for n, v in parsed.items() if n not in custom}, custom)


def _set(
    uow: UnitOfWork, ids: Sequence[UUID], values: Mapping[str, Any], custom: Mapping[str, Any], unless: str = ""
) -> Failed:
    """Set the same values on many customers, leaving alone what has them already."""
    wanted = {n: plain(v) for n, v in values.items()}
    kept, erased = _kept(uow, ids) if custom or set(values) - OF_ERASED else (ids, [])
    found = mass.held(uow, entity_for("customer"), kept, "kind", *values, *(["custom"] if custom else []))
    changes = []
    for row in found.values():
        if unless and getattr(row, unless) is not None:
            continue
        was = {n: plain(getattr(row, n)) for n in wanted}
        new = {n: v for n, v in wanted.items() if (was[n] or None) != (v or None)}
        held = (row.custom or {}) if custom else {}
        told = {f"custom.{n}": v for n, v in custom.items() if held.get(n) != v}
        before = {n: was[n] for n in new} | {n: held.get(n[7:]) for n in told}
        if new or told:
            kind = entity_for(row.kind)
            changes.append(Change(kind, row.id, row.version, before, {**new, **told}, row.id, custom=held))
    failed: Failed = erased
    for kind in ("contact", "account"):
        some = [c for c in changes if c.entity.key == kind]
        failed += [(c.id, text(uow.actor.language, f"undo.reason.{c.reason}")) for c in mass.change(uow, some)]
    return failed


def _kept(uow: UnitOfWork, ids: Sequence[UUID]) -> tuple[list[UUID], Failed]:
    """Part customers who were erased from the others: of them nothing is written any more."""
    found = mass.held(uow, entity_for("customer"), ids, "erased_at")
    said = text(uow.actor.language, "profile.erased")
    erased = [(one, said) for one, row in found.items() if row.erased_at is not None]
    gone = {one for one, _ in erased}
    return [one for one in ids if one not in gone], erased


def _ruled(entity: Entity, parsed: Mapping[str, Any]) -> Callable[[UnitOfWork, Sequence[UUID]], Failed]:
    """Set values one record at a time: what the rules refuse is taken back and named, the others stay."""
    model: Any = entity.model

    def apply(uow: UnitOfWork, ids: Sequence[UUID]) -> Failed:
        failed: Failed = []
        for part in mass.chunks(ids):
            found = select(model).where(model.id.in_(part)).order_by(model.id).with_for_update()
            for record in uow.session.exec(found).all():
                if reason := _one(uow, entity_of(record) or entity, record, parsed):
                    failed.append((record.id, reason))
        return failed

    return apply


def _one(uow: UnitOfWork, entity: Entity, record: Row, parsed: Mapping[str, Any]) -> str:
    told, searched = len(uow.draft.rows), set(uow.draft.customers)
    before = {key: dict(row) for key, row in uow.draft.rows.items() if key[1] == record.id}
    attempt = uow.session.begin_nested()
    try:
        records.assign(uow, entity, record, parsed)
        uow.session.flush()
        attempt.commit()
    except C360Error as error:
        reason = error.text(uow.actor.language)
    except IntegrityError:
        reason = text(uow.actor.language, "error.refused")
    else:
        return ""
    attempt.rollback()
    for key in list(uow.draft.rows)[told:]:
        del uow.draft.rows[key]
    uow.draft.rows.update(before)
    uow.draft.customers = searched
    return reason


def _tag(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> Made:
    tags = _seen(uow, "tag", change, "tag_ids")
    return frozenset({Verb.UPDATE}), lambda uow, ids: _join(uow, ids, "tagging", Tagging, "tag_id", tags)


def _untag(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> Made:
    tags = _seen(uow, "tag", change, "tag_ids")
    return frozenset({Verb.UPDATE}), lambda uow, ids: _part(uow, ids, "tagging", Tagging, "tag_id", tags)


def _shelve(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> Made:
    folder = _folder(uow, key, change)
    return frozenset({Verb.UPDATE}), lambda uow, ids: _join(
        uow, ids, "folder_member", FolderMember, "folder_id", folder
    )


def _unshelve(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> Made:
    folder = _folder(uow, key, change)
    return frozenset({Verb.UPDATE}), lambda uow, ids: _part(
        uow, ids, "folder_member", FolderMember, "folder_id", folder
    )


def _folder(uow: UnitOfWork, key: str, change: Mapping[str, Any]) -> list[UUID]:
    folder = uow.get("folder", _id(change, "folder_id"), Verb.UPDATE)
    if folder.mode != "static" or folder.entity not in (key, "customer"):
        raise Invalid.field("folder_id", "bulk.folder")
    return [folder.id]


def _seen(uow: UnitOfWork, key: str, change: Mapping[str, Any], name: str) -> list[UUID]:
    """Return the ids a change names, each of a record the actor may see."""
    listed = change.get(name)
    if not isinstance(listed, list) or not 0 < len(listed) <= 50:
        raise Invalid.field(name, "bulk.empty")
    return [uow.get(key, _id({name: one}, name)).id for one in dict.fromkeys(listed)]


def _id(change: Mapping[str, Any], name: str) -> UUID:
    try:
        return UUID(str(change.get(name)))
    except ValueError as error:
        raise Invalid.field(name, "kind.reference.bad") from error


def _links(uow: UnitOfWork, ids: Sequence[UUID], model: Any, name: str, targets: Sequence[UUID]) -> dict[Any, Any]:
    link = getattr(model, name)
    found = select(model.id, model.customer_id, link).where(
        model.customer_id.in_(ids), link.in_(targets), model.archived_at.is_(None)
    )
    return {(row[1], row[2]): row[0] for row in uow.session.exec(found)}


def _join(uow: UnitOfWork, ids: Sequence[UUID], key: str, model: Any, name: str, targets: Sequence[UUID]) -> Failed:
    """Link customers with tags or a folder, once each."""
    kept, erased = _kept(uow, ids)
    known = _links(uow, kept, model, name, targets)
    rows = [{"id": new_id(), "customer_id": one, name: t} for one in kept for t in targets if (one, t) not in known]
    mass.add(uow, entity_for(key), rows, customer="customer_id")
    return erased


def _part(uow: UnitOfWork, ids: Sequence[UUID], key: str, model: Any, name: str, targets: Sequence[UUID]) -> Failed:
    """Take tags or a folder off customers; the links are archived, so undo brings them back."""
    known = _links(uow, ids, model, name, targets)
    held = mass.held(uow, entity_for(key), list(known.values()), "archived_at", "customer_id")
    gone, now = {"archived_at": None}, {"archived_at": utc_now().isoformat()}
    changes = [Change(entity_for(key), r.id, r.version, gone, now, r.customer_id) for r in held.values()]
    mass.change(uow, changes)
    return []
