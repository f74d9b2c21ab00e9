"""Importing activities: whom they are with, what is refused and where, counters, updates, undo."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.core.errors import Invalid
from c360.jobs import known, run
from c360.models.activity import Activity, ActivityCustomer
from c360.models.customer import Customer
from c360.models.job import Notification
from c360.models.user import Role, UserRole
from c360.services import records, reminders, verify
from c360.services.imports import batches, direct, errors, files, overview, running
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import actor_of
from tests.services.imports.test_running import cut_off
from tests.services.test_counters import FIGURES, naive

assert known.WORKFLOWS
HEADER = ["Activity ID", "Type", "Subject", "Customer", "Date", "Direction", "Status", "Notes"]
LONG = "長い" * 250


@pytest.fixture
def load(tmp_path):
    def loader(actor, rows, **how):
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        path = tmp_path / "crm.csv"
        path.write_text(out.getvalue(), "utf-8", newline="")
        return direct.run_file(actor, path, "activity", **how)

    return loader


@pytest.fixture
def people(agent, make_as):
    """Return three customers of the agent's: one with an external id and a mail, one with a number, one with a name."""
    zoe = make_as(agent, "contact", given_name="Zoë", family_name="Öz", email="zoe@example.com")
    acme = make_as(agent, "account", name="Łódź, Söhne & 子会社")
    omar = make_as(agent, "contact", given_name="عمر", family_name="😀")
    with unit_of_work(agent) as uow:
        reference = {"source": "crm", "external_id": "007"}
        records.create(uow, "external_reference", reference, customer_id=zoe)
    return zoe, acme, omar


def code_of(customer_id):
    with unit_of_work(SYSTEM, reads=True) as uow:
        return uow.session.get_one(Customer, customer_id).code


def kept(actor):
    """Return every live activity with the customers it is with."""
    with unit_of_work(actor, reads=True) as uow:
        found = uow.session.exec(select(Activity).where(Activity.archived_at == None).order_by(Activity.at)).all()  # noqa: E711
        links = uow.session.exec(select(ActivityCustomer).where(ActivityCustomer.archived_at == None)).all()  # noqa: E711
    return [(one, {link.customer_id for link in links if link.activity_id == one.id}) for one in found]


def exact(*customers):
    """Assert that what a customer keeps of his activities is what a naive recount says, and return the totals."""
    totals = []
    with unit_of_work(SYSTEM, reads=True) as uow:
        for one in customers:
            record = uow.session.get_one(Customer, one)
            assert {name: getattr(record, name) for name in FIGURES} == naive(uow.session, one)
            totals.append(record.contacts_total)
    return totals


def why(told):
    return [[(r["column"], r["key"]) for r in p["reasons"]] for p in told["problems"]]


def verdicts(told):
    return [told[v] for v in running.VERDICTS]


@pytest.mark.feature("ACT-14", "ACT-15", "IMP-1", "IMP-3")
def test_activities_arrive_with_their_customers_and_counters(agent, people, load):
    zoe, acme, omar = people
    code = code_of(acme)
    soon = (utc_now() + timedelta(days=3)).replace(microsecond=0)
    rows = [
        HEADER,
        ["1", "Anruf", "Rückruf 📞", "007", "12.03.2025 14:30", "eingehend", "erledigt", LONG],
        ["2", "meeting", "اجتماع", f"zoe@example.com; {code};عمر  😀", "2025-03-13T09:00:00+01:00", "", "", ""],
        ["3", "task", "Call back", "Łódź, Söhne & 子会社", soon.isoformat(), "", "", ""],
        ["4", "", "", str(omar), "2025-03-14", "out", "", "note"],
    ]
    dry = load(agent, rows, dry_run=True)
    assert (verdicts(dry), kept(agent)) == ([4, 0, 0, 0, 0], []), dry["problems"]
    told = load(agent, rows)
    assert verdicts(told) == verdicts(dry)
    (call, with_call), (meeting, with_meeting), (other, _), (task, with_task) = kept(agent)
    assert (call.kind, call.direction, call.status, call.text, call.medium) == ("call", "in", "closed", LONG, "phone")
    assert (call.at, call.external_id, call.source) == (datetime(2025, 3, 12, 14, 30, tzinfo=UTC), "1", "crm")
    assert (with_call, with_meeting, with_task) == ({zoe}, {zoe, acme, omar}, {acme})
    assert (meeting.at, meeting.status) == (datetime(2025, 3, 13, 8, tzinfo=UTC), "closed")
    assert (task.status, task.remind_at) == ("open", soon - timedelta(minutes=15))
    assert (other.kind, other.subject) == ("other", "Other, Mar 14, 2025")
    assert exact(*people) == [2, 1, 2]
    assert ask(agent, lambda uow: verify.verify(uow.session)) is not None
    made_of = ask(agent, overview.overview, UUID(told["batch"])).made_of
    assert made_of[0]["href"] == f"/activity/{call.id}"
    direct.undo(agent, UUID(told["batch"]))
    assert (kept(agent), exact(*people)) == ([], [0, 0, 0])


