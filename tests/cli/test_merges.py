"""`c360 merge` and `c360 unmerge`, as a person and a program ask for them."""

import json
from uuid import UUID

import pytest
from typer.testing import CliRunner

from c360.cli.app import app
from c360.models.customer import Customer
from c360.services import records
from c360.services.uow import unit_of_work

RUN = CliRunner()


def run(*words, code=0):
    done = RUN.invoke(app, [str(word) for word in words])
    assert done.exit_code == code, (done.output, done.exception)
    return json.loads(done.stdout) if "--json" in words else done.output


def stored(record_id):
    with unit_of_work(ACTOR[0]) as uow:
        return uow.session.get(Customer, record_id)


ACTOR = []


@pytest.mark.feature("DUP-7", "B-MRG-15")
def test_records_are_merged_and_come_apart_again(admin, make_as):
    ACTOR[:] = [admin]
    with unit_of_work(admin) as uow:
        login = uow.session.get(records.entity_for("user").model, admin.user_id).login
    a = make_as(admin, "contact", family_name="Müller", birth_date="1980-01-01")
    b = make_as(admin, "contact", family_name="Möller", birth_date="1981-01-01", job_title="Ärztin")
    as_user = ("--as", login)
    plan = run("merge", a, b, "--dry-run", "--json", "--pick", f"name=of:{b}", *as_user)
    assert {row["name"]: row["after"] for row in plan["results"]}["family_name"] == "Möller"
    assert "Ärztin" in run("merge", a, b, "--dry-run", *as_user)
    assert stored(b).merged_into_id is None
    assert "--yes" in run("merge", a, b, *as_user, code=1)
    done = run("merge", a, b, "--yes", "--json", "--pick", f"name=of:{b}", *as_user)
    assert (stored(b).merged_into_id, stored(a).family_name, done["rows"]) == (a, "Möller", plan["rows"])
    with unit_of_work(admin) as uow:
        records.update(uow, "contact", a, {"job_title": "Chefin"})
    assert "Chefin" in run("unmerge", done["set_id"], "--dry-run", *as_user)
    told = run("unmerge", done["set_id"], "--put-back", "--json", *as_user)
    assert told["kept"] == 0
    assert UUID(told["set_id"])
    assert (stored(b).merged_into_id, stored(a).family_name, stored(a).job_title) == (None, "Müller", None)
    run("unmerge", done["set_id"], *as_user, code=1)
    run("merge", a, b, "--pick", "nonsense", *as_user, code=2)
