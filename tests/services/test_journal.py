"""The journal: what it tells of every change, and that nobody can change what it told."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from c360.core import config
from c360.core.actor import SYSTEM
from c360.core.db import engine
from c360.models.choice import Choice
from c360.models.customer import Customer
from c360.models.journal import AccessEntry, ChangeRow, ChangeSet
from c360.models.user import User
from c360.services import chain, journal, records, verify
from c360.services.uow import ask, unit_of_work
from tests.conftest import ROOT

ODD = {"family_name": "Ødegård-Łuczak 山田 مريم 👩‍🚀" + "n" * 400, "notes": 'quote " back \\ line\n tab\t é é'}


def rows_of(record_id):
    with Session(engine()) as session:
        found = select(ChangeRow).where(ChangeRow.record_id == record_id)
        return session.exec(found.join(ChangeSet).order_by(col(ChangeSet.seq))).all()


def verified():
    with Session(engine()) as session:
        return verify.verify(session)


def break_open(*statements):
    """Write past the triggers, as someone who owns the database could."""
    with engine().connect() as connection:
        if connection.dialect.name == "sqlite":
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'").scalars().all()
            for name in names:
                if name.endswith(("_kept", "_fixed", "_once")):
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(text(statement))
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")
        connection.commit()


@pytest.mark.feature("R34")
def test_several_flushes_of_one_row_are_one_entry_from_first_to_last(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King", job_title="Clerk")
    with unit_of_work(agent) as uow:
        contact = uow.get("contact", contact_id)
        for title in ("Chief", "Boss", "Owner"):
            contact.job_title = title
            uow.flush()
        contact.department = "Böard"
    _, change = rows_of(contact_id)
    assert change.before == {"job_title": "Clerk", "department": None}
    assert change.after == {"job_title": "Owner", "department": "Böard"}
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("contact", contact_id).version == change.version == 5


def test_a_row_made_and_removed_in_one_unit_of_work_leaves_no_entry(database):
    with unit_of_work(SYSTEM) as uow:
        choice = uow.add(Choice(pick_list="segment", name="Fleeting"))
        uow.flush()
        choice.comment = "changed in between"
        uow.flush()
        uow.session.delete(choice)
    assert rows_of(choice.id) == []


def test_a_row_removed_after_an_unsaved_change_keeps_its_stored_values(database):
    with unit_of_work(SYSTEM) as uow:
        choice = uow.add(Choice(pick_list="segment", name="Gone"))
    with unit_of_work(SYSTEM) as uow:
        found = uow.session.get(Choice, choice.id)
        found.name = "Never stored"
        uow.session.delete(found)
    created, deleted = rows_of(choice.id)
    assert (deleted.op, deleted.before["name"], deleted.after) == ("delete", "Gone", None)
    assert created.after["name"] == "Gone"


def test_the_old_value_of_a_field_that_was_not_loaded_is_told(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King", job_title="Clerk")
    with unit_of_work(agent) as uow:
        contact = uow.get("contact", contact_id)
        uow.session.expire(contact, ["job_title"])
        contact.job_title = "Chief"
    assert rows_of(contact_id)[1].before == {"job_title": "Clerk"}


def test_a_password_is_never_told(make_user):
    user = make_user("Pat", password_hash="$argon2id$first")
    with unit_of_work(SYSTEM) as uow:
        uow.session.get(User, user.user_id).password_hash = "$argon2id$second"
    told = [str((row.before, row.after)) for row in rows_of(user.user_id)]
    assert journal.SEALED in told[0]
    assert journal.SEALED in told[1]
    assert not any("argon2id" in values for values in told)


def test_custom_fields_are_told_one_by_one(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King")
    with unit_of_work(agent) as uow:
        uow.get("contact", contact_id).custom = {"shoe": 44, "hat": "Ø"}
    with unit_of_work(agent) as uow:
        uow.get("contact", contact_id).custom = {"shoe": 45, "hat": "Ø"}
    _, first, second = rows_of(contact_id)
    assert first.after == {"custom.shoe": 44, "custom.hat": "Ø"}
    assert (second.before, second.after) == ({"custom.shoe": 44}, {"custom.shoe": 45})


@pytest.mark.feature("R34")
def test_the_chain_verifies_after_odd_values_have_been_through_the_database(agent, make_as):
    contact_id = make_as(agent, "contact", **ODD)
    make_as(agent, "account", name="Σίγμα & Söhne", revenue="9007199254740.99", founded_on="1899-12-31")
    with unit_of_work(agent) as uow:
        numbers = {"big": 1e16, "small": 1e-7, "minus": -0.0, "half": 0.1, "whole": 3.0, "huge": 1.5e300, "int": 2**62}
        uow.get("contact", contact_id).custom = {**numbers, "none": None}
        uow.log("contact.tested", when=datetime.now(UTC), who=contact_id, ratio=1e20)
    found = verified()
    assert found.ok, found.broken
    assert found.sets >= 4


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(VALUES)
def test_canonical_json_is_the_same_after_a_trip_through_json(value):
    assert chain.canonical(json.loads(json.dumps(value))) == chain.canonical(value)


@pytest.mark.parametrize(("spelt", "read"), [(1e16, 10**16), (-0.0, 0.0), (3.0, 3), (1e300, 10**300)])
def test_canonical_json_is_blind_to_how_a_database_spells_a_number(spelt, read):
    assert chain.canonical({"n": [spelt]}) == chain.canonical({"n": [read]})


AT_ONCE = """
import os, sys
for number in range(4):
    if os.fork() == 0:
        break
