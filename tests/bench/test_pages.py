"""What a person waits for, click to painted, against a bare page that runs the same SQL: at most four times as long.

``C360_BENCH_SIZES`` picks sizes, ``C360_BENCH_KEEP`` keeps the bases between runs.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlmodel import Session, col, select

from c360.core import db
from c360.models.customer import Customer
from c360.query import criteria
from c360.services import finding, listing, opening, sessions, views
from c360.services.listing import ListQuery
from c360.services.uow import ask, unit_of_work
from tests.bench.stage import RUNS, WARM, Stage, bare, clock, compare, floor_clock, recorded, rows_there, shown
from tests.bench.test_lists import Base, base  # noqa: F401 - the fixture
from tests.e2e.conftest import Site, browser_type_launch_args, free_port, front_end, serving, visit  # noqa: F401

TIMES = RUNS + WARM
TABS = ("general", "details")
pytestmark = [pytest.mark.bench, pytest.mark.timeout(0)]


@pytest.fixture(scope="module")
def stage(base: Base, front_end, browser: Browser, tmp_path_factory) -> Iterator[Stage]:  # noqa: F811
    """Start both on the base and sign in."""
    folder = tmp_path_factory.mktemp("bench-site")
    url = db.engine().url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql")
    site = Site(f"http://localhost:{free_port()}", folder, url)
    with Session(db.engine()) as session:
        found = session.exec(
            select(Customer.id, Customer.name, Customer.family_name)
            .where(Customer.kind == "contact").order_by(col(Customer.id)).limit(4 * TIMES)
        ).all()  # fmt: skip
    words = list(dict.fromkeys(str(row.family_name) for row in found))[:TIMES]
    searches = [row.name for row in found[:TIMES]]
    with unit_of_work(base.admin) as uow:
        secret = sessions.begin(uow, base.admin.user_id, agent="bench")
        query = {"columns": [], "criteria": criteria.to_json(base.filtered), "sort": ["name"], "search": ""}
        if not any(view.name == "Filtered" for view in views.views(uow, "contact")):
            views.save_view(uow, "contact", "Filtered", "private", {**query, "entity": "contact"})
    pages = pages_of(base, found[0].id, words, searches)
    mark, key = ("?", found[0].id.hex) if base.backend == "sqlite" else ("%s", str(found[0].id))
    saving = (f"UPDATE customer SET department = {mark}, version = version + 1 WHERE id = {mark}", key)
    with bare(url, pages, saving, folder) as floor_url, serving(site) as server:
        ours = browser.new_context(base_url=site.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
        ours.add_cookies([{"name": "c360", "value": secret, "url": site.url, "httpOnly": True}])
        theirs = browser.new_context(base_url=floor_url, viewport={"width": 1440, "height": 900})
        app, floor = ours.new_page(), theirs.new_page()
        floor.goto("/home")
        yield Stage(base.backend, base.size, app, floor, site, server.pid, words, searches)
        ours.close()
        theirs.close()


def pages_of(base: Base, contact_id, words: list[str], searches: list[str]):  # noqa: F811
    """Return the floor's pages: the statements the app sends for each of ours."""

    def window(start: int = 0, **asked):
        query = ListQuery("contact", (), **{"sort": ("name",), **asked})
        return recorded(lambda: ask(base.admin, listing.rows, query, start, start + 100))

    pages = {"home": [], "list": window(), "filtered": window(criteria=base.filtered)}
    pages |= {"sort-0": window(sort=("-name",)), "sort-1": pages["list"]}
    pages |= {f"contains-{n}": window(search=word) for n, word in enumerate(words)}
    pages |= {f"search-{n}": recorded(lambda w=w: ask(base.admin, finding.find, w)) for n, w in enumerate(searches)}
    pages |= {f"jump-{n}": window(start=jump_to(base.size, n)) for n in range(TIMES)}
    for n, tab in enumerate(TABS):
        pages[f"tab-{n}"] = recorded(lambda t=tab: ask(base.admin, opening.open_tab, "contact", contact_id, t))
    pages["profile"] = recorded(lambda: ask(base.admin, opening.open_tab, "contact", contact_id, "summary"))
    return pages


def jump_to(size: int, n: int) -> int:
    """Return the row of a jump: another one each time, all far down; seven in ten customers are contacts."""
    return int(size * 0.7 * (0.2 + 0.03 * n))


def the_list(stage: Stage) -> Page:
    """Show the list of contacts."""
    visit(stage.app, "/contacts?sort=name")
    stage.app.wait_for_function(rows_there())
    return stage.app


def nav(page: Page, name: str):
    """Return a link of the side bar."""
    return page.get_by_role("navigation", name="Main").first.get_by_role("link", name=name, exact=True)


def test_open_the_list(stage: Stage):
    visit(stage.app, "/")

    def ours(_: int) -> float:
        nav(stage.app, "Home").click()
        stage.app.wait_for_function("() => location.pathname === '/' && !document.querySelector('.ag-root')")
        there = "() => location.pathname.startsWith('/contacts') && (" + rows_there() + ")()"
        return clock(stage.app, nav(stage.app, "Contacts").click, there)

    compare(stage, "open the list", ours, lambda _: floor_clock(stage, "list"))


def test_sort(stage: Stage):
    page = the_list(stage)
    header = page.locator(".ag-header-cell[col-id=name]")

    def ours(_: int) -> float:
        return clock(page, header.click, rows_there(unlike=shown(page)))

    compare(stage, "sort by a column", ours, lambda n: floor_clock(stage, f"sort-{n % 2}"))


