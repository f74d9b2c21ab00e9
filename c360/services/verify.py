"""Verifying the journal: recompute every digest and every link, and compare the head with the signed anchors.

The chain alone does not show that its tail was cut off or that all of it was written anew by someone with the key; an
anchor, kept in a file outside the database, does.
"""

import fcntl
import json
import os
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from c360.core.clock import utc_now
from c360.core.config import settings
from c360.core.db import engine
from c360.models.journal import ChangeRow, ChangeSet
from c360.services import chain

PAGE = 500
"""Change sets read at a time."""
STREAM = 2_000
"""Change rows held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the journal is not what was written: the change set's number and what is wrong."""

    seq: int
    what: str


@dataclass
class Report:
    """What a verification found; ``broken`` is the first break, None when all is well."""

    sets: int = 0
    rows: int = 0
    erased: int = 0
    anchors: int = 0
    head: str = chain.START
    broken: Break | None = None
    heads: dict[int, str] = field(default_factory=dict, repr=False)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.broken is None

    def as_json(self) -> dict[str, Any]:
        """Return what `c360 verify --json` prints."""
        told = {"sets": self.sets, "rows": self.rows, "erased": self.erased, "anchors": self.anchors}
        return {"ok": self.ok, **told, "head": self.head, "broken": asdict(self.broken) if self.broken else None}


def verify(session: Session) -> Report:
    """Walk the whole chain from the first set to the head, then hold it against the anchors."""
    found = Report()
    anchors, bad_anchor = _anchors()
    found.anchors = len(anchors)
    wanted = {seq for seq, _ in anchors}
    prev = chain.START
    with closing(_sets(session)) as sets:
        for head, rows in sets:
            expected = found.sets + 1
            digests, wrong = _digests(rows, found)
            broken = _check(head, expected, prev, digests) or wrong
            if broken:
                found.broken = Break(min(expected, head.seq), broken)
                return found
            found.sets, prev = head.seq, head.hash
            if head.seq in wanted:
                found.heads[head.seq] = head.hash
    found.head = prev
    if bad_anchor is not None:
        found.broken = Break(bad_anchor, "anchor_forged")
        return found
    for seq, hashed in anchors:
        if found.heads.get(seq) != hashed:
            found.broken = Break(seq, "tail_missing" if seq > found.sets else "rewritten")
            return found
    return found


def _sets(session: Session) -> Generator[tuple[ChangeSet, Iterator[Any]]]:
    """Yield each change set, in order, with its rows as they stream from the database."""
    after = -(2**31)  # Numbers start at 1; one below is a forgery and must be met, not skipped.
    columns = (
        ChangeRow.set_id, ChangeRow.entity, ChangeRow.record_id, ChangeRow.op, ChangeRow.before, ChangeRow.after,
        ChangeRow.version, ChangeRow.salt, ChangeRow.digest,
    )  # fmt: skip
    while True:
        page = session.exec(
            select(ChangeSet).where(col(ChangeSet.seq) > after).order_by(col(ChangeSet.seq)).limit(PAGE)
        )
        heads = page.all()
        if not heads:
            return
        after = heads[-1].seq
        rows = session.execute(
            select(*columns)  # pyright: ignore[reportCallIssue, reportArgumentType]
            .join(ChangeSet, col(ChangeSet.id) == col(ChangeRow.set_id))
            .where(col(ChangeSet.seq).between(heads[0].seq, after))
            .order_by(col(ChangeSet.seq), col(ChangeRow.position))
            .execution_options(yield_per=STREAM)
        )
        with closing(rows):
            groups = groupby(rows, key=lambda row: row.set_id)
            waiting = next(groups, None)
            for head in heads:
                if waiting and waiting[0] == head.id:
                    yield head, waiting[1]
                    waiting = next(groups, None)
                else:
                    yield head, iter(())
                session.expunge(head)


def _digests(rows: Iterator[Any], found: Report) -> tuple[list[str], str]:
    """Return the digests of a set's rows and what is wrong with the first bad one; count the rows."""
    digests, wrong = [], ""
    for row in rows:
        found.rows += 1
        digests.append(row.digest)
        if row.salt is None:
            found.erased += 1
            wrong = wrong or ("row" if row.before is not None or row.after is not None else "")
        elif not wrong and chain.digest(row.salt, row._mapping) != row.digest:
            wrong = "row"
    return digests, wrong


def _check(head: ChangeSet, expected: int, prev: str, digests: list[str]) -> str:
    """Return what is wrong with a change set, or nothing."""
    if head.seq != expected:
        return "missing"
    if head.prev_hash != prev:
        return "link"
    if head.rows != len(digests):
        return "row_missing"
    return "" if chain.link(head.model_dump(), digests) == head.hash else "set"


def anchor() -> bool:
    """Sign the chain's head into a file outside the database; False when it is there already. Run it every minutes."""
    with Session(engine().execution_options(postgresql_readonly=True)) as session:
        newest = select(ChangeSet.seq, ChangeSet.hash).order_by(col(ChangeSet.seq).desc()).limit(1)
        head = session.exec(newest).first()
    if head is None:
        return False
    with open(_path(), "a+b", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        lines = file.read().splitlines()
        last = json.loads(lines[-1]) if lines else {"seq": 0, "mac": chain.START}
        if head[0] <= last["seq"]:
            return False
        told = {"seq": head[0], "hash": head[1], "at": utc_now().isoformat()}
        told["mac"] = chain.sign([last["mac"], told["seq"], told["hash"], told["at"]])
        file.write(json.dumps(told).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def _path() -> Path:
    return settings().data_path / "journal.anchors"


def _anchors() -> tuple[list[tuple[int, str]], int | None]:
    """Return the anchors as (seq, hash) and the number at which their own chain breaks, if it does."""
    if not _path().exists():
        return [], None
    found: list[tuple[int, str]] = []
    mac = chain.START
    for line in _path().read_bytes().splitlines():
        last = found[-1][0] if found else 0
        try:
            told = json.loads(line)
            signed = chain.sign([mac, told["seq"], told["hash"], told["at"]])
        except (ValueError, KeyError, TypeError):
            return found, last + 1
        if signed != told.get("mac"):
            return found, last + 1
        mac = signed
        found.append((told["seq"], told["hash"]))
    return found, None