else:
    sys.exit(any([os.wait()[1] for _ in range(4)]))
"""
"""Makes four processes of one that has loaded the app, before any of them has opened the database."""

WRITERS = f"""
from c360.core.actor import SYSTEM
from c360.models.choice import Choice
from c360.services.uow import unit_of_work
{AT_ONCE}
for n in range(15):
    with unit_of_work(SYSTEM) as uow:
        uow.add(Choice(pick_list="segment", name=f"{{number}}-{{n}}"))
"""


@pytest.mark.feature("R26", "R34")
def test_processes_that_write_at_once_make_one_unbroken_chain(database, tmp_path, monkeypatch):
    before = verified().sets
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    run = [sys.executable, "-c", WRITERS]
    done = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = verified()
    assert found.ok, found.broken
    assert found.sets == before + 60


KEYS = f"from c360.services import chain\n{AT_ONCE}\nos.write(1, chain.key().hex().encode() + b'\\n')"
"""Each key is told in one write, lest two of them run into one word."""


def test_processes_that_need_the_key_at_once_get_the_same(tmp_path):
    environment = {**os.environ, "C360_DATA_DIR": str(tmp_path), "C360_JOURNAL_KEY": ""}
    run = [sys.executable, "-c", KEYS]
    done = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    keys = done.stdout.split()
    assert len(keys) == 4
    assert len(set(keys)) == 1
    assert len(keys[0]) == 64
    assert (tmp_path / "journal.key").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["journal.key"]


@pytest.fixture
def anchors(database, tmp_path, monkeypatch):
    """Keep the anchors of this test's database in a folder of its own, under the same key."""
    key = chain.key()
    monkeypatch.setenv("C360_DATA_DIR", str(tmp_path / "data"))
    config.settings.cache_clear()
    chain.key.cache_clear()
    (config.settings().data_path / "journal.key").write_bytes(key)
    yield tmp_path / "data" / "journal.anchors"
    monkeypatch.undo()
    config.settings.cache_clear()
    chain.key.cache_clear()


@pytest.mark.feature("R34")
@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE change_row SET after = '{\"family_name\": \"Forged\"}' WHERE set_id = '{id}'", "row"),
        ("DELETE FROM change_row WHERE set_id = '{id}'", "row_missing"),
        ("UPDATE change_set SET actor_id = NULL WHERE id = '{id}'", "set"),
        ("UPDATE change_set SET action = 'contact.viewed' WHERE id = '{id}'", "set"),
        ("UPDATE change_set SET prev_hash = hash WHERE id = '{id}'", "link"),
        ("DELETE FROM change_row WHERE set_id = '{id}'; DELETE FROM change_set WHERE id = '{id}'", "missing"),
    ],
)
def test_tampering_is_found_where_it_is(agent, make_as, database, statement, what):
    make_as(agent, "contact", family_name="Before")
    make_as(agent, "contact", family_name="Victim")
    make_as(agent, "contact", family_name="After")
    with Session(engine()) as session:
        victim = session.exec(select(ChangeSet).order_by(col(ChangeSet.seq).desc()).offset(1)).first()
    name = victim.id.hex if database == "sqlite" else str(victim.id)
    break_open(*statement.replace("{id}", name).split("; "))
    found = verified()
    assert not found.ok
    assert found.broken == verify.Break(victim.seq, what)
    assert found.as_json()["broken"] == {"seq": victim.seq, "what": what}


