"""Attachments of any record: files with their versions and comments, put on, read, taken off and brought back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlmodel import col
from sqlmodel import select as rows_of

from c360.core.actor import Verb
from c360.core.clock import utc_now
from c360.core.config import settings
from c360.core.errors import Conflict, NotFound
from c360.core.fold import fold
from c360.models.attachment import Attachment
from c360.models.customer import Customer
from c360.models.job import StoredFile
from c360.registry.entity import entity_for, paged
from c360.services import files, previews, records, references, rights
from c360.services.files import Received
from c360.services.mass import Change
from c360.services.uow import UnitOfWork

PAGE = 50
MOST_VERSIONS = 200
PURGED_AT_ONCE = 500
ICONS = {"image": "image", "video": "film", "audio": "music", "text": "file-text"}
BESIDE = (
    select(*(getattr(Attachment, name) for name in ("id", "record_id", "folded", "name", "file_id")))
    .where(
        col(Attachment.entity) == bindparam("key"),
        col(Attachment.record_id).in_(bindparam("ids", expanding=True)),
        col(Attachment.archived_at).is_(None),
    )
    .order_by(col(Attachment.id))
)


@dataclass(slots=True)
class Version:
    """One version of a file as people meet it; the newest one stands for the file."""

    id: str = ""
    file_id: str = ""
    name: str = ""
    file_name: str = ""
    number: int = 1
    versions: int = 1
    size: int = 0
    kind: str = ""
    icon: str = "file"
    preview: str = ""
    comment: str = ""
    at: str = ""
    by: str = ""
    lost: bool = False


@dataclass(slots=True)
class Paper:
    """A file as it is named where its record is told of."""

    id: str
    name: str
    href: str


@dataclass(slots=True)
class Listing:
    """The files of a record, the newest first."""

    documents: list[Version] = field(default_factory=list)
    total: int = 0
    more: bool = False
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """What became of a file that was put on a record."""

    id: UUID
    name: str
    number: int


def listed(uow: UnitOfWork, key: str, record_id: UUID, search: str = "", most: int = PAGE) -> Listing:
    """Return a record's files, each by its newest version; ``search`` is a part of their names."""
    place = _place(key, record_id)
    record = uow.get(key, record_id, archived=True)
    counted = _numbered(place).where(col(Attachment.folded).contains(fold(search), autoescape=True)).subquery()
    live = _live(counted).subquery()
    newest = select(live).where(live.c.place == 1)
    total = uow.session.execute(select(func.count()).select_from(newest.subquery())).scalar_one()
    found = uow.session.execute(newest.order_by(live.c.created_at.desc(), live.c.id.desc()).limit(most)).all()
    may = rights.reaches(uow.actor, record, Verb.UPDATE) and record.archived_at is None
    return Listing(_told(uow, found), total, total > len(found), may)


def beside(uow: UnitOfWork, key: str, ids: Collection[UUID]) -> Mapping[UUID | None, list[Paper]]:
    """Return the files of records the actor is known to see, each by its newest version, in the order they came."""
    rows = uow.session.execute(BESIDE, {"key": key, "ids": list(ids)})
    newest = {(row.record_id, row.folded): row for row in rows}
    found: dict[UUID | None, list[Paper]] = defaultdict(list)
    for row in newest.values():
        found[row.record_id].append(Paper(str(row.id), row.name, f"/api/files/{row.file_id}"))
    return found


def versions(uow: UnitOfWork, attachment_id: UUID) -> list[Version]:
    """Return every version of a file, the newest first."""
    one = uow.get("attachment", attachment_id)
    live = _live(_numbered(_place_of(one)).where(Attachment.folded == one.folded).subquery()).subquery()
    found = uow.session.execute(select(live).order_by(live.c.number.desc()).limit(MOST_VERSIONS)).all()
    return _told(uow, found)


def require(uow: UnitOfWork, key: str, record_id: UUID) -> None:
    """Refuse a file before it is sent, where its record is out of reach, not to be changed or takes no files."""
    _place(key, record_id)
    uow.get(key, record_id, Verb.UPDATE)


def attach(
    uow: UnitOfWork, key: str, record_id: UUID, received: Received, comment: str = "", to: UUID | None = None
) -> Attached:
    """Put a received file on a record, as the next version of ``to`` or of the file with its name."""
    require(uow, key, record_id)
    name, place = received.name, _place(key, record_id)
    if to is not None:
        former = uow.get("attachment", to)
        if _place_of(former) != place:
            raise NotFound("error.not_found", entity="attachment")
        name = former.name
    same = _numbered(place).where(Attachment.folded == fold(name)[:300]).subquery()
    last = uow.session.execute(_live(same).order_by(same.c.number.desc()).limit(1)).first()
    if last is not None and uow.session.get_one(StoredFile, last.file_id).sha256 == received.sha256:
        raise Conflict("attachment.same", name=name)
    number = uow.session.execute(select(func.count()).select_from(same)).scalar_one() + 1
    file_id = files.keep(uow, received, place.get("customer_id"))
    uow.flush()
    said = comment.strip()[:2000] or None
    row = uow.add(Attachment(**place, file_id=file_id, name=name, comment=said))
    uow.log("attachment.added")
    return Attached(row.id, name, number)


def comment(uow: UnitOfWork, attachment_id: UUID, said: str) -> None:
    """Say something about a version."""
    records.update(uow, "attachment", attachment_id, {"comment": said})


