"""Running imports: verdicts, policies, decisions, mending."""

import csv
import io
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.jobs import known, run
from c360.models.address import Address
from c360.models.choice import Choice
from c360.models.communication import Communication
from c360.models.contact_person import ContactPerson
from c360.models.customer import Customer
from c360.models.job import ImportRow
from c360.models.journal import ChangeRow
from c360.services import panels, profiles, queue, records, verify
from c360.services.imports import batches, direct, errors, files, running
from c360.services.imports.building import Builder
from c360.services.privacy import erasing, requests
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import reads_of, required

NORTHWIND = Path(__file__).parents[3] / "c360" / "data" / "northwind"


@pytest.fixture
def load(tmp_path: Path):
    def loader(actor, rows: list[list[str]], entity: str = "contact", **how):
        path = tmp_path / "people.csv"
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        path.write_text(out.getvalue(), "utf-8", newline="")
        return direct.run_file(actor, path, entity, **how)

    return loader


assert known.WORKFLOWS
HEADER = ["First name", "Last name", "E-mail", "Phone", "Street", "City", "Country", "Status"]


def test_contacts_arrive_whole(agent, load):
    told = load(
        agent, [HEADER, ["Zoë", "Müller-Ångström", "ZOE@Example.com", "030 1234567", "Weg 1", "Köln", "Germany", ""]]
    )
    assert {k: told[k] for k in ("rows", "created", "rejected")} == {"rows": 1, "created": 1, "rejected": 0}, told
    with unit_of_work(agent, reads=True) as uow:
        contact = uow.session.exec(select(Customer)).one()
        assert (contact.name, contact.email, contact.city, contact.country) == (
            "Zoë Müller-Ångström", "zoe@example.com", "Köln", "DE",
        )  # fmt: skip
        assert {c.normalised for c in uow.session.exec(select(Communication))} == {"zoe@example.com", "+49301234567"}


def customers(actor) -> list[Customer]:
    with unit_of_work(actor, reads=True) as uow:
        return list(uow.session.exec(select(Customer).order_by(Customer.created_at, Customer.sort_name)))


def same_rows(told: dict) -> bool:
    """Rows in = created + updated + unchanged + skipped + rejected."""
    return told["rows"] == sum(told[v] for v in running.VERDICTS)


@pytest.mark.feature("IMP-1", "B-IMP-1", "B-IMP-7")
def test_northwind_customers_become_accounts_with_their_people(agent, database):
    told = direct.run_file(agent, NORTHWIND / "customers.csv", "account")
    assert (told["rows"], told["created"], told["rejected"]) == (91, 91, 0), told
    with unit_of_work(agent, reads=True) as uow:
        named = {c.name: c for c in uow.session.exec(select(Customer).where(Customer.kind == "account"))}
        people = uow.session.exec(select(ContactPerson)).all()
        assert (len(named), len(people)) == (91, 91)
        blonp = named["Blondesddsl père et fils"]
        address = uow.session.exec(select(Address).where(Address.customer_id == blonp.id)).one()
        assert (address.street, address.city, address.region, address.postal_code, address.country) == (
            "24, place Kléber", "Strasbourg", None, "67000", "FR",
        )  # fmt: skip
        assert not any("NULL" in str(a.model_dump()) for a in uow.session.exec(select(Address)))
        maria = uow.session.exec(select(Customer).where(Customer.name == "Maria Anders")).one()
        assert (maria.kind, maria.job_title, maria.employer_id) == (
            "contact", "Sales Representative", named["Alfreds Futterkiste"].id,
        )  # fmt: skip
        assert named["Vins et alcools Chevalier"].phone == "26.47.15.10"


