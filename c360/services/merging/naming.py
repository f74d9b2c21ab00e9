"""Customers who name a loser: their employer, their parent, whatever an administrator's field holds."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from c360.models.customer import Customer
from c360.query.expressions import as_id, expression
from c360.registry.entity import entity_for
from c360.services import fields
from c360.services.mass import Change
from c360.services.merging import tables
from c360.services.merging.work import Fold, write

C: Any = Customer


def follow(work: Fold) -> None:
    """Let other customers name the survivor where they named a loser; those merged before stay as they are."""
    _columns(work)
    _custom(work)


def _columns(work: Fold) -> None:
    """Do so in the columns of the table."""
    for name in tables.own():
        column = getattr(Customer, name)
        found = select(C.id, C.kind, C.version, column).where(
            column.in_(work.loser_ids), col(Customer.merged_into_id).is_(None), col(Customer.id).not_in(work.people.ids)
        )
        rows = work.uow.session.execute(found.order_by(col(Customer.id)).with_for_update()).all()
        to = str(work.survivor_id)
        write(work, [Change(entity_for(r.kind), r.id, r.version, {name: str(r[3])}, {name: to}, r.id) for r in rows])
        if rows:
            work.counts[f"customer.{name}"]["moved"] += len(rows)
            work.labels[f"customer.{name}"] = entity_for("contact" if name == "employer_id" else "account").plural


def _custom(work: Fold) -> None:
    """Do so in administrators' fields."""
    key, ids = work.people.entity.key, {str(one): one for one in work.loser_ids}
    for of in ("contact", "account"):
        for spec in fields.custom(work.uow.session, entity_for(of)).values():
            if spec.kind.key != "reference" or spec.target != key:
                continue
            value = expression(Customer, spec)
            found = select(C.id, C.version, C.custom).where(
                as_id(value).in_(work.loser_ids), col(Customer.kind) == of, col(Customer.merged_into_id).is_(None),
                col(Customer.id).not_in(work.people.ids),
            )  # fmt: skip
            rows = work.uow.session.execute(found.with_for_update()).all()
            name, to = f"custom.{spec.name}", str(work.survivor_id)
            write(work, [
                Change(entity_for(of), r.id, r.version, {name: r.custom[spec.name]}, {name: to}, r.id, r.custom)
                for r in rows if str(r.custom[spec.name]) in ids
            ])  # fmt: skip
