"""What the demo shows beside its customers: shared views, folders, products, a field of the administrator's own."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import col, delete, func, select

from c360.models.activity_product import ActivityProduct
from c360.models.choice import Choice
from c360.models.custom_field import CustomField
from c360.models.customer import Customer
from c360.models.view import Folder, FolderMember, View, ViewPreference
from c360.query.expressions import is_empty
from c360.services import bulk, choices, custom_fields, fields, views
from c360.services.uow import UnitOfWork

Rule = dict[str, Any]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def _test(field: str, op: str, value: str | list[str] = "") -> Rule:
    return {"field": field, "op": op, "value": value}


VIEWS: tuple[tuple[str, str, Rule], ...] = (
    ("contact", "Birthday this month", _test("birth_date", "anniversary", "this_month")),
    ("contact", "Without e-mail", _test("email", "is_empty")),
    ("account", "North America", _test("country", "is_any_of", ["US", "CA", "MX"])),
)
FOLDERS: tuple[tuple[str, str, str, Rule], ...] = (
    ("account", "London", "dynamic", _test("city", "equals", "London")),
    ("account", "Germany", "dynamic", _test("country", "is", "DE")),
    ("account", "Trade fair", "static", {}),
)
"""Shared views and folders: list, name, what they hold; the static folder holds the accounts of one city."""
PRODUCTS = (("Chai", "amber"), ("Gorgonzola", "teal"), ("Mountain honey", "orange"), ("Rye bread", "gray"))
INVITED = _test("city", "equals", "London")


def arrange(uow: UnitOfWork) -> dict[str, list[str]]:
    """Make the views, folders, products and the field, put values into it, and return their ids."""
    made = [views.save_view(uow, key, name, "everyone", {"criteria": rule}) for key, name, rule in VIEWS]
    shelves = [views.save_folder(uow, key, name, mode, "everyone", rule, None) for key, name, mode, rule in FOLDERS]
    field = {"entity": "account", "label": "Delivery day", "kind": "choice"}
    days = [custom_fields.add(uow, field, [{"label": day, "color": "teal"} for day in DAYS])]
    uow.flush()
    everything = {"mode": "all", "ids": [], "query": {"criteria": INVITED}}
    bulk.apply(uow, "account", everything, {"kind": "add_to_folder", "folder_id": str(shelves[-1])})
    bulk.apply(uow, "account", everything, {"kind": "edit", "values": {"x_delivery_day": "tuesday"}})
    there = {one.name for one in choices.entries(uow, "product")}
    goods = [choices.add(uow, "product", {"name": n, "color": c}) for n, c in PRODUCTS if n not in there]
    uow.log("demo.arranged")
    found = {"views": made, "folders": shelves, "fields": days, "products": goods}
    return {name: [str(one) for one in ids] for name, ids in found.items()}


def clear(uow: UnitOfWork, made: dict[str, list[str]]) -> int:
    """Delete them once the demo's customers are gone; return how many fields stay, as somebody filled them for his own.

    A product somebody discussed with his own customers stays as well.
    """
    goods = [UUID(i) for i in made.get("products", [])]
    used = exists().where(col(ActivityProduct.product_id) == col(Choice.id))
    uow.session.execute(delete(Choice).where(col(Choice.id).in_(goods), ~used))
    shelves, shown, added = ([UUID(i) for i in made.get(name, [])] for name in ("folders", "views", "fields"))
    uow.session.execute(delete(FolderMember).where(col(FolderMember.folder_id).in_(shelves)))
    uow.session.execute(delete(Folder).where(col(Folder.id).in_(shelves)))
    uow.session.execute(delete(ViewPreference).where(col(ViewPreference.view_id).in_(shown)))
    uow.session.execute(delete(View).where(col(View.id).in_(shown)))
    kept = 0
    for row in uow.session.exec(select(CustomField).where(col(CustomField.id).in_(added))).all():
        filled = select(func.count()).select_from(Customer).where(~is_empty(Customer, fields.spec_of(row)))
        if uow.session.exec(filled).one():
            kept += 1
        else:
            uow.session.execute(delete(CustomField).where(col(CustomField.id) == row.id))
    return kept
