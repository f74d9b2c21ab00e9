"""The first screen of an empty installation: the demo comes with one click and goes without a trace."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from c360.jobs.run import run
from c360.services import demo, demo_jobs
from c360.services.uow import ask
from tests.e2e.conftest import Site, assert_accessible, shoot

expect.set_options(timeout=15_000)


def seed(_: Site) -> None:
    """Leave the installation empty."""


def work(site: Site) -> str:
    """Do what the page asked for, as a worker would."""
    found = ask(site.actors["administrator"], demo_jobs.now)
    assert found.job_id is not None
    return run(found.job_id)


@pytest.mark.feature("BEY-8")
def test_the_demo_comes_and_goes_from_the_first_screen(page_as: Any, site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(demo, "PEOPLE", 700)
    agent = page_as("business_user", "/")
    expect(agent.get_by_role("link", name="Import a file")).to_be_visible()
    expect(agent.get_by_role("button", name="Load the demo data")).to_have_count(0)

    page = page_as("administrator", "/")
    expect(page.get_by_role("link", name="Import a file")).to_have_attribute("href", "/imports")
    assert_accessible(page)
    shoot(page, "first-screen")
    page.get_by_role("button", name="Load the demo data").click()
    expect(page.get_by_role("progressbar", name="Loading the demo data")).to_be_visible()
    assert_accessible(page)
    page.reload()
    expect(page.get_by_role("progressbar", name="Loading the demo data")).to_be_visible()
    assert work(site) == "done"
    expect(page.get_by_text("The demo data is there.")).to_be_visible()
    expect(page.get_by_role("heading", name="Changed lately")).to_be_visible()
    shoot(page, "first-screen-demo")
    assert_accessible(page)

    page.get_by_role("button", name="Remove the demo data").click()
    dialog = page.get_by_role("alertdialog", name="Remove the demo data?")
    expect(dialog).to_contain_text("What you made yourself stays.")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Remove the demo data").click()
    dialog.get_by_role("button", name="Remove the demo data").click()
    expect(page.get_by_role("progressbar", name="Removing the demo data")).to_be_visible()
    assert work(site) == "done"
    expect(page.get_by_text(re.compile(r"^\d+ made-up customers are gone\.$"))).to_be_visible()
    expect(page.get_by_role("button", name="Load the demo data")).to_be_visible()
