"""Codes of accounts: a running number in a mask an administrator sets, each given once."""

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import update
from sqlmodel import Session, col, select

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.models.customer import Customer
from c360.models.job import Setting
from c360.services import code_mask, settings

COUNTER = "counter.account_code"


def take(session: Session, n: int) -> list[str]:
    """Return the next codes, or none when no mask is set; whoever else asks waits for this transaction."""
    mask = settings.read(session).code_mask
    if not mask or n < 1:
        return []
    with session.no_autoflush:
        last = _lock(session)
        codes: list[str] = []
        while len(codes) < n:
            wanted = n - len(codes)
            fresh = dict(islice(_numbered(mask, last + 1), wanted))
            taken = set(session.exec(select(Customer.code).where(col(Customer.code).in_(fresh))))
            codes += [code for code in fresh if code not in taken]
            last = max(fresh.values())
        counted = update(Setting).where(col(Setting.key) == COUNTER).values(value={"last": last})
        session.execute(counted)
    return codes


def _numbered(mask: str, first: int) -> Iterator[tuple[str, int]]:
    number = first
    while True:
        yield code_mask.written(mask, number), number
        number += 1


def _lock(session: Session) -> int:
    """Return the last number given, holding its row so that no other transaction gives the next one."""
    held = select(Setting.value).where(Setting.key == COUNTER).with_for_update()
    row = session.exec(held).first()
    if row is None:
        now = utc_now()
        values = {
            "id": new_id(),
            "key": COUNTER,
            "value": {"last": 0},
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
        session.execute(settings.upsert(session, values))
        row = session.exec(held).one()
    return int(row["last"])
