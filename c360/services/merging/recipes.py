"""Recipes: rules of a merge under a name, to be used again on the next one; one's own and what others share."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import col

from c360.core.actor import Verb
from c360.core.errors import Invalid
from c360.models.merge_recipe import MergeRecipe
from c360.services import records
from c360.services.uow import UnitOfWork

LONGEST = 200


def listed(uow: UnitOfWork, key: str) -> list[MergeRecipe]:
    """Return the recipes for an entity the actor has, his own and those shared with him, by name."""
    found = uow.select("merge_recipe").where(MergeRecipe.entity == key)
    return list(uow.session.exec(found.order_by(col(MergeRecipe.name), col(MergeRecipe.id))))


def keeps(uow: UnitOfWork, recipe: MergeRecipe) -> bool:
    """Tell whether the actor may change a recipe and take it away."""
    owners = uow.actor.owners("merge_recipe", Verb.UPDATE)
    return owners is None or recipe.owner_id in owners


def save(uow: UnitOfWork, key: str, name: str, rules: Mapping[str, str], sharing: str = "private") -> UUID:
    """Keep rules by field under a name and share them; one's own recipe of the same name is overwritten."""
    name = name.strip()[:LONGEST]
    if not name:
        raise Invalid.field("name", "recipe.nameless")
    if not rules:
        raise Invalid.field("rules", "recipe.ruleless")
    mine = (one for one in listed(uow, key) if one.owner_id == uow.actor.user_id)
    known = next((one for one in mine if one.name == name), None)
    if known is not None:
        records.update(uow, "merge_recipe", known.id, {"sharing": sharing})
        known.rules = dict(rules)
        return known.id
    made_id = records.create(uow, "merge_recipe", {"name": name, "entity": key, "sharing": sharing})
    uow.flush()
    made: MergeRecipe = uow.get("merge_recipe", made_id)
    made.rules = dict(rules)
    return made_id


def rules(uow: UnitOfWork, recipe_id: UUID) -> dict[str, str]:
    """Return the rule of each field of a recipe."""
    found: MergeRecipe = uow.get("merge_recipe", recipe_id)
    return {str(name): str(rule) for name, rule in found.rules.items()}


def drop(uow: UnitOfWork, recipe_id: UUID) -> None:
    """Take a recipe away; merges made with it stay as they are."""
    records.archive(uow, "merge_recipe", recipe_id)
