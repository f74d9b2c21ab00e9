"""Ways to reach a customer that are closed, and why: a channel he forbids, an option not to be used."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlmodel import col

from c360.core.i18n import text
from c360.models.communication import Communication, normalised
from c360.services import names
from c360.services.rules.activities import MEDIA

if TYPE_CHECKING:
    from c360.services.facts import Fact
    from c360.services.uow import UnitOfWork

FAMILIES = {"email": "email", "phone": "phone", "url": "web"}
"""Fields of these kinds are links; each is a family of communication options, and a medium of that name."""


def media(uow: "UnitOfWork", customer: Any) -> dict[str, str]:
    """Return why each channel a customer forbids is closed, as far as the actor may read it."""
    known, language = uow.fields(customer.kind), uow.actor.language
    if "forbidden_media" not in known:
        return {}
    why = customer.forbidden_reason if "forbidden_reason" in known else ""
    told = {medium: names.option("medium", medium, language) for medium in customer.forbidden_media or ()}
    return {medium: why or text(language, "profile.forbidden", medium=name) for medium, name in told.items()}


def activities(uow: "UnitOfWork", customer: Any) -> dict[str, str]:
    """Return why each kind of activity may not be planned with a customer."""
    shut = media(uow, customer)
    return {kind: shut[medium] for kind, medium in MEDIA.items() if medium in shut}


def options(uow: "UnitOfWork", customer_ids: Sequence[UUID]) -> dict[tuple[UUID, str, str], str]:
    """Return why single options are not to be used, by customer, family and value."""
    known, language = uow.fields("communication"), uow.actor.language
    if not {"value", "do_not_use"} <= set(known):
        return {}
    found = uow.select("communication").where(
        col(Communication.customer_id).in_(customer_ids), col(Communication.do_not_use)
    )
    told = text(language, "profile.do_not_use")
    return {
        (row.customer_id, row.family, row.normalised): (row.comment if "comment" in known else "") or told
        for row in uow.session.exec(found)
    }


def shut(uow: "UnitOfWork", customers: Sequence[Any], told: Sequence[Mapping[str, "Fact"]]) -> None:
    """Take the link off every fact of customers that leads down a closed way, and say why."""
    linked = [
        (customer, fact)
        for customer, facts in zip(customers, told, strict=True)
        for fact in facts.values()
        if fact.href and fact.kind in FAMILIES
    ]
    if not linked:
        return
    whole = {customer.id: media(uow, customer) for customer, _ in linked}
    single = options(uow, list(whole))
    for customer, fact in linked:
        family = FAMILIES[fact.kind]
        why = whole[customer.id].get(family) or single.get((customer.id, family, normalised(family, fact.text)))
        close(fact, why)


def close(fact: "Fact", why: str | None) -> None:
    """Take the link off a fact when there is a reason to."""
    if why:
        fact.href, fact.reason = "", why
