"""Erasure: everything personal about a customer goes, in every table, the journal, the index and the files.

What must stay (that he was erased, what he had agreed to without his address) says nothing about who he was. The
journal keeps the digests of what it forgets, so its chain still verifies.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, delete, func, insert, or_, select, update
from sqlmodel import col

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Message
from c360.core.fold import fold
from c360.core.i18n import text
from c360.models.communication import Communication
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.job import ImportBatch, ImportRow, StoredFile
from c360.models.journal import ChangeRow
from c360.models.request import Erasure
from c360.models.search import SearchDocument
from c360.registry.entity import entity_for
from c360.registry.marks import OnErase
from c360.services import fields, names, store
from c360.services.imports import files as uploads
from c360.services.privacy import holds, ledger, reach, suppressions, traces
from c360.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Share:
    """What becomes of the rows of one entity: how many of them, and how."""

    label: str
    how: str
    n: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would do, and what stands in its way."""

    customer_id: UUID
    name: str
    shares: list[Share] = field(default_factory=list)
    blocked: list[Message] = field(default_factory=list)


def preview(uow: UnitOfWork, customer_id: UUID) -> Preview:
    """Count what would go, what would be emptied and what would stay; nothing is changed."""
    uow.require(Verb.UPDATE, "subject_request")
    customer = uow.get("customer", customer_id, archived=True)
    ids, language = reach.family(uow.session, customer_id), uow.actor.language
    counted: Counter[tuple[str, str]] = Counter()
    for one in reach.mentions():
        n = uow.session.execute(select(func.count()).select_from(one.table).where(one.column.in_(ids))).scalar_one()
        counted[reach.called(one.table.name, language), one.policy.value] += n
    for model, rows in reach.hung(uow.session, ids, alone=True):
        counted[reach.called(model.__table__.name, language), OnErase.DELETE.value] += len(rows)
    alone = dict(reach.shared(uow.session, ids, alone=True))
    for model, mine in reach.shared(uow.session, ids):
        counted[reach.called(model.__table__.name, language), "empty"] += len(alone[model])
        counted[text(language, "privacy.part.shared"), "keep"] += len(mine) - len(alone[model])
    counted[names.entity_label(entity_for(customer.kind), language), "empty"] += len(ids)
    journaled = select(func.count()).select_from(ChangeRow).where(_journal(ids, ()), col(ChangeRow.salt).is_not(None))
    counted[reach.called("change_row", language), "empty"] += uow.session.execute(journaled).scalar_one()
    shares = [Share(label, how, n) for (label, how), n in sorted(counted.items()) if n]
    return Preview(customer_id, customer.name, shares, holds.of(uow, ids))


def erase(uow: UnitOfWork, customer_id: UUID, *, request_id: UUID | None = None, how: str = "erase") -> int:
    """Erase a customer for good, or anonymise him so that figures stay; return how many rows it touched.

    ``Conflict`` names what stands in the way.
    """
    uow.require(Verb.UPDATE, "subject_request")
    uow.get("customer", customer_id, archived=True)
    ids = reach.family(uow.session, customer_id)
    if blocked := holds.of(uow, ids):
        raise Conflict(blocked[0].key, **blocked[0].params)
    return forget(uow, ids, request_id=request_id, how=how)


def forget(
    uow: UnitOfWork, ids: Sequence[UUID], *, request_id: UUID | None = None, how: str = "erase", suppress: bool = True
) -> int:
    """Do what an erasure does, for customers nothing stands in the way of; bulk statements, so the hook sees none.

    ``suppress`` keeps their addresses as ones nobody may write to again.
    """
    uow.flush()
    session, now = uow.session, utc_now()
    if suppress:
        suppressions.suppress(session, ids)
    words = _words(uow, ids)
    hung = [(model.__table__, mine) for model, mine in reach.hung(session, ids, alone=True)]
    papers = [one for table, mine in hung if table.name == "stored_file" for one in mine]
    his = or_(col(StoredFile.customer_id).in_(ids), col(StoredFile.id).in_(papers))
    files = set(session.scalars(select(*reach.columns(StoredFile, "sha256")).where(his)))
    rows, gone = 0, []
    accounts = select(*reach.columns(ContactPerson, "account_id")).where(col(ContactPerson.contact_id).in_(ids))
    uow.draft.customers |= set(session.scalars(accounts))  # They are found by the names of their people.
    for one in (m for m in reach.mentions() if m.policy is OnErase.EMPTY):
        values = reach.emptied(one.model)
        rows += session.execute(update(one.table).where(one.column.in_(ids)).values(values)).rowcount  # pyright: ignore[reportAttributeAccessIssue]
        gone += reach.rows_of(session, one, ids)
    for model, mine in list(reach.shared(session, ids, alone=True)):
        values = reach.emptied(model) | {"archived_at": now}
        rows += session.execute(update(model.__table__).where(model.__table__.c.id.in_(mine)).values(values)).rowcount  # pyright: ignore[reportAttributeAccessIssue]
        gone += mine
    for table, mine in hung:
        rows += session.execute(delete(table).where(table.c.id.in_(mine))).rowcount  # pyright: ignore[reportAttributeAccessIssue]
        gone += mine
    for one in (m for m in reach.mentions() if m.policy is OnErase.DELETE):
        gone += reach.rows_of(session, one, ids)
        rows += session.execute(delete(one.table).where(one.column.in_(ids))).rowcount  # pyright: ignore[reportAttributeAccessIssue]
    _files(uow, files)
    _imports(uow, ids, words)
    traces.wipe(uow, ids)
    session.execute(delete(SearchDocument).where(col(SearchDocument.customer_id).in_(ids)))
    rows += _redact(uow, ids, gone)
    for customer_id in ids:
        _customer(uow, customer_id, how)
        entry = {"customer_id": customer_id, "request_id": request_id, "at": now, "user_id": uow.actor.user_id}
        session.execute(insert(Erasure).values(**entry, how=how, rows=rows))
    session.expire_all()
    uow.log("privacy.erased" if how == "erase" else "privacy.anonymised", customers=[str(i) for i in ids], rows=rows)
    uow.after_commit(lambda: ledger.append(ids, how, now))
    return rows


