"""The catalogue of sentences: complete in every language, nothing missing, nothing left over."""

import ast
import json
import re
import string

import pytest

from c360.core.i18n import LANGUAGES, catalogue
from c360.pages.admin.places import PLACES
from c360.registry.entity import entities
from tests.architecture.source import ROOT, files, modules, tree

OTHERS = [language for language in LANGUAGES if language != "en"]
FORM = re.compile(r"_(zero|one|two|few|many|other)$")
FROM_REGISTRY = ("field.", "entity.", "section.", "option.", "choice.", "role.")
"""Prefixes whose English is written on the column, not in the catalogue; their use is the registry itself."""
RAISERS = {"Conflict", "NotFound", "Forbidden", "Unavailable", "TooMany", "SignedOut", "Message", "tr"}


def literals():
    """Return every text in the source, and the beginnings of texts that are put together."""
    whole, starts = set(), set()
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                starts.add(node.values[0].value)
    for path in files("c360", ".js", ".jsx"):
        text = path.read_text("utf-8")
        whole |= set(re.findall(r"""["'`]([\w.-]+)["'`]""", text))
        starts |= set(re.findall(r"`([\w.-]+\.)\$\{", text))
    return whole, {s for s in starts if "." in s}


def asked_for():
    """Return the keys that are named where a sentence is made."""
    found = {}
    for path in modules():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = 1 if called in ("text", "field") and len(node.args) > 1 else 0 if called in RAISERS else None
            if place is None or len(node.args) <= place or not isinstance(node.args[place], ast.Constant):
                continue
            key = node.args[place].value
            if isinstance(key, str) and re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", key):
                found[key] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def bases(language):
    return {FORM.sub("", key) for key in catalogue(language)}


def test_no_key_is_in_two_files():
    for language in LANGUAGES:
        seen = {}
        for path in sorted((ROOT / "assets" / "locales" / language).glob("*.json")):
            for key in json.loads(path.read_text("utf-8")):
                assert seen.setdefault(key, path.name) == path.name, f"{key} is in {seen[key]} and {path.name}"


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_exists_in_every_language(language):
    here, there = bases("en"), bases(language)
    assert sorted(here - there) == [], "not translated"
    assert sorted(k for k in there - here if not k.startswith(FROM_REGISTRY)) == [], "has no English"


@pytest.mark.parametrize("language", OTHERS)
def test_translations_take_the_same_values(language):
    def names(sentence):
        return {field for _, field, _, _ in string.Formatter().parse(sentence) if field is not None}

    other = catalogue(language)
    told = {key: (names(s), names(other[key])) for key, s in catalogue("en").items() if key in other}
    # A form of the plural may leave the number out: "one contact".
    assert {k: v for k, v in told.items() if (v[0] ^ v[1]) - ({"n"} if FORM.search(k) else set())} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_labels_of_the_registry_are_translated(language):
    known = catalogue(language)
    wanted = set()
    for entity in entities():
        wanted |= {f"entity.{entity.key}", f"entity.{entity.key}.plural"}
        wanted |= {f"field.{name}" for name in entity.fields}
    assert sorted(wanted - set(known)) == []


def test_no_sentence_is_asked_for_that_is_not_there():
    known = bases("en")
    # Labels of the registry have no English in the catalogue: whoever asks for one by its key would show the key.
    assert {key: where for key, where in asked_for().items() if key not in known} == {}


def test_every_place_of_administration_has_a_name_and_a_sentence():
    wanted = {f"admin.{key}" for key, *_ in PLACES} | {f"admin.{key}.text" for key, *_ in PLACES if key != "overview"}
    assert wanted - bases("en") == set()


def test_every_kind_of_access_has_a_name():
    calls = (n for p in modules() for n in ast.walk(tree(p)) if isinstance(n, ast.Call) and n.args)
    acts = [n.args[0] for n in calls if getattr(n.func, "attr", "") == "saw"]
    named = {key.removeprefix("access.act.") for key in catalogue("en")}
    assert {a.value for a in acts if isinstance(a, ast.Constant)} - named == set()
    starts = [a.values[0].value for a in acts if isinstance(a, ast.JoinedStr)]
    assert [s for s in starts if not any(name.startswith(s) for name in named)] == []


def test_every_act_of_the_journal_has_a_name():
    calls = (n for p in modules() for n in ast.walk(tree(p)) if isinstance(n, ast.Call) and n.args)
    logged = [n.args[0] for n in calls if isinstance(n.func, ast.Attribute) and ast.unparse(n.func) == "uow.log"]
    told = [c.value for one in logged for c in ast.walk(one) if isinstance(c, ast.Constant) and "." in str(c.value)]
    assert len(logged) > 40
    known, kept = catalogue("en"), {entity.key for entity in entities()}
    nameless = set()
    for action in told:
        key, verb = action.partition(".")[0], action.rpartition(".")[2]
        if not verb:  # The rest of the name comes with the act: "consent.given".
            nameless |= set() if any(name.startswith(f"action.{action}") for name in known) or key in kept else {action}
        elif f"action.{verb}" not in known or (key and key not in kept and f"action.{action}" not in known):
            nameless.add(action)
    # By the verb alone an auditor filters; what is no entity needs a name of its own besides.
    acts = {key.removeprefix("action.") for key in known if key.startswith("action.")}
    nameless |= {act for act in acts if "." in act and act.rpartition(".")[2] not in acts}
    assert nameless == set()


def test_no_sentence_is_left_over():
    whole, starts = literals()
    unused = [
        key
        for key in bases("en")
        if key not in whole and not key.startswith(FROM_REGISTRY) and not any(key.startswith(s) for s in starts)
    ]
    assert sorted(unused) == []
