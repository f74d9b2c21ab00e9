"""The page of the rules for duplicates: a draft that is tried on two records and on what waits, then kept."""

from typing import Any
from uuid import UUID

import reflex as rx

from c360.core.errors import C360Error, Invalid
from c360.core.ids import id_of
from c360.services import administration
from c360.services.duplicates import measuring, rule_book, rules, scoping, trying
from c360.services.duplicates.measuring import Measured
from c360.services.duplicates.rule_book import Compared, Never
from c360.services.duplicates.rules import Rules
from c360.services.duplicates.scoping import Told
from c360.services.duplicates.trying import Blank, Effect, Verdict
from c360.services.settings import KINDS
from c360.services.uow import UnitOfWork
from c360.state import toasts
from c360.state.duplicate_rule import TOLD, RuleDialog, row_of, rule_of, where
from c360.state.guard import requires

EVERY = (6, 24, 24 * 7, 24 * 30)
"""Hours between two searches one may choose."""


class DuplicateRules(RuleDialog, rx.State):
    """How duplicates of one kind of customer are looked for, as drafted here."""

    ask: int = 50
    sure: int = 98
    every: int = 24
    doors: dict[str, str] = {}
    """What happens at each door."""
    bounds: dict[str, str] = {}
    """The two scores, in percent, of doors that have their own: ``save.ask``, ``save.sure``; "" for the common one."""
    dirty: bool = False
    fields: rx.Field[list[Compared]] = rx.field(default_factory=list)
    generics: rx.Field[list[Never]] = rx.field(default_factory=list)
    """The values that never count, by field."""
    blanks: rx.Field[list[Blank]] = rx.field(default_factory=list)
    stamp: int = 0
    offered: list[list[str]] = []
    measured: rx.Field[list[Measured]] = rx.field(default_factory=list)
    """How the rules that are kept do."""
    verdict: rx.Field[Verdict] = rx.field(default_factory=lambda: Verdict(0, "", ""))
    effect: rx.Field[Effect] = rx.field(default_factory=Effect)
    told: bool = False
    """Whether ``effect`` is of the draft as it is."""
    _without: list[str] = []
    _weights: dict[str, float] = {}
    _readings: dict[str, str] = {}
    _generic: dict[str, list[str]] = {}
    _pair: tuple[UUID, UUID] | None = None
    """The customers in the boxes of the bench, if they were picked."""

    @rx.event
    @requires()
    async def load(self):
        """Load the rules of the kind of customer named in the address."""
        if await self._may():
            self.which = self._last(KINDS)
            self._show(await self._ask(lambda uow: rules.of(uow.session, self.which)))
            await self._fill()
            self.measured = await self._ask(measuring.measured, self.which)
            self.blanks, self.offered = await self._ask(_bench, self.which)
            self.verdict, self.stamp = Verdict(0, "", ""), self.stamp + 1
            self.dirty, self._pair = False, None
        self.ready = True

    def _show(self, now: Rules) -> None:
        self.ask, self.sure, self.every = round(now.ask * 100), round(now.sure * 100), now.every
        self.doors = {door: now.reaction(door) for door in rules.DOORS}
        if not now.every:
            self.doors, self.every = {**self.doors, "scan": rules.OFF}, 24
        own = {door: now.bounds.get(door) for door in rules.OWN}
        self.bounds = {
            f"{door}.{which}": str(round(kept[n] * 100)) if kept else ""
            for door, kept in own.items() for n, which in enumerate(("ask", "sure"))
        }  # fmt: skip
        self._without = list(now.without)
        self._weights, self._readings = dict(now.weights), dict(now.readings)
        self._generic = {column: list(values) for column, values in now.generic.items()}
        self.rows = [row_of(one) for one in now.rules]

    async def _fill(self) -> None:
        """Show the draft in words; what was told of its effect is no longer so."""
        self.fields = await self._ask(rule_book.compared, self.which, self._without, self._weights, self._readings)
        self.generics = await self._ask(rule_book.never, self.which, self._generic)
        language = await self._language()
        told = await self._ask(_told, self.which, [row["scope"] for row in self.rows])
        self.rows = [
            {**row, "said": rule_book.said(rule_of(row), self.which, language), "where": where(row["shut"], language),
             "holds": held}
            for row, held in zip(self.rows, told, strict=True)
        ]  # fmt: skip
        self.told, self.dirty, self.errors = False, True, {}

    @rx.event
    @requires("update")
    async def bound(self, name: str, value: float):
        """Move where a band begins."""
        percent = round(min(100.0, max(0.0, value)))
        if name == "ask":
            self.ask = percent
        else:
            self.sure = percent
        self.told, self.dirty = False, True

    @rx.event
    @requires("update")
    def schedule(self, hours: str):
        """Say how often to search."""
        chosen = int(hours) if hours.isascii() and hours.isdigit() else 24
        self.every, self.dirty = chosen, True

    @rx.event
    @requires("update")
    def react(self, door: str, reaction: str):
        """Say what happens at a door."""
        if reaction in rules.DOORS.get(door, ()):
            self.doors, self.dirty = {**self.doors, door: reaction}, True

    @rx.event
    @requires("update")
    def bound_at(self, door: str, which: str, typed: str):
        """Give a door a bound of its own, or the common one back."""
        name, percent = f"{door}.{which}", typed.strip()
        if name in self.bounds and (not percent or (percent.isascii() and percent.isdigit())):
            self.bounds, self.dirty = {**self.bounds, name: percent}, True

    @rx.event
    @requires("update")
    async def compare(self, name: str, on: bool):
        """Compare a field, or leave it out."""
        self._without = [one for one in self._without if one != name] + ([] if on else [name])
        await self._fill()

    @rx.event
    @requires("update")
    async def weight(self, name: str, times: str):
        """Let a field count so many times as much as learned."""
        chosen = next((one for one in rules.TIMES if f"{one:g}" == times), 1.0)
        self._weights = {**self._weights, name: chosen}
        await self._fill()

    @rx.event
    @requires("update")
    async def read(self, name: str, reading: str):
        """Have the text of a field read another way; "" as usual."""
        if any(one.name == name and reading in ("", *(level.value for level in one.readings)) for one in self.fields):
            self._readings = {**self._readings, name: reading}
            await self._fill()

    @rx.event
    @requires("update")
    async def never(self, column: str, typed: str):
        """Take the values of a field that never count, a line each."""
        values = rule_book.lines(column, typed) if column in {one.name for one in self.generics} else []
        if values != self._generic.get(column, []):
            self._generic = {**self._generic, column: values}
            await self._fill()

    @rx.event
    @requires("update")
    async def pick(self, pair: str):
        """Put two customers that wait into the test bench."""
        left, _, right = pair.partition(",")
        try:
            picked = (id_of(left), id_of(right)) if right else None
            self.blanks = await self._ask(trying.blanks, self.which, picked)
        except C360Error as error:
            return toasts.failed(error.text(await self._language()))
        self.stamp, self.verdict, self._pair = self.stamp + 1, Verdict(0, "", ""), picked
        return None

    @rx.event
    @requires("update")
    async def weigh(self, form: dict[str, Any]):
        """Weigh the two records of the test bench by the draft."""
        if (by := await self._draft()) is None:
            return
        left, right = ({one.name: str(form.get(f"{side}-{one.name}") or "") for one in self.blanks} for side in "lr")
        self.verdict = await self._ask(trying.weigh, self.which, left, right, by, self._pair)

    @rx.event
    @requires("update")
    async def estimate(self):
        """Tell what the draft would do to the pairs that wait."""
        if (by := await self._draft()) is not None:
            self.effect = await self._ask(trying.effect, self.which, by)
            self.told = True

    @rx.event
    @requires("update")
    async def save(self):
        """Keep the draft."""
        failed = await self._try(administration.change, "duplicates", {self.which: self._plain()})
        if failed is not None:
            return failed
        self.dirty = False
        return await self._said("admin.saved")

    @rx.event
    @requires("update")
    async def reset_rules(self):
        """Go back to what was shipped."""
        failed = await self._try(administration.change, "duplicates", {self.which: {}})
        if failed is not None:
            return failed
        return [DuplicateRules.load, await self._said("admin.dups.was_reset")]

    def _plain(self) -> dict[str, Any]:
        made = [{name: value for name, value in row.items() if name not in TOLD} for row in self.rows]
        return {
            "ask": self.ask / 100, "sure": self.sure / 100, "every": self.every, "without": list(self._without),
            "weights": dict(self._weights), "readings": dict(self._readings),
            "generic": {column: list(values) for column, values in self._generic.items() if values}, "rules": made,
            "bounds": self._own(), **self.doors,
        }  # fmt: skip

    def _own(self) -> dict[str, list[float]]:
        """Return the bounds of the doors that have their own; what is left open is as everywhere."""
        found = {}
        for door in rules.OWN:
            typed = self.bounds.get(f"{door}.ask"), self.bounds.get(f"{door}.sure")
            if any(typed):
                found[door] = [int(typed[0] or self.ask) / 100, int(typed[1] or self.sure) / 100]
        return found

    async def _draft(self) -> Rules | None:
        """Return the draft as rules; None when it does not fit, which the page then tells."""
        try:
            return rule_book.draft(self.which, self._plain())
        except ValueError as error:
            self.errors = Invalid.field("duplicates", str(error)).texts(await self._language())
            return None


def _bench(uow: UnitOfWork, entity: str) -> tuple[list[Blank], list[list[str]]]:
    return trying.blanks(uow, entity), [list(one) for one in trying.offered(uow, entity)]


def _told(uow: UnitOfWork, entity: str, scopes: list[Any]) -> list[Told]:
    return [scoping.told(uow, entity, scope) for scope in scopes]