@pytest.mark.feature("IMP-2", "B-IMP-4")
def test_each_policy_changes_what_it_says(agent, load):
    load(agent, [HEADER, ["Ada", "King", "ada@example.com", "", "", "London", "UK", ""]])
    again = [HEADER, ["Ada", "Lovelace", "ada@example.com", "030 555 1234", "", "Paris", "FR", ""]]
    assert load(agent, again, on_match="skip")["skipped"] == 1
    assert customers(agent)[0].name == "Ada King"
    assert load(agent, again, on_match="fill")["updated"] == 1
    ada = customers(agent)[0]
    assert (ada.name, ada.phone, ada.city) == ("Ada King", "030 555 1234", "London")
    told = load(agent, again, on_match="overwrite")
    assert told["updated"] == 1
    assert {d["field"]: (d["before"], d["after"]) for d in told["samples"][0]["diff"]}["family_name"] == (
        "King",
        "Lovelace",
    )
    ada = customers(agent)[0]
    assert (ada.name, ada.city, ada.country) == ("Ada Lovelace", "Paris", "FR")
    assert load(agent, again, on_match="overwrite")["unchanged"] == 1
    blank = [HEADER, ["Ada", "Lovelace", "ada@example.com", "", "", "", "", ""]]
    assert load(agent, blank, on_match="overwrite")["unchanged"] == 1
    assert customers(agent)[0].phone == "030 555 1234"
    assert len(customers(agent)) == 1


@pytest.mark.feature("B-IMP-2", "IMP-3")
def test_a_dry_run_says_what_a_run_does_and_leaves_nothing(agent, load, database):
    rows = [HEADER, ["Ada", "King", "ada@example.com", "", "", "", "", ""], ["", "", "bad", "", "", "", "", "Nope"]]
    dry = load(agent, rows, dry_run=True)
    assert customers(agent) == []
    with unit_of_work(agent, reads=True) as uow:
        assert not uow.session.exec(select(ChangeRow).where(ChangeRow.entity == "contact")).all()
    real = load(agent, rows)
    assert [dry[v] for v in running.VERDICTS] == [real[v] for v in running.VERDICTS] == [1, 0, 0, 0, 1]
    assert {r["key"] for r in dry["problems"][0]["reasons"]} == {"kind.email.bad", "import.option.unknown"}
    assert dry["samples"][0]["name"] == "Ada King"


PEOPLE = [
    HEADER,
    ["Ada", "King", "ada@example.com", "", "", "Köln", "", ""],
    ["小明", "王", "", "030 1234567", "", "台北", "", ""],
    ["Ada", "King", "other@example.com", "", "", "Köln", "", ""],  # a namesake in the same town
    ["Bo", "O'Neill", "bo@example.com", "", "", "", "", ""],
    ["小明", "王", "", "030 1234567", "", "台北", "", ""],  # the very same again
    ["Ada", "Lovelace", "ADA@example.com", "030 555", "", "", "", ""],  # changes the first, by its e-mail
    ["Bo", "O'Neill", "bo@example.com", "", "", "", "", ""],  # nothing new
    ["", "", "bad", "", "", "", "", "Nope"],
    ["小明", "王", "", "030 1234567", "", "台北", "", ""],
    ["Ada", "Lovelace", "ada@example.com", "030 556", "", "", "", ""],
]
COMPANIES = [
    ["Name", "Parent account"],
    ["Łódź Holding", ""],
    ["Łódź Trade", "łódź  holding"],  # named above, in other letters
    ["Łódź Shop", "Łódź Trade"],
    ["Lost", "Below"],  # named below: not there yet
    ["Below", ""],
    ["Alone", "Nobody"],
    ["Łódź Kiosk", "Łódź Shop"],
]


@pytest.mark.feature("B-IMP-2", "IMP-3")
@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("entity", "rows", "how", "verdicts"),
    [
        ("contact", PEOPLE, {"match": "email", "on_match": "overwrite"}, [4, 2, 1, 2, 1]),
        ("contact", PEOPLE, {"match": "email", "on_match": "skip"}, [4, 0, 0, 5, 1]),
        ("account", COMPANIES, {}, [5, 0, 0, 0, 2]),
    ],
    ids=("overwrite", "skip", "parents"),
)
def test_rows_meet_those_above_them_wherever_the_chunks_are_cut(
    agent, load, monkeypatch, entity, rows, how, verdicts, size
):
    monkeypatch.setattr(running, "CHUNK", size)
    dry = load(agent, rows, entity, dry_run=True, **how)
    assert customers(agent) == []
    real = load(agent, rows, entity, **how)
    assert [dry[v] for v in running.VERDICTS] == [real[v] for v in running.VERDICTS] == verdicts
    keys = [[{r["key"] for r in problem["reasons"]} for problem in told["problems"]] for told in (dry, real)]
    assert keys[0] == keys[1]


