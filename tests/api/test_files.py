"""Files over HTTP: who may bring and fetch them, and that none is ever shown as a page."""

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from c360.core import config
from c360.services import attachments, store
from c360.services.uow import unit_of_work
from tests.api.conftest import ORIGIN

HEAD = {"Origin": ORIGIN, "Content-Type": "application/octet-stream"}
ACTIVE = {
    "page.html": b"<html><script>alert(1)</script></html>",
    "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "photo.png": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "doc.xml": b'<?xml version="1.0"?><?xml-stylesheet href="evil.xsl"?><a/>',
    'naïve "quote" 株.pdf': b"%PDF-1.7\n",
}


def bring(browser, name, content, **data):
    return browser.post("/api/files", params={"name": name, **data}, content=content, headers=HEAD)


@pytest.mark.feature("R19", "R21")
@pytest.mark.parametrize("name", ACTIVE)
def test_what_could_run_in_a_browser_is_only_ever_saved(agent, browser_of, name):
    browser = browser_of(agent)
    made = bring(browser, name, ACTIVE[name])
    assert made.status_code == 201, made.text
    answer = browser.get(f"/api/files/{made.json()['id']}")
    assert answer.content == ACTIVE[name]
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "\n" not in answer.headers["content-disposition"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.feature("SEC-4", "R12")
def test_files_need_a_session_and_the_record(agent, stranger, browser_of, door, make_as):
    contact = make_as(agent, "contact", family_name="King")
    mine, theirs = browser_of(agent), browser_of(stranger)
    file_id = bring(mine, "a.txt", b"hello", customer=str(contact)).json()["id"]
    assert mine.get(f"/api/files/{file_id}").content == b"hello"
    assert theirs.get(f"/api/files/{file_id}").status_code == 404
    assert door().get(f"/api/files/{file_id}").status_code == 401
    assert bring(door(), "a.txt", b"x").status_code == 401
    assert bring(theirs, "a.txt", b"hello", customer=str(contact)).status_code == 404
    for wrong in (uuid4(), "..%2f..%2fetc%2fpasswd", "%00"):
        assert mine.get(f"/api/files/{wrong}").status_code in (400, 404, 422)


def test_a_file_from_another_site_is_refused(agent, browser_of):
    browser = browser_of(agent)
    answer = browser.post("/api/files?name=a.txt", content=b"x", headers={**HEAD, "Origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.feature("REC-9", "R19")
def test_a_photo_is_shown_because_the_app_drew_it(agent, browser_of, make_as):
    contact = make_as(agent, "contact", family_name="King")
    browser, raw = browser_of(agent), BytesIO()
    Image.new("RGB", (40, 40), "teal").save(raw, "PNG")
    address = f"/api/customers/{contact}/photo"
    made = browser.post(address, content=raw.getvalue(), headers=HEAD)
    assert made.status_code == 201, made.text
    answer = browser.get(f"/api/files/{made.json()['id']}")
    assert (answer.headers["content-type"], answer.content[8:12]) == ("image/webp", b"WEBP")
    assert answer.headers["content-disposition"].startswith("inline; ")
    refused = browser.post(address, content=ACTIVE["picture.svg"], headers=HEAD)
    assert refused.status_code == 422
    assert browser.request("DELETE", address, headers=HEAD).status_code == 200


def test_a_refused_file_says_why(agent, browser_of):
    answer = bring(browser_of(agent), "setup.exe", b"MZ")
    assert answer.status_code == 422
    assert "setup.exe" in answer.text


def attach(browser, contact, content, **data):
    return browser.post(f"/api/attachments/contact/{contact}", params=data, content=content, headers=HEAD)


@pytest.mark.feature("REC-30", "R19")
def test_a_file_is_attached_and_a_span_of_it_fetched(agent, browser_of, make_as):
    contact = make_as(agent, "contact", family_name="King")
    browser, content = browser_of(agent), bytes(range(256)) * 5000
    assert attach(browser, contact, content, name="data.bin", comment="raw").json()["number"] == 1
    with unit_of_work(agent, reads=True) as uow:
        doc = attachments.listed(uow, "contact", contact).documents[0]
    assert (doc.name, doc.size, doc.comment) == ("data.bin", 1_280_000, "raw")
    address = f"/api/files/{doc.file_id}"
    for span, status, told, part in (
        ("bytes=0-9", 206, "bytes 0-9/1280000", content[:10]),
        ("bytes=1279990-", 206, "bytes 1279990-1279999/1280000", content[-10:]),
        ("bytes=-5", 206, "bytes 1279995-1279999/1280000", content[-5:]),
        ("bytes=700000-9999999", 206, "bytes 700000-1279999/1280000", content[700000:]),
        ("bytes=1280000-", 416, "bytes */1280000", b""),
        ("bytes=-0", 416, "bytes */1280000", b""),
        ("bytes=9-3", 200, None, content),
        ("lines=1-2", 200, None, content),
    ):
        answer = browser.get(address, headers={"Range": span})
        assert (answer.status_code, answer.headers.get("content-range")) == (status, told)
        assert answer.content == part
        assert "sandbox" in answer.headers["content-security-policy"]
    whole = browser.get(address)
    assert (whole.headers["accept-ranges"], whole.headers["content-length"]) == ("bytes", "1280000")
    changed = browser.get(address, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert changed.status_code == 200


@pytest.mark.feature("REC-30", "R22")
def test_what_is_refused_is_refused_before_and_during_the_upload(agent, stranger, browser_of, make_as, monkeypatch):
    contact = make_as(agent, "contact", family_name="King")
    browser = browser_of(agent)
    monkeypatch.setenv("C360_MAX_UPLOAD_MB", "1")
    config.settings.cache_clear()
    assert attach(browser, contact, b"x" * 1_000_001, name="a.bin").status_code == 413
    assert attach(browser, contact, iter([b"x" * 600_000] * 2), name="a.bin").status_code == 413
    for name, content, words in (
        ("setup.exe", b"x", "setup.exe"),
        ("a.txt", b"MZ\x90", "a.txt"),
        ("a.txt", b"", "empty"),
    ):
        answer = attach(browser, contact, content, name=name)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert attach(browser_of(stranger), contact, b"x", name="a.txt").status_code == 404
    assert [path for path in store.folder().rglob("*") if path.name.startswith(".new-")] == []
    with unit_of_work(agent, reads=True) as uow:
        assert attachments.listed(uow, "contact", contact).total == 0
    config.settings.cache_clear()


def test_an_upload_that_is_cut_off_leaves_nothing(agent, browser_of, make_as):
    contact = make_as(agent, "contact", family_name="King")

    def broken():
        yield b"x" * 2_000_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        attach(browser_of(agent), contact, broken(), name="a.bin")
    assert [path for path in store.folder().rglob("*") if path.name.startswith(".new-")] == []


def pdf():
    pages = [Image.new("RGB", (300, 400), color) for color in ("teal", "orange", "navy")]
    raw = BytesIO()
    pages[0].save(raw, "PDF", save_all=True, append_images=pages[1:])
    return raw.getvalue()


@pytest.mark.feature("REC-30", "R19", "R23")
def test_a_preview_is_a_picture_drawn_anew(agent, stranger, browser_of, make_as):
    contact = make_as(agent, "contact", family_name="King")
    browser, raw = browser_of(agent), BytesIO()
    Image.new("RGB", (2400, 300), "teal").save(raw, "PNG")
    made = {}
    for name, content in (("a.png", raw.getvalue()), ("a.pdf", pdf()), ("bad.pdf", b"%PDF-1.7\n"), ("a.txt", b"words")):
        made[name] = bring(browser, name, content, customer=str(contact)).json()["id"]
    drawn = browser.get(f"/api/files/{made['a.png']}/preview")
    assert (drawn.headers["content-type"], drawn.headers["x-pages"]) == ("image/webp", "1")
    with Image.open(BytesIO(drawn.content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1600, 200))
    page = browser.get(f"/api/files/{made['a.pdf']}/preview?page=2")
    with Image.open(BytesIO(page.content)) as picture:
        red, green, blue = picture.convert("RGB").getpixel((50, 50))
    assert (page.headers["x-pages"], red > 200, blue < 60, 120 < green < 200) == ("3", True, True, True)
    for name in ("bad.pdf", "a.txt"):
        assert browser.get(f"/api/files/{made[name]}/preview").status_code == 422
    assert browser_of(stranger).get(f"/api/files/{made['a.png']}/preview").status_code == 404


@pytest.mark.feature("R19")
def test_the_framework_has_no_door_for_files(agent, browser_of, door):
    for browser in (browser_of(agent), door()):
        for path in ("/_upload", "/_upload/a.txt"):
            assert browser.get(path).status_code == 404
            assert browser.post(path, content=b"x", headers=HEAD).status_code == 404
        assert browser.get("/uploaded_files/a.txt").status_code == 404
