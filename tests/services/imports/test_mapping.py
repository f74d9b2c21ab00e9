"""Guessing what columns mean."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from c360.core.errors import Invalid
from c360.services.imports import batches, direct, files, guess, names
from c360.services.imports.plan import ColumnPlan, Plan, from_json
from c360.services.imports.targets import targets
from c360.services.uow import ask, perform, unit_of_work

DATA = Path(batches.__file__).parents[2] / "data" / "northwind"


def sheet(**columns: tuple[str, ...]) -> files.Sheet:
    made = tuple(files.Column(n.replace("_", " "), len(v), v) for n, v in columns.items())
    return files.Sheet("csv", made, 1)


@pytest.fixture
def guessed(agent):
    def guesser(entity: str, found: files.Sheet) -> dict[str, str]:
        with unit_of_work(agent, reads=True) as uow:
            return {c.column: c.target for c in guess.guess(entity, found, targets(uow, entity)).columns}

    return guesser


@pytest.mark.feature("B-IMP-1", "IMP-1")
def test_german_and_english_headers_are_understood(guessed):
    assert guessed("contact", sheet(Vorname=("Änne",), Nachname=("Groß",), Telefon=("030 1",), PLZ=("01067",),
                                    Straße=("Weg 1",), Ort=("Köln",), Geburtsdatum=("1.2.1990",), Firma=("X AG",))) == {
        "Vorname": "given_name", "Nachname": "family_name", "Telefon": "phone", "PLZ": "address.main.postal_code",
        "Straße": "address.main.street", "Ort": "address.main.city", "Geburtsdatum": "birth_date",
        "Firma": "employer_id",
    }  # fmt: skip
    assert guessed("account", sheet(companyName=("X",), Fax=("030",), Adress=("A 1",), Web_site=("x.de",))) == {
        "companyName": "name", "Fax": "reach.fax", "Adress": "address.main.street", "Web site": "website",
    }  # fmt: skip


@pytest.mark.feature("B-IMP-1")
def test_columns_are_told_by_what_they_hold(guessed):
    found = guessed("contact", sheet(A=("Ada",), B=("a@example.com", "b@example.org"), C=("+49 30 123456",),
                                     D=("Germany", "France"), E=("https://example.com",)))  # fmt: skip
    assert found == {"A": "", "B": "email", "C": "phone", "D": "address.main.country", "E": "website"}


def test_a_second_email_joins_the_first(guessed):
    found = guessed("contact", sheet(Email=("a@example.com",), E_mail=("b@example.com",)))
    assert sorted(found.values()) == ["email", "reach.email"]


def test_null_is_nothing_where_a_column_says_so_and_a_name_where_it_does_not(agent):
    columns = (
        files.Column("Region", 100, ("BY",), {"NULL": 60}),
        files.Column("Postal code", 100, ("01067",), {"NULL": 1}),
        files.Column("Last name", 100, ("King",), {"NULL": 1}),
    )
    with unit_of_work(agent, reads=True) as uow:
        plan = guess.guess("contact", files.Sheet("csv", columns, 100), targets(uow, "contact"))
    assert [c.empty for c in plan.columns] == [("NULL",), ("NULL",), ()]


@pytest.mark.feature("IMP-6", "B-IMP-1")
def test_a_saved_mapping_is_used_for_the_next_file_of_the_same_columns(agent, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("Spalte A;Spalte B\nKing;x\nQueen;y\n", "utf-8")
    key = files.take(path)
    files.read(key, "odd.csv")
    batch_id = perform(agent, batches.start, "contact", key, "odd.csv")
    plan = ask(agent, lambda uow: batches.plan_of(batches.batch_of(uow, batch_id)))
    assert [c.target for c in plan.columns] == ["", ""]
    plan = plan.with_column("Spalte A", target="family_name").with_column("Spalte B", target="notes")
    perform(agent, batches.set_plan, batch_id, plan.to_json())
    perform(agent, batches.save_template, batch_id, "Odd file")
    told = direct.run_file(agent, path, "contact")
    assert (told["created"], told["rejected"]) == (2, 0)


def test_a_target_is_used_once_and_must_be_the_actors_to_write(agent, tmp_path):
    path = tmp_path / "two.csv"
    path.write_text("Last name,Other\nKing,x\n", "utf-8")
    key = files.take(path)
    files.read(key, "two.csv")
    batch_id = perform(agent, batches.start, "contact", key, "two.csv")
    for target in ("family_name", "merged_into_id", "created_by_id", "name; drop table"):
        plan = Plan("contact", (ColumnPlan("Last name", "family_name"), ColumnPlan("Other", target)))
        with pytest.raises(Invalid):
            perform(agent, batches.set_plan, batch_id, plan.to_json())


@pytest.mark.parametrize(
    "bad",
    [
        {"entity": "user"},
        {"entity": "contact", "x": 1},
        {"columns": [{"column": 1}]},
        {"entity": "contact", "on_match": "destroy"},
        {"entity": "contact", "columns": "no"},
    ],
)
def test_a_plan_from_a_browser_is_checked(bad):
    with pytest.raises(Invalid):
        from_json(bad)


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        ("Maria Anders", ("Maria", "Anders", None)),
        ("Anders, Maria", ("Maria", "Anders", None)),
        ("Ludwig van der Rohe", ("Ludwig", "van der Rohe", None)),
        ("José Pedro Freyre", ("José Pedro", "Freyre", None)),
        ("王小明", (None, "王小明", None)),
        ("John Smith Jr.", ("John", "Smith", "Jr.")),
        ("John Smith, Jr.", ("John", "Smith", "Jr.")),
        ("Cher", (None, "Cher", None)),
    ],
)
def test_a_whole_name_is_taken_apart(whole, expected):
    found = SimpleNamespace(**{"given_name": None, "family_name": None, "name_suffix": None, **names.split(whole)})
    assert (found.given_name, found.family_name, found.name_suffix) == expected