@pytest.mark.feature("IMP-3", "B-IMP-3", "B-IMP-5", "BEY-21", "SEC-1", "R12")
def test_each_refusal_names_its_cell_and_is_mended(agent, stranger, make_user, people, make_as, load):
    mate = make_user("Mia", team="North")
    agent = actor_of(agent.user_id)
    for _ in range(2):
        make_as(agent, "contact", family_name="Twin")
    make_as(stranger, "contact", family_name="Far")
    make_as(mate, "contact", family_name="Mine")
    good = ["call", "x", "007", "2025-01-01", "out", "closed", ""]
    bad = [
        (3, "Nobody", ("Customer", "import.customer.unknown")),
        (3, "Far", ("Customer", "import.customer.unknown")),
        (3, "Twin", ("Customer", "import.customer.many")),
        (3, "Mine", ("Customer", "import.customer.far")),
        (3, "", ("Customer", "activity.customers")),
        (1, "fax machine", ("Type", "import.option.unknown")),
        (6, "perhaps", ("Status", "import.option.unknown")),
        (6, "submitted", ("Status", "activity.meetings_only")),
        (4, "31.31.2025", ("Date", "kind.moment.bad")),
        (2, "s" * 301, ("Subject", "error.long")),
    ]
    rows = [HEADER]
    for n, (place, value, _) in enumerate(bad):
        row = [str(n), *good]
        row[place] = value
        rows.append(row)
    rows.append(["undated", "task", "later", "007", "", "", "open", ""])
    told = load(agent, rows)
    assert verdicts(told) == [0, 0, 0, 0, len(bad) + 1]
    assert why(told) == [[reason] for _, _, reason in bad] + [[("due_at", "activity.undated")]]
    batch = UUID(told["batch"])
    text = "".join(ask(agent, lambda uow: list(errors.lines(uow, batch))))
    assert "There is no customer “Nobody” in your reach." in text
    assert all("import." not in line and "activity." not in line for line in text.splitlines())
    for number, (place, _, _) in enumerate(bad, start=2):
        perform(agent, batches.mend, batch, number, place, good[place - 1])
    perform(agent, batches.mend, batch, len(bad) + 2, 4, "2035-01-01")
    direct.drive(agent, batch, running.MEND)
    counts = ask(agent, lambda uow: batches.batch_of(uow, batch).counts["run"])
    assert (counts["created"], counts["rejected"]) == (len(bad) + 1, 0)
    assert exact(people[0]) == [len(bad)]


@pytest.mark.feature("IMP-2", "B-IMP-4", "IMP-5", "BEY-18", "ACT-15")
def test_activities_are_known_again_by_their_external_id_and_undone(agent, stranger, people, load):
    zoe, _, omar = people
    call = ["1", "call", "First", "007", "2025-01-01", "in", "closed", ""]
    first = [HEADER, call, ["2", "call", "B", "007", "2025-02-01", "in", "", "x"]]
    load(agent, first)
    assert exact(zoe, omar) == [2, 0]
    again = [
        HEADER,
        ["1", "call", "Changed", "عمر 😀", "2025-01-05", "out", "cancelled", "told"],
        ["2", "call", "B", "007", "2025-02-01", "in", "", "x"],
        ["3", "mail", "New", "007; عمر 😀", "2025-03-01", "out", "", ""],
        ["3", "mail", "Newer", "007", "2025-03-01", "out", "", ""],
    ]
    assert verdicts(load(agent, again, dry_run=True)) == [1, 0, 0, 3, 0]
    assert verdicts(load(agent, again, on_match="fill", dry_run=True)) == [1, 1, 2, 0, 0]
    told = load(agent, again, on_match="overwrite")
    assert verdicts(told) == [1, 2, 1, 0, 0]
    (one, with_one), _, (three, with_three) = kept(agent)
    assert (one.subject, one.status, with_one) == ("Changed", "cancelled", {omar})
    assert (three.subject, with_three) == ("Newer", {zoe})
    assert exact(zoe, omar) == [2, 0]
    assert verdicts(load(stranger, [HEADER, again[2]], on_match="overwrite"))[4] == 1
    direct.undo(agent, UUID(told["batch"]))
    assert [(a.subject, a.status, w) for a, w in kept(agent)] == [("First", "closed", {zoe}), ("B", "closed", {zoe})]
    assert exact(zoe, omar) == [2, 0]


@pytest.mark.feature("IMP-3")
def test_an_import_takes_back_what_it_put_into_other_hands_unless_they_changed_it(agent, stranger, people, load):
    header = [*HEADER, "Operator"]
    calls = [[str(n), "call", f"Anruf {n} 山", "007", "2025-01-01", "in", "closed", "", stranger.name] for n in (1, 2)]
    told = load(agent, [header, *calls])
    assert verdicts(told) == [2, 0, 0, 0, 0]
    with unit_of_work(stranger) as uow:
        (mine, *_) = uow.session.exec(uow.select("activity").where(Activity.subject == "Anruf 1 山"))
        records.update(uow, "activity", mine.id, {"text": "called back"})
    direct.undo(agent, UUID(told["batch"]))
    ((left, with_left),) = kept(SYSTEM)
    # What they changed stays where they found it: on its customer, who counts it.
    assert (left.subject, with_left, exact(people[0])) == ("Anruf 1 山", {people[0]}, [1])