@pytest.mark.feature("IMP-7")
def test_rows_that_look_like_a_record_wait_for_a_decision(agent, load):
    load(agent, [HEADER, ["Ada", "King", "ada@example.com", "", "", "", "", ""]])
    told = load(agent, [HEADER, ["ADA", "KING", "ada@EXAMPLE.com", "030 999999", "", "", "", ""]], match="external_id")
    assert (told["skipped"], told["problems"][0]["reasons"][0]["key"]) == (1, "import.row.like")
    batch_id = UUID(told["batch"])
    perform(agent, batches.decide, batch_id, 2, "update")
    direct.drive(agent, batch_id, running.MEND)
    (ada,) = customers(agent)
    assert ada.phone == "030 999999"
    counts = ask(agent, lambda uow: dict(batches.batch_of(uow, batch_id).counts["run"]))
    assert (counts["updated"], counts["skipped"]) == (1, 0)


TWELVE = [
    ["First name", "Last name", "E-mail", "Phone", "Birth date", "Country", "Status", "Employer", "Owner", "Language",
     "Children", "Website"],
    ["Ada", "Fine", "fine@example.com", "030 123456", "1980-01-02", "DE", "Active", "", "", "de", "1", "example.com"],
    ["Bad", "Mail", "not an address", "", "", "", "", "", "", "", "", ""],
    ["Bad", "Phone", "", "call me", "", "", "", "", "", "", "", ""],
    ["Bad", "Date", "", "", "31.31.2020", "", "", "", "", "", "", ""],
    ["Bad", "Land", "", "", "", "Atlantis", "", "", "", "", "", ""],
    ["Bad", "Option", "", "", "", "", "Stammkunde", "", "", "", "", ""],
    ["Bad", "Employer", "", "", "", "", "", "Nobody & Sons", "", "", "", ""],
    ["Bad", "Owner", "", "", "", "", "", "", "Mr Nobody", "", "", ""],
    ["Bad", "Language", "", "", "", "", "", "", "", "klingonisch", "", ""],
    ["Bad", "Children", "", "", "", "", "", "", "", "", "-3", ""],
    ["Bad", "Web", "", "", "", "", "", "", "", "", "", "javascript:alert(1)"],
    ["", "", "nameless@example.com", "", "", "", "", "", "", "", "", ""],
    ["Bad", "Wide", "", "", "", "", "", "", "", "", "", "", "too much"],
    ["Bad", "Born later", "", "", "2999-01-01", "", "", "", "", "", "", ""],
]  # fmt: skip
CURES = {
    "Mail": (2, "mail@example.com"), "Phone": (3, "030 1"), "Date": (4, "2020-12-31"), "Land": (5, "Germany"),
    "Option": (6, "Active"), "Employer": (7, ""), "Owner": (8, ""), "Language": (9, "de"), "Children": (10, "3"),
    "Web": (11, "https://example.com"), "": (1, "Named"), "Wide": (12, ""), "Born later": (4, "1999-01-01"),
}  # fmt: skip


@pytest.mark.feature("BEY-21", "B-IMP-3", "IMP-3")
def test_a_file_with_every_kind_of_error_is_all_loaded_in_two_passes(agent, load):
    told = load(agent, TWELVE)
    assert (told["created"], told["rejected"]) == (1, 13)
    batch_id = UUID(told["batch"])
    for problem in ask(agent, batches.problems, batch_id):
        assert "import.rows" in reads_of(agent)
        column, cure = CURES[problem.cells[1]]
        perform(agent, batches.mend, batch_id, problem.number, column, cure if cure != "030 1" else "030 123")
    direct.drive(agent, batch_id, running.MEND)
    batch = ask(agent, batches.batch_of, batch_id)
    assert (batch.counts["run"]["created"], batch.counts["run"]["rejected"]) == (14, 0), ask(
        agent, batches.problems, batch_id
    )
    assert len(customers(agent)) == 14


