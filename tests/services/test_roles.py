"""Roles of a database that was made before some of the entities: they receive their rights to those, once."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from c360.core.actor import SYSTEM
from c360.core.db import engine
from c360.models.journal import ChangeSet
from c360.models.user import Role
from c360.registry.entity import entities
from c360.services import defaults, role_matrix, verify
from c360.services.roles import ROLES
from c360.services.uow import perform, unit_of_work
from tests.conftest import BACKENDS, actor_of, add_user, empty_database, migrate, use

LATER = ("activity", "agenda", "relation_type", "subject_request")
"""Entities the old database did not know."""
BEFORE = "0008_reminders"
SHIPPED: dict[str, Any] = {role["key"]: role["rights"] for role in ROLES}


@pytest.fixture(params=BACKENDS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Give a database from before, whose administrator changed two roles and made a third."""
    with empty_database(request.param, tmp_path) as url:
        use(url)
        migrate(BEFORE)
        rights = {key: {k: v for k, v in deepcopy(given).items() if k not in LATER} for key, given in SHIPPED.items()}
        rights["business_user"]["tag"] = {}
        rights["manager"]["contact"]["read"] = "all"
        rights["role_reader"] = {"contact": {"read": "all"}, "account": {}, "choice": {"read": "all"}}
        _insert(rights)
        migrate()
        yield
        engine().dispose()


def _insert(rights: dict[str, Any]) -> None:
    """Write roles as the app of that time did."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with engine().begin() as connection:
        role = sa.Table("role", sa.MetaData(), autoload_with=connection)
        # Ids and moments go in as the tables of now write them; only the columns are those of then.
        names = [column.name for column in role.columns]
        table: Any = Role.__table__  # pyright: ignore[reportAttributeAccessIssue]
        kept = sa.table("role", *(sa.column(name, table.c[name].type) for name in names))
        for key, given in rights.items():
            values = {"id": uuid4(), "version": 1, "created_at": now, "updated_at": now, "key": key, "name": key,
                      "rights": given, "hidden": [], "locked": []}  # fmt: skip
            connection.execute(sa.insert(kept).values(**values))


def roles() -> dict[str, Role]:
    with Session(engine()) as session:
        return {role.key: role for role in session.exec(select(Role))}


@pytest.mark.feature("SEC-3")
def test_a_role_from_before_receives_its_rights_to_what_came_later(old):
    with unit_of_work(SYSTEM) as uow:
        defaults.ensure(uow)
    found = roles()
    for key in ("business_user", "manager", "administrator", "data_protection_officer"):
        later = {name: given for name, given in SHIPPED[key].items() if name in LATER}
        assert {name: found[key].rights.get(name) for name in later} == later, key
        assert set(found[key].offered) >= {entity.key for entity in entities()}
    assert (found["business_user"].rights["tag"], found["manager"].rights["contact"]["read"]) == ({}, "all")
    reader = found["role_reader"].rights
    assert (reader["contact"], reader["account"]) == ({"read": "all"}, {})
    # What everybody needs to work at all he has too; what stands in the matrix only his maker gives him.
    assert reader["agenda"] == SHIPPED["business_user"]["agenda"]
    assert not {"folder", "view", "user"} & reader.keys()
    with Session(engine()) as session:
        assert verify.verify(session).ok
    with unit_of_work(SYSTEM) as uow:
        user_id = add_user(uow, "Ada Admin", "administrator")
    made = perform(actor_of(user_id), role_matrix.save, None, name="Neu", rights={}, hidden=[], locked=[])
    with unit_of_work(actor_of(user_id), reads=True) as uow:
        assert uow.get("role", made).rights["relation_type"] == {"read": "all"}


@pytest.mark.feature("SEC-3")
def test_rights_are_offered_once_and_what_was_taken_away_stays_away(old):
    with unit_of_work(SYSTEM) as uow:
        defaults.ensure(uow)
    with unit_of_work(SYSTEM) as uow:
        role = uow.session.exec(select(Role).where(Role.key == "business_user")).one()
        role.rights = {key: verbs for key, verbs in role.rights.items() if key != "activity"}
    with Session(engine()) as session:
        before = session.exec(select(sa.func.count(col(ChangeSet.seq)))).one()
    with unit_of_work(SYSTEM) as uow:
        defaults.ensure(uow)
    assert "activity" not in roles()["business_user"].rights
    with Session(engine()) as session:
        assert session.exec(select(sa.func.count(col(ChangeSet.seq)))).one() == before