@pytest.mark.feature("IMP-3")
@pytest.mark.parametrize("word", ["Promotional information", "WERBLICHE Informationen", "promotion"])
def test_a_purpose_is_known_by_its_name_its_key_and_its_title_in_any_language(agent, people, load, word):
    rows = [[*HEADER, "Purpose"], ["1", "mail", "news", "عمر 😀", "2025-01-01", "in", "closed", "", word]]
    told = load(agent, rows)
    assert verdicts(told) == [1, 0, 0, 0, 0], told
    assert kept(agent)[0][0].purpose_id is not None
    rows[1][-1] = "Spendenaufruf"
    assert why(load(agent, rows, on_match="overwrite")) == [[("Purpose", "import.option.unknown")]]


@pytest.mark.feature("REC-20", "CNS-4", "ACT-21", "ACT-7")
def test_what_a_form_refuses_an_import_refuses_and_old_reminders_stay_silent(agent, people, load):
    zoe = people[0]
    perform(agent, records.update, "contact", zoe, {"forbidden_media": "phone"})
    far = (utc_now() + timedelta(days=2)).isoformat()
    header = [*HEADER, "Purpose", "Reminder"]
    told = load(
        agent,
        [
            header,
            ["1", "call", "plan", "007", far, "out", "", "", "", ""],
            ["2", "call", "was", "007", "2025-01-01", "out", "", "", "", ""],
            ["3", "call", "rings", "007", far, "in", "", "", "", ""],
            ["4", "mail", "news", "عمر 😀", "2025-01-01", "out", "", "", "promotional information", ""],
            ["5", "task", "late", "عمر 😀", "2025-01-01", "", "open", "", "", "2025-01-01"],
        ],
    )
    assert (verdicts(told), why(told)) == (
        [3, 0, 0, 0, 2], [[("medium", "activity.forbidden")], [("Purpose", "activity.no_consent")]],
    ), told  # fmt: skip
    perform(SYSTEM, reminders.remind)
    with unit_of_work(SYSTEM, reads=True) as uow:
        assert not [n for n in uow.session.exec(select(Notification)) if n.message == "reminder.notice"]


@pytest.mark.feature("SEC-7", "R12", "IMP-3")
def test_a_closed_field_is_no_target_and_a_file_without_rows_is_refused(agent, make_user, make_as, load, people):
    clerk = make_user("Cleo")
    with unit_of_work(SYSTEM) as uow:
        mine = select(Role).join(UserRole, UserRole.role_id == Role.id).where(UserRole.user_id == clerk.user_id)
        uow.session.exec(mine).one().locked = ["activity.outcome", "activity.kind"]
    clerk = actor_of(clerk.user_id)
    make_as(clerk, "contact", family_name="Own")
    assert verdicts(load(clerk, [["Customer", "Date"], ["Own", "2025-01-01"]]))[0] == 1
    assert kept(clerk)[0][0].kind == "call"  # What every activity is unless somebody may say otherwise.
    columns = [{"column": "Customer", "target": "customers"}, {"column": "Ausgang", "target": "outcome"}]
    with pytest.raises(Invalid, match=r"import.target.unknown|outcome"):
        load(clerk, [["Customer", "Ausgang"], ["007", "x"]], mapping={"columns": columns})
    with pytest.raises(Invalid):
        load(agent, [])
    assert verdicts(load(agent, [HEADER[:4], ["", "", "", ""]]))[0] == 0
    with pytest.raises(Invalid):
        load(agent, [["Customer"], ["007"]], match="external_id", on_match="anonymise")


@pytest.mark.feature("B-IMP-7", "R29", "ACT-15")
def test_a_chunk_of_activities_that_runs_again_after_a_crash_happens_once(agent, people, monkeypatch, tmp_path):
    monkeypatch.setattr(running, "CHUNK", 5)
    path = tmp_path / "crm.csv"
    path.write_text("Type,Customer,Date\n" + "".join(f"call,007,2025-01-{n:02}\n" for n in range(1, 24)), "utf-8")
    key = files.take(path)
    files.read(key, path.name)
    batch = perform(agent, batches.start, "activity", key, path.name)
    job = perform(agent, batches.begin, batch, running.RUN)
    cut_off(job, monkeypatch)
    assert exact(people[0]) == [10]
    assert run.run(job) == "done"
    assert (len(kept(agent)), exact(people[0])) == (23, [23])
    assert run.run(perform(agent, batches.undo, batch)) == "done"
    assert (kept(agent), exact(people[0])) == ([], [0])
