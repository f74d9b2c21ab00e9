"""Products discussed: in order, per customer, with stage, objections, next objective and samples."""

from datetime import timedelta
from uuid import UUID

import pytest

from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.models.activity_product import ActivityProduct
from c360.query.criteria import Criteria, Criterion, Related
from c360.services import activities, activity_lines, bulk, choices, forms, listing, records, talks, undo
from c360.services.listing import ListQuery, sentence
from c360.services.merging import planning
from c360.services.merging.shapes import Choices
from c360.services.privacy import erasing
from c360.services.timeline import stream
from c360.services.timeline.source import Sought
from c360.services.uow import ask, perform, unit_of_work

WORDS = ("Chai", "Käse „Größe XL“ 🧀", "עוגה", "産品 " + "é" * 190)


@pytest.fixture
def ann(agent, make_as):
    return make_as(agent, "contact", family_name="Ann")


@pytest.fixture
def bob(agent, make_as):
    return make_as(agent, "account", name="Bob Ltd")


@pytest.fixture
def products(admin):
    return [str(perform(admin, choices.add, "product", {"name": name, "color": "teal"})) for name in WORDS]


@pytest.fixture
def stages(admin):
    return {one.name: str(one.id) for one in ask(admin, choices.entries, "adoption_stage")}


def held(actor, *customers, **values):
    given = {"kind": "call", "subject": "Presented the range", "status": "closed", "direction": "out", **values}
    return perform(actor, activities.add, customers, given)


def talk(actor, activity_id, product_id, customer_id=None, **values):
    return perform(actor, talks.add, activity_id, {"product_id": product_id, **values}, customer_id)


def told(actor, activity_id):
    """Return each customer's talk as (product, stage, what was said)."""
    return {
        one.name: [
            (line.product, *(chip.text for chip in line.chips), *(fact.text for fact in line.facts))
            for line in one.lines
        ]
        for one in ask(actor, talks.of, activity_id)
    }


@pytest.mark.feature("ACT-19")
def test_a_call_holds_products_in_order_with_stage_objections_next_objective_and_samples(agent, ann, products, stages):
    call = held(agent, ann)
    said = {"objections": "Too dear\nToo big", "next_objective": "A first order", "samples": "3"}
    talk(agent, call, products[0], stage_id=stages["Trial"], **said)
    talk(agent, call, products[1])
    third = talk(agent, call, products[2], samples="0")
    assert told(agent, call) == {
        "Ann": [(WORDS[0], "Trial", "3", "Too dear\nToo big", "A first order"), (WORDS[1],), (WORDS[2], "0")]
    }
    perform(agent, talks.move, third, -1)
    assert [line[0] for line in told(agent, call)["Ann"]] == [WORDS[0], WORDS[2], WORDS[1]]
    perform(agent, talks.move, third, 5)
    perform(agent, records.update, talks.KEY, third, {"stage_id": stages["Usage"], "samples": ""})
    assert told(agent, call)["Ann"][-1] == (WORDS[2], "Usage")
    (line,) = ask(agent, activity_lines.of_customer, ann, "past").lines
    assert line.products == [WORDS[0], WORDS[1], WORDS[2]]
    (entry,) = [one for one in ask(agent, stream.fetch, ann, Sought()).entries if one.type == "call"]
    assert WORDS[0] in entry.note


@pytest.mark.feature("ACT-19")
def test_of_several_people_each_has_a_talk_of_his_own(agent, ann, bob, products, stages):
    meeting = held(agent, ann, bob, kind="call")
    talk(agent, meeting, products[0], stage_id=stages["Interest"])
    talk(agent, meeting, products[1], bob)
    assert told(agent, meeting) == {
        "Ann": [(WORDS[0], "Interest")], "Bob Ltd": [(WORDS[0], "Interest"), (WORDS[1],)],
    }  # fmt: skip
    for one, names in ((ann, [WORDS[0]]), (bob, list(WORDS[:2]))):
        (line,) = ask(agent, activity_lines.of_customer, one, "past").lines
        (entry,) = [e for e in ask(agent, stream.fetch, one, Sought()).entries if e.type == "call"]
        assert (line.products, entry.note.endswith(", ".join(names))) == (names, True)
    talk(agent, meeting, products[1])  # For all: who has it already keeps his line.
    assert [len(lines) for lines in told(agent, meeting).values()] == [2, 2]
    perform(agent, activities.unlink, meeting, bob)
    assert list(told(agent, meeting)) == ["Ann"]


