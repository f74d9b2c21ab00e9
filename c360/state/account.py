"""A user's own account."""

from typing import TypedDict

import reflex as rx

from c360.core.errors import Invalid
from c360.services import sessions, users
from c360.state.guard import requires
from c360.state.session import SESSION, ServiceCalls, SessionState


class Seat(TypedDict):
    """One of the user's own sessions."""

    id: str
    since: str
    seen: str
    ip: str
    agent: str
    current: bool


class AccountPage(ServiceCalls, rx.State):
    """The user's own name and sessions."""

    seats: list[Seat] = []
    errors: dict[str, str] = {}

    @rx.event
    @requires()
    async def load(self):
        """Load the user's sessions."""
        found = await self._ask(sessions.seats, SESSION.get())
        self.seats = [
            {"id": s.id, "since": s.since.isoformat(), "seen": s.seen.isoformat(), "ip": s.ip, "agent": s.agent,
             "current": s.current}
            for s in found
        ]  # fmt: skip

    @rx.event
    @requires()
    async def save(self, form: dict[str, str]):
        """Change the user's own name."""
        try:
            await self._call(users.call_oneself, form.get("name", ""))
        except Invalid as error:
            self.errors = error.texts((await self._actor()).language)
            return
        self.errors = {}
        (await self.get_state(SessionState)).name = form["name"].strip()

    @rx.event
    @requires()
    async def end(self, seat_id: str):
        """End one of the user's sessions elsewhere."""
        await self._call(sessions.end_mine, seat_id)
        return AccountPage.load
