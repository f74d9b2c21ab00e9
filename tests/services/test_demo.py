"""The demo comes quickly, is labelled, and goes without a trace."""

import pytest
from sqlmodel import Session, SQLModel, func, select

from c360.core import db
from c360.models.customer import Customer
from c360.models.journal import ChangeRow
from c360.models.relationship import Relation
from c360.models.search import SearchDocument
from c360.models.tag import Tag
from c360.models.user import User
from c360.services import consents, demo, verify
from c360.services.consents import purposes
from c360.services.relationships import structure
from c360.services.uow import ask, unit_of_work

LASTING = {"change_set", "change_row", "access_log", "job"}


def counts() -> dict[str, int]:
    with Session(db.engine()) as session:
        return {
            name: session.exec(select(func.count()).select_from(table)).one()
            for name, table in SQLModel.metadata.tables.items()
            if name not in LASTING
        }


@pytest.mark.feature("BEY-8")
def test_the_demo_comes_whole_and_goes_without_a_trace(admin, make_as):
    mine = make_as(admin, "contact", given_name="Mine", family_name="Own", email="mine@example.com")
    before = counts()
    told = demo.load()
    with unit_of_work(admin, reads=True) as uow:
        n = uow.session.exec(select(func.count()).where(Customer.is_demo)).one()
        assert n >= 1_900, told
        assert len(demo.groups(uow)) == 40
        assert uow.session.exec(select(func.count()).select_from(SearchDocument)).one() == n + 1
        assert uow.session.exec(select(func.count()).select_from(Relation)).one() > 200
        top = uow.session.exec(select(Customer.parent_id).where(Customer.parent_id.is_not(None))).first()
        assert len(structure.whole(uow, top).nodes) == 6
        allowed = consents.contactable(purposes.promotion(uow), "email")
        assert 300 < len(uow.session.exec(select(Customer.id).where(allowed)).all()) < 900
        employer = uow.session.exec(select(Customer).where(Customer.name == "Alfreds Futterkiste")).one()
    with unit_of_work(admin) as uow:
        uow.get("contact", mine).employer_id = employer.id
    gone = demo.remove()
    assert gone["freed"] == ["Mine Own"]
    after = counts()
    assert {name: (before[name], after[name]) for name in before if before[name] != after[name]} == {}
    with unit_of_work(admin, reads=True) as uow:
        assert uow.get("contact", mine).employer_id is None
        assert not uow.session.exec(select(Tag)).all()
        assert not uow.session.exec(select(User).where(User.login.like("%northwind.example"))).all()
        kept = [row for row in uow.session.exec(select(ChangeRow)) if "Futterkiste" in str(row.after)]
        assert kept == []
        assert not verify.verify(uow.session).broken
    assert not ask(admin, demo.is_loaded)
