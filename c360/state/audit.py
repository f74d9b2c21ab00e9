"""The audit page: everything that happened, filtered, for those who may read the journal."""

from urllib.parse import urlencode

import reflex as rx

from c360.core.errors import C360Error
from c360.core.ids import id_of
from c360.services import auditing
from c360.services.auditing import Filter
from c360.state.changes import day_of
from c360.state.entries import ShownEntry, shown
from c360.state.guard import requires
from c360.state.session import ServiceCalls


class AuditPage(ServiceCalls, rx.State):
    """What the audit page shows."""

    ready: bool = False
    entries: list[ShownEntry] = []
    people: list[dict[str, str]] = []
    kinds: list[dict[str, str]] = []
    acts: list[dict[str, str]] = []
    user: str = ""
    entity: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    more: bool = False
    problem: str = ""
    found: bool = False
    file: str = "/api/journal.csv"
    _after: int | None = None

    @rx.event
    @requires()
    async def load(self):
        """Load the newest entries and what one may filter by."""
        self.user = self.entity = self.action = self.since = self.until = ""
        self.ready = False
        await self._fill()

    @rx.event
    @requires()
    async def narrow(self, form: dict[str, str]):
        """Show the entries of one user, entity, action or time."""
        names = ("user", "entity", "action", "since", "until")
        self.user, self.entity, self.action, self.since, self.until = (form.get(n, "") for n in names)
        await self._fill()

    @rx.event
    @requires()
    async def show_more(self):
        """Add the next page."""
        await self._fill(self._after)

    async def _fill(self, after: int | None = None) -> None:
        try:
            wanted = Filter(
                id_of(self.user) if self.user else None,
                self.entity,
                self.action,
                day_of(self.since),
                day_of(self.until),
            )
            page = await self._ask(auditing.audit, wanted, after=after)
            menus = await self._ask(auditing.menus)
        except (C360Error, ValueError) as error:
            language = (await self._actor()).language
            self.problem = error.text(language) if isinstance(error, C360Error) else str(error)
            self.entries, self.ready = [], True
            return
        self.people, self.kinds, self.acts = ([{"value": v, "label": t} for v, t in menu] for menu in menus)
        new = [shown(entry) for entry in page.entries]
        self.entries = [*self.entries, *new] if after is not None else new
        self._after, self.more, self.problem, self.ready = page.after, page.after is not None, "", True
        self.found = bool(self.entries)
        asked = {"user": self.user, "entity": self.entity, "action": self.action, "since": self.since}
        chosen = {name: value for name, value in {**asked, "until": self.until}.items() if value}
        self.file = f"/api/journal.csv?{urlencode(chosen)}"