@pytest.mark.feature("BEY-21", "B-IMP-5", "IMP-3")
def test_the_error_file_corrected_and_loaded_again_finishes_the_job(agent, load, tmp_path):
    told = load(agent, TWELVE)
    text = "".join(ask(agent, lambda uow: list(errors.lines(uow, UUID(told["batch"])))))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == [*TWELVE[0], "Import problem"]
    assert len(rows) == 14
    assert all(row[-1] and "import." not in row[-1] and "kind." not in row[-1] for row in rows[1:])
    for row in rows[1:]:
        column, cure = CURES[row[1]]
        if column < 12:
            row[column] = cure if cure != "030 1" else "030 123"
    wide = next(row for row in rows if row[1] == "Wide")
    assert wide[12] == "too much" or "too much" in wide[-1]
    path = tmp_path / "errors.csv"
    out = io.StringIO()
    csv.writer(out).writerows([row[:12] + row[-1:] for row in rows])
    path.write_text(out.getvalue(), "utf-8", newline="")
    again = direct.run_file(agent, path, "contact")
    assert (again["created"], again["rejected"]) == (13, 0), again["problems"]


@pytest.mark.feature("B-IMP-5", "R18")
@pytest.mark.parametrize("typed", ["=1+1", "-1,5", "+49 (30) 1", "@home", "'quoted", "\u200b=2", "Zoë"])
def test_a_cell_of_the_error_file_comes_back_as_it_was(agent, load, typed, tmp_path):
    good = ["Good", "good@example.com", ""]
    told = load(agent, [["Last name", "E-mail", "Notes"], good, ["Bad", "nonsense", typed]])
    text = "".join(ask(agent, lambda uow: list(errors.lines(uow, UUID(told["batch"])))))
    path = tmp_path / "again.csv"
    path.write_text(text.replace("nonsense", "bad@example.com"), "utf-8", newline="")
    assert direct.run_file(agent, path, "contact")["created"] == 1
    assert [c.notes for c in customers(agent) if c.name == "Bad"] == [typed.strip()]


@pytest.mark.feature("B-IMP-3")
def test_unknown_options_are_mapped_or_made(agent, admin, load):
    rows = [["Last name", "Status"], ["King", "Stammkunde"], ["Queen", "Stammkunde"]]
    told = load(agent, rows)
    batch_id = UUID(told["batch"])
    batch = ask(agent, batches.batch_of, batch_id)
    assert batch.counts["run"]["unknown"] == {"Status": {"Stammkunde": 2}}
    perform(agent, batches.map_word, batch_id, "Status", "Stammkunde", "Active")
    assert perform(agent, batches.retry_all, batch_id) == 2
    direct.drive(agent, batch_id, running.MEND)
    assert len(customers(agent)) == 2
    columns = [{"column": "Last name", "target": "family_name"}]
    columns.append({"column": "Status", "target": "status_id", "unknown": "create"})
    rows = [["Last name", "Status"], ["Prince", "Stammkunde"], ["Duke", "Stammkunde"]]
    told = load(admin, rows, mapping={"columns": columns})
    assert told["created"] == 2
    with unit_of_work(admin, reads=True) as uow:
        assert uow.session.exec(select(Choice).where(Choice.name == "Stammkunde")).one().pick_list == "status"


@pytest.mark.feature("SEC-1", "SEC-4", "R12")
def test_an_import_stays_within_its_owners_reach(agent, stranger, load):
    load(agent, [["Last name", "Customer ID"], ["King", "007"]])
    told = load(stranger, [["Last name", "Customer ID"], ["Queen", "007"]], on_match="overwrite")
    assert (told["rejected"], told["problems"][0]["reasons"][0]["key"]) == (1, "import.match.hidden")
    assert [c.name for c in customers(agent)] == ["King"]
    with pytest.raises(NotFound):
        ask(stranger, batches.problems, UUID(load(agent, [["Last name"], ["X"]])["batch"]))


