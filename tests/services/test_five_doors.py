"""One engine at five doors: the same records give the same pairs, scores and reasons wherever they come in."""

import csv
from uuid import UUID

import pytest
from sqlmodel import select

from c360.core.actor import SYSTEM
from c360.models.customer import Customer
from c360.models.job import Job
from c360.services import programs_writing, settings
from c360.services.duplicates import asking, check, reviewing, running
from c360.services.imports import direct
from c360.services.imports.plan import from_json
from c360.services.programs_writing import Door, Refused
from c360.services.uow import ask, perform, unit_of_work

pytestmark = pytest.mark.usefixtures("database")
HEADER = {"given_name": "First name", "family_name": "Last name", "email": "E-mail", "phone": "Phone",
          "birth_date": "Birth date", "job_title": "Job title"}  # fmt: skip
KNOWN = [
    {"given_name": "Jürgen", "family_name": "Müßig", "email": "j.muessig@example.org", "birth_date": "1961-03-04"},
    {"given_name": "小明", "family_name": "王", "phone": "+49 30 5550101", "birth_date": "1988-11-30"},
    {"given_name": "محمد", "family_name": "الأمين", "email": "m.amin@example.net", "job_title": "مهندس"},
    {"given_name": "Katharina", "family_name": "Ñandú 🦤", "phone": "+34 600 123456", "birth_date": "1970-01-02"},
    {"given_name": "Bo", "family_name": "Ek", "email": "bo.ek@example.se", "birth_date": "1999-09-09"},
]
NEW = [
    {"given_name": "Juergen", "family_name": "MUESSIG", "email": "J.Muessig@example.org", "birth_date": "1961-03-04"},
    {"given_name": "小明", "family_name": "王", "phone": "030 5550101"},
    {"given_name": "محمد", "family_name": "الأمين", "email": "m.amin@example.net"},
    {"given_name": "Kathi", "family_name": "Ñandú", "phone": "+34 600 123 456", "birth_date": "1970-01-03"},
    {"given_name": "Xenia", "family_name": "Ødegård", "email": "xenia@example.no"},
]


def seen(likely):
    return [(one.name, round(one.score, 4), one.why) for one in likely]


def at_forms(agent, door):
    return [seen(ask(agent, check.check, "contact", typed, door=door).likely) for typed in NEW]


def at_import(agent, folder):
    path = folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, HEADER)
        writer.writerow(HEADER)
        writer.writerows(NEW)
    told = direct.run_file(agent, path, "contact", match="external_id", on_duplicate="refuse", dry_run=True)
    rows = {one["row"]: one["reasons"][0]["params"] for one in told["problems"]}
    return [[(rows[n]["name"], rows[n]["score"], rows[n]["why"])] if n in rows else [] for n in range(2, len(NEW) + 2)]


def at_api(agent):
    found = []
    for values in NEW:
        try:
            made = perform(agent, programs_writing.create, "contact", values, Door("refuse"))
            found.append(seen(made.found.likely))
        except Refused as error:
            found.append(seen(error.found.likely))
    return found


def at_search(agent, make_as):
    made = [make_as(agent, "contact", **values) for values in NEW]
    running.at_once(SYSTEM, "contact", changed=True)
    pairs = [pair for line in ask(agent, reviewing.groups) for pair in line.pairs]
    found = {one: [] for one in made}
    for pair in pairs:
        new_is_left = UUID(pair.left_id) in found
        old = pair.right if new_is_left else pair.left
        found[UUID(pair.left_id if new_is_left else pair.right_id)].append((old, round(pair.score, 4), pair.why))
    return list(found.values())


@pytest.mark.feature("BEY-19", "B-DUP-1")
@pytest.mark.parametrize("door", ["save", "imports", "api", "scan"])
def test_every_door_says_what_is_said_while_typing(agent, make_as, tmp_path, door):
    for values in KNOWN:
        make_as(agent, "contact", **values)
    running.at_once(SYSTEM, "contact", changed=False)
    wanted = at_forms(agent, "typing")
    assert [len(some) for some in wanted] == [1, 1, 1, 1, 0]
    found = {
        "save": lambda: at_forms(agent, "save"), "imports": lambda: at_import(agent, tmp_path),
        "api": lambda: at_api(agent), "scan": lambda: at_search(agent, make_as),
    }[door]()  # fmt: skip
    assert found == wanted


@pytest.mark.feature("B-DUP-1", "BEY-19")
@pytest.mark.parametrize(
    ("reaction", "wanted", "counts"),
    [
        ("off", "refuse", (3, 0, 0)), ("queue", "", (3, 0, 0)), ("queue", "create", (3, 0, 0)),
        ("queue", "refuse", (1, 0, 2)), ("queue", "link", (2, 1, 0)), ("link", "", (2, 1, 0)),
        ("block", "", (2, 0, 1)), ("block", "link", (2, 1, 0)), ("block", "create", (2, 0, 1)),
    ],
)  # fmt: skip
def test_an_import_does_what_the_door_says_or_what_is_as_strict(agent, make_as, tmp_path, reaction, wanted, counts):
    """Of three rows one surely is there, one may be, one is new."""
    ada = {"given_name": "Ada", "family_name": "Lovelace", "email": "ada@example.com", "birth_date": "1815-12-10"}
    known = make_as(agent, "contact", **ada)
    with unit_of_work(SYSTEM) as uow:
        settings.put(uow, "duplicates", {"contact": {"imports": reaction}})
    path = tmp_path / "people.csv"
    rows = ["Ada,Lovelace,ada@example.com,+49 30 123456,1815-12-10", "Ada,Lovelace,,,1815-12-11", "Zoë,Neu,z@e.org,,"]
    path.write_text("\n".join(["First name,Last name,E-mail,Phone,Birth date", *rows]), "utf-8")
    told = direct.run_file(agent, path, "contact", match="external_id", mapping={"on_duplicate": wanted})
    assert (told["created"], told["updated"], told["skipped"]) == counts
    with unit_of_work(SYSTEM, reads=True) as uow:
        assert bool(uow.session.get_one(Customer, known).phone) is bool(counts[1])
        searches = uow.session.exec(select(Job).where(Job.kind == asking.KIND)).all()
    assert bool(searches) is (reaction != "off")


@pytest.mark.feature("BEY-19")
def test_plans_kept_before_the_words_were_the_same_mean_what_they_meant():
    assert [from_json({"entity": "contact", "likely": was}).on_duplicate for was in ("ask", "create")] == [
        "refuse", "create",
    ]  # fmt: skip
