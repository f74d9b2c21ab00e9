"""What is done with a record that looks like another: what whoever brings it wants, or what the door does at least."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.models.customer import Customer
from c360.query.scope import reach
from c360.registry.entity import entity_for
from c360.services.duplicates import rules
from c360.services.uow import UnitOfWork

CREATE, QUEUE, LINK, REFUSE = "create", "queue", "link", "refuse"
ON_DUPLICATE = (CREATE, QUEUE, LINK, REFUSE)
"""What programs and imports may want: the record all the same, that and the queue, what is there instead, neither."""
STRICT = {CREATE: 0, QUEUE: 1, LINK: 2, REFUSE: 2}
"""Those that make a second record are never stricter than those that do not."""
LEAST = {
    rules.OFF: CREATE, rules.WARN: CREATE, rules.QUEUE: QUEUE, rules.LINK: LINK, rules.BLOCK: REFUSE,
}  # fmt: skip
"""What a reaction of the door does at least."""


def decide(reaction: str, wanted: str, linkable: bool) -> str:
    """Return what is done; what is wanted counts where it is as strict as the door. Only what is sure is linked."""
    least = LEAST[reaction]
    act = wanted if wanted and STRICT[wanted] >= STRICT[least] else least
    if act == LINK and not linkable:
        return REFUSE if least == REFUSE else QUEUE
    return act


def changeable(uow: UnitOfWork, entity: str, ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these customers the actor may change: what is there already takes what a record adds."""
    if not ids or not uow.actor.may(Verb.UPDATE, entity):
        return set()
    mine = reach(entity_for(entity), uow.actor, Verb.UPDATE)
    return set(uow.session.exec(select(Customer.id).where(col(Customer.id).in_(ids), mine)))
