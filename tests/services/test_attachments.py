"""Attachments: versions of a name, comments, removal and its undo, who may, and what a crash leaves."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import fsspec
import pytest
from sqlmodel import col, select, update

from c360.core import config
from c360.core.actor import SYSTEM, Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.models.attachment import Attachment
from c360.models.job import StoredFile
from c360.models.journal import ChangeRow
from c360.query.scope import reach
from c360.registry.entity import entity_for, paged
from c360.services import activities, activity_lines, attachments, files, store, timeline, undo
from c360.services.merging import planning, proposing
from c360.services.merging.shapes import Choices
from c360.services.privacy import access, erasing
from c360.services.timeline import Sought
from c360.services.timeline import files as files_source
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import ROOT, statements


@pytest.fixture(autouse=True)
def _disk(tmp_path, monkeypatch):
    (tmp_path / "files").mkdir()
    monkeypatch.setattr(store, "folder", lambda: tmp_path / "files")


@pytest.fixture(params=["disk", "memory"])
def where(request, tmp_path, monkeypatch):
    """Keep content on a disk, and in a store that fsspec reaches."""
    if request.param == "memory":
        monkeypatch.setattr(store, "current", lambda: store.Remote(f"memory://{tmp_path.name}"))
    yield request.param
    fsspec.filesystem("memory").store.clear()


@pytest.fixture
def contact(agent, make_as):
    return make_as(agent, "contact", family_name="King")


def attach(actor, record, name="Vertrag.pdf", content=b"%PDF-1.7\n", key="contact", **given):
    return perform(actor, attachments.attach, key, record, files.receive(name, BytesIO(content)), **given)


def names(actor, record, key="contact", **given):
    found = ask(actor, attachments.listed, key, record, **given)
    return [(doc.name, doc.number, doc.versions) for doc in found.documents]


@pytest.mark.feature("REC-30")
def test_the_same_name_is_the_next_version(where, agent, contact):
    first = attach(agent, contact, "Vertrag.pdf", b"one", comment=" as sent ")
    attach(agent, contact, "Foto.jpg", b"picture")
    second = attach(agent, contact, "VERTRAG.pdf", b"two")
    assert (first.number, second.number) == (1, 2)
    assert names(agent, contact) == [("VERTRAG.pdf", 2, 2), ("Foto.jpg", 1, 1)]
    found = ask(agent, attachments.versions, second.id)
    assert [(one.number, one.comment, one.by) for one in found] == [(2, "", "Ben Agent"), (1, "as sent", "Ben Agent")]
    assert [ask(agent, files.fetch, UUID(one.file_id)).read() for one in found] == [b"two", b"one"]
    assert names(agent, contact, search="fOt") == [("Foto.jpg", 1, 1)]


@pytest.mark.feature("REC-30")
def test_a_new_version_may_have_a_name_of_its_own(agent, contact):
    first = attach(agent, contact, "Vertrag.docx", b"draft")
    made = attach(agent, contact, "final signed.pdf", b"signed", to=first.id)
    assert (made.name, made.number) == ("Vertrag.docx", 2)
    assert ask(agent, attachments.versions, made.id)[0].file_name == "final signed.pdf"


def test_the_same_content_is_no_new_version(agent, contact):
    attach(agent, contact)
    with pytest.raises(Conflict) as refused:
        attach(agent, contact)
    assert refused.value.message.key == "attachment.same"


@pytest.mark.feature("REC-30")
def test_a_file_is_removed_with_its_versions_and_comes_back(agent, contact):
    attach(agent, contact, content=b"one")
    second = attach(agent, contact, content=b"two")
    file_id = UUID(ask(agent, attachments.versions, second.id)[0].file_id)
    set_id = perform(agent, attachments.remove, second.id, all_versions=True)
    assert names(agent, contact) == []
    with pytest.raises(NotFound):
        ask(agent, files.fetch, file_id)
    assert attach(agent, contact, content=b"three").number == 3
    perform(agent, undo.begin, set_id)
    assert names(agent, contact) == [("Vertrag.pdf", 3, 3)]
    assert ask(agent, files.fetch, file_id).read() == b"two"


def test_one_version_is_removed_alone(agent, contact):
    attach(agent, contact, content=b"one")
    second = attach(agent, contact, content=b"two")
    perform(agent, attachments.remove, second.id, all_versions=False)
    assert names(agent, contact) == [("Vertrag.pdf", 1, 1)]


def test_a_comment_is_said_changed_and_told_by_the_history(agent, contact):
    made = attach(agent, contact)
    perform(agent, attachments.comment, made.id, "signed on 3 May")
    assert ask(agent, attachments.versions, made.id)[0].comment == "signed on 3 May"
    perform(agent, attachments.comment, made.id, "")
    assert ask(agent, attachments.versions, made.id)[0].comment == ""


@pytest.mark.feature("R12", "R13", "SEC-4")
def test_attachments_follow_the_rights_on_their_customer(agent, stranger, make_user, contact, make_as):
    made = attach(agent, contact)
    mate = make_user("Max Mate", team="North")
    assert names(mate, contact) == [("Vertrag.pdf", 1, 1)]
    assert not ask(mate, attachments.listed, "contact", contact).may_edit
    for act in (
        lambda: perform(mate, attachments.require, "contact", contact),
        lambda: attach(mate, contact, content=b"x"),
        lambda: perform(mate, attachments.remove, made.id, all_versions=True),
        lambda: perform(mate, attachments.comment, made.id, "x"),
    ):
        with pytest.raises(Forbidden):
            act()
    other = make_as(stranger, "contact", family_name="Other")
    for act in (
        lambda: names(stranger, contact),
        lambda: ask(stranger, attachments.versions, made.id),
        lambda: attach(stranger, contact),
        lambda: attach(stranger, other, to=made.id),
        lambda: perform(stranger, attachments.remove, made.id, all_versions=True),
    ):
        with pytest.raises(NotFound):
            act()
    assert names(agent, contact) == [("Vertrag.pdf", 1, 1)]


def test_a_long_list_comes_in_parts(agent, contact):
    for number in range(5):
        attach(agent, contact, f"{number}.txt", str(number).encode())
    found = ask(agent, attachments.listed, "contact", contact, most=2)
    assert ([doc.name for doc in found.documents], found.total, found.more) == (["4.txt", "3.txt"], 5, True)


def sweep(admin):
    return perform(admin, files.sweep, older_than=-1, shards=store.SHARDS)


def file_of(uow, attachment_id):
    return uow.session.get_one(Attachment, attachment_id).file_id


@pytest.mark.feature("REC-30", "R28")
def test_content_of_what_was_removed_goes_after_its_time_and_not_before(where, admin, agent, contact):
    gone = attach(agent, contact, "gone.txt", b"gone")
    attach(agent, contact, "kept.txt", b"kept")
    set_id = perform(agent, attachments.remove, gone.id, all_versions=True)
    assert not ask(admin, attachments.overdue)
    sweep(admin)
    with unit_of_work(admin) as uow:
        held = {row.name: row.sha256 for row in uow.session.exec(select(StoredFile))}
        long_ago = utc_now() - timedelta(days=int(config.settings().keep_removed_days) + 1)
        uow.session.execute(update(Attachment).where(col(Attachment.id) == gone.id).values(archived_at=long_ago))
    assert store.current().has(held["gone.txt"])
    assert ask(admin, attachments.overdue)
    assert perform(SYSTEM, attachments.purge) == 1
    assert sweep(admin) == 1
    assert not ask(admin, attachments.overdue)
    assert (store.current().has(held["gone.txt"]), store.current().has(held["kept.txt"])) == (False, True)
    with pytest.raises(Conflict) as refused:
        perform(agent, undo.begin, set_id)
    assert refused.value.message.key == "undo.emptied"
    assert [doc.name for doc in ask(agent, attachments.listed, "contact", contact).documents] == ["kept.txt"]
    with pytest.raises(NotFound) as refused:
        ask(agent, files.fetch, ask(agent, file_of, gone.id))
    assert refused.value.message.key == "error.not_found"


@pytest.mark.feature("R24", "R28")
@pytest.mark.parametrize("moment", ["before the row", "before the commit", "before the content goes"])
def test_a_kill_leaves_neither_a_row_without_content_nor_content_without_a_row(admin, agent, contact, moment):
    made = attach(agent, contact, "old.txt", b"old content")
    with unit_of_work(admin) as uow:
        old = uow.session.exec(select(StoredFile)).one()
        if moment == "before the content goes":
            uow.session.execute(update(Attachment).values(archived_at=utc_now() - timedelta(days=999)))
    script = f"""
