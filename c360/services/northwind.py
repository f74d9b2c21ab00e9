"""The Northwind sample (MIT) as imports: customers and suppliers become accounts, employees contacts and users."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import SYSTEM, Actor
from c360.core.clock import utc_now
from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.models.user import Role, User, UserRole
from c360.registry.entity import entity_for
from c360.services import records
from c360.services.imports import direct
from c360.services.imports.plan import ColumnPlan, Plan
from c360.services.uow import UnitOfWork, perform

DATA = Path(__file__).parents[1] / "data" / "northwind"
OWN = "Northwind Traders"
DOMAIN = "northwind.example"
PLACE = {
    "address": "address.main.street", "city": "address.main.city", "region": "address.main.region",
    "postalCode": "address.main.postal_code", "country": "address.main.country",
}  # fmt: skip
COMPANY = {
    **PLACE, "companyName": "name", "contactName": "person.name", "contactTitle": "person.job_title", "phone": "phone",
    "fax": "reach.fax",
}  # fmt: skip
FILES: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "customers": ("account", {**COMPANY, "customerID": "external_id"}, {"account_type_id": "Customer"}),
    "suppliers": (
        "account", {**COMPANY, "supplierID": "external_id", "homePage": "notes"}, {"account_type_id": "Supplier"}
    ),
    "employees": (
        "contact",
        {
            **PLACE, "employeeID": "external_id", "lastName": "family_name", "firstName": "given_name",
            "title": "job_title", "titleOfCourtesy": "salutation_id", "birthDate": "birth_date", "homePhone": "phone",
            "notes": "notes",
        },
        {"employer_id": OWN, "contact_type_id": "Employee"},
    ),
}  # fmt: skip
"""Each file: what its rows become, where its columns go, what every row has besides."""


def plan(name: str) -> Plan:
    """Return the mapping a file of the sample is shipped with."""
    entity, columns, defaults = FILES[name]
    planned = tuple(ColumnPlan(column, target, empty=("NULL",)) for column, target in columns.items())
    return Plan(
        entity, planned, match="external_id", on_match="skip", on_duplicate="create", source=f"northwind.{name}",
        defaults=defaults,
    )  # fmt: skip


def load(
    actor: Actor, *, demo: bool = False, report: Callable[[int, int], Any] = lambda done, total: None
) -> dict[str, dict[str, Any]]:
    """Import the whole sample and return what became of each file; twice is harmless."""
    perform(actor, own_organisation, demo)
    perform(SYSTEM, users)
    told: dict[str, dict[str, Any]] = {}
    for name, (entity, _, _) in FILES.items():
        mapping = replace(plan(name), entity=entity).to_json()
        before = sum(batch["rows"] for batch in told.values())
        told[name] = direct.run_file(
            actor, DATA / f"{name}.csv", entity, mapping=mapping, demo=demo,
            report=lambda done, total, before=before: report(before + done, before + total),
        )  # fmt: skip
    return told


def own_organisation(uow: UnitOfWork, demo: bool = False) -> UUID:
    """Return the account of the organisation the employees work for, made when it is missing."""
    from_name = uow.select("account").where(col(Customer.name) == OWN)
    known = uow.session.exec(from_name).first()
    if known is not None:
        return known.id
    kind = _choice(uow, "account_type", "Own organisation")
    lists = {f"{name}_id": _choice(uow, name) for name in ("segment", "status", "channel")}
    account = records.add(uow, entity_for("account"), {"name": OWN, "account_type_id": kind, **lists}, is_demo=demo)
    return account.id


def _choice(uow: UnitOfWork, pick_list: str, name: str = "") -> UUID | None:
    query = select(Choice.id).where(Choice.pick_list == pick_list, col(Choice.archived_at).is_(None))
    return uow.session.exec(query.where(Choice.name == name if name else col(Choice.is_default))).first()


def users(uow: UnitOfWork) -> list[UUID]:
    """Make a user of every employee; nobody can sign in as one until an administrator invites him."""
    role = uow.session.exec(select(Role.id).where(Role.key == "business_user")).one()
    known = {user.login: user.id for user in uow.session.exec(select(User).where(col(User.archived_at).is_(None)))}
    made: list[UUID] = []
    with (DATA / "employees.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            login = f"{row['firstName']}.{row['lastName']}@{DOMAIN}".lower()
            if login not in known:
                user = User(login=login, name=f"{row['firstName']} {row['lastName']}", disabled_at=utc_now())
                uow.add(user)
                uow.flush()
                uow.add(UserRole(user_id=user.id, role_id=role))
                known[login] = user.id
            made.append(known[login])
    uow.log("user.imported", source="northwind", n=len(made))
    return made
