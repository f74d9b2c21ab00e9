"""The content policy in the browser: pages work without eval, eval is refused, and what people typed stays text.

Every other browser test fails as well where a page does what its policy forbids: ``page_as`` listens.
"""

import pytest
from playwright.sync_api import expect

from c360.services.uow import unit_of_work
from tests.e2e.conftest import visit

expect.set_options(timeout=15_000)
LISTEN = "addEventListener('securitypolicyviolation', (e) => (window.refused ??= []).push(e.violatedDirective))"
REFUSED = "window.refused ?? []"
HOSTILE = "<img src=x onerror='window.owned=1'></script><script>window.owned=1</script>{{7*7}}"
PAGES = (
    "/day", "/contacts", "/contact/{id}/details", "/contact/{id}/timeline", "/contact/{id}/relations",
    "/contact/{id}/attachments", "/imports", "/admin/roles", "/audit",
)  # fmt: skip


def seed(site):
    typed = {
        "given_name": HOSTILE,
        "family_name": "O\u2019Neill\u00a0山 مريم 🦊",
        "notes": HOSTILE,
        "job_title": HOSTILE,
    }
    site.contacts.append(site.make("business_user", "contact", **typed))
    with unit_of_work(site.actors["business_user"], reads=True) as uow:
        kept = uow.get("contact", site.contacts[0])
        assert {name: getattr(kept, name) for name in typed} == typed


@pytest.mark.feature("R17", "R21")
def test_the_main_pages_live_without_eval_and_none_may_use_it(page_as, site):
    page = page_as("administrator", None)
    page.add_init_script(LISTEN)
    for path in PAGES:
        visit(page, path.format(id=site.contacts[0]))
        expect(page.get_by_role("main")).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        assert page.evaluate(REFUSED) == [], path
        assert page.evaluate("window.owned ?? 0") == 0, path
        if "{id}/" in path:
            expect(page.get_by_role("heading", level=1)).to_contain_text(HOSTILE)

    page.allowed = ["Content Security Policy"]
    page.evaluate("setTimeout(() => { try { eval('1') } catch { window.stopped = true } })")
    page.wait_for_function("window.stopped")
    assert page.evaluate(REFUSED) == ["script-src"], "the ear is deaf, or eval is allowed"