def test_filter_by_segment_and_status(stage: Stage):
    page = the_list(stage)

    def choose(name: str) -> float:
        there = rows_there(unlike=shown(page))
        return clock(page, page.get_by_role("tab", name=re.compile(f"^{name}")).click, there)

    def ours(_: int) -> float:
        choose("All")
        return choose("Filtered")

    choose("Filtered")
    compare(stage, "filter by segment and status", ours, lambda _: floor_clock(stage, "filtered"))


def test_find_in_the_list(stage: Stage):
    page = the_list(stage)
    box = page.get_by_role("searchbox", name="Find in list")

    def ours(n: int) -> float:
        word = stage.words[n % len(stage.words)]
        box.fill(word)
        return clock(page, lambda: box.press("Enter"), rows_there(unlike=shown(page), like=word.lower()))

    compare(stage, "find in the list", ours, lambda n: floor_clock(stage, f"contains-{n % len(stage.words)}"))


def test_global_search(stage: Stage):
    page = the_list(stage)

    def ours(n: int) -> float:
        page.keyboard.press("Control+k")
        box = page.get_by_role("combobox", name="Command palette")
        box.wait_for()
        name = stage.searches[n]
        there = f"() => [...document.querySelectorAll('[role=option]')].some((o) => o.innerText.includes({name!r}))"
        took = clock(page, lambda: box.fill(name), there)
        page.keyboard.press("Escape")
        box.wait_for(state="hidden")
        return took

    compare(stage, "search everything", ours, lambda n: floor_clock(stage, f"search-{n}"))


def test_jump(stage: Stage):
    page = the_list(stage)
    tall = "() => document.querySelector('.ag-body-vertical-scroll-viewport').scrollHeight > 100000"
    page.wait_for_function(tall)

    def ours(n: int) -> float:
        scroll = f"""() => {{
            const box = document.querySelector('.ag-body-vertical-scroll-viewport');
            box.scrollTop = (box.scrollHeight - box.clientHeight) * {0.2 + 0.03 * n};
        }}"""
        there = """() => {
            const rows = [...document.querySelectorAll('.ag-row')].filter((r) => r.querySelector('[col-id=name]'));
            const seen = rows.filter((r) => Number(r.getAttribute('row-index')) > 150);
            return seen.length > 10 && seen.slice(5, 10).every((r) => r.innerText.trim().length > 3);
        }"""
        took = clock(page, lambda: page.evaluate(scroll), there)
        page.evaluate("() => { document.querySelector('.ag-body-vertical-scroll-viewport').scrollTop = 0 }")
        page.wait_for_function(rows_there())
        return took

    compare(stage, "jump far down the list", ours, lambda n: floor_clock(stage, f"jump-{n}"))


def test_open_a_profile(stage: Stage):
    page = the_list(stage)

    def ours(n: int) -> float:
        cell = page.locator(f".ag-row[row-index='{n % 10}'] [col-id=name] .cg-tx")
        name = cell.inner_text().strip()
        there = f"""() => document.querySelector('h1')?.innerText.includes({name!r})
            && document.querySelector('nav.ptabs a')"""
        took = clock(page, cell.dblclick, there)
        page.go_back()
        page.wait_for_function("() => location.pathname === '/contacts' && (" + rows_there() + ")()")
        return took

    compare(stage, "open a profile", ours, lambda _: floor_clock(stage, "profile"))


def open_profile(stage: Stage) -> Page:
    """Show the first contact's profile."""
    the_list(stage).locator(".ag-row[row-index='0'] [col-id=name] .cg-tx").dblclick()
    stage.app.get_by_role("navigation", name="Sections of the profile").wait_for()
    return stage.app


def test_switch_a_tab(stage: Stage):
    page = open_profile(stage)
    tabs = page.get_by_role("navigation", name="Sections of the profile")
    marks = {"general": "Notes on role", "details": "Socio-demographic"}

    def ours(n: int) -> float:
        tab = TABS[n % 2]
        there = (
            f"() => [...document.querySelectorAll('main h2, main h3')].some(h => h.innerText.includes('{marks[tab]}'))"
        )
        return clock(page, tabs.get_by_role("link", name=tab.capitalize(), exact=True).click, there)

    compare(stage, "switch a tab of the profile", ours, lambda n: floor_clock(stage, f"tab-{n % 2}"))


def test_save_an_edit(stage: Stage):
    page = open_profile(stage)
    page.get_by_role("navigation", name="Sections of the profile").get_by_role(
        "link", name="General", exact=True
    ).click()
    card = page.get_by_role("region", name="Notes on role")

    def ours(n: int) -> float:
        card.get_by_role("button", name=re.compile("^Edit")).first.click()
        box = page.get_by_label("Notes", exact=True)
        box.fill(f"Note number {n} of the bench")
        there = f"""() => !document.querySelector('form textarea')
            && document.querySelector('main').innerText.includes('Note number {n} of the bench')"""
        return clock(page, lambda: page.keyboard.press("Control+s"), there)

    def floor(n: int) -> float:
        stage.floor.locator("input[name=value]").fill(f"Note number {n} of the bench")
        stage.floor.evaluate("() => { document.querySelector('h1').innerText = 'old' }")
        there = (
            "() => document.querySelector('h1')?.innerText === 'tab-0' && [...document.querySelectorAll('td')].at(-1)"
        )
        return clock(stage.floor, stage.floor.get_by_role("button", name="save").click, there)

    compare(stage, "save an edit", ours, floor)