def test_a_row_the_database_refuses_costs_only_itself(agent, load, monkeypatch):
    real = Builder.add

    def add(self, entry):
        record_id = real(self, entry)
        if entry.values["family_name"] == "N7":
            self.rows[Customer][-1]["segment_id"] = uuid4()
        return record_id

    monkeypatch.setattr(Builder, "add", add)
    told = load(agent, [["Last name"], *[[f"N{i}"] for i in range(20)]])
    assert (told["created"], told["rejected"]) == (19, 1)
    assert len(customers(agent)) == 19
    assert ask(agent, lambda uow: verify.verify(uow.session)) is not None


words = st.sampled_from(
    ["", "Ada", "king", "ada@example.com", "x", "NULL", "030 1234567", "Active", "2020-01-01", "😀", "a;b"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(words, min_size=8, max_size=9), min_size=1, max_size=12),
    on_match=st.sampled_from(["skip", "fill", "overwrite", "append", "ask"]),
)
@pytest.mark.feature("IMP-3")
def test_every_row_has_exactly_one_verdict(agent, load, rows, on_match):
    told = load(agent, [HEADER, *rows], on_match=on_match)
    assert same_rows(told)
    with unit_of_work(agent, reads=True) as uow:
        kept = uow.session.exec(select(ImportRow).where(ImportRow.batch_id == UUID(told["batch"]))).all()
        assert len(kept) == told["rows"]
        assert all(row.reasons or row.verdict in ("created", "updated", "unchanged") for row in kept)


def picture(actor) -> dict[str, list]:
    """Return every business row as it is, versions and times aside."""
    aside = {"version", "updated_at", "updated_by_id", "created_at"}
    with unit_of_work(actor, reads=True) as uow:
        return {
            model.__name__: sorted(
                (
                    {n: v for n, v in row.model_dump().items() if n not in aside}
                    for row in uow.session.exec(select(model))
                    if getattr(row, "archived_at", None) is None
                ),
                key=str,
            )
            for model in (Customer, Communication, Address, ContactPerson)
        }


@pytest.mark.feature("IMP-5", "BEY-18", "B-IMP-6")
def test_an_import_is_undone_with_every_former_value(agent, load):
    names = [
        [f"Given {i}", f"Fämily {i}", f"p{i}@example.com", f"030 10{i:03}", f"Weg {i}", "Köln", "DE", ""]
        for i in range(60)
    ]
    load(agent, [HEADER, *names[:30]])
    before = picture(agent)
    changed = [[*row[:3], f"040 99{i:03}", f"Allee {i}", "Bonn", "AT", "Dormant"] for i, row in enumerate(names)]
    told = load(agent, [HEADER, *changed], on_match="overwrite", on_duplicate="create")
    assert (told["created"], told["updated"]) == (30, 30), told["problems"]
    done = direct.undo(agent, UUID(told["batch"]))
    assert done["conflicts"] == []
    assert picture(agent) == before
    assert ask(agent, lambda uow: batches.batch_of(uow, UUID(told["batch"])).state) == "undone"


@pytest.mark.feature("B-IMP-6", "BEY-18")
def test_rows_edited_since_an_import_are_listed_and_left_alone(agent, load):
    told = load(agent, [HEADER, ["Ada", "King", "", "", "", "", "", ""], ["Eve", "Queen", "", "", "", "", "", ""]])
    (ada,) = [c for c in customers(agent) if c.family_name == "King"]
    perform(agent, records.update, "contact", ada.id, {"job_title": "Chief"})
    done = direct.undo(agent, UUID(told["batch"]))
    assert [c["label"] for c in done["conflicts"]] == ["Ada King"]
    assert [c.name for c in customers(agent) if c.archived_at is None] == ["Ada King"]


def cut_off(job_id, monkeypatch):
    """Run an import that dies while it keeps its third chunk; whoever runs it again is not stopped."""
    real, chunks = running._keep, []

    def keep(*args, **kwargs):
        chunks.append(1)
        if len(chunks) == 3:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(running, "_keep", keep)
    with pytest.raises(KeyboardInterrupt):
        run.run(job_id)


def begun(agent, path, rows):
    """Begin to import so many people, and return the batch and its job."""
    path.write_text("Last name\n" + "".join(f"Person {i}\n" for i in range(rows)), "utf-8")
    key = files.take(path)
    files.read(key, path.name)
    batch_id = perform(agent, batches.start, "contact", key, path.name)
    return batch_id, perform(agent, batches.begin, batch_id, running.RUN)


