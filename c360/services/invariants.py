"""What must hold between records: the primary address of each kind, the one main account, the current employer.

``keep`` is called with every record that is created or changed, before it is written; each rule is a function of one
entity, named in ``RULES``.
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from c360.registry.entity import Entity
from c360.services.rules import (
    activities,
    bank_accounts,
    communications,
    contact_persons,
    customers,
    discussed,
    employments,
    places,
    relations,
    tags,
)

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

Rule = Callable[["UnitOfWork", Any, Collection[str]], None]
RULES: dict[str, tuple[Rule, ...]] = {
    "tag": (tags.keep_corporate,),
    "activity": (activities.keep,),
    "activity_customer": (activities.keep_link,),
    "activity_product": (discussed.keep,),
    "contact": (customers.keep_contact,),
    "account": (customers.keep_account,),
    "communication": (communications.keep,),
    "address": (places.keep,),
    "bank_account": (bank_accounts.keep,),
    "contact_person": (contact_persons.keep,),
    "employment": (employments.keep,),
    "relation": (relations.keep,),
    "relation_type": (relations.keep_type,),
}


def keep(uow: "UnitOfWork", entity: Entity, record: Any, changed: Collection[str]) -> None:
    """Make the record and its neighbours fit the rules of its entity; ``changed`` names the fields just set."""
    for rule in RULES.get(entity.key, ()):
        rule(uow, record, changed)