def replay(uow: UnitOfWork) -> int:
    """Erase again, after a backup was put back, who was erased since it was made; return how many."""
    wanted = {UUID(line["customer_id"]): line["how"] for line in ledger.read()}
    found = select(*reach.columns(Customer, "id")).where(
        col(Customer.id).in_(wanted), col(Customer.erased_at).is_(None)
    )
    again = list(uow.session.scalars(found))
    for customer_id in again:
        forget(uow, [customer_id], how=wanted[customer_id])
    return len(again)


def _customer(uow: UnitOfWork, customer_id: UUID, how: str) -> None:
    """Empty the customer's own row; anonymised, it keeps what describes no one: segment, country, figures."""
    table: Any = Customer.__table__  # pyright: ignore[reportAttributeAccessIssue]
    now, name = utc_now(), f"{'Erased' if how == 'erase' else 'Anonymous'} {customer_id.hex[-6:].upper()}"
    personal = reach.emptied(Customer)
    row = uow.session.execute(
        select(table.c.kind, table.c.version, table.c.custom).where(table.c.id == customer_id)
    ).one()
    values = {
        column.name: reach.blank(Customer, column)
        for column in table.c
        if not reach.structural(column.name) and (how == "erase" or column.name in (*personal, "website", "code"))
    }
    if how != "erase":
        plain = {n for n, s in fields.custom(uow.session, entity_for(row.kind)).items() if not s.personal}
        values["custom"] = {name: value for name, value in (row.custom or {}).items() if name in plain}
    values |= {
        "name": name,
        "sort_name": fold(name),
        "erased_at": now,
        "restricted_at": None,
        "employer_id": None,  # Where somebody works may tell who he was.
        "version": row.version + 1,
    }
    values["archived_at" if how == "erase" else "inactive_at"] = now
    values |= {"updated_at": now, "updated_by_id": uow.actor.user_id}
    uow.session.execute(update(table).where(table.c.id == customer_id).values(values))
    told = {"erased_at": now.isoformat()}
    uow.draft.note(row.kind, customer_id, "update", {"erased_at": None}, told, row.version + 1, customer_id)


def _redact(uow: UnitOfWork, ids: Collection[UUID], gone: Sequence[UUID]) -> int:
    """Empty what the journal says of these customers and of the rows that were theirs; the digests stay."""
    blank = {"before": None, "after": None, "salt": None}
    table: Any = ChangeRow.__table__  # pyright: ignore[reportAttributeAccessIssue]
    rows = 0
    for start in range(0, max(len(gone), 1), 500):
        test = _journal(ids, gone[start : start + 500])
        done = uow.session.execute(update(table).where(test, table.c.salt.is_not(None)).values(blank))
        rows += done.rowcount  # pyright: ignore[reportAttributeAccessIssue]
    return rows


def _journal(ids: Collection[UUID], gone: Collection[UUID]) -> Any:
    about = or_(col(ChangeRow.customer_id).in_(ids), col(ChangeRow.record_id).in_(ids))
    return or_(about, col(ChangeRow.record_id).in_(gone)) if gone else about


def _words(uow: UnitOfWork, ids: Collection[UUID]) -> list[str]:
    """Return the addresses by which a row of a file that became no record can still be known as his."""
    own = uow.session.execute(select(*reach.columns(Customer, "email", "phone")).where(col(Customer.id).in_(ids))).all()
    more = uow.session.scalars(
        select(*reach.columns(Communication, "value")).where(col(Communication.customer_id).in_(ids))
    )
    return sorted({one for one in (*(v for row in own for v in row), *more) if one and len(one) >= 6})


def _files(uow: UnitOfWork, digests: Collection[str]) -> None:
    """Remove the content of files nobody else has, once this is safe."""
    kept = set(
        uow.session.scalars(select(*reach.columns(StoredFile, "sha256")).where(col(StoredFile.sha256).in_(digests)))
    )
    lost = [one for one in digests if one not in kept]
    uow.after_commit(lambda: [store.current().drop(one, utc_now().timestamp() + 1) for one in lost])


def _imports(uow: UnitOfWork, ids: Collection[UUID], words: Sequence[str]) -> None:
    """Empty the rows of imported files that were his, and drop the files themselves once they are done with."""
    mine = col(ImportRow.record_id).in_(ids)
    said = [func.lower(cast(ImportRow.cells, String)).contains(word.lower(), autoescape=True) for word in words]
    batches = set(uow.session.scalars(select(*reach.columns(ImportRow, "batch_id")).where(or_(mine, *said))))
    blank = update(ImportRow).where(or_(mine, *said)).values(cells=None, reasons=[])
    uow.session.execute(blank.execution_options(synchronize_session=False))
    done = select(*reach.columns(ImportBatch, "file_key")).where(
        col(ImportBatch.id).in_(batches), col(ImportBatch.state) == "done"
    )
    keys = [key for key in uow.session.scalars(done) if key]
    uow.after_commit(lambda: [uploads.discard(key) for key in keys])
