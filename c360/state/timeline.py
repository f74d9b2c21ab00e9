"""The Timeline tab: everything about a customer in one stream, what is planned above it, and the feed."""

from typing import Any, Literal

import reflex as rx

from c360.core.errors import C360Error
from c360.core.ids import id_of
from c360.services import activity_counts, feed, people, timeline
from c360.services.activity_counts import Counts
from c360.services.activity_lines import ActivityLine
from c360.services.picks import Option
from c360.services.timeline import Entry, Totals
from c360.services.uow import UnitOfWork
from c360.state import browser
from c360.state.activity_acts import ActivityActs
from c360.state.changes import day_of
from c360.state.guard import requires

FILTERS = ("kind", "way", "author", "since", "until", "words")


class TimelineTab(ActivityActs, rx.State):
    """The stream of the customer in the address bar."""

    ready: bool = False
    entity: str = ""
    entries: rx.Field[list[Entry]] = rx.field(default_factory=list)
    upcoming: rx.Field[list[ActivityLine]] = rx.field(default_factory=list)
    kinds: rx.Field[list[Option]] = rx.field(default_factory=list)
    ways: rx.Field[list[Option]] = rx.field(default_factory=list)
    authors: rx.Field[list[Option]] = rx.field(default_factory=list)
    counts: rx.Field[Counts] = rx.field(default_factory=Counts)
    totals: rx.Field[Totals] = rx.field(default_factory=Totals)
    charted: bool = False
    by: str = "kind"
    kind: str = ""
    way: str = ""
    author: str = ""
    since: str = ""
    until: str = ""
    words: str = ""
    wide: bool = False
    grouped: bool = False
    more: bool = False
    problem: str = ""
    error: str = ""
    stamp: int = 0
    _id: str = ""
    _after: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Load the newest entries of the customer in the address; nothing on another tab."""
        parts = self.router.url.path.strip("/").split("/")
        if len(parts) < 3 or parts[0] not in ("contact", "account") or parts[2] != "timeline":
            return
        if self._id != parts[1]:
            self.ready, self.entries, self.upcoming, self.charted = False, [], [], False
            self.wide = self.grouped = False
            for name in FILTERS:
                setattr(self, name, "")
        self.entity, self._id, self.error = parts[0], parts[1], ""
        self.kinds, self.ways, self.authors = await self._ask(_choices)
        await self._fill()

    @rx.event
    @requires()
    async def narrow(self, form: dict[str, str]):
        """Show one type, author or time, or what holds some words."""
        for name in FILTERS:
            setattr(self, name, form.get(name, ""))
        await self._fill()

    @rx.event
    @requires()
    async def pick(self, month: str, key: str):
        """Show the month, the kind or the direction of what was clicked in the chart or its table."""
        self.kind, self.way = (key, "") if self.by == "kind" else ("", key)
        if month:
            self.since, self.until = month, activity_counts.last_day(month)
        self.stamp += 1
        await self._fill()

    @rx.event
    @requires()
    async def pick_kind(self, kind: str):
        """Show one kind, of whatever time."""
        self.kind, self.way = kind, ""
        self.stamp += 1
        await self._fill()

    @rx.event
    @requires()
    async def split(self, by: Literal["kind", "way"]):
        """Split the chart's months by kind or by direction."""
        self.by = by

    @rx.event
    @requires()
    async def clear(self):
        """Show everything again."""
        for name in FILTERS:
            setattr(self, name, "")
        self.stamp += 1
        await self._fill()

    @rx.event
    @requires()
    async def widen(self, wide: bool):
        """Add what belongs to the contacts of the account, or leave it out again."""
        self.wide = wide
        await self._fill()
        if self.charted:
            self.counts = await self._ask(activity_counts.of, id_of(self._id), **self._beside())

    @rx.event
    @requires()
    async def gather(self, grouped: bool):
        """Add what belongs to every account of the group, or leave it out again."""
        self.grouped, self.charted = grouped, False
        await self._fill()

    @rx.event
    @requires()
    async def show_more(self):
        """Add the next page."""
        await self._fill(self._after)

    @rx.event
    @requires()
    async def chart(self):
        """Count contacts by kind, direction and month."""
        self.counts = await self._ask(activity_counts.of, id_of(self._id), **self._beside())
        self.charted = True

    @rx.event
    @requires()
    async def post(self, form: dict[str, str]):
        """Post something to the feed."""
        return await self._write(feed.post, id_of(self._id), form.get("text", ""))

    @rx.event
    @requires()
    async def comment(self, form: dict[str, str]):
        """Answer a post."""
        return await self._write(feed.comment, id_of(form.get("post", "")), form.get("text", ""))

    @rx.event
    @requires()
    async def like(self, post_id: str):
        """Like a post, or take the like back."""
        return await self._write(feed.like, id_of(post_id))

    @rx.event
    @requires()
    async def remove(self, key: str, record_id: str):
        """Take one's own post or comment back."""
        return await self._write(feed.remove, key, id_of(record_id))

    @rx.event
    @requires()
    async def mention(self, names: list[str]):
        """Put a colleague's name into the post that is being written."""
        name = next((one.label for one in self.authors if names and one.value == names[-1]), "")
        return browser.insert("feed-text", f"@{name} ") if name else None

    async def _write(self, service: Any, *args: Any) -> Any:
        try:
            await self._call(service, *args)
        except C360Error as error:
            self.error = error.text((await self._actor()).language)
            return
        self.error = ""
        self.stamp += 1
        await self._fill()

    def _beside(self) -> dict[str, bool]:
        return {"wide": self.wide, "grouped": self.grouped}

    async def _again(self) -> Any:
        await self._fill()
        return []

    async def _fill(self, after: str = "") -> None:
        try:
            sought = timeline.seek(self.kind, day_of(self.since), day_of(self.until), self.author, self.words, self.way)
            record_id = id_of(self._id)
            found = await self._ask(timeline.fetch, record_id, sought, **self._beside(), after=after)
            if not after:
                self.upcoming = await self._ask(timeline.upcoming, record_id, **self._beside())
                self.totals = await self._ask(timeline.totals, record_id, **self._beside())
        except C360Error as error:
            self.problem, self.ready = error.text((await self._actor()).language), True
            return
        self.entries = [*self.entries, *found.entries] if after else found.entries
        self._after, self.more, self.problem, self.ready = found.after, bool(found.after), "", True


def _choices(uow: UnitOfWork) -> tuple[list[Option], list[Option], list[Option]]:
    ways = [Option(*one) for one in activity_counts.directions(uow.actor.language)]
    return [Option(*one) for one in timeline.types(uow)], ways, people.colleagues(uow)
