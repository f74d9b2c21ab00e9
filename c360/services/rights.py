"""The write guard: may this actor change this row in this way? Asked of every row at flush."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from c360.core.actor import Actor, Verb
from c360.core.errors import Conflict, Forbidden
from c360.models.customer import Customer
from c360.models.user import Role, User, UserRole
from c360.query.scope import holders, reach
from c360.registry.entity import Entity, entity_for, entity_of, paged
from c360.registry.record import Owned, Row

OWN_PROFILE = {"name", "language"}
"""What users change about themselves."""
OF_ERASED = frozenset({"archived_at", "owner_id"})
"""What may still change of a customer who was erased: where he is kept, and by whom."""


def check_write(
    session: Session, actor: Actor, entity: Entity | None, row: Row, changed: Mapping[str, Any], *, new: bool
) -> None:
    """Raise ``Forbidden`` unless the actor may create, change, archive or hand over this row and these fields."""
    if entity is None:
        raise RuntimeError(f"{type(row).__name__} has no entity, so nobody may write it")
    if entity.changeable is not None and not new and set(changed) - set(entity.changeable):
        raise Conflict("error.append_only", entity=entity.label)
    fixed = isinstance(row, Role) and row.key == "administrator" and actor.user_id is not None
    if fixed and not new and set(changed) - {"name", "comment"}:
        raise Conflict("role.fixed")
    if isinstance(row, User) and row.id == actor.user_id and set(changed) <= OWN_PROFILE and not new:
        return
    if isinstance(row, Customer) and not new and set(changed) - OF_ERASED:
        check_kept(actor, row)
    if entity.within:
        _check_parents(session, actor, entity, row)
        if entity.within in changed and changed[entity.within][0]:
            check(actor, session.get_one(Customer, UUID(str(changed[entity.within][0]))), Verb.UPDATE)
        _check_beside(session, actor, entity, row)
    elif new:
        check(actor, row, Verb.CREATE)
    else:
        verbs = {Verb.ARCHIVE if name == "archived_at" else Verb.UPDATE for name in changed if name != "owner_id"}
        verbs |= {Verb.ASSIGN} if "owner_id" in changed else set()
        for verb in verbs:
            check(actor, row, verb, former={name: old for name, (old, _) in changed.items()})
        if Verb.ASSIGN in verbs:
            check(actor, row, Verb.ASSIGN)  # Both hands must be within reach: the giving and the taking one.
    _check_fields(actor, entity, _given(row) if new else changed)


def _check_fields(actor: Actor, entity: Entity, names: Collection[str]) -> None:
    """Refuse fields that are locked or hidden; what the app derives itself is not the actor's doing."""
    shut = actor.locked | actor.hidden
    for name in names if shut else ():
        spec = entity.fields.get(name.removeprefix("custom."))
        derived = spec is not None and not spec.editable
        if not derived and f"{entity.key}.{name.removeprefix('custom.')}" in shut:
            raise Forbidden("error.locked", field=name)


def _given(row: Row) -> set[str]:
    """Return the fields of a new row that hold something beyond what every new row starts with."""
    started = ("owner_id", "responsible_id", "custom")
    names = {
        name
        for name, info in type(row).model_fields.items()
        if name not in started and getattr(row, name) not in (None, [], {}, info.default)
    }
    return names | {f"custom.{key}" for key in getattr(row, "custom", {})}


def _check_beside(session: Session, actor: Actor, entity: Entity, row: Row) -> None:
    """Refuse to use what the actor cannot see: another's private tag or folder."""
    for name in entity.beside if actor.user_id is not None else ():
        target = entity_for(entity.fields[name].target or "")
        model: Any = target.model
        with session.no_autoflush:
            seen = session.exec(
                select(model.id).where(model.id == getattr(row, name), reach(target, actor, Verb.READ))
            ).first()
            waiting = any(isinstance(other, model) and other.id == getattr(row, name) for other in session.new)
        if seen is None and not waiting:
            raise Forbidden("error.not_found", entity=target.label)


def check_delete(session: Session, actor: Actor, entity: Entity | None, row: Row) -> None:
    """Raise ``Forbidden`` unless the actor may delete this row for good."""
    if entity is None:
        raise RuntimeError(f"{type(row).__name__} has no entity, so nobody may delete it")
    if entity.changeable is not None:
        raise Conflict("error.append_only", entity=entity.label)
    if entity.within:
        _check_parents(session, actor, entity, row)
    else:
        check(actor, row, Verb.ARCHIVE)


def _needed(actor: Actor, entity: Entity, row: Row) -> Verb:
    """Return what one must be allowed to do to the customer in order to write what belongs to him."""
    return Verb.READ if entity.joined and row.created_by_id == actor.user_id else Verb.UPDATE