import os, signal, sys
from io import BytesIO
from pathlib import Path
from uuid import UUID
from tests.conftest import actor_of
from c360.core.actor import SYSTEM, Verb
from c360.services import attachments, files, store
from c360.services.uow import perform, unit_of_work
store.folder = lambda: Path({str(store.folder())!r})
actor = actor_of(UUID({str(agent.user_id)!r}))
moment = {moment!r}
if moment == "before the content goes":
    perform(SYSTEM, attachments.purge)
    os.kill(os.getpid(), signal.SIGKILL)
received = files.receive("new.txt", BytesIO(b"new content"))
if moment == "before the row":
    os.kill(os.getpid(), signal.SIGKILL)
with unit_of_work(actor) as uow:
    attachments.attach(uow, "contact", UUID({str(contact)!r}), received)
    uow.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    killed = subprocess.run([sys.executable, "-c", script], env=env, cwd=ROOT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    sweep(admin)
    left = {path.name for path in store.folder().rglob("*") if path.is_file()}
    with unit_of_work(admin, reads=True) as uow:
        live = uow.session.exec(select(StoredFile.sha256).where(col(StoredFile.archived_at).is_(None))).all()
    assert left == set(live)
    assert (old.sha256 in left) == (moment != "before the content goes")
    assert made.number == 1


def test_content_that_is_brought_again_while_the_sweep_runs_stays(where, agent, contact):
    received = files.receive("a.txt", BytesIO(b"again"))
    assert not store.current().drop(received.sha256, utc_now().timestamp() - 60)
    assert store.current().has(received.sha256)
    if where == "disk":
        place = store.folder() / store.place(received.sha256)
        place.replace(store.folder() / f".old-{received.sha256}")  # A sweep was killed after it had moved it aside.
        assert store.current().recover(utc_now().timestamp() - 60) == 0
        assert place.is_file()
    assert not store.current().drop("0" * 64, 0)


def test_a_store_is_chosen_by_its_address(monkeypatch):
    monkeypatch.undo()
    assert isinstance(store.current(), store.Disk)
    monkeypatch.setenv("C360_FILES_URL", f"memory://{uuid4().hex}")
    config.settings.cache_clear()
    assert isinstance(store.current(), store.Remote)
    monkeypatch.undo()
    config.settings.cache_clear()


@pytest.fixture
def meeting(agent, contact):
    return perform(agent, activities.add, [contact], {"kind": "meeting", "subject": "Kick-off", "status": "closed"})


PAGED = [one.key for one in paged()]


@pytest.mark.feature("REC-30")
@pytest.mark.parametrize("key", PAGED)
def test_every_record_with_a_page_of_its_own_takes_files(agent, contact, make_as, meeting, key):
    made = {"activity": meeting, "account": make_as(agent, "account", name="Mühle")}.get(key, contact)
    assert entity_for(key).path
    first = attach(agent, made, "Ergebnis 会议.pdf", b"one", key=key, comment="أولاً")
    second = attach(agent, made, "ERGEBNIS 会议.pdf", b"two", key=key)
    attach(agent, made, "plan.txt", b"x", key=key)
    assert (first.number, second.number) == (1, 2)
    assert names(agent, made, key, search="ergebnis") == [("ERGEBNIS 会议.pdf", 2, 2)]
    told = ask(agent, attachments.versions, second.id)
    assert [(one.number, one.comment) for one in told] == [(2, ""), (1, "أولاً")]
    assert [ask(agent, files.fetch, UUID(one.file_id)).read() for one in told] == [b"two", b"one"]
    perform(agent, attachments.comment, second.id, "signed")
    set_id = perform(agent, attachments.remove, second.id, all_versions=True)
    assert names(agent, made, key) == [("plan.txt", 1, 1)]
    with pytest.raises(NotFound):
        ask(agent, files.fetch, UUID(told[0].file_id))
    perform(agent, undo.begin, set_id)
    assert ask(agent, attachments.versions, second.id)[0].comment == "signed"
    with pytest.raises(NotFound):
        attach(agent, made, key="tag")


@pytest.mark.feature("REC-30", "R12", "R13")
def test_files_of_an_activity_follow_its_reach(agent, stranger, make_user, make_as, contact, meeting):
    made = attach(agent, meeting, key="activity")
    file_id = UUID(ask(agent, attachments.versions, made.id)[0].file_id)
    mate, officer = make_user("Max Mate", team="North"), make_user("Dora", "data_protection_officer")
    hermit = replace(officer, rights={key: officer.rights[key] for key in ("contact", "account")})
    assert names(mate, meeting, "activity") == [("Vertrag.pdf", 1, 1)]
    assert ask(mate, files.fetch, file_id).read() == b"%PDF-1.7\n"
    assert ask(mate, attachments.listed, "activity", meeting).may_edit
    for outsider in (stranger, hermit):
        for act in (
            lambda who: names(who, meeting, "activity"),
            lambda who: ask(who, attachments.versions, made.id),
            lambda who: ask(who, files.fetch, file_id),
            lambda who: attach(who, meeting, key="activity"),
        ):
            with pytest.raises(NotFound):
                act(outsider)
    # Linked to a customer of theirs the activity is seen, and so are its files; then no longer.
    theirs = make_as(stranger, "contact", family_name="Theirs")
    perform(SYSTEM, activities.link, meeting, theirs)
    assert ask(stranger, files.fetch, file_id).name == "Vertrag.pdf"
    assert not ask(stranger, attachments.listed, "activity", meeting).may_edit
    for act in (
        lambda: perform(stranger, attachments.require, "activity", meeting),
        lambda: attach(stranger, meeting, content=b"x", key="activity"),
        lambda: perform(stranger, attachments.remove, made.id, all_versions=True),
        lambda: perform(stranger, attachments.comment, made.id, "x"),
    ):
        with pytest.raises(Forbidden):
            act()
    perform(SYSTEM, activities.unlink, meeting, theirs)
    with pytest.raises(NotFound):
        ask(stranger, files.fetch, file_id)
    # Nobody makes such a file another record's own, to read it by that record's reach.
    with pytest.raises(Invalid), unit_of_work(agent) as uow:
        files.adopt(uow, uow.fields("contact")["photo"], uow.get("contact", contact), str(file_id))


@pytest.mark.feature("REC-30", "R12")
@pytest.mark.parametrize("restricted", [False, True])
def test_who_reads_no_activities_reads_the_files_of_customers_alone(
    admin, agent, make_as, contact, meeting, restricted
):
    attach(agent, meeting, "Meeting.pdf", key="activity")
    attach(agent, contact, "Contact.pdf")
    frozen = make_as(agent, "contact", family_name="Frozen")
    attach(agent, frozen, "Frozen.pdf")
    reader = replace(admin, rights={key: admin.rights[key] for key in ("contact", "account")})
    if restricted:
        with unit_of_work(SYSTEM) as uow:
            uow.get("contact", frozen).restricted_at = utc_now()

    def found(who, verb):
        with unit_of_work(who, reads=True) as uow:
            rows = select(Attachment.name).where(reach(entity_for("attachment"), who, verb))
            return set(uow.session.exec(rows))

    for verb in (Verb.READ, Verb.UPDATE):
        assert found(reader, verb) == {"Contact.pdf"} | (set() if restricted else {"Frozen.pdf"})
        assert found(admin, verb) == found(reader, verb) | {"Meeting.pdf"}


def test_the_undo_for_many_files_of_an_activity_costs_no_more_statements(agent, stranger, meeting):
    def cost(versions):
        made = [attach(agent, meeting, f"{versions}.txt", bytes([n + 65]), "activity") for n in range(versions)]
        set_id = perform(agent, attachments.remove, made[-1].id, all_versions=True)
        with pytest.raises(NotFound):
            perform(stranger, undo.undo, set_id)
        with statements() as sent:
            assert perform(agent, undo.undo, set_id).restored == versions
        return len(sent)

    assert cost(6) == cost(2)


@pytest.mark.feature("REC-30", "ACT-1")
def test_files_of_an_activity_stand_in_its_entry_and_stay_through_a_merge(agent, make_as, make_user, contact, meeting):
    other = make_as(agent, "contact", family_name="King")
    attach(agent, meeting, "Minutes.txt", b"one", key="activity")
    attach(agent, meeting, "minutes.txt", b"two", key="activity")
    entry = ask(agent, timeline.fetch, contact, Sought(types=frozenset({"meeting"}))).entries[0]
    assert [(paper.name, paper.href.startswith("/api/files/")) for paper in entry.files] == [("minutes.txt", True)]
    for words, expected in (("MINUTES", ["Kick-off"]), ("nothing of it", [])):
        assert [one.title for one in ask(agent, timeline.fetch, contact, Sought(words=words)).entries] == expected
    manager = make_user("Mia", "manager", team="North")
    both, choices = [other, contact], Choices(other)
    plan = perform(manager, planning.plan, both, choices)
    perform(manager, planning.commit, both, choices, plan.fingerprint)
    line = ask(agent, activity_lines.of_customer, other, "past").lines[0]
    assert [paper.name for paper in line.files] == ["minutes.txt"]
    assert names(agent, meeting, "activity") == [("minutes.txt", 2, 2)]


@pytest.mark.feature("DUP-11")
def test_a_merge_tells_of_a_file_once_as_the_attachment_it_is(agent, make_as, make_user, contact):
    other = make_as(agent, "contact", family_name="Kïng 山")
    attach(agent, contact, "Verträge.txt", b"one")
    attach(agent, other, "写真.txt", b"two")
    manager = make_user("Mia", "manager", team="North")
    found = ask(manager, proposing.propose, [contact, other], contact)
    assert {one.key: one.counts for one in found.collections} == {"attachment": (1, 1)}
    plan = perform(manager, planning.plan, [contact, other], Choices(contact))
    assert [(one.key, one.moved) for one in plan.moved] == [("attachment", 1)]
    perform(manager, planning.commit, [contact, other], Choices(contact), plan.fingerprint)
    assert {name for name, *_ in names(agent, contact)} == {"Verträge.txt", "写真.txt"}
    with unit_of_work(SYSTEM, reads=True) as uow:
        assert set(uow.session.exec(select(StoredFile.customer_id))) == {contact}, "the file itself came along"


@pytest.mark.feature("REC-30", "CNS-9", "CNS-10", "R37", "R38")
def test_the_access_file_and_an_erasure_reach_the_files_of_activities(where, agent, make_as, make_user, contact):
    officer = make_user("Dora", "data_protection_officer")
    other = make_as(agent, "contact", family_name="Other")
    papers = {}
    for name, whom in (("alone.txt", [contact]), ("shared.txt", [contact, other])):
        one = perform(agent, activities.add, whom, {"kind": "call", "subject": "x", "status": "closed"})
        attach(agent, one, name, name.encode(), key="activity", comment=f"{name} schmettert")
        papers[name] = one
    file = BytesIO()
    perform(officer, access.person, contact, file)
    archive = zipfile.ZipFile(file)
    told = json.loads(archive.read("data.json"))
    assert {row["name"] for row in told["attachment"]} == {row["name"] for row in told["stored_file"]} == set(papers)
    held = sorted(archive.read(name) for name in archive.namelist() if name.startswith("files/"))
    assert held == [b"alone.txt", b"shared.txt"]
    shares = {(one.label, one.how): one.n for one in ask(officer, erasing.preview, contact).shares}
    assert shares["Attachment", "delete"] == shares["File", "delete"] == 1
    digests = {name: hashlib.sha256(name.encode()).hexdigest() for name in papers}
    perform(officer, erasing.erase, contact)
    with unit_of_work(agent, reads=True) as uow:
        assert [row.name for row in uow.session.exec(select(Attachment))] == ["shared.txt"]
        assert [row.name for row in uow.session.exec(select(StoredFile))] == ["shared.txt"]
        journal = uow.session.exec(select(ChangeRow).where(col(ChangeRow.entity) == "attachment")).all()
    assert "alone.txt" not in str([row.after for row in journal])
    assert {name: store.current().has(digest) for name, digest in digests.items()} == {
        "alone.txt": False, "shared.txt": True,
    }  # fmt: skip


def test_a_comment_a_role_may_not_read_is_neither_told_nor_found_in_the_timeline(agent, contact):
    attach(agent, contact, comment="xyzzy")
    blind = replace(agent, hidden=frozenset({"attachment.comment"}))
    assert "xyzzy" not in str(ask(blind, timeline.fetch, contact))
    assert ask(blind, timeline.fetch, contact, Sought(words="xyzzy")).entries == []
    assert [one.text for one in ask(agent, timeline.fetch, contact, Sought(words="xyzzy")).entries] == ["xyzzy"]


@pytest.mark.feature("REC-30", "ACT-1")
def test_each_version_stands_in_the_timeline_while_it_is_there(agent, contact):
    attach(agent, contact, "Vertrag.pdf", b"one", comment="draft")
    second = attach(agent, contact, "Vertrag.pdf", b"two")
    with unit_of_work(agent, reads=True) as uow:
        found = [one.id for one in files_source.heads(uow, [contact], Sought(), "", 9)]
        told = files_source.tell(uow, files_source.heads(uow, [contact], Sought(), "", 9))
        assert [head.id for head in files_source.heads(uow, [contact], Sought(words="DRAFT"), "", 9)] == found[1:]
    assert [(told[one].title, told[one].text, told[one].note, told[one].who) for one in found] == [
        ("Vertrag.pdf", "", "Version 2", "Ben Agent"), ("Vertrag.pdf", "draft", "", "Ben Agent"),
    ]  # fmt: skip
    perform(agent, attachments.remove, second.id, all_versions=False)
    with unit_of_work(agent, reads=True) as uow:
        assert [one.id for one in files_source.heads(uow, [contact], Sought(), "", 9)] == found[1:]