@pytest.mark.feature("B-IMP-7", "R29")
def test_a_chunk_that_runs_again_after_a_crash_happens_once(agent, load, monkeypatch, tmp_path):
    monkeypatch.setattr(running, "CHUNK", 5)
    batch_id, job_id = begun(agent, tmp_path / "crash.csv", 23)
    cut_off(job_id, monkeypatch)
    assert len(customers(agent)) == 10
    assert run.run(job_id) == "done"
    assert sorted(c.name for c in customers(agent)) == sorted(f"Person {i}" for i in range(23))
    counts = ask(agent, lambda uow: batches.batch_of(uow, batch_id).counts["run"])
    assert counts["created"] == 23


@pytest.mark.feature("B-IMP-7", "IMP-4")
def test_a_cancelled_import_keeps_what_it_did_and_can_be_undone(agent, monkeypatch, tmp_path):
    monkeypatch.setattr(running, "CHUNK", 5)
    batch_id, job_id = begun(agent, tmp_path / "stop.csv", 20)
    assert run._chunk(job_id)
    perform(agent, queue.ask_cancel, job_id)
    assert run.run(job_id) == "cancelled"
    assert len(customers(agent)) == 5
    assert perform(agent, batches.settle, batch_id) == "cancelled"
    assert run.run(perform(agent, batches.undo, batch_id)) == "done"
    assert [c for c in customers(agent) if c.archived_at is None] == []


@pytest.mark.feature("IMP-10")
def test_a_file_of_keys_makes_inactive_and_is_undone_and_keys_keep_their_zeros(agent, stranger, load):
    rows = [["External id", "Last name"], ["007", "Öz"], ["7", "李"], ["0", "Zero"]]
    load(agent, rows, source="ERP", match="external_id")
    load(stranger, [["External id", "Last name"], ["08", "Far"]], source="ERP", match="external_id")
    keys = [["External id", "E-mail"], ["007", "no address at all"], ["0", ""], ["99", ""], ["08", ""]]
    how = {"source": "ERP", "match": "external_id", "on_match": "inactivate"}
    with pytest.raises(Invalid):
        load(agent, keys, **how)
    dry = load(agent, keys, **how, reason="Out of business", dry_run=True)
    assert {v: dry[v] for v in ("updated", "skipped", "rejected")} == {"updated": 2, "skipped": 1, "rejected": 1}, dry
    assert not any(c.inactive_at for c in customers(agent))
    told = load(agent, keys, **how, reason="Out of business")
    assert {v: told[v] for v in running.VERDICTS} == {v: dry[v] for v in running.VERDICTS}
    assert {c.name: (bool(c.inactive_at), c.inactive_note) for c in customers(agent)} == {
        "Öz": (True, "ERP"), "李": (False, None), "Zero": (True, "ERP"), "Far": (False, None)
    }  # fmt: skip
    assert load(agent, keys, **how, reason="Out of business")["unchanged"] == 2
    assert direct.undo(agent, UUID(told["batch"]))["restored"] == 2
    assert not any(c.inactive_at or c.inactive_reason_id for c in customers(agent))


@pytest.mark.feature("IMP-10")
def test_a_file_of_keys_asks_for_anonymisation_which_a_second_person_carries_out(agent, make_user, load):
    first, second = make_user("Ada", "administrator"), make_user("Dora", "data_protection_officer")
    rows = [["External id", "Last name", "E-mail"], ["007", "Öz", "oez@example.com"], ["7", "李", "li@example.com"]]
    load(agent, rows, source="ERP", match="external_id")
    how = {"source": "ERP", "match": "external_id", "on_match": "anonymise"}
    keys = [["External id"], ["007"]]
    with pytest.raises(Forbidden):
        load(agent, keys, **how)
    assert load(first, keys, **how, dry_run=True)["updated"] == 1
    assert not ask(first, requests.listed)
    told = load(first, keys, **how)
    assert (told["updated"], load(first, keys, **how)["unchanged"]) == (1, 1)
    direct.undo(first, UUID(told["batch"]))
    assert not ask(first, requests.listed)
    load(first, keys, **how)
    (asked,) = ask(first, requests.listed)
    assert (asked.kind, asked.customer) == ("anonymisation", "Öz")
    with pytest.raises(Conflict):
        perform(first, requests.carry_out, UUID(asked.id))
    perform(second, requests.carry_out, UUID(asked.id))
    found = {c.name.split()[0]: (c.email, bool(c.inactive_at)) for c in customers(agent)}
    assert found == {"Anonymous": (None, True), "李": ("li@example.com", False)}


