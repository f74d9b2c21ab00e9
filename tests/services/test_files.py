"""Files and photos: kept by content, reached through their record, never more than what they are."""

import os
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlmodel import select

from c360.core.errors import Forbidden, Invalid, NotFound
from c360.models.job import StoredFile
from c360.models.journal import AccessEntry
from c360.services import (
    custom_fields,
    exports,
    facts,
    files,
    forms,
    history,
    listing,
    photos,
    profiles,
    records,
    store,
    undo,
)
from c360.services.uow import ask, perform, unit_of_work

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    (tmp_path / "files").mkdir()
    monkeypatch.setattr(store, "folder", lambda: tmp_path / "files")


def bring(actor, name="Vertrag.pdf", content=PDF, customer=None) -> UUID:
    return perform(actor, files.keep, files.receive(name, BytesIO(content)), customer)


def picture(kind="PNG", size=(900, 600), **extra) -> BytesIO:
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 90)).save(out, kind, **extra)
    out.seek(0)
    return out


def stored() -> list[Path]:
    return [path for path in store.folder().rglob("*") if path.is_file()]


@pytest.mark.feature("R19", "R17")
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system.ini", "system.ini"),
        ("<img src=x onerror=alert(1)>.png", "img src=x onerror=alert(1).png"),
        ("invoice\u202egpj.pdf", "invoicegpj.pdf"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie x=1.txt"),
        ("Ünïcödé 株式会社.pdf", "Ünïcödé 株式会社.pdf"),
        ("n" * 400 + ".pdf", "n" * 200 + ".pdf"),
        ("...", "file"),
        ("", "file"),
        ("\ud800.txt", "txt"),
    ],
)
def test_a_hostile_name_is_only_a_name(agent, name, kept):
    file_id = bring(agent, name)
    found = ask(agent, files.fetch, file_id)
    assert found.name == kept
    assert found.read() == PDF
    assert [path.name for path in stored()] == [found.sha256]
    assert not found.inline


@pytest.mark.feature("R19")
@pytest.mark.parametrize("key", ["../../../etc/passwd", "a" * 63, "", "A" * 64, "/etc/passwd"])
def test_a_path_is_made_of_our_key_alone(key):
    with pytest.raises(ValueError, match="digest"):
        store.place(key)


@pytest.mark.feature("REC-30", "R22")
def test_too_large_empty_and_running_files_are_refused_and_leave_nothing(agent):
    for name, content, key in (
        ("big.bin", b"x" * 2_000_001, "file.large"),
        ("empty.txt", b"", "file.empty"),
        ("setup.EXE", b"anything", "file.refused"),
        ("picture.png", b"MZ\x90\x00", "file.refused"),
        ("script", b"#!/bin/sh\nrm -rf /", "file.refused"),
    ):
        with pytest.raises(Invalid) as refused:
            files.receive(name, BytesIO(content), most=2_000_000)
        assert refused.value.fields["file"].key == key
    assert stored() == []


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.txt", PDF, "application/pdf"),
        ("brief.txt", "Grüße aus Köln".encode(), "text/plain"),
        ("noise.txt", b"\x00\xff\x13\x37" * 9, "application/octet-stream"),
        ("cut.txt", ("ü" * 8192).encode(), "text/plain"),
    ],
)
def test_the_type_comes_from_the_content(name, content, kind):
    assert files.receive(name, BytesIO(content)).media_type == kind


def test_the_same_content_is_kept_once(agent, make_as):
    contact = make_as(agent, "contact", family_name="King")
    first, second = bring(agent, "a.pdf", customer=contact), bring(agent, "b.pdf", customer=contact)
    assert first != second
    assert len(stored()) == 1
    assert {ask(agent, files.fetch, i).name for i in (first, second)} == {"a.pdf", "b.pdf"}


@pytest.mark.feature("R12", "R15")
def test_a_file_is_reached_as_far_as_its_customer(agent, stranger, admin, make_user, make_as):
    contact = make_as(agent, "contact", family_name="King")
    file_id = bring(agent, customer=contact)
    mate = make_user("Max Mate", team="North")
    assert ask(mate, files.fetch, file_id).name == "Vertrag.pdf"
    assert ask(admin, files.fetch, file_id).name == "Vertrag.pdf"
    for wrong in (file_id, uuid4()):
        with pytest.raises(NotFound):
            ask(stranger, files.fetch, wrong)
    with pytest.raises(NotFound):
        bring(stranger, customer=contact)
    with pytest.raises(Forbidden):
        bring(mate, customer=contact)
    loose = bring(agent)
    with pytest.raises(NotFound):
        ask(mate, files.fetch, loose)
    with unit_of_work(agent, reads=True) as uow:
        seen = uow.session.exec(select(AccessEntry).where(AccessEntry.act == "download")).all()
        assert {entry.record_id for entry in seen} == {file_id}


@pytest.mark.feature("ADM-1", "R14")
def test_a_file_field_takes_only_what_its_user_brought(admin, agent, make_user, make_as):
    mate = make_user("Max Mate", team="North")
    given = {"entity": "contact", "kind": "file", "label": "Ausweis", "privacy": "sensitive"}
    perform(admin, custom_fields.add, given)
    key = "x_ausweis"
    mine, theirs, elsewhere = (
        bring(agent),
        bring(mate),
        bring(agent, customer=make_as(agent, "contact", family_name="O")),
    )
    contact = make_as(agent, "contact", family_name="King", **{key: str(mine)})
    with unit_of_work(agent, reads=True) as uow:
        assert uow.session.get(StoredFile, mine).customer_id == contact
        assert files.titles(uow, [mine, theirs]) == {mine: "Vertrag.pdf"}
    for value in (theirs, elsewhere, "nonsense", uuid4()):
        with pytest.raises(Invalid) as refused:
            perform(agent, records.update, "contact", contact, {key: str(value)})
        assert refused.value.fields[key].key == "file.unknown"
    again = bring(agent, "Neu.pdf")
    perform(agent, records.update, "contact", contact, {key: str(again)})
    blind = type(mate)(**{f: getattr(mate, f) for f in mate.__slots__} | {"hidden": frozenset({f"contact.{key}"})})
    assert ask(mate, files.fetch, again).name == "Neu.pdf"
    with pytest.raises(NotFound):
        ask(blind, files.fetch, again)


