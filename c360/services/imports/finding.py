"""Which records rows mean: by the plan's match key, by a person's decision, or because they merely look alike."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.fold import fold
from c360.core.ids import id_in
from c360.models.communication import Communication, normalised
from c360.models.customer import Customer
from c360.models.external_reference import ExternalReference
from c360.query.expressions import expression, plain
from c360.registry.entity import entity_for
from c360.services import fields, merged
from c360.services.imports.parsing import Entry, name_of
from c360.services.imports.plan import Plan
from c360.services.uow import UnitOfWork

C: Any = Customer
HIDDEN = UUID(int=0)
"""Stands for a record outside the actor's reach: it exists, and may be neither changed nor made again."""
SIZE = 500
Look = Callable[[list[str]], Iterator[tuple[str, UUID]]]


def parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield values in portions a statement can take."""
    known = list(values)
    return (known[i : i + SIZE] for i in range(0, len(known), SIZE))


def key_of(plan: Plan, entry: Entry) -> str:
    """Return what a row is recognised by, "" when it does not say."""
    if plan.match == "external_id":
        return entry.external_id
    if plan.match == "id":
        return entry.record_id
    if plan.match == "phone":
        return normalised("phone", entry.values["phone"]) if entry.values.get("phone") else ""
    name, _, also = plan.match.partition("+")
    if name == "name":
        return _name_key(plan, entry, also)
    value = entry.values.get(plan.match)
    return str(value) if value is not None else ""


def _name_key(plan: Plan, entry: Entry, also: str) -> str:
    folded = name_of(entry, plan.entity)
    if not also or not folded:
        return folded
    second = entry.addresses.get("main", {}).get(also) if also != "birth_date" else plain(entry.values.get(also))
    return f"{folded}\t{fold(second)}" if second else ""


def matches(entries: Sequence[Entry], keys: Mapping[int, str], look: Look) -> dict[int, list[UUID]]:
    """Return the records each row means, by the row's number; ``look`` finds records by their ``keys``."""
    found = _by_key(look, {key for key in keys.values() if key})
    means = {number: found.get(key, []) for number, key in keys.items() if key}
    named = {e.number: UUID(e.decision.removeprefix("update:")) for e in entries if e.decision.startswith("update:")}
    for number, record_id in named.items():
        means[number] = [record_id]
    return {number: ids for number, ids in means.items() if ids}


