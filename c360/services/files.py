"""Files: kept under the digest of their content, reached only through the record they belong to.

Content is whole and in its place before its row is committed, so a row always has its file; what a crash leaves
without a row is swept away later.
"""

import codecs
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import UUID

import puremagic
from sqlmodel import col, select

from c360.core.actor import SYSTEM, Verb
from c360.core.clock import utc_now
from c360.core.config import settings
from c360.core.errors import Invalid, NotFound
from c360.models.attachment import Attachment
from c360.models.customer import Customer
from c360.models.job import StoredFile
from c360.registry.entity import FieldSpec, entity_for
from c360.services import fields, store

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

CHUNK = 1 << 20
HEAD = 8192
ORPHAN_SECONDS = 24 * 3600
"""How long content without a row is left alone: its row may still be on its way."""
PROGRAMS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
REFUSED = frozenset(
    (
        ".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta",
        ".jar", ".lnk", ".reg", ".cpl", ".iso", ".img",
    )
)  # fmt: skip
"""What a colleague's computer would run when he opens it."""
_NAME = re.compile(r"[\x00-\x1f\x7f<>:\"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Received:
    """A file that lies in the store, before any record knows of it."""

    name: str
    sha256: str
    media_type: str
    size: int
    redrawn: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A file an actor may have: the key of its content, what it is called, whether a page may show it."""

    sha256: str
    name: str
    media_type: str
    size: int
    inline: bool

    def read(self, start: int = 0, most: int = -1) -> bytes:
        """Return some of the content, or all that is left."""
        with store.current().open(self.sha256) as file:
            file.seek(start)
            return file.read(most)


def clean_name(name: str) -> str:
    """Return a file's name without path, control or direction characters, short enough for any disk."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    name = _NAME.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        name = f"{stem[:200]}.{ending}"
    return name[:211] or "file"


class Incoming:
    """A file on its way in: each part is judged, counted and written; unless it is finished, nothing of it stays."""

    def __init__(self, name: str, *, most: int | None = None, redrawn: bool = False) -> None:
        self.name, self.most, self.redrawn = clean_name(name), most or most_bytes(), redrawn
        if Path(self.name).suffix.lower() in REFUSED:
            raise _refused(self.name)
        self.digest, self.size, self.head = hashlib.sha256(), 0, b""
        handle, path = tempfile.mkstemp(dir=store.folder(), prefix=".new-")
        self.file, self.path = os.fdopen(handle, "wb"), Path(path)

    def write(self, part: bytes) -> None:
        """Add a part; ``Invalid`` as soon as the whole is too large or turns out to be a program."""
        if len(self.head) < HEAD:
            self.head = (self.head + part)[:HEAD]
            if self.head.startswith(PROGRAMS):
                raise _refused(self.name)
        self.size += len(part)
        if self.size > self.most:
            raise _too_large(self.most)
        self.digest.update(part)
        self.file.write(part)

    def finish(self) -> Received:
        """Put the whole file into the store."""
        if not self.size:
            raise Invalid.field("file", "file.empty")
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        sha256 = self.digest.hexdigest()
        store.current().take(self.path, sha256)
        return Received(self.name, sha256, media_type(self.head, self.name), self.size, self.redrawn)

    def discard(self) -> None:
        """Leave nothing behind; harmless once it is finished."""
        self.file.close()
        self.path.unlink(missing_ok=True)


def most_bytes() -> int:
    """Return how big a file may be."""
    return int(settings().max_upload_mb) * 1_000_000


def expect(size: int, most: int | None = None) -> None:
    """Refuse a file by the size it is announced with, before any of it is taken."""
    if size > (most or most_bytes()):
        raise _too_large(most or most_bytes())
    if store.is_full(size):
        raise Invalid.field("file", "file.full")


def receive(name: str, stream: BinaryIO, *, most: int | None = None, redrawn: bool = False) -> Received:
    """Put a stream into the store; ``Invalid`` when it is empty, too large or of a refused kind."""
    new = Incoming(name, most=most, redrawn=redrawn)
    try:
        while part := stream.read(CHUNK):
            new.write(part)
        return new.finish()
    finally:
        new.discard()


def _refused(name: str) -> Invalid:
    return Invalid.field("file", "file.refused", file=name)


def _too_large(most: int) -> Invalid:
    return Invalid.field("file", "file.large", mb=most // 1_000_000)


def media_type(head: bytes, name: str) -> str:
    """Tell what a file is from its content; what is not known is text or bytes."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        found = []
    ending = Path(name).suffix.lower()
    for match in sorted(found, key=lambda one: (one.extension != ending, -one.confidence)):
        if match.mime_type:
            return match.mime_type[:120]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/octet-stream" if b"\x00" in head else "text/plain"


def keep(uow: "UnitOfWork", received: Received, customer_id: UUID | None = None) -> UUID:
    """Give a received file its row: of a customer the actor may change, else his own until a record takes it."""
    if customer_id is not None:
        uow.get("customer", customer_id, Verb.UPDATE)
    told: dict[str, Any] = asdict(received) | {"customer_id": customer_id, "owner_id": uow.actor.user_id}
    return uow.add(StoredFile(**told)).id


def _attached(uow: "UnitOfWork", row: StoredFile) -> Sequence[Any]:
    """Return when each attachment that holds a file was taken off, None for those still there."""
    return uow.session.exec(select(Attachment.archived_at).where(Attachment.file_id == row.id)).all()


def adopt(uow: "UnitOfWork", spec: FieldSpec, record: Any, value: str) -> None:
    """Let a record take a file its actor has just brought; ``Invalid`` when the file is another's."""
    row = _row(uow, value)
    if row is None or (row.customer_id is None and row.owner_id != uow.actor.user_id and uow.actor is not SYSTEM):
        raise Invalid.field(spec.name, "file.unknown")
    if row.customer_id is None and _attached(uow, row):
        raise Invalid.field(spec.name, "file.unknown")
    if row.customer_id is None:
        row.customer_id = record.id
    elif row.customer_id != record.id:
        raise Invalid.field(spec.name, "file.unknown")


def _row(uow: "UnitOfWork", value: str | UUID) -> StoredFile | None:
    try:
        file_id = value if isinstance(value, UUID) else UUID(value)
    except ValueError:
        return None
    with uow.session.no_autoflush:
        return uow.session.get(StoredFile, file_id)


def fetch(uow: "UnitOfWork", file_id: UUID, *, log: bool = True) -> Opened:
    """Return a file to read: of a record within the reach and in a place the actor may read, or his own."""
    row = _row(uow, file_id)
    if row is None or not _may_read(uow, row):
        raise NotFound("error.not_found", entity=entity_for("stored_file").label)
    if row.archived_at is not None or not store.current().has(row.sha256):
        raise NotFound("file.lost")
    if log and not row.redrawn:
        uow.saw("download", "stored_file", row.id)
    return Opened(row.sha256, row.name, row.media_type, row.size, row.redrawn)


def _may_read(uow: "UnitOfWork", row: StoredFile) -> bool:
    if row.customer_id is None:
        shown = uow.select("attachment").where(col(Attachment.file_id) == row.id)
        return bool(uow.session.exec(shown).first() if _attached(uow, row) else row.owner_id == uow.actor.user_id)
    try:
        customer = uow.get("customer", row.customer_id, archived=True)
    except NotFound:
        return False
    attached = _attached(uow, row)
    if None in attached:
        return True
    readable = uow.fields(customer.kind)
    known = fields.every(uow.session, entity_for(customer.kind))
    held = (name for name, spec in known.items() if spec.kind.key == "file")
    holders = {name for name in held if customer.custom.get(name) == str(row.id)}
    holders |= {"photo"} if customer.photo == str(row.id) else set()
    # What was taken off the customer is read no more; what nothing has taken yet still may be.
    return bool(holders & set(readable)) if holders or attached else True


def titles(uow: "UnitOfWork", ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what files are called, those within the reach alone; who asks may read the field that holds them."""
    rows = uow.session.exec(select(StoredFile).where(col(StoredFile.id).in_(set(ids)))).all()
    held = {row.customer_id for row in rows if row.customer_id}
    reached = uow.select("customer", archived=True).with_only_columns(col(Customer.id))
    seen = {row[0] for row in uow.session.execute(reached.where(col(Customer.id).in_(held)))} if held else set()
    mine = uow.actor.user_id
    return {row.id: row.name for row in rows if (row.customer_id in seen if row.customer_id else row.owner_id == mine)}


def sweep(uow: "UnitOfWork", *, older_than: int = ORPHAN_SECONDS, shards: Sequence[str] | None = None) -> int:
    """Remove content no row names, and half-written files; return how many.

    Each minute it is the turn of another part of the store, so that a million files are no burden.
    """
    uow.require(Verb.ARCHIVE, "setting")
    now = utc_now().timestamp()
    before, kept = now - older_than, store.current()
    removed = kept.recover(before)
    for shard in shards or (store.SHARDS[int(now // 60) % len(store.SHARDS)],):
        old = list(kept.old(shard, before))
        for part in (old[start : start + 500] for start in range(0, len(old), 500)):
            named = select(StoredFile.sha256).where(
                col(StoredFile.sha256).in_(part), col(StoredFile.archived_at).is_(None)
            )
            removed += sum(kept.drop(key, before) for key in set(part) - set(uow.session.exec(named)))
    return removed
