"""The files of the record in the address, on a tab or on its page, and what is done to them."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import reflex as rx
from pydantic import StringConstraints

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import attachments, files, previews, undo
from c360.services.attachments import Version
from c360.services.uow import UnitOfWork
from c360.state import toasts
from c360.state.guard import requires
from c360.state.session import ServiceCalls

Id = Annotated[str, StringConstraints(max_length=36)]
Name = Annotated[str, StringConstraints(max_length=1000)]


@dataclass(slots=True)
class Seen:
    """The file one looks at."""

    id: str = ""
    name: str = ""
    kind: str = ""
    href: str = ""
    address: str = ""
    text: str = ""
    cut: bool = False


class AttachmentsTab(ServiceCalls, rx.State):
    """What is shown of the files of one record."""

    ready: bool = False
    documents: rx.Field[list[Version]] = rx.field(default_factory=list)
    versions: rx.Field[list[Version]] = rx.field(default_factory=list)
    seen: rx.Field[Seen] = rx.field(default_factory=Seen)
    refused: rx.Field[list[str]] = rx.field(default_factory=list)
    total: int = 0
    more: bool = False
    may_edit: bool = False
    most: int = 0
    mb: int = 0
    address: str = ""
    search: str = ""
    opened: str = ""
    editing: str = ""
    problem: str = ""
    _key: str = ""
    _id: str = ""
    _shown: int = attachments.PAGE

    @rx.event
    @requires()
    async def load(self):
        """Show the files of the record the address names; nothing on another tab."""
        key, record_id, tab, *_ = [*self.router.url.path.strip("/").split("/"), "", ""]
        if tab != ("attachments" if key in ("contact", "account") else ""):
            return
        self._key, self._id, self._shown = key, record_id, attachments.PAGE
        self.ready, self.search, self.opened, self.editing, self.seen = False, "", "", "", Seen()
        self.address = f"/api/attachments/{key}/{record_id}"
        self.most, self.refused = files.most_bytes(), sorted(files.REFUSED)
        self.mb = self.most // 1_000_000
        await self._fill()

    @rx.event
    @requires()
    async def find(self, form: dict[str, str]):
        """Show the files whose name holds a text."""
        self.search, self._shown = form.get("search", "").strip()[:200], attachments.PAGE
        await self._fill()

    @rx.event
    @requires()
    async def show_more(self):
        """Show the next files too."""
        self._shown += attachments.PAGE
        await self._fill()

    @rx.event
    @requires()
    async def attached(self, name: Name, number: int):
        """Say that a file has come, and show it."""
        await self._fill()
        key = "files.added" if number == 1 else "files.added.version"
        return toasts.done(text((await self._actor()).language, key, name=name, number=number))

    @rx.event
    @requires()
    async def toggle(self, attachment_id: Id):
        """Open or close the versions of a file."""
        self.opened = "" if self.opened == attachment_id else attachment_id
        await self._fill()

    @rx.event
    @requires()
    async def look(self, attachment_id: Id):
        """Look at a version without saving it."""
        one = next((v for v in [*self.documents, *self.versions] if v.id == attachment_id), None)
        if one is None:
            return None
        href = f"/api/files/{one.file_id}"
        seen = Seen(one.id, one.file_name, one.preview, href, f"{href}/preview")
        try:
            if one.preview == "text":
                seen.text, seen.cut = await self._ask(_words, id_of(one.file_id))
        except C360Error as error:
            return await self._fail(error)
        self.seen = seen
        return None

    @rx.event
    @requires()
    async def close(self, is_open: bool = False):
        """Look no more."""
        self.seen = Seen()

    @rx.event
    @requires()
    async def edit(self, attachment_id: Id):
        """Begin a comment on a version; an empty id means not to."""
        self.editing = attachment_id

    @rx.event
    @requires()
    async def say(self, form: dict[str, str]):
        """Keep the comment on the version at hand."""
        said = text((await self._actor()).language, "profile.saved")
        return await self._do(said, attachments.comment, id_of(self.editing), form.get("comment", ""))

    @rx.event
    @requires()
    async def remove(self, attachment_id: Id, whole: bool):
        """Take a file, or one version of it, off its record, with a way back."""
        language = (await self._actor()).language
        one = next((v for v in [*self.documents, *self.versions] if v.id == attachment_id), Version())
        try:
            set_id = await self._call(attachments.remove, id_of(attachment_id), all_versions=whole)
        except C360Error as error:
            return await self._fail(error)
        await self._fill()
        said = text(language, "files.removed" if whole else "files.removed.version", name=one.name, number=one.number)
        return toasts.done(said, AttachmentsTab.bring_back(str(set_id)), text(language, "list.undo"))

    @rx.event
    @requires()
    async def bring_back(self, set_id: Id):
        """Undo a removal."""
        said = text((await self._actor()).language, "files.back")
        return await self._do(said, undo.begin, id_of(set_id))

    async def _do(self, said: str, service: Any, *args: Any) -> Any:
        try:
            await self._call(service, *args)
        except C360Error as error:
            return await self._fail(error)
        self.editing = ""
        await self._fill()
        return toasts.done(said)

    async def _fail(self, error: C360Error) -> Any:
        await self._fill()
        return toasts.failed(error.text((await self._actor()).language))

    async def _fill(self) -> None:
        try:
            record_id = id_of(self._id)
            found = await self._ask(attachments.listed, self._key, record_id, self.search, self._shown)
            open_one = next((doc.id for doc in found.documents if doc.id == self.opened), "")
            self.versions = await self._ask(attachments.versions, id_of(open_one)) if open_one else []
        except C360Error as error:
            self.problem, self.ready = error.text((await self._actor()).language), True
            return
        self.documents, self.total, self.more = found.documents, found.total, found.more
        self.may_edit, self.opened, self.problem, self.ready = found.may_edit, open_one, "", True


def _words(uow: UnitOfWork, file_id: UUID) -> tuple[str, bool]:
    return previews.words(files.fetch(uow, file_id))
