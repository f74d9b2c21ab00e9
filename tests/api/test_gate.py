"""The gate: what is foreign, unknown, too big or not signed in goes no further; every answer carries its headers."""

import base64
import hashlib
import json

import pytest

from c360.api import headers
from c360.api.bodies import SMALL
from c360.api.sockets import own_tab, too_deep
from tests.api.conftest import FORM

REQUIRED = {
    "content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy", "cache-control",
    "cross-origin-opener-policy", "cross-origin-resource-policy", "permissions-policy",
}  # fmt: skip


@pytest.mark.feature("R21")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/login", 200), ("GET", "/", 303), ("GET", "/nothing/here", 303), ("GET", "/api/grid/contact", 401),
        ("GET", "/healthz", 200), ("GET", "/readyz", 200), ("GET", "/_upload/x", 404), ("POST", "/_upload", 404),
        ("GET", "/ping", 404), ("GET", "/_health", 404), ("TRACE", "/", 405), ("POST", "/auth/login", 403),
        ("GET", "/assets/none.js", 404), ("OPTIONS", "/api/grid/contact", 405), ("GET", "/_event/?EIO=4", 404),
        ("GET", "/api/openapi.json", 401), ("GET", "/docs", 303), ("GET", "/\\evil.example", 404),
    ],
)  # fmt: skip
def test_every_answer_carries_the_security_headers(door, method, path, status):
    answer = door().request(method, path)
    assert answer.status_code == status
    assert set(answer.headers) >= REQUIRED
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["server"] == "c360"


@pytest.mark.feature("R21")
def test_only_the_built_inline_scripts_may_run(pages):
    digest = base64.b64encode(hashlib.sha256(b"let built = 1").digest()).decode()
    policy = headers.page_policy("example.com", headers.inline_hashes(pages)).decode()
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert f"'sha256-{digest}'" in script
    assert "unsafe-inline" not in script
    assert "default-src 'none'" in policy
    assert "evil" not in headers.page_policy("evil.example; script-src *", ()).decode()


@pytest.mark.feature("R05", "R07")
@pytest.mark.parametrize(
    "said",
    [
        {}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:81"}, {"Origin": "https://testserver"}, {"Origin": ""},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    ],
)  # fmt: skip
def test_a_foreign_page_changes_nothing(browser_of, agent, said):
    client = browser_of(agent)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/auth/logout", headers={**form, **said}).status_code == 403
    assert client.get("/auth/alive").status_code == 200


@pytest.mark.feature("R05")
@pytest.mark.parametrize("said", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}])
def test_our_own_pages_may(browser_of, agent, said):
    client = browser_of(agent)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/auth/logout", headers={**form, **said}).status_code == 303


@pytest.mark.feature("R07")
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_form_of_another_page_cannot_speak_to_the_api(browser_of, agent, kind):
    answer = browser_of(agent).post("/api/grid/contact", content=b"{}", headers={**FORM, "Content-Type": kind})
    assert answer.status_code == 415


@pytest.mark.feature("R22")
def test_bodies_have_a_size_and_a_depth(browser_of, agent):
    client = browser_of(agent)
    said = {**FORM, "Content-Type": "application/json"}
    assert client.post("/api/grid/contact", content=b" " * (SMALL + 1), headers=said).status_code == 413
    stream = (b" " * 100_000 for _ in range(11))
    assert client.post("/api/grid/contact", content=stream, headers=said).status_code == 413
    deep = b"[" * 51 + b"]" * 51
    assert client.post("/api/grid/contact", content=deep, headers=said).status_code == 400
    assert client.post("/api/grid/contact", content=b"[" * 100_000, headers=said).status_code == 400


@pytest.mark.feature("R22")
def test_depth_counts_brackets_outside_of_text_only():
    assert not too_deep(json.dumps({"a": "[" * 1000 + '\\"{'}))
    assert not too_deep(json.dumps([[]] * 100))
    assert too_deep("[" * 51)


@pytest.mark.feature("R01")
def test_a_page_without_a_session_leads_to_signing_in_and_back(door):
    answer = door().get("/contacts?view=1&q=a b")
    assert answer.headers["location"] == "/login?next=/contacts%3Fview%3D1%26q%3Da%2520b"


@pytest.mark.feature("R04")
def test_a_tabs_token_means_something_else_under_another_session():
    mine, theirs = (own_tab(b"token=abc&EIO=4&transport=websocket", digest * 64) for digest in "ab")
    assert mine != theirs
    assert b"abc" not in (mine or b"")
    assert own_tab(b"token=a&token=b", "a" * 64) is None
    assert own_tab(b"EIO=4", "a" * 64) is None


def test_two_session_cookies_are_none(browser_of, agent):
    client = browser_of(agent)
    secret = client.cookies["c360"]
    client.cookies.clear()
    assert client.get("/auth/alive", headers={"Cookie": f"c360={secret}; c360={secret}"}).status_code == 401
    assert client.get("/auth/alive", headers={"Cookie": f"c360={secret}"}).status_code == 200


def test_the_server_is_found_on_whatever_port_it_is_served(door, pages):
    (pages / "assets").mkdir()
    (pages / "assets" / "reflex-env-x.js").write_text("var e={EVENT:`ws://localhost:3000/_event`}")
    script = door().get("/assets/reflex-env-x.js", headers={"Host": "crm.example:8443"})
    assert "ws://localhost:8443/_event" in script.text
    assert script.headers["cache-control"] == "no-store"
