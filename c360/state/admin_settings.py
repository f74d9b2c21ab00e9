"""The pages of settings: sections and their order, weights of completeness, general ones."""

from typing import Any, TypedDict

import reflex as rx

from c360.core.i18n import text
from c360.registry.entity import entity_for
from c360.services import administration, code_mask, completeness, names, settings
from c360.services.settings import KINDS
from c360.services.uow import UnitOfWork
from c360.state.admin import Administration
from c360.state.guard import requires

KEPT = ("code_mask", "currency", "country")


class PartRow(TypedDict):
    """A tab or section of a page."""

    part: str
    label: str
    on: bool
    fixed: bool


class PartGroup(TypedDict):
    """A section and its fields."""

    label: str
    rows: list[PartRow]


class WeightRow(TypedDict):
    """A field that can count, and how much it does."""

    name: str
    label: str
    weight: int


class Sections(Administration, rx.State):
    """Which tabs and sections an entity's pages have, and in what order."""

    which: str = "contact"
    tabs: list[PartRow] = []
    sections: list[PartRow] = []
    cards: list[PartRow] = []
    fields: list[PartGroup] = []
    activities: list[PartRow] = []

    @rx.event
    @requires()
    async def load(self):
        """Load the parts of the entity named in the address."""
        if await self._may():
            self.which = self._last(KINDS)
            await self._fill()
        self.ready = True

    async def _fill(self) -> None:
        now = await self._ask(lambda uow: settings.read(uow.session))
        language = await self._language()
        entity = entity_for(self.which)
        labels = {f"form.{s.key}": text(language, f"section.{s.key}", default=s.label) for s in entity.sections}
        labels |= {f"field.{n}": names.field_label(entity.key, spec, language) for n, spec in entity.fields.items()}
        labels |= {part: text(language, f"profile.{part[5:]}") for part in settings.cards_of(self.which)}

        def rows(parts: tuple[str, ...]) -> list[PartRow]:
            return [
                {
                    "part": part, "on": now.is_on(self.which, part),
                    "fixed": settings.is_fixed(self.which, part),
                    "label": labels.get(part) or text(language, f"profile.{part}"),
                }
                for part in now.placed(self.which, parts)
            ]  # fmt: skip

        labels |= {one: text(language, f"option.activity_kind.{one[9:]}") for one in settings.activities_of(self.which)}
        self.activities = rows(settings.activities_of(self.which))
        self.tabs, self.sections = rows(settings.tabs_of(self.which)), rows(settings.sections_of(self.which))
        self.cards, parts = rows(settings.cards_of(self.which)), settings.fields_of(self.which)
        sections = [row["part"] for row in self.sections]
        self.fields = [{"label": labels[one], "rows": rows(parts[one[5:]])} for one in sections]

    @rx.event
    @requires("update")
    async def switch(self, part: str, on: bool):
        """Show a part or hide it."""
        failed = await self._try(administration.switch, self.which, part, on=on)
        await self._fill()
        return failed

    @rx.event
    @requires("update")
    async def move(self, part: str, step: int):
        """Give a part the place of its neighbour."""
        groups = (self.tabs, self.sections, self.cards, *(group["rows"] for group in self.fields))
        group = next((g for g in groups if any(row["part"] == part for row in g)), [])
        place = next((i for i, row in enumerate(group) if row["part"] == part), 0)
        failed = await self._try(administration.move, self.which, part, place + step)
        await self._fill()
        return failed


class Weights(Administration, rx.State):
    """How much each field counts towards a complete profile."""

    which: str = "contact"
    rows: list[WeightRow] = []

    @rx.event
    @requires()
    async def load(self):
        """Load the weights of the entity named in the address."""
        if await self._may():
            self.which = self._last(KINDS)
            self.rows = await self._ask(_weights, self.which)
        self.ready = True

    @rx.event
    @requires("update")
    async def weigh(self, name: str, value: float):
        """Note a weight; nothing is kept before all of them total a hundred."""
        weight = round(min(100.0, max(0.0, value)))
        self.rows = [{**row, "weight": weight} if row["name"] == name else row for row in self.rows]

    @rx.var
    def total(self) -> int:
        """The sum of the weights."""
        return sum(row["weight"] for row in self.rows)

    @rx.event
    @requires("update")
    async def save(self):
        """Keep the weights."""
        weights = {row["name"]: row["weight"] for row in self.rows if row["weight"]}
        failed = await self._try(administration.change, "weights", {self.which: weights})
        return failed if failed is not None else await self._said("admin.saved")


class General(Administration, rx.State):
    """Settings that hold for the whole installation."""

    code_mask: str = ""
    currency: str = ""
    country: str = ""
    countries: list[list[str]] = []
    currencies: list[list[str]] = []

    @rx.event
    @requires()
    async def load(self):
        """Load the settings as they are."""
        if await self._may():
            now = await self._ask(lambda uow: settings.read(uow.session))
            language = await self._language()
            self.code_mask, self.currency, self.country = now.code_mask, now.currency, now.country
            self.countries, self.currencies = _coded("country", language), _coded("currency", language)
        self.ready = True

    @rx.event
    @requires("update")
    async def show_mask(self, mask: str):
        """Show what codes of this mask look like."""
        self.code_mask = mask[:40]

    @rx.var
    def example(self) -> str:
        """A code as the mask makes it, or nothing when it makes none."""
        try:
            return code_mask.written(code_mask.check(self.code_mask), 42)
        except ValueError:
            return ""

    @rx.event
    @requires("update")
    async def save(self, form: dict[str, Any]):
        """Keep the settings."""
        failed = await self._try(
            _keep_all, {name: str(form.get(name, "")) for name in ("code_mask", "currency", "country")}
        )
        return failed if failed is not None else await self._said("admin.saved")


def _keep_all(uow: UnitOfWork, values: dict[str, str]) -> None:
    for name, value in values.items():
        administration.change(uow, name, value)


def _weights(uow: UnitOfWork, key: str) -> list[WeightRow]:
    now = settings.read(uow.session).weights[key]
    language = uow.actor.language
    rows: list[WeightRow] = [
        {"name": name, "label": names.field_label(key, spec, language), "weight": now.get(name, 0)}
        for name, spec in completeness.weighable(uow.session, key).items()
    ]
    return sorted(rows, key=lambda row: (-row["weight"], row["label"]))


def _coded(kind: str, language: str) -> list[list[str]]:
    return [[code, label] for code, label in names.every(kind, language)]
