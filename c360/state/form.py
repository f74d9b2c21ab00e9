"""Any record's form: what it asks, its errors, and a conflict until it is solved."""

from typing import Any
from uuid import UUID, uuid4

import reflex as rx

from c360.core.errors import C360Error, Conflict, Invalid
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.registry.entity import entity_for
from c360.services import forms, locations, talks
from c360.services.duplicates import check
from c360.services.forms import ClashLine, Form, FormField, FormSection
from c360.state import toasts
from c360.state.activity_page import ActivityPage
from c360.state.guard import requires
from c360.state.likeness import Likeness, focus
from c360.state.profile import ProfileState
from c360.state.relations import RelationsTab

CLEAR = (
    "open", "title", "errors", "holders", "error", "clashes", "kept", "who", "at", "question", "dirty", "likely", "ask",
    "doubted", "blocked", "enquiring", "enquired", "enquiry_error", "_hinted", "_door", "_queued", "_typed",
)  # fmt: skip

QUESTIONS = ("address.role_taken", "identity.held")
"""Conflicts one may go through with."""


class FormState(Likeness, rx.State):
    """The one form a page shows at a time."""

    title: str = ""
    sections: rx.Field[list[FormSection]] = rx.field(default_factory=list)
    stamp: int = 0
    holders: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """Where the record opens that holds a value already, by field."""
    error: str = ""
    question: str = ""
    clashes: rx.Field[list[ClashLine]] = rx.field(default_factory=list)
    kept: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    who: str = ""
    at: str = ""
    dirty: bool = False
    _version: int = 0
    _key: str = ""
    _given: dict[str, str] = {}
    _sent: dict[str, str] = {}

    @rx.event
    @requires()
    async def edit(self, entity: str, record_id: str, sections: str):
        """Open the form of a record, or of some of its sections."""
        asked = [part for part in sections.split(",") if part]
        return await self._show(entity, id_of(record_id), asked)

    @rx.event
    @requires()
    async def add(self, entity: str, parent_id: str, role_id: str = ""):
        """Open the form of a new record that belongs to another; a person may be added in a role nobody is in."""
        self._given = {entity_for(entity).within or "": parent_id}
        return await self._show(entity, None, [], {"role_id": role_id} if role_id else None)

    @rx.event
    @requires()
    async def discuss(self, activity_id: str, customer_id: str):
        """Open the form of a product discussed in an activity: with one of its customers, or with all of them."""
        self._given = {"activity_id": activity_id} | ({"customer_id": customer_id} if customer_id else {})
        return await self._show(talks.KEY, None, [])

    @rx.event
    @requires()
    async def start(self):
        """Open the form of a new customer, as the address asks: ``/contacts/new``, ``?at=`` the place he works."""
        plural = self.router.url.path.strip("/").split("/")[0]
        place = self.router.url.query_parameters.get("at", "")
        self._given = {"at": place} if place and plural != "accounts" else {}
        if not self._given:
            return await self._show("account" if plural == "accounts" else "contact", None, [])
        try:
            preset = await self._ask(locations.preset, id_of(place))
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        return await self._show("contact", None, [], preset)

    @rx.event
    @requires()
    async def save(self, form: dict[str, str]):
        """Save what was changed and go back to the record."""
        return await self._save(form)

    @rx.event
    @requires()
    async def create(self, form: dict[str, str]):
        """Save a new customer, then open it or start the next one."""
        another, reason = form.pop("_next", "") == "another", form.pop("_reason", "").strip()
        entity, into = self.entity, _into(form)
        if not into and (refused := await self._doubt(form, reason)):
            return refused
        made, events = await self._write(form, confirmed=False, reason="" if into else reason)
        if made is None:
            return events
        language = (await self._actor()).language
        said = toasts.done(text(language, "profile.saved"))
        self._clear()
        if into:
            return [said, _both(into, made)]
        if another:
            return [said, FormState.start]
        return [said, rx.redirect(f"/{entity}/{made}/summary")]

    @rx.event
    @requires()
    async def confirm(self):
        """Save after all what raised a question."""
        return await self._save(self._sent, confirmed=True)

    @rx.event
    @requires()
    def keep(self, name: str, side: str):
        """Choose whose value of a field stays: mine or theirs."""
        self.kept = {**self.kept, name: side}

    @rx.event
    @requires()
    async def resolve(self):
        """Save again with the chosen values over the other's version."""
        theirs = {line.name for line in self.clashes if self.kept.get(line.name, "mine") == "theirs"}
        return await self._save({n: v for n, v in self._sent.items() if n not in theirs}, changed=True)

    @rx.event
    @requires()
    def cancel(self):
        """Close the form without saving."""
        self._clear()

    @rx.event
    @requires()
    def mark(self, dirty: bool):
        """Remember whether something was typed."""
        self.dirty = dirty

    @rx.event
    @requires()
    def use(self, record_id: str):
        """Open a customer who is there already instead of adding another."""
        entity = self.entity
        self._clear()
        return rx.redirect(f"/{entity}/{id_of(record_id)}/summary")

    async def _show(
        self, entity: str, record_id: UUID | None, sections: list[str], preset: dict[str, str] | None = None
    ) -> Any:
        try:
            form: Form = await self._ask(forms.describe, entity, record_id, sections=sections, preset=preset)
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        self._clear()
        self.open, self.entity, self.title, self.sections = True, entity, form.title, form.sections
        self._record_id, self._version, self._key = form.record_id, form.version, uuid4().hex
        self.stamp += 1
        first = next((field.name for field in self._asked() if not field.locked), "")
        here = focus(first, unless_typing=True)
        # The look at nothing loads what compares, so that the first name typed need not wait for it.
        return [here, FormState.look] if entity in check.KINDS else here

    async def _save(self, form: dict[str, str], *, confirmed: bool = False, changed: bool = False) -> Any:
        into = _into(form)
        who, others = await self._meanwhile(form)
        made, events = await self._write(form, confirmed=confirmed, changed=changed)
        if made is None:
            return events
        language = (await self._actor()).language
        self._clear()
        said = text(language, "profile.saved")
        if others:
            said = text(language, "form.combined", who=who, fields=", ".join(others))
        if into:
            return [toasts.done(said), _both(into, made)]
        return [toasts.done(said), ProfileState.reload, ActivityPage.load, RelationsTab.load]

    async def _meanwhile(self, form: dict[str, str]) -> tuple[str, list[str]]:
        """Return who changed what else of the record since the form was opened: both changes are kept."""
        if not self._record_id:
            return "", []
        mine = list(self._changed(form, everything=False))
        try:
            return await self._ask(forms.meanwhile, self.entity, id_of(self._record_id), self._version, mine)
        except C360Error:
            return "", []  # Saving says what is wrong.

    async def _write(
        self, form: dict[str, str], *, confirmed: bool, changed: bool = False, reason: str = ""
    ) -> tuple[Any, Any]:
        """Send what was changed to the service; the id when it was saved, else what to do on the page."""
        record_id = id_of(self._record_id) if self._record_id else None
        values = form if confirmed or changed else self._changed(form, everything=record_id is None)
        self._sent, self.errors, self.holders, self.error, self.question = values, {}, {}, "", ""
        language = (await self._actor()).language
        if record_id is not None and not values:
            return record_id, None
        given = {name: id_of(value) for name, value in self._given.items()}
        sent = (self.entity, record_id, values, self._version)
        more: dict[str, Any] = {"given": given, "confirmed": confirmed}
        service: Any = forms.save
        if reason and self.likely:
            service = check.save_anyway
            more |= {"apart": [id_of(one.id) for one in self.likely], "reason": reason}
        elif self._queued:
            service = check.save_and_search
        try:
            made = await self._call_once(self._key, service, *sent, **more)
        except Invalid as refused:
            return None, self._refused(refused, language)
        except Conflict as conflict:
            await self._conflict(conflict, record_id, language)
            return None, None
        except C360Error as error:
            self.error = error.text(language)
            return None, None
        return made, None

    def _changed(self, form: dict[str, str], *, everything: bool) -> dict[str, str]:
        """Return the texts that differ from what the form showed; a new record sends all it asked."""
        found = {}
        for field in self._asked():
            if field.locked:
                continue
            many = field.widget in ("pickers", "checks")
            typed = form.get(f"{field.name}[]" if many else field.name, "")
            if field.widget == "switch":
                typed = "yes" if typed else "no"
            was = "; ".join(field.texts) if many else (field.value or ("no" if field.widget == "switch" else ""))
            if everything or typed.strip() != was.strip():
                found[field.name] = typed
        return found

    def _asked(self) -> list[FormField]:
        return [field for section in self.sections for field in section.fields]

    def _refused(self, refused: Invalid, language: str) -> Any:
        texts, self.holders = refused.texts(language), refused.links()
        shown = [field.name for field in self._asked()]
        self.errors = {name: said for name, said in texts.items() if name in shown}
        self.error = "; ".join(said for name, said in texts.items() if name not in shown)
        first = next((name for name in shown if name in self.errors), "")
        return focus(first)

    async def _conflict(self, conflict: Conflict, record_id: UUID | None, language: str) -> None:
        if conflict.message.key in QUESTIONS:
            self.question = conflict.text(language)
        elif record_id is not None and conflict.clashes:
            told = await self._ask(forms.clashes, self.entity, record_id, conflict)
            self.clashes, self.who, self.at, self._version = told.lines, told.who, told.at, told.version
            self.kept = {line.name: "mine" for line in told.lines}
        else:
            self.error = conflict.text(language)

    def _clear(self) -> None:
        for name in CLEAR:
            setattr(self, name, type(self).__fields__[name].default_value())


def _into(form: dict[str, str]) -> UUID | None:
    """Return whom a form's record shall be merged into once it is saved; taken out of the form."""
    asked = form.pop("_into", "")
    return id_of(asked) if asked else None


def _both(into: UUID, made: UUID) -> Any:
    """Open the wizard that merges a record just saved into another."""
    return rx.redirect(f"/merge?ids={into},{made}")
