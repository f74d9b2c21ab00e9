"""Files over HTTP: who may bring and fetch them, and that none is ever shown as a page."""

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from tests.api.conftest import ORIGIN

HEAD = {"Origin": ORIGIN}
ACTIVE = {
    "page.html": b"<html><script>alert(1)</script></html>",
    "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "photo.png": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "doc.xml": b'<?xml version="1.0"?><?xml-stylesheet href="evil.xsl"?><a/>',
    'naïve "quote" 株.pdf': b"%PDF-1.7\n",
}


def bring(browser, name, content, **data):
    return browser.post("/api/files", files={"file": (name, content, "text/html")}, data=data, headers=HEAD)


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
    assert door().post("/api/files", files={"file": ("a.txt", b"x")}, headers=HEAD).status_code == 401
    assert bring(theirs, "a.txt", b"hello", customer=str(contact)).status_code == 404
    for wrong in (uuid4(), "..%2f..%2fetc%2fpasswd", "%00"):
        assert mine.get(f"/api/files/{wrong}").status_code in (400, 404, 422)


def test_a_file_from_another_site_is_refused(agent, browser_of):
    browser = browser_of(agent)
    answer = browser.post("/api/files", files={"file": ("a.txt", b"x")}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.feature("REC-9", "R19")
def test_a_photo_is_shown_because_the_app_drew_it(agent, browser_of, make_as):
    contact = make_as(agent, "contact", family_name="King")
    browser, raw = browser_of(agent), BytesIO()
    Image.new("RGB", (40, 40), "teal").save(raw, "PNG")
    address = f"/api/customers/{contact}/photo"
    made = browser.post(address, files={"file": ("me.png", raw.getvalue())}, headers=HEAD)
    assert made.status_code == 201, made.text
    answer = browser.get(f"/api/files/{made.json()['id']}")
    assert (answer.headers["content-type"], answer.content[8:12]) == ("image/webp", b"WEBP")
    assert answer.headers["content-disposition"].startswith("inline; ")
    refused = browser.post(address, files={"file": ("me.png", ACTIVE["picture.svg"])}, headers=HEAD)
    assert refused.status_code == 422
    assert browser.request("DELETE", address, headers=HEAD).status_code == 200


def test_a_refused_file_says_why(agent, browser_of):
    answer = bring(browser_of(agent), "setup.exe", b"MZ")
    assert answer.status_code == 422
    assert "setup.exe" in answer.text
