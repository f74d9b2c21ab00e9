"""Activities and posts that say the same on two participants: one stays, and it is the one anything hangs on."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlmodel import Session, col, select

from c360.core.clock import utc_now
from c360.core.db import engine
from c360.models.activity import Activity, ActivityCustomer
from c360.models.attachment import Attachment
from c360.models.customer import Customer
from c360.models.post import Post
from c360.services import activities, activity_counts, agenda, attachments, feed, files, timeline, undo
from c360.services.merging import planning, proposing
from c360.services.merging.shapes import Choices
from c360.services.timeline import Sought
from c360.services.uow import ask, perform, unit_of_work

NOW = utc_now()
WORDS = "Über das Angebot 見積り 📞, السلام"


@pytest.fixture
def pair(admin, make_as):
    return [make_as(admin, "contact", given_name="Zoë", family_name=name) for name in ("Müller", "Mueller 山")]


def rows(model, *tests):
    with Session(engine()) as session:
        return session.exec(select(model).where(*tests)).all()


def live(model, *tests):
    return {row.id for row in rows(model, col(model.archived_at).is_(None), *tests)}


def figures(customer_id):
    [row] = rows(Customer, Customer.id == customer_id)
    return row.contacts_total, row.last_contact_at, row.next_step_at


def of(customer_id):
    """The activities in use with a customer."""
    links = rows(ActivityCustomer, ActivityCustomer.customer_id == customer_id)
    named = {row.activity_id for row in links if row.archived_at is None}
    return named & live(Activity)


def call(actor, *customers, ago=1, **values):
    at = NOW - timedelta(days=ago)
    given = {"kind": "call", "subject": WORDS, "status": "closed", "direction": "in", "starts_at": at.isoformat()}
    return perform(actor, activities.add, customers, {**given, **values})


def merge(actor, ids, **chosen):
    plan = perform(actor, planning.plan, ids, Choices(ids[0], **chosen))
    done = perform(actor, planning.commit, ids, Choices(ids[0], **chosen), plan.fingerprint)
    assert done.rows == plan.rows
    return plan, done


def took(plan):
    return {one.key: (one.moved, one.collapsed) for one in plan.moved}


@pytest.mark.feature("DUP-11", "DUP-14", "B-MRG-9", "B-MRG-11")
def test_equal_activities_are_not_doubled_and_come_back(admin, pair):
    a, b = pair
    due = (utc_now() + timedelta(days=2)).isoformat()
    tomorrow = {"kind": "task", "subject": "Anrufen", "status": "open", "starts_at": "", "due_at": due}
    for one in pair:
        call(admin, one)
        call(admin, one, **tomorrow)
    own = call(admin, b, outcome="No answer")
    before = [of(one) for one in pair], [figures(one) for one in pair]
    shown = {one.key: one.collisions for one in ask(admin, proposing.propose, pair, a).collections}
    assert (shown["activity_customer.call"], shown["activity_customer.task"]) == (1, 1)
    plan, done = merge(admin, pair)
    assert (took(plan)["activity_customer.call"], took(plan)["activity_customer.task"]) == ((1, 1), (0, 1))
    assert of(a) == before[0][0] | {own}
    assert len(rows(Activity)) == 5
    assert figures(a)[0] == 2
    assert len(ask(admin, timeline.fetch, a, Sought(types=frozenset({"call"}))).entries) == 2
    assert ask(admin, activity_counts.of, a).total == 2
    assert [line.subject for line in ask(admin, timeline.upcoming, a)] == ["Anrufen"]
    day = ask(admin, agenda.day)
    assert len([line for some in (day.today, day.upcoming) for line in some]) == 1
    perform(admin, undo.undo, done.set_id)
    assert ([of(one) for one in pair], [figures(one) for one in pair]) == before


@pytest.mark.feature("DUP-11", "DUP-14")
@pytest.mark.parametrize(
    "other",
    [{"subject": "Etwas anderes"}, {"text": "Länger"}, {"direction": "out"}, {"medium": "sms"}, {"outcome": "Ja"},
     {"kind": "meeting"}, {"ago": 2}, {"place": "東京"}, {"duration": "7"}, {"status": "cancelled"}],
    ids=lambda one: next(iter(one)),
)  # fmt: skip
def test_what_differs_in_anything_a_person_said_stays(admin, pair, other):
    kept = {call(admin, pair[0]), call(admin, pair[1], **other)}
    plan, _ = merge(admin, pair)
    assert of(pair[0]) == kept
    assert all(collapsed == 0 for _, collapsed in took(plan).values())


@pytest.mark.feature("DUP-11", "DUP-14")
def test_another_operators_call_is_another_call(admin, make_user, pair):
    other = make_user("manager")
    kept = {call(admin, pair[0]), call(admin, pair[1], owner_id=str(other.user_id))}
    merge(admin, pair)
    assert of(pair[0]) == kept


@pytest.mark.feature("DUP-11", "DUP-14", "B-MRG-10")
def test_an_activity_with_a_third_customer_stays_and_takes_its_equal_in(admin, make_as, pair):
    a, b = pair
    third = make_as(admin, "account", name="Drittes Haus")
    mine, shared = call(admin, a), call(admin, b, third)
    merge(admin, pair)
    assert of(a) == of(third) == {shared}
    assert mine not in live(Activity)


@pytest.mark.feature("DUP-11", "DUP-14", "B-MRG-10")
def test_two_activities_that_stand_with_others_too_both_stay(admin, make_as, pair):
    others = [make_as(admin, "account", name=name) for name in ("Drittes", "Viertes")]
    made = [call(admin, one, other) for one, other in zip(pair, others, strict=True)]
    merge(admin, pair)
    assert of(pair[0]) == set(made)
    assert [of(one) for one in others] == [{made[0]}, {made[1]}]


@pytest.mark.feature("DUP-11", "DUP-14", "B-MRG-10")
@pytest.mark.parametrize("hung", ["file", "follow-up", "known", "reminder"])
def test_the_equal_something_hangs_on_is_the_one_that_stays(admin, pair, hung):
    a, b = pair
    remind = {"remind_at": (utc_now() + timedelta(days=1)).isoformat()} if hung == "reminder" else {}
    mine, richer = call(admin, a), call(admin, b, **remind)
    if hung == "file":
        perform(admin, attachments.attach, "activity", richer, files.receive("見積り.txt", BytesIO(b"x")))
    elif hung == "follow-up":
        perform(admin, activities.follow_up, richer, 1)
    elif hung == "known":
        with unit_of_work(admin) as uow:
            uow.session.get_one(Activity, richer).external_id = "ERP-1"
    merge(admin, pair)
    assert of(a) & {mine, richer} == {richer}


@pytest.mark.feature("DUP-11")
def test_activities_that_were_replaced_are_planned_and_listed_no_more(admin, make_as, pair):
    a, b = pair
    third = make_as(admin, "account", name="Drittes Haus")
    alone, shared, chosen = call(admin, b), call(admin, b, third, ago=3), call(admin, a, ago=2)
    _, done = merge(admin, pair, collections={"activity_customer.call": str(a)})
    assert (of(a), of(third), live(Activity)) == ({chosen}, {shared}, {chosen, shared})
    perform(admin, undo.undo, done.set_id)
    assert (of(b), of(third)) == ({alone, shared}, {shared})


@pytest.mark.feature("DUP-11", "DUP-14")
def test_equal_posts_are_not_doubled_and_answers_stay(admin, agent, pair):
    a, b = pair
    for text in (WORDS, "Beantwortet", "Gemocht"):
        mine, others = (perform(admin, feed.post, one, text) for one in pair)
        if text == "Beantwortet":
            perform(admin, feed.comment, others, "Ja, 好的")
        if text == "Gemocht":
            perform(admin, feed.like, mine)
            perform(admin, feed.like, others)
    with unit_of_work(admin) as uow:
        # The minute they were posted in must not end between them.
        for post in uow.session.exec(select(Post)):
            post.created_at = utc_now().replace(second=0, microsecond=0)
    perform(admin, feed.post, b, "Nur hier")
    plan, done = merge(admin, pair)
    assert took(plan)["post"] == (3, 2)
    posts = ask(admin, timeline.fetch, a, Sought(types=frozenset({"post"}))).entries
    told = sorted((post.text, len(post.lines), post.likes) for post in posts)
    assert told == [("Beantwortet", 1, 0), ("Gemocht", 0, 1), ("Gemocht", 0, 1), ("Nur hier", 0, 0), (WORDS, 0, 0)]
    perform(admin, undo.undo, done.set_id)
    assert [len(live(Post, Post.customer_id == one)) for one in pair] == [3, 4]


@pytest.mark.feature("DUP-11", "DUP-14")
def test_equal_files_bank_accounts_and_jobs_are_not_doubled(admin, make_as, pair):
    account = make_as(admin, "account", name="Haus")
    for one in pair:
        perform(admin, attachments.attach, "contact", one, files.receive("Vertrag 契約.txt", BytesIO(b"same")))
        make_as(admin, "bank_account", {"customer_id": one}, iban="DE89370400440532013000")
        make_as(admin, "employment", {"contact_id": one, "account_id": account}, job_title="Ärztin",
                from_on="2020-01-01")  # fmt: skip
    plan, done = merge(admin, pair)
    assert {took(plan)[key][1] for key in ("attachment", "bank_account", "employment")} == {1}
    perform(admin, undo.undo, done.set_id)
    assert len(live(Attachment)) == 2


@pytest.mark.feature("DUP-11")
def test_what_one_customer_said_twice_himself_is_left_alone(admin, pair):
    kept = {call(admin, pair[0]), call(admin, pair[0])}
    merge(admin, pair)
    assert of(pair[0]) == kept
