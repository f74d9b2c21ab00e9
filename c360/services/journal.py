"""The journal: at every flush, may they? what changed? At the end one change set, chained to the one before.

A digest covers a row's values with a salt; the chain covers the digests with a key kept outside the database. Erasing
a person empties values and salt and leaves the digests, so the chain still verifies.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import desc, func, insert, inspect, text
from sqlalchemy.orm.base import NO_VALUE
from sqlmodel import Session, col, select

from c360.core.actor import Actor
from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.models.customer import Customer
from c360.models.journal import ChangeSet
from c360.query.expressions import plain
from c360.registry.entity import entity_of, marks_of
from c360.registry.marks import Privacy
from c360.registry.record import Row
from c360.services import rights
from c360.services.chain import START, digest, digest_of, key, link, spelled

__all__ = ["START", "digest", "key", "link"]
SEALED = "<secret>"
UNTOLD = frozenset({"id", "version", "created_at", "created_by_id", "updated_at", "updated_by_id", "sort_name"})
"""Columns an update does not tell of: bookkeeping that changes with every write."""
CHAIN_LOCK = 360360
TOGETHER = 5_000
"""Change rows of one statement."""
WRITTEN = (
    "id", "set_id", "position", "entity", "record_id", "customer_id", "op", "before", "after", "version", "salt",
    "digest",
)  # fmt: skip
"""The columns of a change row."""
SALT = 16
"""Bytes of a change row's salt."""


@dataclass
class Draft:
    """What one unit of work has changed so far; a row touched twice is one change row."""

    actor: Actor
    cause_id: UUID | None = None
    idempotency_key: str | None = None
    action: str = ""
    reverses_id: UUID | None = None
    result: UUID | None = None
    details: dict[str, Any] = field(default_factory=dict)
    rows: dict[tuple[str, UUID], dict[str, Any]] = field(default_factory=dict)
    customers: set[UUID] = field(default_factory=set)
    set_id: UUID = field(default_factory=new_id)
    checked: bool = True

    def note(
        self,
        entity: str,
        record_id: UUID,
        op: str,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
        version: int,
        customer_id: UUID | None,
    ) -> None:
        """Add one changed row. ``before`` and ``after`` are JSON; an update names only what differs."""
        if customer_id and is_searched(entity, op, after or ()):
            self.customers.add(customer_id)
        known = self.rows.get((entity, record_id))
        if known is None or known["op"] == "nothing":
            self.rows[entity, record_id] = {
                "entity": entity, "record_id": record_id, "op": op, "version": version, "customer_id": customer_id,
                "before": dict(before) if before else None, "after": dict(after) if after is not None else None,
            }  # fmt: skip
            return
        known["version"] = version
        was, now = known["before"] or {}, known["after"] or {}
        if op == "delete":
            known["op"], known["after"] = ("nothing" if known["op"] == "create" else "delete"), None
            known["before"] = {**(before or {}), **was}
        elif op == "create":  # It was deleted earlier in this unit of work: it came back, perhaps changed.
            names = sorted({*was, *(after or {})} - UNTOLD)
            changed = [n for n in names if was.get(n) != (after or {}).get(n)]
            known["op"] = "update"
            known["before"], known["after"] = (
                {n: was.get(n) for n in changed},
                {n: (after or {}).get(n) for n in changed},
            )
        else:
            known["before"] = {**(before or {}), **was} if known["op"] == "update" else known["before"]
            known["after"] = {**now, **(after or {})}

    def told(self) -> list[dict[str, Any]]:
        """Return the rows that end up changed; what a created row lost again is left out."""
        rows = [row for row in self.rows.values() if row["op"] != "nothing"]
        for row in rows:
            if row["op"] == "create":
                row["after"] = {n: v for n, v in row["after"].items() if v not in (None, [], {})}
        return rows


SEARCHED = frozenset({"name", "email", "phone", "city", "archived_at", "merged_into_id", "inactive_at"}) | {
    "birth_date", "website", "tax_number", "registration_number",
}  # fmt: skip
"""Fields by which a customer is looked for, by people and by the search for duplicates."""
SEARCHED_PARTS = frozenset({"address", "communication", "contact_person"})


