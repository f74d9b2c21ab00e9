"""Activities: recorded, planned, linked to several customers, seen in reach, ended along their path."""

from datetime import timedelta

import pytest
from sqlmodel import select

from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.models.activity import KINDS
from c360.models.customer import Customer
from c360.models.journal import ChangeRow
from c360.services import activities, activity_lines, administration, records, undo
from c360.services.uow import ask, perform, unit_of_work


def soon(**delta):
    return (utc_now() + timedelta(**(delta or {"days": 1}))).isoformat()


@pytest.fixture
def ann(agent, make_as):
    return make_as(agent, "contact", family_name="Ann")


@pytest.fixture
def bob(agent, make_as):
    return make_as(agent, "account", name="Bob Ltd")


def logged(actor, *customers, **values):
    given = {"kind": "call", "subject": "Asked about prices", "status": "closed", "direction": "out", **values}
    return perform(actor, activities.add, customers, given)


def planned(actor, *customers, **values):
    given = {"kind": "meeting", "subject": "Yearly talk", "starts_at": soon(), **values}
    return perform(actor, activities.add, customers, given)


def lines(actor, customer_id, phase):
    return ask(actor, activity_lines.of_customer, customer_id, phase).lines


def customer(record_id):
    with unit_of_work(SYSTEM, reads=True) as uow:
        return uow.session.get_one(Customer, record_id)


@pytest.mark.feature("ACT-3", "ACT-6", "ACT-8", "ACT-9", "ACT-14")
def test_a_call_is_recorded_and_shows_in_the_history_of_each_customer(agent, ann, bob):
    call = logged(agent, ann, bob, text="Wants a quote", outcome="Send it")
    for one in (ann, bob):
        (line,) = lines(agent, one, "past")
        assert (line.id, line.subject, line.kind, line.status, line.direction) == (
            str(call), "Asked about prices", "call", "closed", "out",
        )  # fmt: skip
        assert (line.medium_label, line.operator) == ("Phone", agent.name)
        assert {who.name for who in line.customers} == {"Ann", "Bob Ltd"}
        assert lines(agent, one, "planned") == []


@pytest.mark.feature("ACT-10", "ACT-11", "ACT-13")
def test_a_planned_meeting_moves_to_the_history_once_it_is_completed(agent, ann):
    meeting, late = planned(agent, ann), planned(agent, ann, subject="Late", starts_at=soon(days=-1))
    assert [(line.subject, line.overdue) for line in lines(agent, ann, "planned")] == [
        ("Late", True), ("Yearly talk", False),
    ]  # fmt: skip
    step = customer(ann).next_step_at
    assert step is not None
    assert step < utc_now()
    perform(agent, activities.end, meeting, "closed", "Went well")
    perform(agent, activities.end, late, "cancelled")
    assert lines(agent, ann, "planned") == []
    assert {(line.subject, line.status, line.outcome) for line in lines(agent, ann, "past")} == {
        ("Yearly talk", "closed", "Went well"), ("Late", "cancelled", ""),
    }  # fmt: skip
    kept = customer(ann)
    assert (kept.contacts_total, kept.next_step_at) == (1, None)
    perform(agent, activities.reopen, meeting)
    assert [line.subject for line in lines(agent, ann, "planned")] == ["Yearly talk"]


@pytest.mark.feature("ACT-12")
def test_a_follow_up_is_planned_months_later(agent, ann, bob):
    call = logged(agent, ann, bob)
    perform(agent, activities.follow_up, call, 2)
    (line,) = lines(agent, ann, "planned")
    assert line.subject == "Follow-up: Asked about prices"
    assert {who.name for who in line.customers} == {"Ann", "Bob Ltd"}
    assert timedelta(days=57) < activities.in_months(utc_now(), 2) - utc_now() < timedelta(days=63)


@pytest.mark.feature("ACT-18")
def test_a_meeting_goes_its_path_and_is_read_only_once_closed(agent, ann):
    meeting = planned(agent, ann)
    perform(agent, activities.move, meeting, "submitted")
    with pytest.raises(Invalid, match="cannot go from"):
        perform(agent, activities.end, meeting, "closed")
    perform(agent, activities.move, meeting, "authorised")
    perform(agent, activities.end, meeting, "closed")
    with pytest.raises(Conflict, match="read-only"):
        perform(agent, records.update, "activity", meeting, {"subject": "Something else"})
    perform(agent, activities.reopen, meeting)
    perform(agent, records.update, "activity", meeting, {"subject": "Something else"})
    with pytest.raises(Invalid, match="Only a meeting"):
        logged(agent, ann, status="submitted")


@pytest.mark.feature("ACT-18")
@pytest.mark.parametrize(("end", "after"), [("declined", "submitted"), ("cancelled", "authorised")])
def test_a_meeting_declined_or_withdrawn_keeps_its_attendees(agent, ann, bob, make_as, end, after):
    third = make_as(agent, "contact", given_name="ليلى", family_name="حداد")
    meeting = planned(agent, ann, bob, third)
    for step in ("submitted", "authorised")[: 1 if after == "submitted" else 2]:
        perform(agent, activities.move, meeting, step)
    perform(agent, activities.end, meeting, end, "No time")
    for one in (ann, bob, third):
        (line,) = lines(agent, one, "past")
        assert (line.status, line.outcome, len(line.customers)) == (end, "No time", 3)
        assert customer(one).contacts_total == 0
    perform(agent, activities.reopen, meeting)
    assert [line.status for line in lines(agent, ann, "planned")] == ["open"]


