"""The access log: read, filtered and taken out by those who watch over personal data, and by nobody else."""

import csv
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from c360.core.clock import today
from c360.core.db import engine
from c360.core.errors import Forbidden
from c360.models.journal import AccessEntry, ChangeSet
from c360.services import access, access_log, settings, sign_in
from c360.services.access_log import Filter
from c360.services.opening import open_tab
from c360.services.uow import ask, perform


@pytest.fixture
def read(agent, stranger, make_as):
    """Let two people read: one opens a profile, one sees a list with that customer in it."""
    contact_id = make_as(agent, "contact", given_name="Zoë", family_name="Ødegård")
    perform(agent, open_tab, "contact", contact_id, "summary")
    access.seen(stranger, "list", "contact", [str(contact_id), str(agent.user_id)], fields=["name"])
    return contact_id


@pytest.mark.feature("AUD-3", "R34")
def test_an_officer_finds_every_read_of_one_customer(make_user, agent, stranger, read):
    officer = make_user("Dora", "data_protection_officer")
    found = ask(officer, access_log.look, Filter(record_id=read)).readings
    assert [(one.who, one.act) for one in found] == [("Sue Stranger", "List shown"), (agent.name, "Profile opened")]
    assert found[1].records == (("Zoë Ødegård", f"/customer/{read}"),)
    only = ask(officer, access_log.look, Filter(user_id=agent.user_id, act="profile.opened")).readings
    assert [one.who for one in only] == [agent.name]
    assert ask(officer, access_log.look, Filter(record_id=read, until=today() - timedelta(days=1))).readings == ()
    page = ask(officer, access_log.look, Filter(record_id=read), limit=1)
    assert [one.who for one in page.readings] == [officer.name], "that he looked before is on the list himself"
    rest = ask(officer, access_log.look, Filter(record_id=read), after=page.after, limit=9)
    assert "Sue Stranger" in [one.who for one in rest.readings]


@pytest.mark.feature("AUD-3", "AUD-7", "SEC-4")
@pytest.mark.parametrize(("role", "may"), [
    ("business_user", False), ("manager", False), ("administrator", True), ("data_protection_officer", True),
])  # fmt: skip
def test_only_those_who_may_read_the_journal_read_it_and_reading_is_logged(make_user, read, role, may):
    who = make_user("Who", role)
    if not may:
        for service, given in ((access_log.look, (Filter(),)), (access_log.menus, ()), (access_log.title, (read,))):
            with pytest.raises(Forbidden):
                ask(who, service, *given)
        with pytest.raises(Forbidden):
            list(access_log.lines(who, Filter()))
        return
    rows = list(csv.reader("".join(access_log.lines(who, Filter(record_id=read))).lstrip("\ufeff").splitlines()))
    assert [row[1] for row in rows[1:]][-2:] == ["Sue Stranger", "Ben Agent"]
    with Session(engine()) as session:
        assert session.exec(select(ChangeSet).where(ChangeSet.action == "access_log.exported")).one()
        looked = session.exec(select(AccessEntry).where(AccessEntry.act == "access_log.read")).all()
    assert [entry.actor_id for entry in looked] == [who.user_id]


@pytest.mark.feature("AUD-8")
def test_sign_ins_refusals_and_settings_keep_the_address_they_came_from(admin):
    with pytest.raises(Forbidden):
        sign_in.enter("nobody@example.com", "a wrong password", ip="192.0.2.7")
    perform(replace(admin, ip="192.0.2.8"), settings.put, "currency", "CHF")
    sign_in.enter_as(admin.user_id, ip="192.0.2.9")
    found = {one.act: one.ip for one in ask(admin, access_log.look, Filter()).readings}
    told = {"Sign-in refused": "192.0.2.7", "Settings changed": "192.0.2.8", "Signed in": "192.0.2.9"}
    assert found.items() >= told.items()