def is_searched(entity: str, op: str, names: Collection[str]) -> bool:
    """Tell whether a change of these fields changes what a customer is found by."""
    if entity in SEARCHED_PARTS:
        return True
    return entity in ("contact", "account") and (op != "update" or not SEARCHED.isdisjoint(names))


def record(session: Session, draft: Draft) -> None:
    """Before a flush: check each touched row against the actor's rights and note its change."""
    now = utc_now()
    for row in [*session.new, *session.dirty, *session.deleted]:
        if not isinstance(row, Row) or not (row in session.deleted or session.is_modified(row)):
            continue
        state = inspect(row)
        entity = entity_of(row)
        name = entity.key if entity else str(row.__tablename__)
        if row in session.deleted:
            rights.check_delete(session, draft.actor, entity, row)
            was = {name: old for name, (old, _) in differences(row).items()}
            draft.note(name, row.id, "delete", {**snapshot(row), **was}, None, row.version, customer_of(row))
            continue
        if state.pending and row.created_by_id is None:
            row.created_by_id = draft.actor.user_id
        row.settle()
        changed = {} if state.pending else differences(row)
        if not state.pending and not changed:
            continue
        row.updated_by_id, row.updated_at = draft.actor.user_id, row.created_at if state.pending else now
        rights.check_write(session, draft.actor, entity, row, changed, new=state.pending)
        if state.pending:
            draft.note(name, row.id, "create", None, snapshot(row), 1, customer_of(row))
        else:
            before = {field: old for field, (old, _) in changed.items()}
            after = {field: new for field, (_, new) in changed.items()}
            draft.note(name, row.id, "update", before, after, row.version + 1, customer_of(row))


def differences(row: Row) -> dict[str, tuple[Any, Any]]:
    """Return ``{field: (old, new)}`` of a changed row as JSON; custom fields are named ``custom.<key>``."""
    found: dict[str, tuple[Any, Any]] = {}
    state = inspect(row)
    for name in [n for n in type(row).model_fields if n in state.committed_state and n not in UNTOLD]:
        history = state.attrs[name].history
        if not history.has_changes():
            continue
        old, new = (side[0] if side else None for side in (history.deleted, history.added))
        if state.committed_state[name] is NO_VALUE:
            # It was set without having been loaded; an unknown old value could not be restored.
            old = _stored(state.session, row, name)
        if name == "custom":
            old, new = flat({"custom": old}), flat({"custom": new})
            keys = sorted(old.keys() | new.keys())
            found |= {k: (old.get(k), new.get(k)) for k in keys if old.get(k) != new.get(k)}
        elif old != new:
            found[name] = (SEALED, SEALED) if _secret(type(row), name) else (plain(old), plain(new))  # pyright: ignore[reportArgumentType]
    return found


def _stored(session: Session | None, row: Row, name: str) -> Any:
    """Return a field's value as the database still has it."""
    model: Any = type(row)
    return session.scalar(select(getattr(model, name)).where(model.id == row.id)) if session else None


def snapshot(row: Row) -> dict[str, Any]:
    """Return every value of a row as JSON, empty ones left out, custom fields named ``custom.<key>``."""
    return told_of(type(row), {name: getattr(row, name) for name in type(row).model_fields})


