"""The one place that decides which rows an actor may see."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from c360.core.actor import Actor, Verb
from c360.models.customer import Customer
from c360.registry.entity import Entity, entity_for, paged
from c360.registry.record import Owned

BOTH = ("contact", "account")
MANAGED = frozenset({Verb.READ, Verb.UPDATE, Verb.EXPORT})
"""What managers do with a record as its owner does; to give it away, archive or merge it takes the owner."""


def visible(entity: Entity, actor: Actor, *, archived: bool = False, inactive: bool = True) -> SelectOfScalar[Any]:
    """Select the rows of an entity within the actor's reach; archived and merged ones only when asked."""
    found = select(entity.model).where(reach(entity, actor, Verb.READ), live(entity, archived, inactive))
    # A restricted customer is archived besides, so that only who asks for archived ones can meet him.
    frozen = entity.model is Customer and archived and not sees_restricted(actor)
    return found.where(col(Customer.restricted_at).is_(None)) if frozen else found


def sees_restricted(actor: Actor) -> bool:
    """Tell whether an actor may see customers whose processing is restricted: data protection, and the app itself."""
    return actor.user_id is None or "data_protection_officer" in actor.roles


def live(entity: Entity, archived: bool = False, inactive: bool = True) -> ColumnElement[bool]:
    """Return the test that a row is not archived, not merged into another and (when asked) not inactive."""
    model: Any = entity.model
    parts = []
    if not archived and "archived_at" in model.model_fields:
        parts.append(col(model.archived_at).is_(None))
    if model is Customer and not archived:
        parts.append(col(Customer.merged_into_id).is_(None))
    if model is Customer and not inactive:
        parts.append(col(Customer.inactive_at).is_(None))
    return and_(true(), *parts)


def reach(entity: Entity, actor: Actor, verb: Verb) -> ColumnElement[bool]:
    """Return the test that the actor may do this to a row of the entity."""
    if entity.within:
        mine = and_(_within(entity, actor, verb), *_beside(entity, actor))
        return or_(mine, _upon(entity, entity.upon, actor, verb)) if entity.upon else mine
    if entity.model is Customer and verb is not Verb.READ and actor.user_id is not None:
        return and_(_reach(entity, actor, verb), col(Customer.restricted_at).is_(None))
    return _reach(entity, actor, verb)


def _reach(entity: Entity, actor: Actor, verb: Verb) -> ColumnElement[bool]:
    if entity.key == "customer":
        return _either(actor, verb)
    owners = actor.owners(entity.key, verb)
    if owners is not None and not owners:
        return false()
    model: Any = entity.model
    parts = []
    if entity.narrow:
        parts.append(getattr(model, entity.narrow[0]) == entity.narrow[1])
    own_rule = (entity.scope is not None or entity.through is not None) and actor.user_id is not None
    if entity.scope is not None and own_rule:
        parts.append(entity.scope(actor))
    if entity.through is not None and own_rule:
        parts.append(_through(entity, actor))
    # Its own rule says who sees a row; to change it takes the owner's reach besides.
    if (not own_rule or verb is not Verb.READ) and owners is not None and issubclass(model, Owned):
        parts.append(_held(entity.key, owners, verb))
    return and_(true(), *parts)


def holders(entity: Entity, verb: Verb) -> tuple[str, ...]:
    """Name the references to users whose records the verb reaches: the owner and, for some verbs, the managers."""
    model: Any = entity.model
    return ("owner_id", *(model.managers if verb in MANAGED else ()))


@lru_cache(maxsize=1_000)
def _held(key: str, users: frozenset[UUID], verb: Verb) -> ColumnElement[bool]:
    """Return the test that one of these users holds a record; most of a page's questions ask it again."""
    entity = entity_for(key)
    model: Any = entity.model
    ids = sorted(users, key=str)
    owner, *managers = (getattr(model, name) for name in holders(entity, verb))
    # Whom another manages is few and indexed: named by id, they leave the owner's index to the lists.
    apart = (select(model.id).where(one.in_(ids), one != owner).correlate(None) for one in managers)
    return or_(owner.in_(ids), *(model.id.in_(found) for found in apart))


