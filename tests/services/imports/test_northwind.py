"""The Northwind sample comes in whole, through normal imports."""

import csv

import pytest
from sqlmodel import select

from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.models.user import User
from c360.services import northwind
from c360.services.uow import unit_of_work


@pytest.mark.feature("IMP-1", "VAL-8")
def test_northwind_comes_in_whole_and_twice_is_harmless(admin):
    told = northwind.load(admin)
    assert {name: (t["created"], t["rejected"]) for name, t in told.items()} == {
        "customers": (91, 0), "suppliers": (29, 0), "employees": (9, 0),
    }, {name: t["problems"] for name, t in told.items()}  # fmt: skip
    with unit_of_work(admin, reads=True) as uow:
        rows = uow.session.exec(select(Customer)).all()
        names = {c.name for c in rows if c.kind == "account"}
        types = {c.id: c.name for c in uow.session.exec(select(Choice).where(Choice.pick_list == "account_type"))}
        assert {"G'day, Mate", "Pavlova, Ltd.", "Specialty Biscuits, Ltd.", "Northwind Traders"} <= names
        assert types[next(c for c in rows if c.name == "G'day, Mate").account_type_id] == "Supplier"
        nancy = next(c for c in rows if c.name == "Nancy Davolio")
        assert (nancy.birth_date.isoformat(), nancy.job_title) == ("1948-12-08", "Sales Representative")
        assert nancy.employer_id == next(c for c in rows if c.name == "Northwind Traders").id
        people = uow.session.exec(select(User).where(User.login.like("%northwind.example"))).all()
        assert len(people) == 9
        assert all(user.disabled_at and not user.password_hash for user in people)
    for name in ("customers", "suppliers"):
        with (northwind.DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            plain = [row["companyName"] for row in csv.DictReader(file) if None not in row]
        assert set(plain) <= names
    again = northwind.load(admin)
    assert all(t["created"] == 0 and t["skipped"] == t["rows"] for t in again.values())
