"""The actions panel of a customer: record a call, plan a meeting, write a note, in three keystrokes or clicks."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import reflex as rx

from c360.core.clock import utc_now
from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import activities, closed
from c360.services.consents import purposes
from c360.services.picks import Option
from c360.services.uow import UnitOfWork
from c360.state import browser, toasts
from c360.state.activities import ActivitiesTab
from c360.state.guard import requires
from c360.state.profile import ProfileState
from c360.state.session import ServiceCalls
from c360.state.timeline import TimelineTab

PLANS = ("meeting", "task")
"""Kinds one plans; the others one records once they have happened. Either can be turned round."""
WRITTEN = ("subject", "text", "direction", "place", "purpose_id")


class QuickActivity(ServiceCalls, rx.State):
    """The small form that records or plans an activity with the customer in the address bar."""

    offered: rx.Field[list[Option]] = rx.field(default_factory=list)
    open: bool = False
    kind: str = ""
    title: str = ""
    subject: str = ""
    at: str = ""
    place: str = ""
    planned: bool = False
    closed: str = ""
    """Why this kind may not be planned with the customer; what has happened can be told all the same."""
    owner: str = ""
    purposes: rx.Field[list[Option]] = rx.field(default_factory=list)
    owners: rx.Field[list[Option]] = rx.field(default_factory=list)
    errors: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    stamp: int = 0
    _key: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Load what may be recorded of this kind of customer; the form is closed on another page."""
        entity, record_id = self._where()
        self.open = False
        if entity in ("contact", "account"):
            try:
                self.offered, _ = await self._ask(_offered, entity, id_of(record_id))
            except C360Error:
                self.offered = []  # The page says that there is no such record.

    @rx.event
    @requires("create", "activity")
    async def begin(self, kind: str):
        """Open the form for a kind of activity."""
        return await self._begin(kind, "", planned=kind in PLANS)

    @rx.event
    @requires("create", "activity")
    async def begin_at(self, act: str, place: str):
        """Open the form to plan a meeting at a place of the customer, or to record a visit there."""
        return await self._begin("meeting", place, planned=act == "meeting")

    async def _begin(self, kind: str, place: str, *, planned: bool) -> Any:
        entity, record_id = self._where()
        if entity not in ("contact", "account"):
            return None
        self.offered, shut = await self._ask(_offered, entity, id_of(record_id))
        self.purposes = await self._ask(_purposes)
        label = next((one.label for one in self.offered if one.value == kind), "")
        actor = await self._actor()
        if not label:
            return toasts.failed(text(actor.language, "activity.kind_off"))
        self.open, self.kind, self.errors, self.place = True, kind, {}, place
        self.owner, self.owners = str(actor.user_id or ""), [Option(str(actor.user_id or ""), actor.name)]
        self.title = label
        self.subject = activities.subject_of(actor.language, kind)
        self.closed = shut.get(kind, "")
        self._turn(planned and not self.closed)
        self._key = uuid4().hex
        self.stamp += 1
        # All of it is chosen: Enter saves, typing replaces.
        return browser.focus("quick-subject", select=True)

    @rx.event
    @requires()
    async def turn(self, planned: bool):
        """Plan it instead of recording it, or the other way round."""
        self._turn(planned and not self.closed)
        self.stamp += 1

    @rx.event
    @requires()
    def close(self):
        """Close the form without saving."""
        self.open, self.errors = False, {}

    @rx.event
    @requires("create", "activity")
    async def save(self, form: dict[str, str]):
        """Record or plan the activity."""
        language = (await self._actor()).language
        _, record_id = self._where()
        try:
            customers = [id_of(one) for one in [record_id, *form.pop("customers[]", "").split("; ")] if one]
            months = int(form.pop("follow_up", "") or 0)
            await self._call_once(self._key, _record, customers, self._values(form), months)
        except Invalid as error:
            self.errors = error.texts(language)
            return None
        except (C360Error, ValueError) as error:
            self.errors = {"form": error.text(language) if isinstance(error, C360Error) else str(error)}
            return None
        self.open = False
        said = toasts.done(text(language, "activity.planned" if self.planned else "activity.recorded"))
        return [said, ProfileState.reload, ActivitiesTab.load, TimelineTab.load]

    def _values(self, form: dict[str, str]) -> dict[str, str]:
        """Return what the form says as the fields of an activity."""
        values = {name: form.get(name, "") for name in WRITTEN if form.get(name)}
        values |= {"kind": self.kind, "status": "open" if self.planned else "closed"}
        values |= {"owner_id": form["owner_id"]} if form.get("owner_id") else {}
        if form.get("at"):
            values["due_at" if self.kind == "task" and self.planned else "starts_at"] = form["at"]
        if form.get("ends_at"):
            values["ends_at"] = form["ends_at"]
        return values

    def _turn(self, planned: bool) -> None:
        now = utc_now().replace(second=0, microsecond=0)
        self.planned = planned
        self.at = (now.replace(minute=0) + timedelta(hours=25) if planned else now).isoformat()

    def _where(self) -> tuple[str, str]:
        entity, record_id, *_ = [*self.router.url.path.strip("/").split("/"), "", ""]
        return entity, record_id


def _offered(uow: UnitOfWork, entity: str, record_id: UUID) -> tuple[list[Option], dict[str, str]]:
    """Return the kinds of activity for a customer, and why some may not be planned with him."""
    customer = uow.get(entity, record_id, archived=True)
    return [Option(kind, label) for kind, label in activities.kinds(uow, entity)], closed.activities(uow, customer)


def _purposes(uow: UnitOfWork) -> list[Option]:
    """Return the purposes a contact may have that takes a yes."""
    return [Option(str(one.id), one.name) for one in purposes.offered(uow) if one.nature != "obligation"]


def _record(uow: UnitOfWork, customers: list[UUID], values: dict[str, str], months: int) -> UUID:
    """Keep the activity and, when asked, plan its follow-up in the same breath."""
    made = activities.add(uow, customers, values)
    if months:
        activities.follow_up(uow, made, months)
    return made
