"""Files: kept under the digest of their content, reached only through the record they belong to.

A file is written to a temporary name, synced and renamed before its row is committed, so a row always has its file;
what a crash leaves without a row is swept away later.
"""

import codecs
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable
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
from c360.models.job import StoredFile
from c360.registry.entity import FieldSpec, entity_for
from c360.services import fields

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

CHUNK = 1 << 20
HEAD = 8192
ORPHAN_SECONDS = 24 * 3600
"""How long a file without a row is left alone: its row may still be on its way."""
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
    """A file an actor may have: where it lies, what it is called, whether a page may show it."""

    path: Path
    name: str
    media_type: str
    inline: bool


def folder() -> Path:
    """Return the directory that holds every file."""
    return settings().data_path / "files"


def path_of(sha256: str) -> Path:
    """Return where the content with a digest lies: a path of ours, whatever people call the file."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a digest")
    return folder() / sha256[:2] / sha256[2:4] / sha256


def clean_name(name: str) -> str:
    """Return a file's name without path, control or direction characters, short enough for any disk."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    name = _NAME.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        name = f"{stem[:200]}.{ending}"
    return name[:211] or "file"


def receive(name: str, stream: BinaryIO, *, most: int | None = None, redrawn: bool = False) -> Received:
    """Put a stream into the store; ``Invalid`` when it is empty, too large or of a refused kind."""
    name, most = clean_name(name), most or int(settings().max_upload_mb) * 1_000_000
    if Path(name).suffix.lower() in REFUSED:
        raise _refused(name)
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size, head = hashlib.sha256(), 0, b""
    with tempfile.NamedTemporaryFile(dir=folder(), prefix=".new-", delete=False) as file:
        try:
            while chunk := stream.read(CHUNK):
                head = head or chunk[:HEAD]
                size += len(chunk)
                if size > most:
                    raise Invalid.field("file", "file.large", mb=most // 1_000_000)
                digest.update(chunk)
                file.write(chunk)
            if not size:
                raise Invalid.field("file", "file.empty")
            if head.startswith(PROGRAMS):
                raise _refused(name)
            file.flush()
            os.fsync(file.fileno())
            _settle(Path(file.name), path_of(digest.hexdigest()))
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return Received(name, digest.hexdigest(), media_type(head, name), size, redrawn)


def _refused(name: str) -> Invalid:
    return Invalid.field("file", "file.refused", file=name)


def _settle(new: Path, place: Path) -> None:
    """Move a whole file to its place, so that it is there after a power cut too; the same content is kept once."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if place.exists():
        new.unlink()
        os.utime(place)  # It is wanted again: the sweep must not take it.
        return
    new.replace(place)
    for directory in (place.parent, place.parent.parent):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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


def adopt(uow: "UnitOfWork", spec: FieldSpec, record: Any, value: str) -> None:
    """Let a record take a file its actor has just brought; ``Invalid`` when the file is another's."""
    row = _row(uow, value)
    if row is None or (row.customer_id is None and row.owner_id != uow.actor.user_id and uow.actor is not SYSTEM):
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


def fetch(uow: "UnitOfWork", file_id: UUID) -> Opened:
    """Return a file to read: of a customer within the reach and in a field the actor may read, or his own."""
    row = _row(uow, file_id)
    if row is None or row.archived_at is not None or not _may_read(uow, row):
        raise NotFound("error.not_found", entity=entity_for("stored_file").label)
    path = path_of(row.sha256)
    if not path.is_file():
        raise NotFound("file.lost")
    if not row.redrawn:
        uow.saw("download", "stored_file", row.id)
    return Opened(path, row.name, row.media_type, row.redrawn)


def _may_read(uow: "UnitOfWork", row: StoredFile) -> bool:
    if row.customer_id is None:
        return row.owner_id == uow.actor.user_id
    try:
        customer = uow.get("customer", row.customer_id, archived=True)
    except NotFound:
        return False
    readable = uow.fields(customer.kind)
    known = fields.every(uow.session, entity_for(customer.kind))
    held = (name for name, spec in known.items() if spec.kind.key == "file")
    holders = {name for name in held if customer.custom.get(name) == str(row.id)}
    holders |= {"photo"} if customer.photo == str(row.id) else set()
    return not holders or bool(holders & set(readable))


def titles(uow: "UnitOfWork", ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what files are called, those the actor may have alone."""
    rows = uow.session.exec(select(StoredFile).where(col(StoredFile.id).in_(set(ids))))
    return {row.id: row.name for row in rows if row.archived_at is None and _may_read(uow, row)}


def sweep(uow: "UnitOfWork", *, older_than: int = ORPHAN_SECONDS) -> int:
    """Remove what no row names: half-written files and those whose row never came; return how many."""
    uow.require(Verb.ARCHIVE, "setting")
    before = utc_now().timestamp() - older_than
    old = [p for p in folder().rglob("*") if p.is_file() and p.stat().st_mtime < before]
    removed = 0
    for start in range(0, len(old), 500):
        part = old[start : start + 500]
        named = set(uow.session.exec(select(StoredFile.sha256).where(col(StoredFile.sha256).in_(p.name for p in part))))
        for path in part:
            if path.name not in named:
                path.unlink(missing_ok=True)
                removed += 1
    return removed
