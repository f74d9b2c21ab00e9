"""Documentation is complete: every command, setting and entity is named in it, every link leads somewhere."""

import re

import pytest
import typer

from c360.cli.app import app
from c360.core.config import variables
from c360.jobs import WORKFLOWS
from c360.registry.entity import entities
from tests.architecture.source import ROOT, docs, has_word


def commands(group, before=""):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        whole = f"{before}{name}"
        yield from commands(command, f"{whole} ") if hasattr(command, "list_commands") else [whole]


def test_every_make_target_is_documented():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert len(targets) > 8
    assert [t for t in targets if not has_word(docs(), f"make {t}")] == []


def test_every_command_is_documented():
    found = list(commands(typer.main.get_command(app)))
    assert {"up", "serve", "worker", "migrate"} <= set(found)
    assert [c for c in found if not has_word(docs(), f"c360 {c}")] == []


def test_every_setting_stands_in_the_guide_with_its_default():
    guide = (ROOT / "docs" / "guide.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", guide, re.M))
    assert {name: rows.get(name, "").strip("`") for name in variables()} == variables()
    assert {name for name in rows if name.startswith("C360_")} == set(variables())


def test_every_entity_stands_in_the_glossary():
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8").lower()
    assert [e.key for e in entities() if f"**{e.label.lower()}**" not in glossary] == []


def test_every_kind_of_job_is_documented():
    assert [kind for kind in WORKFLOWS if not kind.startswith("test.") and not has_word(docs(), kind)] == []


PAGES = [*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]


@pytest.mark.parametrize("document", sorted(p.relative_to(ROOT).as_posix() for p in PAGES))
def test_links_lead_somewhere(document):
    text = (ROOT / document).read_text("utf-8")
    targets = [t.partition("#")[0] for t in re.findall(r"\]\((?!https?:|mailto:|#)([^)\s]+)\)", text)]
    assert [t for t in targets if not ((ROOT / document).parent / t).exists()] == []


def test_every_decision_is_listed():
    index = (ROOT / "docs" / "adr" / "README.md").read_text("utf-8")
    pages = sorted(p.name for p in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert len(pages) >= 10
    assert [p for p in pages if p not in index] == []
