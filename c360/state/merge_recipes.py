"""Recipes of the merge wizard: rules used again, kept and dropped."""

import reflex as rx

from c360.core.errors import C360Error
from c360.core.ids import id_of
from c360.services import references
from c360.services.merging import recipes
from c360.services.merging.shapes import BY
from c360.services.uow import UnitOfWork
from c360.state import toasts
from c360.state.guard import requires
from c360.state.merge_rows import Field, Id, Recipe
from c360.state.rehearsal import Rehearsing


class Recipes(Rehearsing, mixin=True):
    """The fields of a merge, what is picked for them, and the recipes that pick by rule."""

    entity: str = ""
    fields: rx.Field[list[Field]] = rx.field(default_factory=list)
    picks: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    recipes: rx.Field[list[Recipe]] = rx.field(default_factory=list)
    recipe: str = ""
    may_drop: bool = False
    """Whether the chosen recipe may be taken away."""
    _chosen: dict[str, str] = {}
    """What a person picked; it outlives a change of the master."""

    @rx.event
    @requires("merge", "customer")
    async def use_recipe(self, recipe_id: Id):
        """Apply the rules of a recipe to the fields that are in conflict; an empty id takes none."""
        self.recipe, rules = recipe_id, {}
        self.may_drop = any(one["kept"] for one in self.recipes if one["id"] == recipe_id)
        try:
            rules = await self._ask(recipes.rules, id_of(recipe_id)) if recipe_id else {}
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        taken = {
            one["name"]: BY + rules[one["name"]] for one in self.fields if rules.get(one["name"]) in one["results"]
        }
        self._chosen, self.picks = self._chosen | taken, self.picks | taken
        return None

    @rx.event
    @requires("create", "merge_recipe")
    async def save_recipe(self, form: dict[str, str]):
        """Keep the rules picked so far under a name."""
        rules = self._rules()
        try:
            made = await self._call(
                recipes.save, self.entity, form.get("name", ""), rules, form.get("sharing", "private")
            )
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        await self._know_recipes()
        self.recipe, self.may_drop = str(made), True
        return None

    @rx.event
    @requires("archive", "merge_recipe")
    async def drop_recipe(self):
        """Forget the chosen recipe; what it picked stays picked."""
        if self.recipe:
            try:
                await self._call(recipes.drop, id_of(self.recipe))
            except C360Error as error:
                return toasts.failed(error.text((await self._actor()).language))
            self.recipe = ""
            await self._know_recipes()
        return None

    @rx.event
    @requires("merge", "customer")
    async def rehearse(self):
        """Show what the chosen recipe and the rules picked so far make of groups that were decided."""
        try:
            kept = await self._ask(recipes.rules, id_of(self.recipe)) if self.recipe else {}
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        return await self._rehearse(self.entity, kept | self._rules())

    def _rules(self) -> dict[str, str]:
        """Return the rules picked so far, by field."""
        return {name: pick.removeprefix(BY) for name, pick in self.picks.items() if pick.startswith(BY)}

    async def _know_recipes(self) -> None:
        self.recipes = await self._ask(_named, self.entity)


def _named(uow: UnitOfWork, key: str) -> list[Recipe]:
    """Return the recipes to choose; one of somebody else's says whose it is."""
    found = recipes.listed(uow, key)
    whose = references.titles(uow, "user", {one.owner_id for one in found if one.owner_id != uow.actor.user_id})
    return [
        {"id": str(one.id), "name": " · ".join(filter(None, (one.name, whose.get(one.owner_id)))),
         "kept": recipes.keeps(uow, one)}
        for one in found
    ]  # fmt: skip
