"""Rules of tags: what all of the house uses as it stands, only its keepers make or change."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from c360.core.actor import Verb
from c360.core.errors import Forbidden
from c360.models.tag import Tag

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork


def keep_corporate(uow: "UnitOfWork", tag: Tag, changed: Collection[str]) -> None:
    """Refuse a corporate tag to whoever does not keep every tag."""
    if tag.visibility == "corporate" and changed and uow.actor.owners("tag", Verb.UPDATE) is not None:
        raise Forbidden("tag.corporate")
