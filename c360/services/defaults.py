"""What a new installation starts with: roles, pick lists, nothing anybody has to type first."""

from collections.abc import Mapping, Sequence

from sqlmodel import select

from c360.models.choice import Choice
from c360.models.user import Role
from c360.services.consents import purposes
from c360.services.roles import ROLES
from c360.services.uow import UnitOfWork

PICK_LISTS: Mapping[str, Sequence[str]] = {
    "segment": ("Standard:indigo*", "Key account:plum", "Small business:teal", "Private:amber"),
    "status": ("Prospect:amber", "Active:green*", "Dormant:gray", "Lost:red"),
    "channel": ("Unknown:gray*", "Website:cyan", "Recommendation:grass", "Trade fair:orange", "Advertising:ruby"),
    "contact_type": ("Customer:indigo*", "Partner:teal", "Client:cyan", "Employee:amber", "Other:gray"),
    "account_type": (
        "Customer:indigo*", "Partner:teal", "Contractor:orange", "Supplier:plum", "Competitor:red", "Group:cyan",
        "Household:grass", "Own organisation:green", "Other:gray",
    ),
    "category": ("A:green", "B:teal", "C:amber", "D:gray"),
    "industry": ("Food and drink", "Retail", "Manufacturing", "Services", "Health", "Public sector", "Other"),
    "legal_form": ("GmbH", "AG", "Ltd", "Inc.", "SA", "SARL", "AB", "Sole trader", "Association", "Public body"),
    "ownership": ("Private", "Public", "State", "Cooperative", "Foundation"),
    "employee_range": ("1–9", "10–49", "50–249", "250–999", "1000+"),
    "revenue_range": ("under 1 m", "1–10 m", "10–50 m", "50–250 m", "over 250 m"),
    "salutation": ("Mr", "Ms", "Mrs", "Dr", "Mx"),
    "gender": ("Female", "Male", "Diverse"),
    "marital_status": ("Single", "Married", "Partnership", "Divorced", "Widowed"),
    "inactive_reason": ("Out of business", "Moved away", "Deceased", "Asked for it", "No longer relevant"),
    "communication_type": (
        "Work e-mail>email", "Private e-mail>email", "Work phone>phone", "Mobile>phone", "Private phone>phone",
        "Fax>fax", "Website>web", "LinkedIn>social", "X>social", "WhatsApp>messenger", "Signal>messenger",
    ),
    "contact_role": ("Decision maker:plum", "Buyer:indigo", "Technical contact:teal", "Assistant:amber"),
}  # fmt: skip
"""Entries as ``name[>family][:colour][*]``; the star marks the default."""


def ensure(uow: UnitOfWork) -> None:
    """Add the roles, pick lists and purposes that are missing; what an administrator changed stays as it is."""
    known = set(uow.session.exec(select(Role.key)))
    for role in ROLES:
        if role["key"] not in known:
            uow.add(Role(**role))  # pyright: ignore[reportArgumentType]
    filled = set(uow.session.exec(select(Choice.pick_list)))
    for pick_list, entries in PICK_LISTS.items():
        if pick_list not in filled:
            for position, entry in enumerate(entries):
                uow.add(_choice(pick_list, entry, position))
    purposes.ensure(uow)


def _choice(pick_list: str, entry: str, position: int) -> Choice:
    entry, is_default = entry.removesuffix("*"), entry.endswith("*")
    entry, _, color = entry.partition(":")
    name, _, family = entry.partition(">")
    return Choice(
        pick_list=pick_list, name=name, color=color or "gray", family=family or None, position=position,
        is_default=is_default,
    )  # fmt: skip