@pytest.mark.feature("ACT-19")
def test_what_cannot_be_is_refused_with_a_sentence(agent, ann, bob, products, stages):
    call = held(agent, ann)
    line = talk(agent, call, products[0])
    for product, values, name in (
        (products[0], {}, "product_id"), ("", {}, "product_id"), (stages["Trial"], {}, "product_id"),
        (products[1], {"stage_id": products[0]}, "stage_id"), (products[1], {"samples": "-1"}, "samples"),
        (products[1], {"samples": "many"}, "samples"), (products[1], {"next_objective": "é" * 501}, "next_objective"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            talk(agent, call, product, **values)
        assert name in refused.value.fields
    with pytest.raises(Conflict, match="not one of"):
        talk(agent, call, products[1], bob)
    task = held(agent, ann, kind="task", direction="")
    with pytest.raises(Conflict, match="not in a task"):
        talk(agent, task, products[0])
    assert ask(agent, talks.of, task) == []
    assert told(agent, call) == {"Ann": [(WORDS[0],)]}
    perform(agent, records.archive, talks.KEY, line)
    talk(agent, call, products[0])
    with pytest.raises(Invalid, match="already"):
        perform(agent, records.restore, talks.KEY, line)


def test_a_closed_meeting_keeps_what_it_holds(agent, ann, products):
    at = (utc_now() + timedelta(days=1)).isoformat()
    meeting = held(agent, ann, kind="meeting", status="open", starts_at=at)
    line = talk(agent, meeting, products[0])
    perform(agent, activities.end, meeting, "closed")
    for act, *given in (
        (talks.add, meeting, {"product_id": products[1]}), (talks.move, line, 1),
        (records.update, talks.KEY, line, {"samples": "2"}), (records.archive, talks.KEY, line),
    ):  # fmt: skip
        with pytest.raises(Conflict, match="read-only"):
            perform(agent, act, *given)
    (one,) = ask(agent, talks.of, meeting)[0].lines
    assert not one.may_edit


@pytest.mark.feature("ACT-19", "SEC-7")
def test_only_who_reaches_the_customer_reads_what_was_said(agent, stranger, ann, bob, products, make_as):
    theirs = make_as(stranger, "contact", family_name="Zoe")
    call = held(agent, ann)
    line = talk(agent, call, products[0], objections="Private")
    with pytest.raises(NotFound):
        ask(stranger, talks.of, call)
    with pytest.raises(NotFound):
        perform(stranger, records.update, talks.KEY, line, {"samples": "1"})
    perform(agent, activities.add, [ann], {"kind": "call", "subject": "x", "status": "closed"})
    perform(stranger, activities.add, [theirs], {"kind": "call", "subject": "x", "status": "closed"})
    with pytest.raises((NotFound, Forbidden)):
        talk(stranger, call, products[1])


@pytest.mark.feature("ACT-13", "ACT-19")
def test_a_follow_up_says_what_is_to_be_reached(agent, ann, products):
    call = held(agent, ann)
    talk(agent, call, products[1], next_objective="Tasting")
    talk(agent, call, products[0])
    later = perform(agent, activities.follow_up, call, 1)
    assert ask(agent, activity_lines.one, later).text == f"{WORDS[1]}: Tasting"


def test_the_form_adds_for_whom_it_was_opened_and_each_step_is_undone(agent, ann, bob, products):
    call = held(agent, ann, bob)
    asked = [f.name for part in ask(agent, forms.describe, talks.KEY).sections for f in part.fields]
    assert asked == ["product_id", "stage_id", "objections", "next_objective", "samples"]
    values = {"product_id": products[0], "stage_id": "", "objections": "", "next_objective": "", "samples": ""}
    done = perform(agent, forms.save, talks.KEY, None, values, given={"activity_id": call, "customer_id": ann})
    assert told(agent, call) == {"Ann": [(WORDS[0],)], "Bob Ltd": []}
    assert done
    set_id = perform(agent, _forgotten, done)
    assert told(agent, call)["Ann"] == []
    perform(agent, undo.undo, set_id)
    assert told(agent, call)["Ann"] == [(WORDS[0],)]


def _forgotten(uow, line_id):
    records.archive(uow, talks.KEY, line_id)
    return uow.draft.set_id


def test_a_product_in_use_is_retired_not_deleted(admin, agent, ann, products):
    talk(agent, held(agent, ann), products[0])
    (chai,) = [one for one in ask(admin, choices.entries, "product") if one.name == "Chai"]
    assert chai.used == 1
    with pytest.raises(Conflict, match="is held by"):
        perform(admin, choices.delete, chai.id)
    for one in products:
        perform(admin, choices.retire, UUID(one))
    assert not ask(agent, talks.is_offered)


@pytest.mark.feature("ACT-19", "CNS-10")
def test_nothing_is_noted_of_who_was_erased_and_what_was_noted_goes(agent, make_user, ann, bob, products):
    officer = make_user("Dora", "data_protection_officer")
    call = held(agent, ann, bob)
    line = talk(agent, call, products[0], objections="Zu süß 🍯", next_objective="Tasting")
    perform(officer, erasing.erase, ann, how="anonymise")
    with unit_of_work(SYSTEM, reads=True) as uow:
        assert uow.session.get(ActivityProduct, line) is None
    talk(agent, call, products[1])
    assert [len(lines) for name, lines in told(agent, call).items() if name == "Bob Ltd"] == [2]
    with pytest.raises(Conflict):
        talk(agent, call, products[2], ann)


@pytest.mark.feature("ACT-19", "LST-6")
@pytest.mark.parametrize(("entity", "via"), [("contact", "customer_id"), ("activity", "activity_id")])
def test_lists_filter_by_what_was_discussed(agent, make_as, ann, products, stages, entity, via):
    call, other = held(agent, ann), held(agent, make_as(agent, "contact", family_name="Zoe"))
    talk(agent, call, products[1], stage_id=stages["Trial"])
    talk(agent, other, products[1], stage_id=stages["Usage"])
    met = Criteria((Criterion("product_id", "is", products[1]), Criterion("stage_id", "is", stages["Trial"])))
    rule = Criteria((Related("activity_product", via, "some", 1, met),))
    page = ask(agent, listing.rows, ListQuery(entity, ("id",), rule), 0, 10)
    assert [row[0] for row in page.rows] == [str(ann if entity == "contact" else call)]
    said = ask(agent, sentence.sentence, entity, rule)
    assert ("products discussed" in said.lower(), WORDS[1] in said, "Trial" in said) == (True, True, True)


@pytest.mark.feature("ACT-19", "DUP-14")
def test_two_talks_of_one_call_become_one_when_their_customers_are_merged(agent, admin, make_as, ann, products, stages):
    twin = make_as(agent, "contact", family_name="Anne")
    call = held(agent, ann, twin)
    talk(agent, call, products[0], ann)
    talk(agent, call, products[0], twin, stage_id=stages["Trial"], objections="Too dear")
    talk(agent, call, products[1], twin)
    apart = told(agent, call)
    both, wanted = [ann, twin], Choices(ann, {})
    plan = perform(admin, planning.plan, both, wanted)
    done = perform(admin, planning.commit, both, wanted, plan.fingerprint)
    assert told(agent, call) == {"Ann": [(WORDS[0], "Trial", "Too dear"), (WORDS[1],)]}
    perform(admin, undo.undo, done.set_id)
    assert told(agent, call) == apart


@pytest.mark.feature("ACT-19")
@pytest.mark.parametrize("how", ["one", "bulk"])
def test_what_was_discussed_goes_and_comes_back_with_its_call(agent, admin, ann, products, how):
    call, other = held(agent, ann), held(agent, ann)
    gone = talk(agent, call, products[0])
    kept, before = talk(agent, other, products[1]), talk(agent, call, products[2])
    perform(agent, records.archive, talks.KEY, before)

    def discussed():
        query = ListQuery(
            "contact", ("id",), Criteria((Related("activity_product", "customer_id", "some", 1, all_of),))
        )
        return [row[0] for row in ask(agent, listing.rows, query, 0, 10).rows]

    all_of = Criteria((Criterion("product_id", "is", products[0]),))
    assert discussed() == [str(ann)]
    chosen = {"mode": "ids", "ids": [str(call)]}
    if how == "one":
        perform(agent, records.archive, "activity", call)
    else:
        assert perform(agent, bulk.apply, "activity", chosen, {"kind": "archive"}).done == 1
    assert discussed() == []
    assert one(agent, kept)
    perform(agent, records.restore, "activity", call)
    assert (discussed(), one(agent, gone), one(agent, before)) == ([str(ann)], True, False)


def one(actor, line_id):
    with unit_of_work(SYSTEM, reads=True) as uow:
        return uow.session.get_one(ActivityProduct, line_id).archived_at is None