@pytest.mark.feature("REC-9", "R19")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_photo_is_drawn_anew(agent, make_as, kind):
    contact = make_as(agent, "contact", family_name="King")
    file_id = perform(agent, photos.hang, contact, photos.redraw(picture(kind)))
    found = ask(agent, files.fetch, file_id)
    assert (found.inline, found.media_type) == (True, "image/webp")
    with Image.open(BytesIO(found.read())) as drawn:
        assert (drawn.format, max(drawn.size)) == ("WEBP", 512)
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("contact", contact).photo == str(file_id)
    perform(agent, photos.take_down, contact)
    with unit_of_work(agent, reads=True) as uow:
        assert uow.get("contact", contact).photo is None


def test_a_photo_keeps_no_trace_of_where_it_was_taken():
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    received = photos.redraw(picture("JPEG", exif=exif.tobytes()))
    assert b"secret place" not in (store.folder() / store.place(received.sha256)).read_bytes()


@pytest.mark.feature("R19", "R23")
@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<html><script>alert(1)</script></html>",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        b"",
        picture(size=(8000, 8000)).read(),
    ],
)
def test_what_is_no_picture_or_a_bomb_is_no_photo(content):
    with pytest.raises(Invalid) as refused:
        photos.redraw(BytesIO(content))
    assert refused.value.fields["file"].key == "photo.bad"
    assert stored() == []


@pytest.mark.feature("R24", "R28")
def test_what_a_crash_leaves_without_a_row_is_swept_away(admin, agent):
    kept = bring(agent)
    lost = files.receive("lost.txt", BytesIO(b"the row never came"))
    (store.folder() / ".new-half").write_bytes(b"half")
    assert perform(admin, files.sweep, shards=store.SHARDS) == 0
    for path in stored():
        os.utime(path, (1, 1))
    with pytest.raises(Forbidden):
        perform(agent, files.sweep)
    assert perform(admin, files.sweep, shards=store.SHARDS) == 2
    assert not store.current().has(lost.sha256)
    assert ask(agent, files.fetch, kept).read() == PDF


def test_bringing_swept_content_again_saves_it_from_the_next_sweep(admin, agent):
    received = files.receive("a.txt", BytesIO(b"twice"))
    os.utime(store.folder() / store.place(received.sha256), (1, 1))
    file_id = bring(agent, "a.txt", b"twice")
    assert perform(admin, files.sweep, shards=store.SHARDS) == 0
    assert ask(agent, files.fetch, file_id).read() == b"twice"


def test_a_row_whose_content_is_gone_says_so(agent):
    file_id = bring(agent)
    for path in stored():
        path.unlink()
    with pytest.raises(NotFound) as refused:
        ask(agent, files.fetch, file_id)
    assert refused.value.message.key == "file.lost"


@pytest.mark.feature("ADM-1")
def test_a_file_field_is_shown_by_its_name_everywhere(admin, agent, make_user, make_as, tmp_path):
    given = {"entity": "contact", "kind": "file", "label": "Ausweis", "privacy": "sensitive"}
    perform(admin, custom_fields.add, given)
    contact = make_as(agent, "contact", family_name="King", x_ausweis=str(bring(agent)))
    mate = make_user("Max Mate", team="North")
    query = listing.from_json({"entity": "contact", "columns": ["name", "x_ausweis"]})
    for reader in (agent, mate):
        assert ask(reader, listing.rows, query, 0, 9).rows[0][2]["label"] == "Vertrag.pdf"
        with unit_of_work(reader, reads=True) as uow:
            fact = facts.read(uow, "contact", uow.get("contact", contact), ("x_ausweis",))["x_ausweis"]
        assert (fact.kind, fact.text, fact.href[:11]) == ("file", "Vertrag.pdf", "/api/files/")
    exports.write(agent, query, "csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[1] == "King,Vertrag.pdf"
    form = ask(agent, forms.describe, "contact", contact, sections=(forms.ADDITIONAL,))
    field = form.sections[0].fields[0]
    assert (field.widget, field.shown, field.max_length) == ("file", "Vertrag.pdf", files.most_bytes())
    perform(agent, forms.save, "contact", contact, {"x_ausweis": ""}, form.version)
    lines = [line for e in ask(agent, history.of, "contact", contact).entries for p in e.parts for line in p.lines]
    assert next((line.old, line.new) for line in lines if line.label == "Ausweis") == ("Vertrag.pdf", "")
    assert ask(agent, listing.rows, query, 0, 9).rows[0][2] is None


@pytest.mark.feature("REC-9")
def test_a_photo_that_was_taken_down_hangs_again(agent, make_as):
    contact = make_as(agent, "contact", family_name="King")
    perform(agent, photos.hang, contact, photos.redraw(picture()))
    set_id = perform(agent, photos.take_down, contact)
    with unit_of_work(agent, reads=True) as uow:
        assert profiles.header(uow, uow.get("contact", contact)).photo == ""
    perform(agent, undo.begin, set_id)
    with unit_of_work(agent, reads=True) as uow:
        shown = profiles.header(uow, uow.get("contact", contact)).photo
    assert ask(agent, files.fetch, UUID(shown.rpartition("/")[2])).inline
