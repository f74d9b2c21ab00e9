"""Activities as a list: rows in reach, filters, views, changes of many at once, and exports."""

from datetime import timedelta

import pytest

from c360.core.clock import utc_now
from c360.core.errors import Conflict, Forbidden, Invalid
from c360.models.activity import Activity
from c360.models.customer import Customer
from c360.query.criteria import Criteria, Criterion
from c360.services import activities, bulk, cells, exports, listing, undo, views
from c360.services.listing import ListQuery
from c360.services.uow import ask, perform
from tests.conftest import actor_of


@pytest.fixture
def ann(agent, make_as):
    return make_as(agent, "contact", family_name="Ångström")


def log(actor, *customers, subject="Rückruf 王", ago=0, **values):
    at = (utc_now() - timedelta(hours=ago)).isoformat()
    given = {"kind": "call", "subject": subject, "status": "closed", "starts_at": at, **values}
    return perform(actor, activities.add, customers, given)


def plan(actor, *customers, hours=24, **values):
    due = (utc_now() + timedelta(hours=hours)).isoformat()
    return log(actor, *customers, status="open", starts_at="", due_at=due, **values)


def column(actor, name, *tests, **asked):
    query = ListQuery("activity", (name,), Criteria(tests), **asked)
    page = ask(actor, listing.rows, query, 0, 100)
    return [row[1] for row in page.rows]


def some(*ids):
    return {"mode": "ids", "ids": [str(one) for one in ids]}


@pytest.mark.feature("ACT-3")
def test_the_list_shows_what_is_in_reach_latest_first_and_with_whom(agent, stranger, ann, make_as):
    far = make_as(stranger, "contact", family_name="Fremd")
    log(agent, ann, subject="Older 🦊", ago=5)
    shared = log(agent, ann, subject="Newer", kind="mail")
    perform(stranger, activities.add, [far], {"kind": "note", "subject": "Theirs", "status": "closed"})
    assert column(agent, "subject") == ["Newer", "Older 🦊"]
    assert column(stranger, "subject") == ["Theirs"]
    assert column(agent, "subject", sort=("at",)) == ["Older 🦊", "Newer"]
    assert column(agent, "subject", search="older") == ["Older 🦊"]
    assert column(agent, "subject", Criterion("kind", "is", "mail")) == ["Newer"]
    other = make_as(agent, "account", name="Werk")
    perform(agent, activities.link, shared, other)
    assert column(agent, "customers", search="Newer") == [
        [{"id": str(ann), "label": "Ångström"}, {"id": str(other), "label": "Werk"}]
    ]
    assert column(agent, "subject", Criterion("customers", "has_any_of", [str(other)])) == ["Newer"]
    assert column(agent, "subject", Criterion("customers", "has_none_of", [str(other)])) == ["Older 🦊"]
    assert column(agent, "subject", Criterion("customers", "has_all_of", [str(ann), str(other)])) == ["Newer"]
    assert column(agent, "subject", Criterion("customers", "has_any_of", [str(far)])) == []


def test_a_customer_out_of_reach_is_not_named(agent, stranger, admin, ann, make_as):
    far = make_as(stranger, "contact", family_name="GEHEIM")
    log(admin, ann, far, subject="Both")
    assert column(agent, "customers") == [
        [{"id": str(ann), "label": "Ångström"}, {"id": None, "label": "Not in your reach"}]
    ]
    columns = {one.name: one for one in ask(agent, listing.columns, "activity")}
    assert columns["subject"].title
    assert not columns["customers"].sortable
    assert not columns["customers"].editable


