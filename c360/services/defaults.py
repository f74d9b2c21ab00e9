"""What a new installation starts with: roles, pick lists, relation types, nothing anybody has to type first."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import select

from c360.core.i18n import text
from c360.models.choice import Choice
from c360.models.relationship import MEMBER, RELAY, RelationType
from c360.models.user import Role
from c360.models.view import View
from c360.registry.entity import entities
from c360.services import role_matrix, views
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
    "adoption_stage": ("Awareness:gray", "Interest:amber", "Trial:orange", "Usage:teal", "Advocacy:green"),
}  # fmt: skip
"""Entries as ``name[>family][:colour][*]``; the star marks the default."""

HOUSEHOLD = "Household"
"""The type of account a household is."""

RELATION_TYPES: Sequence[tuple[str, str, str, str, str, str]] = (
    ("is married to", "", "equal", "contact", "contact", "ruby"),
    ("is parent of", "is child of", "hierarchy", "contact", "contact", "ruby"),
    ("is sibling of", "", "equal", "contact", "contact", "ruby"),
    ("is a relative of", "", "equal", "contact", "contact", "ruby"),
    ("is a friend of", "", "equal", "contact", "contact", "amber"),
    ("lives in the household", "is the household of", "directed", "contact", "account", "amber"),
    ("is guardian of", "is in the care of", "directed", "contact", "contact", "amber"),
    ("leads", "reports to", "hierarchy", "contact", "contact", "indigo"),
    ("works with", "", "equal", "contact", "contact", "indigo"),
    ("assists", "is assisted by", "directed", "contact", "contact", "indigo"),
    ("is a member of", "has as member", "directed", "any", "account", "teal"),
    ("is relay of", "has as relay", "directed", "contact", "account", "teal"),
    ("sits on the board of", "has on its board", "directed", "contact", "account", "plum"),
    ("owns", "is owned by", "hierarchy", "any", "account", "plum"),
    ("supplies", "is supplied by", "directed", "account", "account", "grass"),
    ("advises", "is advised by", "directed", "any", "any", "cyan"),
    ("is partner of", "", "equal", "any", "any", "cyan"),
    ("competes with", "", "equal", "account", "account", "red"),
    ("recommended", "was recommended by", "directed", "any", "any", "orange"),
)
"""Name, wording from the other side, direction, kinds of both ends, colour."""
PARTS = {"is relay of": RELAY, "is a member of": MEMBER, "lives in the household": MEMBER}
PARTIES = frozenset({
    "is married to", "is parent of", "is sibling of", "is a relative of", "is a friend of", "lives in the household",
})  # fmt: skip


def ensure(uow: UnitOfWork) -> None:
    """Add roles, pick lists, purposes, relation types that are missing; what an administrator changed stays."""
    _ensure_roles(uow)
    filled = set(uow.session.exec(select(Choice.pick_list)))
    for pick_list, entries in PICK_LISTS.items():
        if pick_list not in filled:
            for position, entry in enumerate(entries):
                uow.add(_choice(pick_list, entry, position))
    purposes.ensure(uow)
    _ensure_relation_types(uow)


def _ensure_roles(uow: UnitOfWork) -> None:
    """Add the shipped roles, and give each role there is its rights to entities it was never asked about.

    What an administrator took away, or gave before, stays so. A role he made himself receives what everybody needs
    beside the matrix; what stands in the matrix he decides.
    """
    shipped: dict[str, dict[str, dict[str, str]]] = {role["key"]: role["rights"] for role in ROLES}
    known = {role.key: role for role in uow.session.exec(select(Role))}
    for role in ROLES:
        if role["key"] not in known:
            uow.add(Role(**role))  # pyright: ignore[reportArgumentType]
    for role in known.values():
        new = [entity.key for entity in entities() if entity.key not in role.offered]
        usual = shipped.get(role.key) or role_matrix.plain(shipped["business_user"])
        missing = {key: usual[key] for key in new if key in usual and not role.rights.keys() & {key, "*"}}
        if new:
            role.rights, role.offered = {**role.rights, **missing}, [*role.offered, *new]


def _ensure_relation_types(uow: UnitOfWork) -> None:
    if uow.session.exec(select(RelationType.id).limit(1)).first() is None:
        for position, (name, reverse, shape, one, other, color) in enumerate(RELATION_TYPES):
            uow.add(
                RelationType(
                    name=name, reverse=reverse or None, shape=shape, from_kind=one, to_kind=other, color=color,
                    part=PARTS.get(name), is_party=name in PARTIES, position=position,
                )
            )  # fmt: skip


def arrange(uow: UnitOfWork, owner_id: UUID, language: str) -> None:
    """Make the shared views a new installation has, owned by its first administrator."""
    rule = {"field": "possible_duplicate", "op": "is_yes", "value": ""}
    for entity in ("contact", "account"):
        query = views.stored(uow, entity, {"criteria": rule})
        name = text(language, "duplicate.view")
        uow.add(View(entity=entity, name=name, sharing="everyone", color="amber", owner_id=owner_id, query=query))


def _choice(pick_list: str, entry: str, position: int) -> Choice:
    entry, is_default = entry.removesuffix("*"), entry.endswith("*")
    entry, _, color = entry.partition(":")
    name, _, family = entry.partition(">")
    return Choice(
        pick_list=pick_list, name=name, color=color or "gray", family=family or None, position=position,
        is_default=is_default,
    )  # fmt: skip