@pytest.mark.feature("R34")
def test_a_cut_off_tail_is_found_by_the_anchor(agent, make_as, anchors):
    make_as(agent, "contact", family_name="Kept")
    make_as(agent, "contact", family_name="Cut")
    assert verify.anchor() is True
    assert verify.anchor() is False
    assert verified().ok
    seq = verified().sets
    break_open(
        f"DELETE FROM change_row WHERE set_id IN (SELECT id FROM change_set WHERE seq = {seq})",
        f"DELETE FROM change_set WHERE seq = {seq}",
    )
    assert verified().broken == verify.Break(seq, "tail_missing")


@pytest.mark.feature("R34")
def test_a_chain_written_anew_with_the_key_is_found_by_the_anchor(agent, make_as, anchors, database):
    make_as(agent, "contact", family_name="Old")
    verify.anchor()
    seq = verified().sets
    with Session(engine()) as session:
        head = session.exec(select(ChangeSet).where(ChangeSet.seq == seq)).one()
        digests = [r.digest for r in session.exec(select(ChangeRow).where(ChangeRow.set_id == head.id))]
        forged = chain.link({**head.model_dump(), "action": "contact.viewed"}, digests)
    break_open(f"UPDATE change_set SET action = 'contact.viewed', hash = '{forged}' WHERE seq = {seq}")
    assert verified().broken == verify.Break(seq, "rewritten")


@pytest.mark.feature("R34")
def test_a_forged_anchor_is_found(agent, make_as, anchors):
    make_as(agent, "contact", family_name="Old")
    verify.anchor()
    make_as(agent, "contact", family_name="New")
    verify.anchor()
    first, second = anchors.read_text().splitlines()
    anchors.write_text(f"{second}\n")
    assert verified().broken.what == "anchor_forged"
    anchors.write_text(f"{first}\nnot json\n")
    assert verified().broken.what == "anchor_forged"


@pytest.mark.feature("AUD-7")
@pytest.mark.parametrize("table", ["change_set", "change_row", "access_log"])
@pytest.mark.parametrize("statement", ["DELETE FROM {t}", "UPDATE {t} SET id = id", "wipe"])
def test_the_log_can_only_grow(agent, make_as, database, table, statement):
    contact_id = make_as(agent, "contact", family_name="King")
    ask(agent, lambda uow: uow.saw("profile", "contact", contact_id))
    if statement == "wipe":
        sqlite = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        statement = sqlite if database == "sqlite" else "TRUNCATE {t} CASCADE"
    with pytest.raises(DatabaseError, match="append-only"), engine().begin() as connection:
        connection.execute(text(statement.format(t=table)))


@pytest.mark.feature("AUD-7")
def test_an_erasure_may_empty_a_row_and_the_chain_still_verifies(agent, make_as, database):
    contact_id = make_as(agent, "contact", family_name="King")
    (change,) = rows_of(contact_id)
    name = change.id.hex if database == "sqlite" else str(change.id)
    erase = f"UPDATE change_row SET before = NULL, after = NULL, salt = NULL{{}} WHERE id = '{name}'"
    for more in (", op = 'update'", ", digest = 'x'", ", version = 9", ", entity = 'tag'"):
        with pytest.raises(DatabaseError, match="append-only"), engine().begin() as connection:
            connection.execute(text(erase.format(more)))
    with engine().begin() as connection:
        connection.execute(text(erase.format("")))
    found = verified()
    assert found.ok, found.broken
    assert found.erased == 1


@pytest.mark.feature("R34")
def test_what_a_reading_unit_of_work_saw_is_kept(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King")
    ask(agent, lambda uow: uow.saw("profile", "contact", contact_id, tab="general"))
    with Session(engine()) as session:
        entry = session.exec(select(AccessEntry)).one()
    assert (entry.actor_id, entry.act, entry.record_id) == (agent.user_id, "profile", contact_id)
    assert entry.details == {"tab": "general"}


def test_a_status_change_leaves_the_search_index_alone(agent, make_as):
    contact_id = make_as(agent, "contact", family_name="King")
    with unit_of_work(agent) as uow:
        records.update(uow, "contact", contact_id, {"job_title": "Chief"})
        uow.flush()
        assert uow.draft.customers == set()
        records.update(uow, "contact", contact_id, {"family_name": "Queen"})
        uow.flush()
        assert uow.draft.customers == {contact_id}
        assert uow.session.get(Customer, contact_id).name == "Queen"