def test_many_are_closed_at_once_by_their_rules_and_taken_back(agent, ann, database):
    meeting = plan(agent, ann, kind="meeting", subject="Treffen")
    due = [plan(agent, ann), plan(agent, ann)]
    closed = {"kind": "edit", "values": {"status": "submitted"}}
    tried = perform(agent, bulk.preview, "activity", some(meeting, *due), closed)
    assert (tried.total, tried.allowed, len(tried.refused)) == (3, 3, 2)
    assert [sample.label for sample in tried.samples] == ["Treffen"]
    made = perform(agent, bulk.apply, "activity", some(*due), {"kind": "edit", "values": {"status": "closed"}})
    assert (made.done, made.failed) == (2, [])
    assert ask(agent, lambda uow: uow.get("contact", ann).contacts_total) == 2
    perform(agent, undo.begin, made.act_id)
    assert ask(agent, lambda uow: uow.get("contact", ann).contacts_total) == 0
    gone = perform(agent, bulk.apply, "activity", {"mode": "all", "query": {}}, {"kind": "archive"})
    assert (gone.done, column(agent, "subject")) == (3, [])
    assert ask(agent, lambda uow: uow.get("contact", ann).next_step_at) is None
    for kind in ("tag", "inactivate", "add_to_folder"):
        with pytest.raises(Invalid):
            perform(agent, bulk.apply, "activity", some(*due), {"kind": kind})


def test_a_cell_is_changed_unless_somebody_was_faster(agent, ann):
    one = log(agent, ann, subject="Anruf")
    perform(agent, cells.change, "activity", one, "outcome", "reached", "")
    assert ask(agent, lambda uow: uow.session.get_one(Activity, one).outcome) == "reached"
    with pytest.raises(Conflict):
        perform(agent, cells.change, "activity", one, "outcome", "late", "")


def test_a_view_and_a_folder_by_rule_are_kept(agent, ann):
    log(agent, ann, subject="Note", kind="note")
    log(agent, ann, subject="Call")
    rule = {"join": "all", "of": [{"field": "kind", "op": "is", "value": "note"}]}
    view = perform(agent, views.save_view, "activity", "Notes", "private", {"criteria": rule})
    assert [one.id for one in ask(agent, views.views, "activity")] == [view]
    folder = perform(agent, views.save_folder, "activity", "Notes", "dynamic", "private", rule, None)
    assert column(agent, "subject", folder=folder) == ["Note"]
    with pytest.raises(Invalid):
        perform(agent, views.save_folder, "activity", "By hand", "static", "private", {}, None)


def test_an_export_names_those_alone_who_may_be_taken_out(agent, make_user, make_as, ann):
    mate = make_user("Max", "business_user", team="North")
    agent = actor_of(agent.user_id)  # Now with a mate in his team.
    theirs = make_as(mate, "contact", family_name="Mates")
    log(agent, ann, theirs, subject="Ours")
    log(mate, theirs, subject="Mate's own")
    assert sorted(column(agent, "subject")) == ["Mate's own", "Ours"]
    reader = exports.narrowed(agent, "activity")
    page = ask(reader, listing.rows, ListQuery("activity", ("subject", "customers")), 0, 10)
    assert [(row[1], [who["label"] for who in row[2]]) for row in page.rows] == [
        ("Ours", ["Ångström", "Not in your reach"])
    ]
    with pytest.raises(Forbidden):
        exports.narrowed(make_user("Vic", "data_protection_officer"), "user_role")


@pytest.mark.feature("B-PRF-3")
def test_customers_sort_by_their_next_step_and_last_contact(agent, ann, make_as):
    bob, cem = (make_as(agent, "contact", family_name=name) for name in ("Bob", "Cem"))
    plan(agent, bob, hours=48)
    plan(agent, ann, hours=2)
    log(agent, bob, ago=3)

    def names(sort):
        page = ask(agent, listing.rows, ListQuery("contact", ("name",), sort=(sort,)), 0, 10)
        return [row[1] for row in page.rows]

    assert names("next_step_at") == ["Ångström", "Bob", "Cem"]
    assert names("-next_step_at") == ["Bob", "Ångström", "Cem"]
    assert names("-last_contact_at")[0] == "Bob"
    soon = (utc_now() + timedelta(hours=12)).date().isoformat()
    late = ListQuery("contact", ("name",), Criteria((Criterion("next_step_at", "after", soon),)))
    assert [row[1] for row in ask(agent, listing.rows, late, 0, 10).rows] == ["Bob"]
    assert ask(agent, lambda uow: uow.session.get_one(Customer, cem).next_step_at) is None
