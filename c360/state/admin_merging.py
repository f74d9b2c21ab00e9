"""The page of merging in administration: what takes a second person, what happens by itself."""

from dataclasses import asdict
from typing import Any, TypedDict

import reflex as rx

from c360.core.errors import Invalid
from c360.services import administration, settings
from c360.services.merging import policy, ruling
from c360.services.merging.strategies import Trust
from c360.services.settings import KINDS
from c360.services.uow import UnitOfWork
from c360.state import browser
from c360.state.admin import Administration
from c360.state.guard import requires
from c360.state.rehearsal import Rehearsing

NUMBERS = ("second_contacts", "second_records")
FORM = "merging-form"
SWITCHES = ("second_consents", "automatic", "typed_first")


class RuleRow(TypedDict):
    """A field and the strategies its value may be made by."""

    name: str
    label: str
    said: str
    offered: list[str]


class MergingSettings(Administration, Rehearsing, rx.State):
    """What is said of merging one kind of customer."""

    which: str = "contact"
    numbers: dict[str, int] = {}
    switches: dict[str, bool] = {}
    sources: str = ""
    """The most trusted first, one a line."""
    known: str = ""
    rules: rx.Field[list[RuleRow]] = rx.field(default_factory=list)

    @rx.event
    @requires()
    async def load(self):
        """Load the policy of the entity named in the address."""
        if await self._may():
            self.which = self._last(KINDS)
            now = asdict(await self._ask(lambda uow: policy.of(uow.session, self.which)))
            self.numbers = {name: now[name] for name in NUMBERS}
            self.switches = {name: now[name] for name in SWITCHES}
            self.sources = "\n".join(now["sources"])
            self.known = ", ".join(await self._ask(ruling.known_sources))
            self.rules = [
                {"name": one.name, "label": one.label, "said": one.said, "offered": list(one.offered)}
                for one in await self._ask(ruling.ruled, self.which)
            ]
        self.ready = True

    @rx.event
    @requires()
    async def rehearse(self):
        """Ask the page for the form as it stands, to try its rules before they are kept."""
        return browser.submit(FORM, "_rehearse", "1")

    @rx.event
    @requires("update")
    async def save(self, form: dict[str, Any]):
        """Keep the policy, or show what its rules would have made where that is asked."""
        values = {name: str(form.get(name) or "0") for name in NUMBERS}
        others: dict[str, Any] = {name: bool(form.get(name)) for name in SWITCHES}
        others["sources"] = str(form.get("sources") or "").splitlines()
        others["strategies"] = {one["name"]: str(form.get(f"rule-{one['name']}") or "") for one in self.rules}
        if form.get("_rehearse"):
            trust = Trust(tuple(filter(None, map(str.strip, others["sources"]))), others["typed_first"])
            return await self._rehearse(self.which, others["strategies"], trust)
        failed = await self._try(_keep, self.which, values, others)
        return failed if failed is not None else await self._said("admin.saved")


def _keep(uow: UnitOfWork, which: str, numbers: dict[str, str], others: dict[str, Any]) -> None:
    for name, said in numbers.items():
        if not (said.isascii() and said.isdigit()):
            raise Invalid.field(name, "merge.policy.number")
    told = {name: int(said) for name, said in numbers.items()} | others
    administration.change(uow, "merging", {**settings.read(uow.session).merging, which: told})
