"""The page of everything a search finds."""

from typing import TypedDict

import reflex as rx

from c360.services import access, finding
from c360.state.guard import requires
from c360.state.session import ServiceCalls, off_the_loop

MOST = 100


class Found(TypedDict):
    """A customer that was found."""

    label: str
    sub: str
    href: str
    account: bool


class SearchState(ServiceCalls, rx.State):
    """What was searched for and found."""

    words: str = ""
    hits: list[Found] = []
    searched: bool = False

    @rx.event
    @requires()
    async def load(self):
        """Search for the words of the address."""
        self.words = self.router.url.query_parameters.get("q", "")[:200]
        await self._search()

    @rx.event(supersedes=True)
    @requires()
    async def look(self, form: dict[str, str]):
        """Search for what was typed."""
        self.words = form.get("q", "").strip()[:200]
        await self._search()

    async def _search(self) -> None:
        found = await self._ask(finding.find, self.words, MOST) if self.words.strip() else []
        if found:
            actor, ids = await self._actor(), [hit.id for hit in found]
            await off_the_loop(lambda: access.seen(actor, "search", "customer", ids))
        self.hits = [
            {"label": hit.label, "sub": hit.sub, "href": hit.href, "account": hit.entity == "account"} for hit in found
        ]
        self.searched = bool(self.words.strip())
