"""House rules no linter knows."""

import ast
import re

import pytest

import c360.jobs.known  # noqa: F401 - registers every workflow
from c360.jobs import WORKFLOWS
from c360.state import guard
from tests.architecture.source import ROOT, files, modules, name, tree

LONGEST = 300


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_has_at_most_300_lines(path):
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


def test_only_the_unit_of_work_commits():
    found = set()
    for path in modules():
        nodes = list(ast.walk(tree(path)))
        given = [n for n in nodes if isinstance(n, ast.Assign) and getattr(n.value, "func", None)]
        # A savepoint keeps nothing by itself, so it may be let go anywhere.
        savepoints = {n.targets[0].id for n in given if getattr(n.value.func, "attr", "") == "begin_nested"}
        found |= {
            name(path)
            for n in nodes
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "commit"
            if getattr(n.func.value, "id", "") not in savepoints
        }
    assert found == {"c360/services/uow.py"}


def test_no_module_prints_or_leaves_a_todo():
    marks = re.compile(r"\b(TODO|FIXME|XXX)\b")
    assert [name(p) for p in files(".", ".py", ".js", ".jsx", ".css") if marks.search(p.read_text("utf-8"))] in (
        [],
        ["tests/architecture/test_house.py"],
    )


def test_every_module_says_what_it_is():
    assert [name(p) for p in modules() if p.read_text("utf-8").strip() and not ast.get_docstring(tree(p))] == []


def test_services_are_functions_of_a_unit_of_work():
    """A service that commits, opens a session or a connection of its own would escape scope and journal."""
    allowed = {
        "c360/services/uow.py",  # it is the unit of work
        "c360/services/sessions.py",  # looks a cookie up before there is an actor
    }
    makers = {"Session", "connect", "begin"}
    found = {
        name(path)
        for path in modules()
        if path.is_relative_to(ROOT / "c360" / "state") or path.is_relative_to(ROOT / "c360" / "pages")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers
    }
    assert found <= allowed


@pytest.mark.feature("R17")
def test_nothing_people_typed_is_drawn_as_markup_or_run_as_script():
    """Text is text: no raw HTML, no Markdown, no component made at run time, no script sent by the server.

    What a page runs is compiled into it; a state sends data alone, so that no page needs eval.
    """
    banned = {"html", "markdown", "dynamic", "call_function", "call_script", "upload"}
    sent = {"run_script", "toast", "noop", "back", "scroll_to", "set_clipboard", "window_alert", "console_log"}
    found = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rx"
        if node.attr in (banned | sent if "state" in path.parts else banned)
    ]
    drawn = [name(p) for p in files("c360", ".js", ".jsx") if "dangerouslySetInnerHTML" in p.read_text("utf-8")]
    assert (found, drawn) == ([], [])


@pytest.mark.feature("R01", "R06")
def test_no_state_offers_a_setter_reflex_would_make():
    """Reflex makes ``set_<var>`` handlers on demand; none is asked for, and the guard lets none through."""
    made = [
        f"{name(path)}:{node.lineno}: {node.attr}"
        for path in modules()
        if {"state", "pages", "components"} & set(path.parts)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr.startswith("set_") and getattr(node.value, "id", "") != "rx"
        if isinstance(node.value, ast.Name) and node.value.id[:1].isupper()
    ]
    assert made == []
    reachable = [known for known in guard.handlers() if known.rpartition(".")[2].startswith("set_")]
    assert [known for known in reachable if guard.is_known(known) and known not in guard.INTERNAL] == []


def test_public_names_of_states_are_no_setters():
    setters = [
        f"{name(path)}: {node.name}"
        for path in modules()
        if "state" in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("set_")
    ]
    assert setters == []


def test_an_id_a_browser_sends_is_parsed_in_one_place():
    """``core.ids.id_of`` answers what is no id with a sentence; a bare ``UUID`` would answer with a failure."""
    bare = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        if {"state", "pages", "api"} & set(path.relative_to(ROOT).parts)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "UUID"
    ]
    assert bare == []


def test_jobs_that_are_asked_for_exist():
    asked = {
        node.args[1].value
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", "") == "enqueue" or getattr(node.func, "id", "") == "enqueue")
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    }
    assert asked <= set(WORKFLOWS)
    assert [kind for kind, work in WORKFLOWS.items() if not callable(work.policy)] == []
    assert len(WORKFLOWS) > 2
