"""The profile page: one state for its header, its tab and what is done to the record."""

import time
from dataclasses import replace
from typing import Any, TypedDict
from uuid import UUID, uuid4

import reflex as rx

from c360.core.actor import Verb
from c360.core.errors import C360Error, Forbidden, Invalid, NotFound, Unavailable
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import opening, picks, profiles, records
from c360.services.duplicates.reviewing import Hint
from c360.services.facts import Card
from c360.services.merging import aliases
from c360.services.merging.shapes import Alias
from c360.services.opening import Gap, TabLink
from c360.services.picks import Option
from c360.services.profiles import Header
from c360.services.uow import UnitOfWork
from c360.state import browser, toasts
from c360.state.guard import requires
from c360.state.session import ServiceCalls

SAME_VISIT = 300
"""Seconds in which going through the tabs of one profile is one look at it."""
KINDS = ("contact", "account")


class Merged(TypedDict):
    """The record an old address named before it folded into this one; an empty ``undo`` offers no way back."""

    label: str
    who: str
    at: str
    undo: str


NOT_MERGED: Merged = {"label": "", "who": "", "at": "", "undo": ""}


class ProfileState(ServiceCalls, rx.State):
    """The customer in the address bar, and the tab shown."""

    header: rx.Field[Header] = rx.field(default_factory=Header)
    tabs: rx.Field[list[TabLink]] = rx.field(default_factory=list)
    cards: rx.Field[list[Card]] = rx.field(default_factory=list)
    gaps: rx.Field[list[Gap]] = rx.field(default_factory=list)
    reasons: rx.Field[list[Option]] = rx.field(default_factory=list)
    tab: str = ""
    lit: str = ""
    """The row the address points at: ``?open=``."""
    score: int = 0
    has_notes: bool = False
    problem: str = ""
    problem_title: str = ""
    leaving: str = ""
    leaving_error: str = ""
    commands: rx.Field[list[str]] = rx.field(default_factory=list)
    merged: Merged = NOT_MERGED
    twice: rx.Field[Hint] = rx.field(default_factory=Hint)
    _seen: str = ""
    _seen_at: float = 0

    @rx.event
    @requires()
    async def load(self):
        """Show the record and the tab of the address; anything that leads to no tab lands on the summary."""
        key, record_id, tab = self._address()
        if self.header.id != record_id and (alias := await self._alias(record_id)):
            there = f"/{alias.entity}/{alias.survivor_id}/{tab or opening.SUMMARY}"
            return rx.redirect(f"{there}?merged={alias.id}", replace=True)
        await self._greet_merged(record_id)
        if key not in KINDS or not tab:
            return await self._land(key, record_id)
        if self.header.id != record_id:
            self.header, self.cards, self.tabs, self.problem = Header(), [], [], ""
        self.leaving = ""
        self.lit = self.router.url.query_parameters.get("open", "")
        failed = await self._show(key, record_id, tab)
        return failed if failed is not None or not self.lit else browser.reveal(".line.lit")

    @rx.event
    @requires()
    async def reload(self):
        """Show the record again as it is now; nothing on another page."""
        key, record_id, tab = self._address()
        return await self._show(key, record_id, tab) if key in KINDS else None

    @rx.event
    @requires()
    async def show_more(self, card: str):
        """Show the next lines of a card."""
        shown = next((one for one in self.cards if one.key == card and one.more), None)
        if shown is None:
            return
        whose = self.header.entity, id_of(self.header.id)
        found = await self._ask(opening.more, *whose, self.tab, card, shown.next)
        grown = replace(shown, lines=[*shown.lines, *found.lines], more=found.more, next=found.next)
        self.cards = [grown if one.key == card else one for one in self.cards]

    @rx.event
    @requires()
    async def prefer(self, entity: str, record_id: str):
        """Make a row the primary one."""
        return await self._do("profile.saved", opening.prefer, entity, id_of(record_id))

    @rx.event
    @requires()
    async def remove(self, entity: str, record_id: str):
        """Archive a row that belongs to the record."""
        return await self._do("profile.removed", _removed, entity, id_of(record_id))

    @rx.event
    @requires()
    async def ask_leaving(self, how: str):
        """Ask before the record is archived or set inactive."""
        self.leaving, self.leaving_error = how, ""
        if how == "inactivate" and not self.reasons:
            self.reasons = await self._ask(picks.live, "inactive_reason")

    @rx.event
    @requires()
    async def inactivate(self, form: dict[str, str]):
        """Leave the record out of lists, with a reason and a note."""
        reason = id_of(form["reason"]) if form.get("reason") else None
        key, record_id = self.header.entity, id_of(self.header.id)
        return await self._do("profile.inactivated", opening.inactivate, key, record_id, reason, form.get("note", ""))

    @rx.event
    @requires()
    async def activate(self):
        """Bring the record back into lists."""
        return await self._do("profile.activated", opening.activate, self.header.entity, id_of(self.header.id))

    @rx.event
    @requires()
    async def archive(self):
        """Take the record out of sight."""
        return await self._do("profile.archived", _removed, self.header.entity, id_of(self.header.id))

    @rx.event
    @requires()
    async def restore(self):
        """Bring the archived record back."""
        return await self._do("profile.restored", _restored, self.header.entity, id_of(self.header.id))

    def _address(self) -> tuple[str, str, str]:
        """Return entity, id and tab of ``/contact/<id>/<tab>``."""
        key, record_id, tab, *_ = [*self.router.url.path.strip("/").split("/"), "", "", ""]
        return key, record_id, tab

    async def _alias(self, old_id: str) -> Alias | None:
        """Return where the id of a record leads that was merged."""
        try:
            return await self._ask(aliases.resolve, id_of(old_id))
        except C360Error:
            return None  # It is no id at all: the page says so.

    async def _greet_merged(self, record_id: str) -> None:
        """Say which record the address named that led here."""
        old = self.router.url.query_parameters.get("merged", "")[:36]
        found = await self._alias(old) if old else None
        if found is None or str(found.survivor_id) != record_id:
            self.merged = NOT_MERGED
            return
        may = (await self._actor()).may(Verb.UNMERGE, found.entity)
        undo = f"/unmerge/{found.set_id}" if found.set_id and may else ""
        self.merged = {"label": found.label, "who": found.who, "at": found.at, "undo": undo}

    async def _land(self, key: str, record_id: str) -> Any:
        try:
            kind = key if key in KINDS else await self._ask(profiles.kind_of, id_of(record_id))
            return rx.redirect(f"/{kind}/{record_id}/{opening.SUMMARY}", replace=True)
        except C360Error as error:
            return await self._fail(error)

    async def _show(self, key: str, record_id: str, tab: str) -> Any:
        new = self._seen != record_id or time.monotonic() - self._seen_at > SAME_VISIT
        door = self._call if new else self._ask
        try:
            opened = await door(opening.open_tab, key, id_of(record_id), tab, log=new)
        except (NotFound, Forbidden, Unavailable) as error:
            return await self._fail(error)
        if new:
            self._seen, self._seen_at = record_id, time.monotonic()
        self.header, self.tabs, self.cards = opened.header, opened.tabs, opened.cards
        self.score, self.gaps, self.has_notes = opened.score, opened.gaps, opened.has_notes
        self.twice = opened.twice
        self.tab, self.problem, self.commands = tab, "", commands_of(opened.header)
        return None

    async def _fail(self, error: C360Error) -> None:
        language = (await self._actor()).language
        kind = "off" if isinstance(error, Unavailable) else "missing"
        self.header, self.cards, self.twice = (self.header if kind == "off" else Header()), [], Hint()
        self.commands = []
        self.tabs = self.tabs if kind == "off" else []
        self.problem_title, self.problem = text(language, f"profile.{kind}.title"), text(language, f"profile.{kind}")

    async def _do(self, said: str, service: Any, *args: Any) -> Any:
        """Run one act on the record, say what became of it and show the record again."""
        language = (await self._actor()).language
        try:
            await self._call_once(uuid4().hex, service, *args)
        except Invalid as error:
            self.leaving_error = error.text(language)
            return None
        except C360Error as error:
            return toasts.failed(error.text(language))
        self.leaving = ""
        return [toasts.done(text(language, said)), ProfileState.reload]


def commands_of(header: Header) -> list[str]:
    """Return what the command palette offers to do with a record."""
    turns = [] if header.erased else ["activate" if header.inactive else "inactivate"]
    edits = ["edit", *turns] if header.may_edit else []
    assigns = ["assign"] if header.may_assign and header.may_edit else []
    back = [] if header.erased else ["restore"]
    archives = (back if header.archived else ["archive"]) if header.may_archive else []
    merges = ["merge"] if header.may_merge else []
    return [*edits[:1], *assigns, *merges, *edits[1:], *archives, *(["undo"] if header.may_edit else [])]


def _removed(uow: UnitOfWork, key: str, record_id: UUID) -> UUID:
    records.archive(uow, key, record_id)
    return record_id


def _restored(uow: UnitOfWork, key: str, record_id: UUID) -> UUID:
    records.restore(uow, key, record_id)
    return record_id
