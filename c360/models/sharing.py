"""Who else has what somebody keeps for himself: nobody, his team, everyone."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import or_
from sqlmodel import col

from c360.core.actor import Actor
from c360.registry.marks import Options

SHARING = Options("sharing", ("private", "team", "everyone"))


def shared(model: Any) -> Callable[[Actor], Any]:
    """Return the scope of a kind of record that has a ``sharing`` and an owner: one's own and what others share."""

    def scope(actor: Actor) -> Any:
        mates = actor.team_user_ids
        return or_(
            col(model.owner_id) == actor.user_id,
            col(model.sharing) == "everyone",
            (col(model.sharing) == "team") & col(model.owner_id).in_(mates),
        )

    return scope
