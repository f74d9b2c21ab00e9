"""Clearing the journal: guarded, told in the journal itself, and the chain holds; acts of weight have own entries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from c360.core import clock
from c360.core.actor import SYSTEM
from c360.core.clock import today
from c360.core.db import engine
from c360.core.errors import Forbidden, Invalid
from c360.core.i18n import text
from c360.models.consent import Purpose
from c360.models.journal import AccessEntry, ChangeRow, ChangeSet
from c360.services import access_log, auditing, clearing, consents, exports, history, undo, verify
from c360.services.auditing import Filter
from c360.services.consents import Said
from c360.services.imports import direct
from c360.services.merging import planning, unmerging
from c360.services.merging.shapes import Answers, Choices
from c360.services.privacy import erasing
from c360.services.uow import ask, perform, unit_of_work

NOES = ("withdrawn", "refused", "objected")
LONG_AGO = datetime(2020, 5, 1, tzinfo=UTC)


@pytest.fixture
def old(agent, make_as, monkeypatch):
    """Return a contact that was made years ago and changed today, and the set that made it."""
    with monkeypatch.context() as then:
        for module in ("c360.services.journal", "c360.core.clock"):
            then.setattr(f"{module}.utc_now", lambda: LONG_AGO)
        contact = make_as(agent, "contact", family_name="Früher")
    assert clock.utc_now() > LONG_AGO
    with Session(engine()) as session:
        made = session.exec(select(ChangeRow).where(ChangeRow.record_id == contact)).one().set_id
    with unit_of_work(agent) as uow:
        uow.get("contact", contact).job_title = "heute"
    return contact, made


def told(contact):
    with Session(engine()) as session:
        found = select(ChangeRow).where(ChangeRow.record_id == contact).order_by(col(ChangeRow.version))
        return [(row.before, row.after, row.salt is None) for row in session.exec(found)]


@pytest.mark.feature("AUD-7")
def test_what_is_long_past_is_emptied_and_the_clearing_stays(old, admin, agent):
    contact, made = old
    day = today() - timedelta(days=clearing.YOUNGEST)
    assert perform(admin, clearing.clear, day) >= 1
    assert told(contact)[0] == (None, None, True)
    assert told(contact)[1][1]["job_title"] == "heute"
    with Session(engine()) as session:
        found = verify.verify(session)
        last = session.exec(select(ChangeSet).order_by(col(ChangeSet.seq).desc())).first()
        seen = session.exec(select(AccessEntry.actor_id).where(AccessEntry.act == "journal.cleared")).all()
    assert (found.broken, found.erased >= 1) == (None, True)
    assert last is not None
    assert (last.action, last.actor_id, last.details["before"]) == ("journal.cleared", admin.user_id, str(day))
    assert seen == [admin.user_id]
    # Who did what, and when, is still told; what it was is not, and nobody can undo it.
    assert [entry.action for entry in ask(agent, history.of, "contact", contact).entries] == [
        "Contact: changed", "Contact: created",
    ]  # fmt: skip
    assert [kept.reason for kept in perform(admin, undo.undo, made).conflicts] == ["erased"]
    assert perform(admin, clearing.clear, day) == 0


@pytest.mark.feature("AUD-7", "R13")
@pytest.mark.parametrize("role", ["business_user", "manager", "data_protection_officer"])
def test_nobody_else_clears_and_nobody_clears_the_last_year(old, admin, make_user, role):
    before = told(old[0])
    with pytest.raises(Forbidden):
        perform(make_user("Eve Else", role), clearing.clear, today() - timedelta(days=5000))
    for days in (0, 30, clearing.YOUNGEST - 1):
        with pytest.raises(Invalid):
            perform(admin, clearing.clear, today() - timedelta(days=days))
    assert told(old[0]) == before


@pytest.mark.feature("AUD-4")
def test_merges_imports_consents_exports_and_erasures_have_entries_of_their_own(agent, admin, make_as, tmp_path):
    contact = make_as(agent, "contact", family_name="王", email="wang@example.com")
    twin = make_as(agent, "contact", family_name="王", email="wang2@example.com")
    (tmp_path / "people.csv").write_text("Last name;E-mail\nŁódzki;lodz@example.com\n", "utf-8")
    batch = direct.run_file(agent, tmp_path / "people.csv", "contact")["batch"]
    direct.undo(agent, UUID(batch))
    perform(agent, exports.begin, {"entity": "contact", "columns": ["name"]}, "csv")
    with Session(engine()) as session:
        purpose = session.exec(select(Purpose.id).order_by(col(Purpose.position)).limit(1)).one()
    # A yes by e-mail is only a question until its link was followed.
    for answer, followed in (("given", None), ("given", clock.utc_now()), *((one, None) for one in NOES)):
        told = Said(answer, "paper", note="rang", confirmed_at=followed)
        perform(agent, consents.record, contact, purpose, "email", told)
    merged = perform(admin, planning.merge, [contact, twin], Choices(contact))
    perform(admin, unmerging.unmerge, merged.set_id, Answers())
    perform(SYSTEM, erasing.erase, contact)
    list(access_log.lines(admin, access_log.Filter())), list(auditing.lines(admin, Filter()))

    with Session(engine()) as session:
        acts = {row.action: row for row in session.exec(select(ChangeSet))}
    by = {
        "contact.imported": agent, "change.undone": agent, "list.exported": agent, "consent.requested": agent,
        "consent.given": agent,
        "consent.withdrawn": agent, "consent.refused": agent, "consent.objected": agent, "contact.merged": admin,
        "contact.unmerged": admin, "privacy.erased": None, "access_log.exported": admin, "journal.exported": admin,
    }  # fmt: skip
    assert {act: acts[act].actor_id for act in by} == {act: who.user_id if who else None for act, who in by.items()}
    for language in ("en", "de"):
        reader = replace(admin, language=language)
        _, _, menu = ask(reader, auditing.menus)
        for act in by:
            verb = act.partition(".")[2]
            assert dict(menu)[verb] == text(language, f"action.{verb}", default=""), act
            found = ask(reader, auditing.audit, Filter(action=verb)).entries
            assert history.action_label(language, act) in {entry.action for entry in found}, act
    labels = [entry.action for entry in ask(admin, auditing.audit, Filter()).entries]
    assert {"Contact: imported", "Contact: merged", "Contact: merge undone", "List exported", "Customer erased"} <= set(
        labels
    )
    assert "王" not in str([acts[act].details for act in by])