def _beside(entity: Entity, actor: Actor) -> list[ColumnElement[bool]]:
    """Return the tests that what a row stands beside (the tag of a tagging) is there and visible too."""
    found = []
    for name in entity.beside if actor.user_id is not None else ():
        target = entity_for(entity.fields[name].target or "")
        model: Any = target.model
        seen = select(model.id).where(model.id == getattr(entity.model, name), reach(target, actor, Verb.READ))
        found.append(seen.where(live(target)).correlate(entity.model).exists())
    return found


def _either(actor: Actor, verb: Verb) -> ColumnElement[bool]:
    """The list of both kinds: where both have the same reach the kind is not asked, so that an index can answer."""
    contacts, accounts = (actor.owners(kind, verb) for kind in BOTH)
    if contacts != accounts:
        return or_(*(_reach(entity_for(kind), actor, verb) for kind in BOTH))
    if contacts is None:
        return true()
    return _held("customer", contacts, verb) if contacts else false()


def _through(entity: Entity, actor: Actor) -> ColumnElement[bool]:
    """What is linked to several customers is seen by its owner, its maker and by whoever sees one of them."""
    if all(actor.owners(kind, Verb.READ) is None for kind in BOTH):
        return true()
    key, via = entity.through or ("", "")
    link = entity_for(key)
    model: Any = entity.model
    # Asked row by row, each customer by his id: the list of all one may see is far longer than a page.
    mine = select(link.model.id).join(Customer, getattr(link.model, link.within or "") == Customer.id)
    mine = mine.where(getattr(link.model, via) == model.id, reach(entity_for("customer"), actor, Verb.READ), live(link))
    mine = mine if sees_restricted(actor) else mine.where(col(Customer.restricted_at).is_(None))
    return or_(model.owner_id == actor.user_id, model.created_by_id == actor.user_id, mine.correlate(model).exists())


def _within(entity: Entity, actor: Actor, verb: Verb) -> ColumnElement[bool]:
    """A record that belongs to a customer is reached where the customer is; to change it is to change the customer.

    What stands between two customers is seen where both are; to change it is to change one of them.
    """
    if verb in (Verb.READ, Verb.EXPORT):
        return and_(true(), *_parents(entity, actor, verb))
    changes = or_(*_parents(entity, actor, Verb.UPDATE))
    if entity.across:
        return and_(*_parents(entity, actor, Verb.READ), changes)
    if entity.joined:
        model: Any = entity.model
        return or_(changes, and_(model.created_by_id == actor.user_id, *_parents(entity, actor, Verb.READ)))
    return changes


def _upon(entity: Entity, pair: tuple[str, str], actor: Actor, verb: Verb) -> ColumnElement[bool]:
    """What hangs on a record that is no customer is reached where that is; to change it is to change the record."""
    key, record_id = (col(getattr(entity.model, name)) for name in pair)
    verb = verb if verb in (Verb.READ, Verb.EXPORT) else Verb.UPDATE
    found = []
    for host in (one for one in paged() if one.model is not Customer):
        model: Any = host.model
        seen = select(model.id).where(model.id == record_id, reach(host, actor, verb))
        found.append(and_(key == host.key, seen.correlate(entity.model).exists()))
    return or_(false(), *found)


def _parents(entity: Entity, actor: Actor, verb: Verb) -> list[ColumnElement[bool]]:
    """Return, for each customer a record belongs to, the test that the verb reaches him."""
    frozen = select(Customer.id).where(col(Customer.restricted_at).is_not(None))
    links = [getattr(entity.model, name) for name in entity.parents]
    # What hangs on no customer at all is not reached this way: NULL is in no list, nor surely out of one.
    free: list[ColumnElement[bool]] = [link.is_not(None) if entity.upon else true() for link in links]
    if not sees_restricted(actor):
        free = [and_(test, link.not_in(frozen)) for test, link in zip(free, links, strict=True)]
    if all(actor.owners(kind, verb) is None for kind in BOTH):
        return free
    # As through a link, row by row.
    allowed = reach(entity_for("customer"), actor, verb)
    mine = (select(Customer.id).where(Customer.id == link, allowed).correlate(entity.model).exists() for link in links)
    return [and_(test, one) for test, one in zip(free, mine, strict=True)]