def told_of(model: type[Row], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a new row as the journal tells them: what a bulk insert notes for each row."""
    filled = {n: plain(v) for n, v in values.items() if v not in (None, [], {})}
    return flat({n: SEALED if _secret(model, n) else v for n, v in filled.items()})  # pyright: ignore[reportArgumentType]


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with each custom field under a name of its own."""
    custom = values.get("custom") or {}
    return {n: v for n, v in values.items() if n != "custom"} | {f"custom.{k}": v for k, v in custom.items()}


@cache
def _secret(model: type[Row], name: str) -> bool:
    return Privacy.SECRET in marks_of(model, name)


def customer_of(row: Row) -> UUID | None:
    """Return the customer a row belongs to, itself included."""
    if isinstance(row, Customer):
        return row.id
    entity = entity_of(row)
    return getattr(row, entity.within) if entity and entity.within else None


def seal(session: Session, draft: Draft) -> None:
    """Write the change set and its rows, chained to the last one; nothing when nothing changed."""
    rows = draft.told()
    if not rows and not draft.action and not draft.idempotency_key:
        return
    if draft.actor.key_id:
        draft.details["api_key"] = str(draft.actor.key_id)
    for row in rows:
        row["salt"] = secrets.token_hex(SALT)
    written = list(_written(draft.set_id, rows))
    if session.get_bind().dialect.name == "postgresql":
        session.exec(text("SELECT pg_advisory_xact_lock(:lock)").bindparams(lock=CHAIN_LOCK))  # pyright: ignore[reportCallIssue, reportArgumentType]
    last = session.exec(select(ChangeSet.seq, ChangeSet.hash).order_by(desc(col(ChangeSet.seq))).limit(1)).first()
    seq, prev = last or (0, START)
    head: dict[str, Any] = {
        "id": draft.set_id, "seq": seq + 1, "at": utc_now(), "actor_id": draft.actor.user_id,
        "action": draft.action or _action(rows), "cause_id": draft.cause_id, "reverses_id": draft.reverses_id,
        "idempotency_key": draft.idempotency_key, "rows": len(rows), "prev_hash": prev,
        "details": json.loads(json.dumps(draft.details, default=str)),
        "result": {"id": str(draft.result)} if draft.result else None,
    }  # fmt: skip
    head["hash"] = link(head, [row[-1] for row in written])
    session.execute(insert(ChangeSet), [head])
    _insert(session, written)


def _written(set_id: UUID, rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Yield change rows as they are stored, their digest last; what many say alike is spelled once."""
    known: dict[str, tuple[str | None, str]] = {}
    for position, row in enumerate(rows):
        if len(known) > TOGETHER:
            known.clear()
        was, before = _spelled(row["op"], row["before"], known)
        now, after = _spelled(row["op"], row["after"], known)
        yield (
            new_id(), set_id, position, row["entity"], row["record_id"], row["customer_id"], row["op"], was, now,
            row["version"], row["salt"], digest_of(row["salt"], row, before, after),
        )  # fmt: skip


def _spelled(op: str, values: Any, known: dict[str, tuple[str | None, str]]) -> tuple[str | None, str]:
    """Return one side of a change as it is stored and as its digest covers it."""
    if values is None:
        return None, "null"
    if op != "update":  # What is made or lost differs from row to row.
        return json.dumps(values), spelled(values)
    said = repr(values)
    if said not in known:
        known[said] = json.dumps(values), spelled(values)
    return known[said]


def _insert(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert change rows past SQLAlchemy, which would look at each value of what may be half a million rows."""
    connection = session.connection()
    lite = connection.dialect.name == "sqlite"
    names, marks = ", ".join(WRITTEN), ", ".join(["?" if lite else "%s"] * len(WRITTEN))
    for start in range(0, len(rows), TOGETHER):
        part = rows[start : start + TOGETHER]
        if lite:
            part = [
                (own.hex, of.hex, position, entity, row.hex, customer and customer.hex, *rest)
                for own, of, position, entity, row, customer, *rest in part
            ]
        connection.exec_driver_sql(f"INSERT INTO change_row ({names}) VALUES ({marks})", part)  # noqa: S608 - bound values


def _action(rows: list[dict[str, Any]]) -> str:
    """Name an unnamed change set after its first row: ``contact.updated``."""
    if not rows:
        return "nothing.changed"
    past = {"create": "created", "update": "updated", "delete": "deleted"}[rows[0]["op"]]
    if rows[0]["op"] == "update" and "archived_at" in (rows[0]["after"] or {}):
        past = "archived" if rows[0]["after"]["archived_at"] else "restored"
    return f"{rows[0]['entity']}.{past}"


def last_seq(session: Session) -> int:
    """Return the number of the newest change set: it moves with every change, so it dates what is cached."""
    return session.exec(select(func.max(ChangeSet.seq))).one() or 0
