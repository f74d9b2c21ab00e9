"""What a merge decided is told: kept and rejected values, rules, what suggested it; and what is worked out anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from c360.core.clock import utc_now
from c360.core.db import engine
from c360.core.errors import NotFound
from c360.core.ids import new_id
from c360.matching.evidence import Bar, Explanation
from c360.models.contact_figures import ContactFigures
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateGroup, DuplicateKey, DuplicatePair
from c360.models.search import SearchDocument
from c360.services import history, records, undo
from c360.services.merging import decisions, planning
from c360.services.merging.shapes import Choices
from c360.services.uow import ask, perform, unit_of_work
from tests.services.test_activities import logged, planned
from tests.services.test_counters import naive


def found(*ids, score=0.97):
    """Write down what a search for duplicates found."""
    left, right = sorted(ids)
    why = Explanation(score, (Bar("family_name", "close", 7.0), Bar("email", "same", 5.0)), "", ())
    with Session(engine()) as session:
        group = DuplicateGroup(id=new_id(), entity="contact", score=score, worth=1.0, size=2)
        session.add(group)
        session.flush()
        session.add(DuplicatePair(group_id=group.id, entity="contact", left_id=left, right_id=right, score=score,
                                  why=why.to_json()))  # fmt: skip
        session.commit()


@pytest.mark.feature("B-MRG-13", "DUP-13")
def test_one_entry_tells_what_was_kept_and_rejected_by_which_rule_and_why(admin, make_as, stranger):
    a = make_as(admin, "contact", given_name="Zoë", family_name="König", job_title="Ärztin", notes="alt 山")
    b = make_as(admin, "contact", given_name="Z", family_name="Koenig", job_title="Chefin", notes="neu 👋")
    c = make_as(admin, "contact", given_name="Zoë", family_name="König", job_title="Direktorin", phone="+49 30 123456")
    found(a, b)
    before = len(ask(admin, history.of, "contact", a).entries)
    picks = {"name": f"of:{b}", "job": f"of:{c}", "notes": "by:longest", "language": "typed:de"}
    done = perform(admin, planning.merge, [a, b, c], Choices(a, picks))
    with unit_of_work(admin) as uow:  # What is done later changes nothing of what was decided.
        records.update(uow, "contact", a, {"job_title": "Rentnerin", "given_name": "Später"})
    told = ask(admin, decisions.of, done.set_id)
    lines = {one.name: one for one in told.decisions}
    assert (lines["family_name"].kept, lines["family_name"].how) == ("Koenig", "Z Koenig")
    assert lines["family_name"].rejected == ["Zoë König: König", "Zoë König: König"]
    assert (lines["job_title"].kept, sorted(lines["job_title"].rejected)) == (
        "Direktorin", ["Z Koenig: Chefin", "Zoë König: Ärztin"]
    )  # fmt: skip
    assert lines["notes"].how == "Longest"
    assert "phone" not in lines, "only one had a number: nothing was rejected"
    [why] = told.suggested
    assert "97" in why
    entries = ask(admin, history.of, "contact", a).entries
    [entry] = [one for one in entries if one.set_id == str(done.set_id)]
    assert (entry.who, len(entries)) == ("Ada Admin", before + 4), "one entry, and those of the others"
    hidden = replace(admin, hidden=frozenset({"contact.job_title"}))
    assert "Direktorin" not in repr(ask(hidden, decisions.of, done.set_id))
    for actor, set_id in ((stranger, done.set_id), (admin, new_id())):
        with pytest.raises(NotFound):
            ask(actor, decisions.of, set_id)
    perform(admin, undo.undo, done.set_id)
    assert {one.name for one in ask(admin, decisions.of, done.set_id).decisions} == set(lines)


@pytest.mark.feature("B-MRG-11", "DUP-18")
def test_what_follows_from_the_rows_is_worked_out_anew_once(admin, make_as):
    a, b, c = (make_as(admin, "contact", family_name=name, email=f"{name}@example.com") for name in ("Ax", "Bx", "Cx"))
    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    for n, one in enumerate((a, b, b, c)):
        logged(admin, one, starts_at=(start + timedelta(days=n)).isoformat(), direction="in" if n % 2 else "out")
    logged(admin, a, c, starts_at=(start + timedelta(days=9)).isoformat())
    planned(admin, b, starts_at=(utc_now() + timedelta(days=3)).isoformat())
    planned(admin, c, starts_at=(utc_now() + timedelta(days=2)).isoformat())

    def derived():
        with Session(engine()) as session:
            people = {one: session.get_one(Customer, one) for one in (a, b, c)}
            figures = {one: {n: getattr(row, n) for n in ContactFigures.model_fields} for one, row in people.items()}
            anew = {one: naive(session, one) for one, row in people.items() if row.merged_into_id is None}
            texts = {one.customer_id: {*one.name.split(), *one.email.split()} for one in session.exec(
                select(SearchDocument))}  # fmt: skip
            keyed = {one for one in session.exec(select(DuplicateKey.customer_id).distinct()) if one in people}
            return figures, anew, texts, keyed

    before = derived()
    done = perform(admin, planning.merge, [a, b, c], Choices(a))
    figures, anew, texts, keyed = derived()
    assert figures[a] == anew[a]
    # A call with two of them is one call now.
    assert (figures[a]["contacts_total"], figures[a]["contacts_in"]) == (5, 2)
    assert figures[a]["next_step_at"] == before[0][c]["next_step_at"]
    assert (figures[b], figures[c]) == (before[0][b], before[0][c]), "who was merged keeps what he had"
    assert (set(texts) & {a, b, c}, keyed) == ({a}, {a})
    assert "bx@example.com" in texts[a]
    perform(admin, undo.undo, done.set_id)
    assert derived() == before
