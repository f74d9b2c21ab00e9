"""The access log's page: who read what, filtered, for those who may read the journal."""

from datetime import timedelta
from typing import TypedDict
from urllib.parse import urlencode

import reflex as rx

from c360.core.clock import today
from c360.core.errors import C360Error
from c360.core.ids import id_of
from c360.services import access_log
from c360.services.access_log import Filter, Reading
from c360.state.changes import day_of
from c360.state.guard import requires
from c360.state.session import ServiceCalls


class Named(TypedDict):
    """A record that was read."""

    name: str
    href: str


class ShownReading(TypedDict):
    """One read, as the page draws it."""

    id: str
    at: str
    who: str
    act: str
    what: str
    records: list[Named]
    more: int
    ip: str


def _shown(one: Reading) -> ShownReading:
    return {
        "id": one.id, "at": one.at.isoformat(), "who": one.who, "act": one.act, "what": one.what,
        "records": [{"name": name, "href": href} for name, href in one.records], "more": one.more, "ip": one.ip,
    }  # fmt: skip


class AccessPage(ServiceCalls, rx.State):
    """What the page shows and what it was narrowed to."""

    ready: bool = False
    readings: list[ShownReading] = []
    people: list[dict[str, str]] = []
    acts: list[dict[str, str]] = []
    record_options: list[dict[str, str]] = []
    user: str = ""
    record: str = ""
    act: str = ""
    since: str = ""
    until: str = ""
    more: bool = False
    problem: str = ""
    found: bool = False
    file: str = ""
    _after: str | None = None

    @rx.event
    @requires()
    async def load(self):
        """Load the reads of the last days, of one customer when the address names him."""
        self.user = self.act = self.until = ""
        self.record = self.router.url.query_parameters.get("record", "")
        self.since = (today() - timedelta(days=access_log.DAYS)).isoformat()
        self.ready = False
        await self._fill()

    @rx.event
    @requires()
    async def narrow(self, form: dict[str, str]):
        """Show the reads of one user, of one customer, of one kind or time."""
        names = ("user", "record", "act", "since", "until")
        self.user, self.record, self.act, self.since, self.until = (form.get(n, "") for n in names)
        await self._fill()

    @rx.event
    @requires()
    async def show_more(self):
        """Add the next page."""
        await self._fill(self._after)

    async def _fill(self, after: str | None = None) -> None:
        try:
            record = id_of(self.record) if self.record else None
            wanted = Filter(
                id_of(self.user) if self.user else None, record, self.act, day_of(self.since), day_of(self.until)
            )
            page = await self._ask(access_log.look, wanted, after=after)
            people, acts = await self._ask(access_log.menus)
            called = await self._ask(access_log.title, record) if record else ""
        except C360Error as error:
            self.problem = error.text((await self._actor()).language)
            self.readings, self.ready = [], True
            return
        self.people, self.acts = ([{"value": v, "label": t} for v, t in menu] for menu in (people, acts))
        self.record_options = [{"value": self.record, "label": called or self.record}] if record else []
        new = [_shown(one) for one in page.readings]
        self.readings = [*self.readings, *new] if after is not None else new
        self._after, self.more, self.problem, self.ready = page.after, page.after is not None, "", True
        self.found = bool(self.readings)
        asked = {"user": self.user, "record": self.record, "act": self.act, "since": self.since, "until": self.until}
        self.file = f"/api/access.csv?{urlencode({name: value for name, value in asked.items() if value})}"