@pytest.mark.feature("VAL-8")
def test_each_field_and_record_tells_which_system_and_row_it_came_from(agent, admin, load):
    header = ["External id", "First name", "Last name", "E-mail", "City"]
    load(agent, [header, ["7", "Zoë", "Öz", "zoe@example.com", "Köln"]], source="ERP Nord", match="external_id")
    (zoe,) = customers(agent)

    def told(tab):
        with unit_of_work(agent, reads=True) as uow:
            cards = panels.PANELS[tab](uow, profiles.load(uow, "contact", zoe.id))
        return {f.name: f for card in cards for f in card.facts}

    def origins(tab):
        return {name: fact.origin for name, fact in told(tab).items() if fact.origin}

    assert origins("details") == {"given_name": "ERP Nord", "family_name": "ERP Nord"}
    assert origins("summary") == {"email": "ERP Nord"}  # The segment is a default: no system said it.
    assert told("summary")["email"].origin_told.startswith("From ERP Nord, file people.csv, row ")
    assert told("additional")["made_from"].text == "ERP Nord · people.csv, row 2"
    again = [["External id", "E-mail", "Job title"], ["7", "new@example.com", "Clerk"]]
    how = {"match": "external_id", "on_match": "overwrite"}
    load(agent, [["E-mail", "Job title"], ["zoe@example.com", "Chef"]], source="LinkedOut", match="email",
         on_match="fill")  # fmt: skip
    assert origins("details")["job_title"] == "LinkedOut"
    batch = load(agent, again, source="ERP Nord", **how)["batch"]
    assert (origins("summary"), origins("details")["job_title"]) == ({"email": "ERP Nord"}, "ERP Nord")
    direct.undo(agent, UUID(batch))
    assert (told("summary")["email"].text, origins("details")["job_title"]) == ("zoe@example.com", "LinkedOut")
    perform(admin, records.update, "contact", zoe.id, {"given_name": "Zoe"})
    assert origins("details") == {"family_name": "ERP Nord", "job_title": "LinkedOut"}
    typed = perform(agent, lambda uow: records.create(uow, "contact", {**required(uow, "contact"), "family_name": "X"}))
    with unit_of_work(agent, reads=True) as uow:
        (made,) = (c for c in panels.additional(uow, profiles.load(uow, "contact", typed)) if c.key == "origin")
    assert [f.text for f in made.facts if f.name != "made_at"] == ["typed in by hand", agent.name]


@pytest.mark.feature("CNS-10", "R38")
@pytest.mark.parametrize("how", ["erase", "anonymise"])
@pytest.mark.parametrize("match", ["id", "email"])
def test_a_file_brings_nobody_back_who_was_erased(admin, make_user, make_as, load, how, match):
    gone = make_as(admin, "contact", given_name="Ada", family_name="King", email="ada@example.com")
    perform(make_user("Dora", "data_protection_officer"), erasing.erase, gone, how=how)
    rows = [["Id", *HEADER], [str(gone), "Ada", "King", "ada@example.com", "", "", "London", "UK", ""]]
    told = load(admin, rows, match=match, on_match="overwrite")
    with unit_of_work(admin, reads=True) as uow:
        erased = uow.session.get_one(Customer, gone)
        assert (erased.given_name, erased.email, erased.city) == (None, None, None)
    # By the id of an anonymous record a row means him, so it is refused; by what is gone it is somebody new.
    assert (told["updated"], told["created"]) == (0, 0 if (match, how) == ("id", "anonymise") else 1)
