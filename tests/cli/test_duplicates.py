"""Duplicates in a file, as a person and a program ask for them."""

import csv
import json

import pytest
from typer.testing import CliRunner

from c360.cli.app import app
from c360.core.actor import SYSTEM
from c360.core.errors import Invalid
from c360.models.user import User
from c360.services.uow import unit_of_work
from tests.labelled import HOME, fit, truth

RUN = CliRunner()


def match(path, out, *more, entity="contact"):
    done = RUN.invoke(app, [
        "duplicates", "match", str(path), "--entity", entity, "--id", more[0] if more else "id", "--out", str(out),
        "--json", *more[1:],
    ], catch_exceptions=False)  # fmt: skip
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8", newline="") as file:
        return json.loads(done.output), list(csv.DictReader(file))


def written(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.feature("B-DUP-8", "BEY-7")
def test_pairs_are_written_with_ids_score_and_reason(tmp_path):
    told, pairs = match(HOME / "restaurants.csv", tmp_path / "pairs.csv", entity="account")
    assert (told["rows"], told["pairs"]) == (863, len(pairs))
    assert told["columns"] == {"name": "org_name", "phone": "phone", "street": "street", "city": "city"}
    true = truth(HOME / "restaurants.truth.csv")
    assert fit([[p["id_a"], p["id_b"]] for p in pairs], true)[0] > 0.85
    assert all(0.5 <= float(p["score"]) <= 1 and p["explanation"].endswith(" %") for p in pairs)


def test_renamed_columns_give_the_same_pairs(tmp_path):
    _, plain = match(HOME / "febrl1.csv", tmp_path / "a.csv")
    rows = list(csv.reader((HOME / "febrl1.csv").read_text("utf-8").splitlines()))
    header = "Nr;Vorname;Nachname;Hausnummer;Straße;Adresszusatz;Ort;PLZ;Bundesland;Geburtsdatum;Ausweisnummer"
    _, german = match(written(tmp_path / "de.csv", [header.split(";"), *rows[1:]]), tmp_path / "b.csv", "Nr")
    assert german == plain
    header = ["id", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
    maps = ("given_name=a", "family_name=b", "house_number=c", "street=d", "address_extra=e", "city=f", "postal_code=g",
            "region=h", "birth_date=i", "identity_number=j")  # fmt: skip
    said = [part for one in maps for part in ("--map", one)]
    _, named = match(written(tmp_path / "x.csv", [header, *rows[1:]]), tmp_path / "c.csv", "id", *said)
    assert named == plain


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["id", "name"]], "fewer than two rows"),
        ([["id", "name"], ["1", "Ada King"]], "fewer than two rows"),
        ([["id", "colour"], ["1", "red"], ["2", "red"]], "No column could be compared"),
        ([["id"], ["1"], ["2"]], "No column could be compared"),
        ([["id", "name"], ["1", "Ada King"], ["2", "Ada King"], ["3", "Bo Li"]], "Too little could be compared"),
        ([["id", "email", "phone"], ["1", "", ""], ["2", "nan", "NULL"]], "No column could be compared"),
    ],
)
def test_where_nothing_can_be_said_a_sentence_says_so(tmp_path, rows, sentence):
    told, _ = match(written(tmp_path / "in.csv", rows), tmp_path / "out.csv")
    assert sentence in " ".join(told["said"])


def test_null_is_a_name_unless_the_file_writes_it_throughout(tmp_path):
    rows = [
        ["id", "first name", "last name", "email"],
        ["1", "Ada", "Null", "a@x.org"],
        ["2", "Ada", "Null", "a@x.org"],
    ]
    _, pairs = match(written(tmp_path / "in.csv", rows), tmp_path / "out.csv")
    assert [(p["id_a"], p["id_b"]) for p in pairs] == [("1", "2")]


@pytest.mark.parametrize("more", [["nr"], ["id", "--map", "email=post"], ["id", "--map", "shoe_size=name"]])
def test_what_is_not_there_is_refused_in_a_sentence(tmp_path, more):
    path = written(tmp_path / "in.csv", [["id", "name"], ["1", "Ada"]])
    with pytest.raises(Invalid, match=r"(?s)."):
        match(path, tmp_path / "out.csv", *more)


@pytest.mark.feature("DUP-2", "B-DUP-10")
def test_customers_are_scanned_told_apart_and_back_again(database, admin, make_as, tmp_path):
    with unit_of_work(SYSTEM, reads=True) as uow:
        login = uow.session.get(User, admin.user_id).login

    def run(*arguments):
        done = RUN.invoke(app, ["duplicates", *arguments, "--as", login, "--json"], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.output)

    same = {"family_name": "King", "email": "a.king@example.org", "birth_date": "1980-01-02"}
    one, other = (str(make_as(admin, "contact", given_name=name, **same)) for name in ("Ada", "Ada"))
    make_as(admin, "contact", given_name="Bo", family_name="Li")
    out = tmp_path / "pairs.csv"
    told = run("scan", "--entity", "contact", "--out", str(out))
    assert (told["customers"], [[m["id"] for m in g["members"]] for g in told["groups"]]) == (3, [[one, other]])
    assert run("list") == {"groups": told["groups"]}
    with out.open(encoding="utf-8", newline="") as file:
        assert [(r["id_a"], r["id_b"]) for r in csv.DictReader(file)] == [(one, other)]
    verdict = run("dismiss", one, other, "--reason", "mother and daughter")["id"]
    assert [(v["left"], v["reason"]) for v in run("dismissed")] == [("Ada King", "mother and daughter")]
    assert run("scan")["groups"] == []
    run("revoke", verdict)
    assert [g["id"] for g in run("scan", "--incremental")["groups"]] == []
    assert [g["id"] for g in run("scan")["groups"]] == [told["groups"][0]["id"]]