def _by_key(look: Look, keys: set[str]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = defaultdict(list)
    for portion in parts(sorted(keys)):
        for key, record_id in look(portion):
            if record_id not in found[key]:
                found[key].append(record_id)
    return found


def customers(uow: UnitOfWork, plan: Plan, keys: list[str]) -> Iterator[tuple[str, UUID]]:
    """Yield the customers the plan's match key finds, each with its key."""
    match plan.match.partition("+")[0]:
        case "external_id":
            yield from _external(uow, plan, keys)
        case "id":
            yield from by_id(uow, plan.entity, keys)
        case "email" | "phone" as family:
            yield from _reached(uow, plan.entity, family, keys)
        case "name":
            yield from _named(uow, plan, keys)
        case name:
            spec = fields.every(uow.session, entity_for(plan.entity))[name]
            value = expression(Customer, spec)
            query = uow.select(plan.entity).with_only_columns(value, C.id).where(value.in_(keys))
            yield from ((str(row[0]), row[1]) for row in uow.session.execute(query))


def by_id(uow: UnitOfWork, entity: str, keys: list[str]) -> Iterator[tuple[str, UUID]]:
    """Yield the records in reach that keys name by their ids; one that was merged leads to the record that is left."""
    ids = {key: record_id for key in keys if (record_id := id_in(key))}
    left = merged.survivors(uow.session, ids.values())
    means = {key: left.get(record_id, record_id) for key, record_id in ids.items()}
    seen = set(visible(uow, entity, list(means.values())))
    yield from ((key, record_id) for key, record_id in means.items() if record_id in seen)


def _external(uow: UnitOfWork, plan: Plan, keys: list[str]) -> Iterator[tuple[str, UUID]]:
    query = select(ExternalReference.external_id, ExternalReference.customer_id).where(
        ExternalReference.source == plan.source,
        col(ExternalReference.external_id).in_(keys),
        col(ExternalReference.archived_at).is_(None),
    )
    rows = uow.session.exec(query).all()
    seen = set(visible(uow, plan.entity, [row[1] for row in rows]))
    yield from ((key, record_id if record_id in seen else HIDDEN) for key, record_id in rows)


def _reached(uow: UnitOfWork, key: str, family: str, values: list[str]) -> Iterator[tuple[str, UUID]]:
    column: Any = C.email if family == "email" else C.phone
    direct = uow.select(key).with_only_columns(column, C.id).where(column.in_(values))
    yield from ((value.lower(), record_id) for value, record_id in uow.session.execute(direct))
    options = (
        uow.select(key)
        .with_only_columns(col(Communication.normalised), C.id)
        .join(Communication, col(Communication.customer_id) == C.id)
        .where(
            col(Communication.family) == family,
            col(Communication.normalised).in_(values),
            col(Communication.archived_at).is_(None),
        )
    )
    yield from ((row[0], row[1]) for row in uow.session.execute(options))


def _named(uow: UnitOfWork, plan: Plan, keys: list[str]) -> Iterator[tuple[str, UUID]]:
    also = plan.match.partition("+")[2]
    second: Any = {"city": C.city, "birth_date": C.birth_date}.get(also, C.id)
    names = {key.partition("\t")[0] for key in keys}
    query = uow.select(plan.entity).with_only_columns(C.sort_name, second, C.id)
    rows = uow.session.execute(query.where(C.sort_name.in_(names))).all()
    codes = _postal_codes(uow, [row[2] for row in rows]) if also == "postal_code" else {}
    for name, value, record_id in rows:
        text = codes.get(record_id) if also == "postal_code" else plain(value)
        yield (name if not also else f"{name}\t{fold(str(text or ''))}"), record_id


def _postal_codes(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, str | None]:
    address: Any = entity_for("address").model
    query = select(address.customer_id, address.postal_code).where(
        address.customer_id.in_(ids), address.role == "main", address.archived_at.is_(None)
    )
    return {row[0]: row[1] for row in uow.session.exec(query)} if ids else {}


def visible(uow: UnitOfWork, key: str, ids: Sequence[UUID]) -> Iterator[UUID]:
    """Yield those of these records of an entity that are in reach."""
    model: Any = entity_for(key).model
    for portion in parts(ids):
        yield from uow.session.scalars(uow.select(key).with_only_columns(model.id).where(model.id.in_(portion)))


def signature(entry: Entry, entity: str) -> str:
    """Return what makes two rows of one file the same: name, e-mail, phone, birth date and city; "" says too little."""
    values = entry.values
    city = entry.addresses.get("main", {}).get("city") or ""
    told = [str(values.get(n) or "") for n in ("email", "phone", "birth_date")]
    said = [name_of(entry, entity), *told, fold(city), entry.external_id]
    return "\t".join(("same", *said)) if sum(map(bool, said)) > 1 else ""


def says(entry: Entry, key: str, unique: Sequence[str] = ()) -> set[str]:
    """Return what one record may say alone: the key rows are recognised by, an external id, unique values."""
    found = {f"external\t{entry.external_id}"} if entry.external_id else set[str]()
    found |= {f"unique\t{n}\t{entry.values[n]}" for n in unique if entry.values.get(n) is not None}
    return found | ({f"match\t{key}"} if key else set())


def called(plan: Plan, entry: Entry) -> set[str]:
    """Return what other rows call the record of this one by."""
    return {call(plan.entity, name)} if (name := name_of(entry, plan.entity)) else set()


def named(entry: Entry) -> set[str]:
    """Return the records a row names, as ``called`` does."""
    return {call(target, name) for target, name in entry.wanted.values()}


def call(entity: str, name: str) -> str:
    """Return a name as rows of one file compare it."""
    return f"name\t{entity}\t{fold(' '.join(name.split()))}"


def taken(uow: UnitOfWork, source: str, entries: Sequence[Entry]) -> set[str]:
    """Return the external ids of these rows that some record already has, in reach or not."""
    ids = sorted({entry.external_id for entry in entries if entry.external_id})
    found: set[str] = set()
    for portion in parts(ids):
        query = select(ExternalReference.external_id).where(
            ExternalReference.source == source,
            col(ExternalReference.external_id).in_(portion),
            col(ExternalReference.archived_at).is_(None),
        )
        found |= set(uow.session.exec(query))
    return found


def taken_values(uow: UnitOfWork, entity: str, name: str, values: set[Any]) -> set[Any]:
    """Return which of these values of a unique custom field live records have."""
    spec = fields.every(uow.session, entity_for(entity))[name]
    value = expression(Customer, spec)
    live = C.archived_at.is_(None)
    return {v for portion in parts(values) for v in uow.session.scalars(select(value).where(value.in_(portion), live))}
