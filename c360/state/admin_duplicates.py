"""The page of the rules for duplicates: a draft that is tried on two records and on what waits, then kept."""

from typing import Any, TypedDict

import reflex as rx

from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.matching.rule import MOST_CONDITIONS, Rule
from c360.services import administration
from c360.services.duplicates import measuring, rule_book, rules, trying
from c360.services.duplicates.measuring import Measured
from c360.services.duplicates.rule_book import Compared
from c360.services.duplicates.rules import Rules
from c360.services.duplicates.trying import Blank, Effect, Verdict
from c360.services.settings import KINDS
from c360.services.uow import UnitOfWork
from c360.state import toasts
from c360.state.admin import Administration
from c360.state.guard import requires

EVERY = (6, 24, 24 * 7, 24 * 30)
"""Hours between two searches one may choose."""


class RuleRow(TypedDict):
    """A rule as the page lists it."""

    name: str
    said: str
    where: str
    """At which doors it is asked, unless at every one."""
    active: bool
    shut: list[str]
    levels: dict[str, int]


class DuplicateRules(Administration, rx.State):
    """How duplicates of one kind of customer are looked for, as drafted here."""

    which: str = "contact"
    ask: int = 50
    sure: int = 98
    every: int = 24
    doors: dict[str, str] = {}
    """What happens at each door."""
    bounds: dict[str, str] = {}
    """The two scores, in percent, of doors that have their own: ``save.ask``, ``save.sure``; "" for the common one."""
    asked: dict[str, bool] = {}
    """At which doors the rule of the dialog is asked."""
    dirty: bool = False
    fields: rx.Field[list[Compared]] = rx.field(default_factory=list)
    rows: list[RuleRow] = []
    conditions: list[str] = []
    rule_name: str = ""
    blanks: rx.Field[list[Blank]] = rx.field(default_factory=list)
    stamp: int = 0
    offered: list[list[str]] = []
    measured: rx.Field[list[Measured]] = rx.field(default_factory=list)
    """How the rules that are kept do."""
    verdict: rx.Field[Verdict] = rx.field(default_factory=lambda: Verdict(0, "", ""))
    effect: rx.Field[Effect] = rx.field(default_factory=Effect)
    told: bool = False
    """Whether ``effect`` is of the draft as it is."""
    _place: int = -1
    _without: list[str] = []

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
            self.dirty = False
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
        self.rows = [_row(one) for one in now.rules]

    async def _fill(self) -> None:
        """Show the draft in words; what was told of its effect is no longer so."""
        self.fields = await self._ask(rule_book.compared, self.which, self._without)
        language = await self._language()
        self.rows = [
            {**row, "said": rule_book.said(_rule(row), self.which, language), "where": _where(row["shut"], language)}
            for row in self.rows
        ]
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
    async def switch(self, place: int, on: bool):
        """Switch a rule on or off."""
        self.rows = [{**row, "active": on} if n == place else row for n, row in enumerate(self.rows)]
        await self._fill()

    @rx.event
    @requires("update")
    async def drop(self, place: int):
        """Take a rule out."""
        self.rows = [row for n, row in enumerate(self.rows) if n != place]
        await self._fill()

    @rx.event
    @requires("update")
    def ask_for(self, place: int):
        """Open the dialog of a rule, or of a new one."""
        row = self.rows[place] if 0 <= place < len(self.rows) else None
        chosen = [f"{name}:{n}" for name, n in row["levels"].items()] if row else []
        self.conditions = [*chosen, *[""] * (MOST_CONDITIONS - len(chosen))]
        self.rule_name, self._place = row["name"] if row else "", place if row else -1
        self.asked = {door: row is None or door not in row["shut"] for door in rules.DOORS}
        self.dialog, self.errors = "rule", {}

    @rx.event
    @requires("update")
    async def keep_rule(self, form: dict[str, Any]):
        """Take the rule of the dialog into the draft."""
        chosen = [str(form.get(f"if-{n}") or "").partition(":") for n in range(MOST_CONDITIONS)]
        levels = {name: int(level) for name, _, level in chosen if level.isascii() and level.isdigit()}
        shut = [door for door in rules.DOORS if not form.get(f"at-{door}")]
        name = str(form.get("name") or "")
        new: RuleRow = {"name": name, "levels": levels, "said": "", "where": "", "active": True, "shut": shut}
        old = list(self.rows)
        if 0 <= self._place < len(old):
            old[self._place] = {**old[self._place], "name": name, "levels": levels, "shut": shut}
        else:
            old.append(new)
        before, self.rows = self.rows, old
        if (await self._draft()) is None:
            self.rows = before
            return
        self.dialog = ""
        await self._fill()

    @rx.event
    @requires("update")
    def close(self):
        """Close the dialog."""
        self.dialog, self.errors = "", {}

    @rx.event
    @requires("update")
    async def pick(self, pair: str):
        """Put two customers that wait into the test bench."""
        left, _, right = pair.partition(",")
        try:
            self.blanks = await self._ask(trying.blanks, self.which, (id_of(left), id_of(right)) if right else None)
        except C360Error as error:
            return toasts.failed(error.text(await self._language()))
        self.stamp, self.verdict = self.stamp + 1, Verdict(0, "", "")
        return None

    @rx.event
    @requires("update")
    async def weigh(self, form: dict[str, Any]):
        """Weigh the two records of the test bench by the draft."""
        if (by := await self._draft()) is None:
            return
        left, right = ({one.name: str(form.get(f"{side}-{one.name}") or "") for one in self.blanks} for side in "lr")
        self.verdict = await self._ask(trying.weigh, self.which, left, right, by)

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
        made = [{name: value for name, value in row.items() if name not in ("said", "where")} for row in self.rows]
        return {
            "ask": self.ask / 100, "sure": self.sure / 100, "every": self.every, "without": list(self._without),
            "rules": made, "bounds": self._own(), **self.doors,
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


def _row(rule: Rule) -> RuleRow:
    return {
        "name": rule.name, "said": "", "where": "", "active": rule.active, "shut": list(rule.shut),
        "levels": dict(rule.levels),
    }  # fmt: skip


def _rule(row: RuleRow) -> Rule:
    return Rule(row["name"], row["levels"], row["active"], tuple(row["shut"]))


def _where(shut: list[str], language: str) -> str:
    if not shut:
        return ""
    doors = [text(language, f"admin.dups.door.{door}") for door in rules.DOORS if door not in shut]
    return text(language, "admin.dups.where", doors=", ".join(doors)) if doors else text(language, "admin.dups.nowhere")