def check(actor: Actor, row: Row, verb: Verb, former: Mapping[str, Any] | None = None) -> None:
    """Raise ``Forbidden`` unless the verb reaches the row (by who held it before this change)."""
    if not reaches(actor, row, verb, former):
        entity = entity_of(row)
        raise Forbidden("error.forbidden", verb=verb.value, entity=entity.label if entity else "")


def reaches(actor: Actor, row: Row, verb: Verb, former: Mapping[str, Any] | None = None) -> bool:
    """Tell whether the verb reaches the row; ``former`` holds what it was before a change."""
    entity = entity_of(row)
    owners = actor.owners(entity.key if entity else "", verb)
    if owners is None or (owners and not isinstance(row, Owned)):
        return True
    names = holders(entity, verb) if entity and isinstance(row, Owned) else ()
    held = {str((former or {}).get(name, getattr(row, name))) for name in names}
    return not held.isdisjoint(str(one) for one in owners)


def _check_parents(session: Session, actor: Actor, entity: Entity, row: Row) -> None:
    """Refuse to change what belongs to a customer the actor may not change; of two, one is enough if both are seen."""
    if entity.upon and getattr(row, entity.parents[0]) is None:
        _check_host(session, actor, entity, [getattr(row, name) for name in entity.upon])
        return
    born = session.info.get("born", ())
    parents = check_parents_kept(session, actor, entity, row)
    # Whoever may make a customer may make what belongs to it in the same breath.
    verbs = [Verb.CREATE if parent.id in born else _needed(actor, entity, row) for parent in parents]
    if entity.across is None:
        check(actor, parents[0], verbs[0])
        return
    for parent in parents:
        check(actor, parent, Verb.READ)
    if not any(reaches(actor, parent, verb) for parent, verb in zip(parents, verbs, strict=True)):
        raise Forbidden("error.forbidden", verb=Verb.UPDATE.value, entity=entity.label)


def check_parents_kept(session: Session, actor: Actor, entity: Entity, row: Row) -> list[Row]:
    """Refuse what belongs to a customer who was erased; return the customers a row belongs to."""
    parents = [_parent(session, entity, getattr(row, name)) for name in entity.parents]
    for parent in parents:
        check_kept(actor, parent)
    return parents


def check_kept(actor: Actor, row: Row) -> None:
    """Refuse what somebody writes of a customer who was erased: nothing of him is to come back."""
    if actor.user_id is not None and isinstance(row, Customer) and row.erased_at is not None:
        raise Conflict("profile.erased")


def _check_host(session: Session, actor: Actor, entity: Entity, pair: Sequence[Any]) -> None:
    """Refuse to change what hangs on a record of another entity that the actor may not change."""
    host, record_id = next((one for one in paged() if one.key == pair[0]), None), pair[1]
    with session.no_autoflush:
        record = session.get(host.model, record_id) if host else None
    if record is None:
        raise Forbidden("error.not_found", entity=entity.label)
    check(actor, record, Verb.UPDATE)


def _parent(session: Session, entity: Entity, parent_id: UUID) -> Row:
    with session.no_autoflush:
        parent = session.get(Customer, parent_id)
    if parent is None:
        waiting = (r for r in session.new if isinstance(r, Customer) and r.id == parent_id)
        parent = next(waiting, None)
    if parent is None:
        raise Forbidden("error.not_found", entity=entity.label)
    return parent


def administrators(session: Session) -> set[UUID]:
    """Return the users who can sign in and are administrators."""
    found = (
        select(User.id)
        .join(UserRole, col(UserRole.user_id) == col(User.id))
        .join(Role, col(Role.id) == col(UserRole.role_id))
        .where(
            col(Role.key) == "administrator",
            *(col(m.archived_at).is_(None) for m in (User, Role, UserRole)),
            col(User.disabled_at).is_(None),
            col(User.password_hash).is_not(None),
        )
    )
    with session.no_autoflush:
        return set(session.exec(found))


def keep_an_administrator(session: Session, rows: Collection[Mapping[str, Any]]) -> None:
    """Refuse changes after which nobody could let others in: the last administrator stays."""
    touched = {_user_of(session, row) for row in rows if row["entity"] in ("user", "user_role")}
    if not touched or administrators(session):
        return
    # An administrator who never chose a password could not sign in before either.
    could = select(User.id).where(
        col(User.id).in_([user_id for user_id in touched if user_id]),
        col(User.password_hash).is_not(None),
        col(User.id).in_(
            select(UserRole.user_id)
            .join(Role, col(Role.id) == col(UserRole.role_id))
            .where(Role.key == "administrator")
        ),
    )
    if session.exec(could).first():
        raise Conflict("user.last_administrator")


def _user_of(session: Session, row: Mapping[str, Any]) -> UUID | None:
    if row["entity"] == "user":
        return row["record_id"]
    link = session.get(UserRole, row["record_id"])
    return link.user_id if link else None
