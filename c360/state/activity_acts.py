"""What can be done to an activity wherever it is listed: complete, cancel, plan again, follow up, snooze, undo."""

from collections.abc import Callable
from typing import Any, Literal

import reflex as rx

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import activities, records, undo
from c360.services.uow import UnitOfWork
from c360.state import toasts
from c360.state.guard import requires
from c360.state.session import ServiceCalls
from c360.state.toasts import done

SNOOZES = (15, 60, 1440)


def journaled(uow: UnitOfWork, service: Callable[..., Any], *args: Any) -> str:
    """Run a service and return the id of the change set it becomes, so that it can be taken back."""
    service(uow, *args)
    return str(uow.draft.set_id)


class ActivityActs(ServiceCalls, mixin=True):
    """Gives a state with a list of activities what its lines offer; ``_again`` loads the list anew."""

    async def _again(self) -> Any:
        raise NotImplementedError

    @rx.event
    @requires("update", "activity")
    async def finish(self, activity_id: str, status: Literal["closed", "cancelled", "declined"]):
        """Bring an activity to its end."""
        return await self._do(f"activity.done.{status}", activities.end, id_of(activity_id), status)

    @rx.event
    @requires("update", "activity")
    async def step(self, activity_id: str, status: Literal["submitted", "authorised"]):
        """Take a meeting a step along its path."""
        return await self._do("activity.done.step", activities.move, id_of(activity_id), status)

    @rx.event
    @requires("update", "activity")
    async def reopen(self, activity_id: str):
        """Plan an ended activity again."""
        return await self._do("activity.done.reopened", activities.reopen, id_of(activity_id))

    @rx.event
    @requires("create", "activity")
    async def follow_up(self, activity_id: str, months: int):
        """Plan a follow-up in some months."""
        return await self._do("activity.done.follow_up", activities.follow_up, id_of(activity_id), months)

    @rx.event
    @requires("update", "activity")
    async def snooze(self, activity_id: str, minutes: int):
        """Be reminded later."""
        return await self._do("activity.done.snoozed", activities.snooze, id_of(activity_id), minutes)

    @rx.event
    @requires("archive", "activity")
    async def discard(self, activity_id: str):
        """Take an activity out of sight."""
        return await self._do("activity.done.discarded", records.archive, "activity", id_of(activity_id))

    @rx.event
    @requires("update", "activity")
    async def put_on(self, activity_id: str, customer_ids: list[str]):
        """Put an activity on one more customer."""
        for one in customer_ids[:1]:
            return await self._do("activity.done.linked", activities.link, id_of(activity_id), id_of(one))

    @rx.event
    @requires("update", "activity")
    async def take_off(self, activity_id: str, customer_id: str):
        """Take an activity off a customer."""
        return await self._do("activity.done.unlinked", activities.unlink, id_of(activity_id), id_of(customer_id))

    @rx.event
    @requires()
    async def take_back(self, set_id: str):
        """Undo what was just done."""
        return await self._do("undo.done", undo.undo, id_of(set_id), again=False)

    async def _do(self, said: str, service: Callable[..., Any], *args: Any, again: bool = True) -> Any:
        language = (await self._actor()).language
        try:
            set_id = await self._call(journaled, service, *args)
        except C360Error as error:
            return toasts.failed(error.text(language))
        back = type(self).take_back(set_id) if again else None  # pyright: ignore[reportCallIssue]
        message = done(text(language, said, n=1), back, text(language, "activity.undo"))
        return [message, *(await self._again() or [])]
