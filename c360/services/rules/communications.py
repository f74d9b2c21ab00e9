"""Rules of communication options: valid for their family, one primary each, the customer's own columns in step.

The customer's e-mail, phone and website are the primary options of their families. A customer that came in bulk may
have them without an option; the option is written down as soon as a second one joins it.
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect
from sqlmodel import col, select

from c360.core.clock import utc_now
from c360.core.errors import Invalid, Message
from c360.models.choice import Choice
from c360.models.communication import Communication, normalised
from c360.models.customer import MEDIA, Customer
from c360.registry import values
from c360.services.rules.siblings import customer_of, one_marked, others

if TYPE_CHECKING:
    from c360.services.uow import UnitOfWork

MIRRORED = {"email": "email", "phone": "phone", "web": "website"}
"""The column of the customer that holds the primary option of a family."""
FORMS: dict[str, Callable[[str], str]] = {
    "email": values.email, "phone": values.phone, "fax": values.phone, "web": values.web,
}  # fmt: skip


LONGEST = {"email": 320, "phone": 50}
"""What fits the customer's own column."""


def parse_value(family: str, text: str) -> str:
    """Return an address as its family writes it, whatever type an administrator made of that family.

    ``ValueError`` holds a key of the catalogue.
    """
    value = FORMS.get(family, str.strip)(text)
    if not value:
        raise ValueError("error.required")
    if len(value) > LONGEST.get(family, 500):
        raise ValueError("error.long")
    return value


def forbidden(
    customer: Customer, medium: str, option: Communication | None = None, *, told: bool = True
) -> Message | None:
    """Return why a customer must not be reached this way, or None when he may be; his reasons if they may be told."""
    if medium not in MEDIA.values:
        raise ValueError(f"{medium} is not a medium")
    if medium in customer.forbidden_media:
        reason = customer.forbidden_reason if told else ""
        return Message("communication.forbidden.reason" if reason else "communication.forbidden", {"reason": reason})
    if option is not None and option.do_not_use:
        comment = option.comment if told else ""
        return Message("communication.shut.reason" if comment else "communication.shut", {"reason": comment})
    return None


def tells_why(uow: "UnitOfWork", customer: Customer) -> bool:
    """Tell whether the actor may read why ways to a customer are forbidden."""
    return "forbidden_reason" in uow.fields(customer.kind) and "comment" in uow.fields("communication")


def keep_media(customer: Customer, changed: Collection[str]) -> None:
    """Take a channel that is now forbidden off the preferred ones."""
    if {"forbidden_media", "preferred_media"} & set(changed) and customer.forbidden_media:
        allowed = [medium for medium in customer.preferred_media if medium not in customer.forbidden_media]
        if allowed != customer.preferred_media:
            customer.preferred_media = allowed


def keep(uow: "UnitOfWork", record: Communication, changed: Collection[str]) -> None:
    """Validate the option like its family and keep one primary of each."""
    if record.type_id and "type_id" in changed:
        kind = uow.session.get(Choice, record.type_id)
        record.family = (kind.family if kind else None) or record.family
    if "value" in changed or "type_id" in changed or "family" in changed:
        try:
            _put(record, parse_value(record.family, record.value))
        except ValueError as error:
            longest = LONGEST.get(record.family, 500)
            raise Invalid.field("value", str(error), field="Value", max=longest) from error
    customer = customer_of(uow, record.customer_id, Customer)
    neighbours = others(uow, record, "customer_id")
    if record.archived_at is None and any((o.family, _same(o)) == (record.family, _same(record)) for o in neighbours):
        raise Invalid.field("value", "communication.twice")
    _write_down(uow, customer, [*neighbours, record], neighbours, record.family)
    touched = {record.family, *_former(record, "family")}
    for family in sorted(touched):
        _settle(record, [o for o in neighbours if o.family == family], family)
        _mirror(customer, [*neighbours, record], family)


def follow(uow: "UnitOfWork", customer: Customer, changed: Collection[str]) -> None:
    """Carry a change of the customer's own e-mail, phone or website to his options."""
    names = {family: name for family, name in MIRRORED.items() if name in changed}
    if not names or inspect(customer).pending:
        return
    found = select(Communication).where(
        Communication.customer_id == customer.id, col(Communication.archived_at).is_(None)
    )
    with uow.session.no_autoflush:
        options = [
            row for row in uow.session.exec(found.order_by(col(Communication.created_at))) if not row.archived_at
        ]
    for family, name in names.items():
        mine = [option for option in options if option.family == family]
        if mine:
            _follow(customer, mine, name)


def _follow(customer: Customer, options: list[Communication], name: str) -> None:
    value = getattr(customer, name)
    primary = next((option for option in options if option.is_primary), options[0])
    if value is None:
        primary.archived_at, primary.is_primary = utc_now(), False
        rest = [option for option in options if option is not primary]
        if rest:
            rest[0].is_primary = True
            setattr(customer, name, rest[0].value)
        return
    same = next((o for o in options if _same(o) == normalised(o.family, value)), None)
    for option in options:
        option.is_primary = option is (same or primary)
    if same is None:
        _put(primary, value)


def _put(option: Communication, value: str) -> None:
    """Set an option's value; another address is neither verified nor bounced."""
    if option.normalised and option.normalised != normalised(option.family, value):
        option.verified_at = option.bounced_at = None
    if option.value != value:
        option.value = value


def _former(record: Any, name: str) -> list[Any]:
    """Return the value a column had before this change, if it changed."""
    return [value for value in inspect(record).attrs[name].history.deleted or () if value]


def _settle(record: Communication, neighbours: list[Communication], family: str) -> None:
    if record.family == family:
        if record.do_not_use and neighbours:
            record.is_primary = False
        usable = sorted(neighbours, key=lambda option: option.do_not_use)
        one_marked(record, usable, "is_primary")
    elif neighbours and not any(option.is_primary for option in neighbours):
        neighbours[0].is_primary = True


def _write_down(
    uow: "UnitOfWork", customer: Customer, options: list[Communication], neighbours: list[Communication], joined: str
) -> None:
    """Give the customer's own e-mail, phone or website an option before another of its family joins it."""
    for family, name in MIRRORED.items():
        value = getattr(customer, name)
        if (
            family != joined
            or not value
            or any(o.family == family and normalised(family, value) == _same(o) for o in options)
        ):
            continue
        if any(o.family == family and (o.is_primary or o.archived_at) for o in neighbours):
            continue
        if any(o.family == family and _former(o, "value") for o in options):
            continue
        neighbours.insert(
            0, uow.add(Communication(customer_id=customer.id, family=family, value=value, is_primary=True))
        )


def _same(option: Communication) -> str:
    return normalised(option.family, option.value)


def _mirror(customer: Customer, options: list[Communication], family: str) -> None:
    name = MIRRORED.get(family)
    if name is None:
        return
    primary = next((o for o in options if o.family == family and o.is_primary and o.archived_at is None), None)
    value = primary.value if primary else None
    if getattr(customer, name) != value:
        setattr(customer, name, value)
