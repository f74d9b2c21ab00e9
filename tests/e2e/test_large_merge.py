"""A merge of very many rows: the page says how it stands, may be left, and tells in the end what came of it."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert

from c360.core.clock import utc_now
from c360.core.ids import new_id
from c360.jobs.run import run
from c360.models.post import Post
from c360.services import queue, records
from c360.services.uow import ask, unit_of_work
from tests.e2e.conftest import Site, assert_accessible, shoot

expect.set_options(timeout=20_000)
ROWS = queue.WAITED_FOR + 100


def seed(site: Site) -> None:
    """Give the manager two contacts on whom hangs more than a person waits for."""
    for name in ("Jürgen", "Juergen"):
        site.contacts.append(site.make("manager", "contact", given_name=name, family_name="Müller 山"))
    stamp = {"version": 1, "created_at": utc_now(), "updated_at": utc_now(), "archived_at": None, "mentioned": []}
    blank = {column.name: None for column in Post.__table__.c}  # pyright: ignore[reportAttributeAccessIssue]
    with unit_of_work(site.actors["manager"]) as uow:
        uow.session.connection().execute(
            insert(Post), [{**blank, **stamp, "id": new_id(), "customer_id": site.contacts[1], "text": f"Post № {n}"}
                           for n in range(ROWS)]
        )  # fmt: skip


def start(page_as, site: Site, **given) -> Page:
    """Go through the wizard and merge as planned."""
    page = page_as("manager", "/merge?ids=" + ",".join(map(str, site.contacts)), **given)
    page.get_by_role("radio", name=re.compile("Jürgen")).click()
    for _ in range(3):
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Merge 2 records").click()
    expect(page.get_by_role("progressbar", name="The merge waits for its turn")).to_be_visible()
    return page


def work(site: Site) -> str:
    """Do what the page asked for, as a worker would."""
    [job] = ask(site.actors["manager"], lambda uow: queue.recent(uow, only_open=True))
    return run(UUID(str(job.id)))


@pytest.mark.feature("B-MRG-12", "B-MRG-19", "BEY-10")
def test_a_large_merge_is_refused_in_the_page_and_then_done_while_it_is_watched(page_as, site):
    page = start(page_as, site)
    expect(page.get_by_role("status")).to_contain_text("The merge waits for its turn")
    assert_accessible(page)
    shoot(page, "merge-job-light")
    site.perform("administrator", records.update, "contact", site.contacts[1], {"notes": "Köchin 料理人"})
    assert work(site) == "failed"
    meanwhile = page.get_by_role("alert").filter(has_text="Somebody changed these records meanwhile")
    expect(meanwhile).to_contain_text("Ada Admin")
    expect(page.get_by_role("button", name="Merge 2 records")).to_be_enabled()
    assert_accessible(page)
    page.get_by_role("button", name="Merge 2 records").click()
    expect(page.get_by_role("progressbar", name="The merge waits for its turn")).to_be_visible()
    page.reload()
    expect(page.get_by_role("progressbar", name="The merge waits for its turn")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    shoot(page, "merge-job-phone-dark")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert work(site) == "done"
    expect(page.get_by_role("status").filter(has_text="2 records are now one")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Open ")).click()
    expect(page).to_have_url(re.compile(f"/contact/{site.contacts[0]}/summary"))
    page.goto(f"{site.url}/day")
    expect(page.get_by_text("The merge you started is done.")).to_be_visible()
    expect(page.get_by_text(re.compile("^Something changed since the plan: the merge"))).to_be_visible()