def remove(uow: UnitOfWork, attachment_id: UUID, *, all_versions: bool) -> UUID:
    """Take a version, or the file with all its versions, off its record; return the change set that undoes it."""
    one = uow.get("attachment", attachment_id, Verb.READ)
    test = Attachment.folded == one.folded if all_versions else Attachment.id == one.id
    found = uow.select("attachment").where(*_on(_place_of(one)), test)
    for row in uow.session.exec(found).all():
        records.archive(uow, "attachment", row.id)
    uow.log("attachment.removed")
    return uow.draft.set_id


def name_emptied(uow: UnitOfWork, changes: Sequence[Change]) -> None:
    """Name the removed files an undo must leave alone: their content was given up meanwhile."""
    back = [item for item in changes if item.after.get("archived_at", "") is None]
    gone = rows_of(Attachment.id).join(StoredFile, col(StoredFile.id) == col(Attachment.file_id))
    gone = gone.where(col(Attachment.id).in_([item.id for item in back]), col(StoredFile.archived_at).is_not(None))
    empty = set(uow.session.exec(gone)) if back else set()
    for item in back:
        item.reason = "emptied" if item.id in empty else ""


def overdue(uow: UnitOfWork) -> bool:
    """Tell whether content of removed attachments is due to go."""
    return uow.session.execute(_due().limit(1)).first() is not None


def purge(uow: UnitOfWork) -> int:
    """Give up the content of what was removed long ago; the next sweep removes it from the store."""
    uow.require(Verb.ARCHIVE, "setting")
    ids = [row[0] for row in uow.session.execute(_due().limit(PURGED_AT_ONCE))]
    rows = uow.session.exec(rows_of(StoredFile).where(col(StoredFile.id).in_(ids))).all()
    for row in rows:
        row.archived_at = utc_now()
    uow.log("attachment.purged", files=len(rows))
    return len(rows)


def _place(key: str, record_id: UUID) -> dict[str, Any]:
    """Return the columns that say upon which record a file hangs; only what has a page of its own takes files."""
    host = next((one for one in paged() if one.key == key), None)
    if host is None:
        raise NotFound("error.not_found", entity=entity_for("attachment").label)
    return {"customer_id": record_id} if host.model is Customer else {"entity": key, "record_id": record_id}


def _place_of(one: Attachment) -> dict[str, Any]:
    return {"customer_id": one.customer_id} if one.customer_id else {"entity": one.entity, "record_id": one.record_id}


def _on(place: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Return the tests that a file hangs there."""
    return [col(getattr(Attachment, name)) == value for name, value in place.items()]


def _due() -> Any:
    long_ago = utc_now() - timedelta(days=int(settings().keep_removed_days))
    kept = select(col(Attachment.file_id)).where(
        col(Attachment.archived_at).is_(None) | (col(Attachment.archived_at) >= long_ago)
    )
    gone = select(col(Attachment.file_id)).where(col(Attachment.archived_at) < long_ago)
    return select(col(StoredFile.id)).where(
        col(StoredFile.archived_at).is_(None), col(StoredFile.id).in_(gone), col(StoredFile.id).not_in(kept)
    )


def _numbered(place: Mapping[str, Any]) -> Any:
    """Return every version on a record with its number, those that were removed counted too."""
    order = (col(Attachment.created_at), col(Attachment.id))
    number = func.row_number().over(partition_by=col(Attachment.folded), order_by=order)
    shown = (Attachment.id, Attachment.file_id, Attachment.name, Attachment.folded, Attachment.comment,
             Attachment.created_at, Attachment.created_by_id, Attachment.archived_at)  # fmt: skip
    return select(*map(col, shown), number.label("number")).where(*_on(place))


def _live(numbered: Any) -> Any:
    """Return those not removed, each with its place among the versions of its file, the newest first."""
    place = func.row_number().over(partition_by=numbered.c.folded, order_by=numbered.c.number.desc())
    count = func.count().over(partition_by=numbered.c.folded)
    return select(numbered, place.label("place"), count.label("versions")).where(numbered.c.archived_at.is_(None))


def _told(uow: UnitOfWork, found: Sequence[Any]) -> list[Version]:
    ids = [row.file_id for row in found]
    stored = {row.id: row for row in uow.session.exec(rows_of(StoredFile).where(col(StoredFile.id).in_(ids)))}
    users = references.titles(uow, "user", [row.created_by_id for row in found if row.created_by_id])
    readable = uow.fields("attachment")
    made = []
    for row in found:
        file = stored[row.file_id]
        made.append(
            Version(
                id=str(row.id),
                file_id=str(row.file_id),
                name=row.name,
                file_name=file.name,
                number=row.number,
                versions=row.versions,
                size=file.size,
                kind=Path(file.name).suffix[1:].upper()[:5],
                icon=_icon(file.media_type),
                preview=previews.kind_of(file.media_type, file.size) if file.archived_at is None else "",
                comment=row.comment or "" if "comment" in readable else "",
                at=row.created_at.isoformat(),
                by=users.get(row.created_by_id, ""),
                lost=file.archived_at is not None,
            )
        )
    return made


def _icon(media_type: str) -> str:
    if media_type == "application/pdf":
        return "file-text"
    if "zip" in media_type or "compressed" in media_type:
        return "file-archive"
    if "sheet" in media_type or "excel" in media_type or media_type == "text/csv":
        return "file-spreadsheet"
    return ICONS.get(media_type.partition("/")[0], "file")