@pytest.mark.feature("ACT-3")
def test_every_kind_is_logged_on_an_account(agent, bob):
    for kind in KINDS:
        logged(agent, bob, kind=kind, subject=f"{kind} 🦊", direction="")
    assert {(line.kind, line.subject) for line in lines(agent, bob, "past")} == {(k, f"{k} 🦊") for k in KINDS}
    for kind in ("meeting", "task"):
        planned(agent, bob, kind=kind)
    assert sorted(line.kind for line in lines(agent, bob, "planned")) == ["meeting", "task"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"status": "open"}, "date"),
        ({"starts_at": soon(days=2), "ends_at": soon(days=1)}, "before"),
        ({"subject": ""}, "needed|required|fill"),
        ({"kind": "dance"}, "choice|one of"),
    ],
)
def test_what_makes_no_sense_is_refused(agent, ann, values, message):
    with pytest.raises(Invalid, match=message):
        logged(agent, ann, **values)


def test_an_activity_is_with_somebody(agent, ann, bob):
    with pytest.raises(Invalid):
        logged(agent)
    call = logged(agent, ann, bob)
    perform(agent, activities.unlink, call, bob)
    assert lines(agent, bob, "past") == []
    with pytest.raises(Conflict):
        perform(agent, activities.unlink, call, ann)
    perform(agent, activities.link, call, bob)
    perform(agent, activities.link, call, bob)
    assert len(lines(agent, bob, "past")) == 1
    assert customer(bob).contacts_total == 1


@pytest.mark.feature("SEC-7")
def test_who_sees_a_customer_sees_his_activities_and_nobody_else(agent, stranger, make_user, make_as, ann):
    other = make_as(stranger, "contact", family_name="Elsewhere")
    call = logged(agent, ann)
    with pytest.raises(NotFound):
        ask(stranger, activity_lines.one, call)
    mate = make_user("Mate", team="North")
    assert ask(mate, activity_lines.one, call).subject == "Asked about prices"
    with pytest.raises(NotFound):
        logged(agent, other)
    # Work handed to a colleague is his to see and to do, the customer stays out of his reach.
    task = perform(agent, activities.add, [ann], {
        "kind": "task", "subject": "Call back", "due_at": soon(), "owner_id": str(stranger.user_id),
    })  # fmt: skip
    line = ask(stranger, activity_lines.one, task)
    assert [(who.id, who.href) for who in line.customers] == [("", "")]
    perform(stranger, activities.end, task, "closed", "Done")
    with pytest.raises(NotFound):
        perform(stranger, records.update, "activity", call, {"subject": "Mine"})


def test_a_team_mate_may_record_a_call_on_a_customer_he_may_not_change(agent, make_user, ann):
    mate = make_user("Mate", team="North")
    with pytest.raises(Forbidden):
        perform(mate, records.update, "contact", ann, {"given_name": "X"})
    call = logged(mate, ann)
    assert len(lines(agent, ann, "past")) == 1
    with unit_of_work(mate, reads=True) as uow:
        made = uow.session.exec(select(ChangeRow.set_id).where(ChangeRow.record_id == call)).one()
    perform(mate, undo.undo, made)
    assert lines(agent, ann, "past") == []
    assert customer(ann).contacts_total == 0


@pytest.mark.feature("ADM-5", "ACT-21")
def test_an_administrator_decides_which_activities_are_for_whom(admin, agent, ann, bob):
    perform(admin, administration.switch, "contact", "activity.letter", on=False)
    with pytest.raises(Invalid, match="Letter"):
        logged(agent, ann, kind="letter")
    logged(agent, bob, kind="letter")
    assert "letter" not in dict(ask(agent, activities.kinds, "contact"))
    assert "letter" in dict(ask(agent, activities.kinds, "account"))


@pytest.mark.feature("REC-20")
def test_a_forbidden_channel_is_not_planned_for(agent, ann):
    perform(agent, records.update, "contact", ann, {"forbidden_media": "phone", "forbidden_reason": "No calls please"})
    with pytest.raises(Invalid) as refused:
        planned(agent, ann, kind="call", direction="out", due_at=soon())
    why = "does not want to be reached this way: No calls please"
    assert why in refused.value.text("en"), "the words of every other place that asks whether a channel is forbidden"
    logged(agent, ann)  # What has happened is told all the same.
    logged(agent, ann, direction="in")


def test_a_counter_never_gets_in_the_way_of_an_edit(agent, ann):
    version = customer(ann).version
    logged(agent, ann)
    assert customer(ann).version == version
    perform(agent, records.update, "contact", ann, {"given_name": "Anna"}, version)
    assert customer(ann).contacts_out == 1
