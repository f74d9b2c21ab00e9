"""The rules a page of rules for duplicates lists, and the dialog in which one of them is made."""

import json
from typing import Any, TypedDict

import reflex as rx

from c360.core.errors import Invalid
from c360.core.i18n import text
from c360.matching.rule import MOST_CONDITIONS, Rule
from c360.services.duplicates import rule_book, rules, scoping
from c360.services.duplicates.rules import Rules
from c360.services.duplicates.scoping import Told
from c360.services.uow import UnitOfWork
from c360.state.admin import Administration
from c360.state.guard import requires

TOLD = ("said", "where", "holds")
"""What of a row is told of the rule rather than the rule."""


class RuleRow(TypedDict):
    """A rule as the page lists it."""

    name: str
    said: str
    where: str
    """At which doors it is asked, unless at every one."""
    holds: Told
    """For whom it holds, unless for everybody."""
    active: bool
    shut: list[str]
    levels: dict[str, int]
    scope: dict[str, Any] | None


class RuleDialog(Administration, mixin=True):
    """Rules as they are drafted: listed, switched, dropped, and made in a dialog."""

    which: str = "contact"
    rows: list[RuleRow] = []
    conditions: list[str] = []
    rule_name: str = ""
    asked: dict[str, bool] = {}
    """At which doors the rule of the dialog is asked."""
    scope: dict[str, Any] = {}
    """The criteria of the rule of the dialog, as it was opened."""
    holds: rx.Field[Told] = rx.field(default_factory=Told)
    """For whom the rule of the dialog would hold."""
    _place: int = -1

    async def _fill(self) -> None:
        """Show the draft in words."""
        raise NotImplementedError

    async def _draft(self) -> Rules | None:
        """Return the draft as rules; None when it does not fit, which the page then tells."""
        raise NotImplementedError

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
        self.scope, self.holds = (row["scope"] or {}, row["holds"]) if row else ({}, Told())
        self.dialog, self.errors = "rule", {}

    @rx.event(supersedes=True)
    @requires("update")
    async def look_at_scope(self, criteria: dict[str, Any]):
        """Tell for whom the rule of the dialog would hold."""
        try:
            self.holds, self.errors = await self._ask(scoping.told, self.which, criteria), {}
        except Invalid as error:
            self.errors = {"scope": error.text(await self._language())}

    @rx.event
    @requires("update")
    async def keep_rule(self, form: dict[str, Any]):
        """Take the rule of the dialog into the draft."""
        chosen = [str(form.get(f"if-{n}") or "").partition(":") for n in range(MOST_CONDITIONS)]
        levels = {name: int(level) for name, _, level in chosen if level.isascii() and level.isdigit()}
        shut = [door for door in rules.DOORS if not form.get(f"at-{door}")]
        try:
            scope = await self._ask(_scope, self.which, str(form.get("scope") or "{}"))
        except ValueError as error:
            self.errors = {"scope": text(await self._language(), str(error))}
            return
        old, here = list(self.rows), 0 <= self._place < len(self.rows)
        active = old[self._place]["active"] if here else True
        made = row_of(Rule(str(form.get("name") or ""), levels, active, tuple(shut), scope))
        if here:
            old[self._place] = made
        else:
            old.append(made)
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


def _scope(uow: UnitOfWork, entity: str, typed: str) -> dict[str, Any] | None:
    try:
        told = json.loads(typed)
    except json.JSONDecodeError as error:
        raise ValueError("duplicate.rules.scope") from error
    return rule_book.scope(uow, entity, told)


def row_of(rule: Rule) -> RuleRow:
    """Return a rule as a row of which nothing is told yet."""
    return {
        "name": rule.name, "said": "", "where": "", "holds": Told(), "active": rule.active, "shut": list(rule.shut),
        "levels": dict(rule.levels), "scope": dict(rule.scope) if rule.scope else None,
    }  # fmt: skip


def rule_of(row: RuleRow) -> Rule:
    """Return the rule of a row."""
    return Rule(row["name"], row["levels"], row["active"], tuple(row["shut"]), row["scope"])


def where(shut: list[str], language: str) -> str:
    """Return at which doors a rule is asked, in words; empty when at every one."""
    if not shut:
        return ""
    doors = [text(language, f"admin.dups.door.{door}") for door in rules.DOORS if door not in shut]
    return text(language, "admin.dups.where", doors=", ".join(doors)) if doors else text(language, "admin.dups.nowhere")
