"""A recipe is tried on merges that were decided: what it would have made then, within the reader's reach alone."""

from dataclasses import replace

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from c360.core.db import engine
from c360.models.journal import ChangeRow, ChangeSet
from c360.services import records, undo
from c360.services.merging import planning, rehearsing
from c360.services.merging.shapes import Choices
from c360.services.merging.strategies import Trust
from c360.services.privacy import erasing
from c360.services.uow import ask, perform, unit_of_work
from tests.services.merging.test_decisions import found
from tests.services.merging.test_strategies import three  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.feature("BEY-14")]


def rehearse(actor, trust=None, **rules):
    return ask(actor, rehearsing.rehearse, "contact", rules, trust)


def lines(rehearsed):
    return [(case.name, [(one.label, one.made, one.kept, one.same) for one in case.fields]) for case in rehearsed.cases]


def pair(make_as, actor, family, notes, **more):
    return [make_as(actor, "contact", family_name=family, notes=one, **more) for one in notes]


def test_a_past_merge_is_worked_out_again_from_what_was_there_then(admin, make_as):
    a, b = pair(make_as, admin, "Şahin", ["Short 山", "Longer of the two"])
    done = perform(admin, planning.merge, [a, b], Choices(a, {"notes": f"of:{a}"}))
    with unit_of_work(admin) as uow:  # What is said later is no part of what was decided.
        records.update(uow, "contact", a, {"notes": "Later, and by far the longest of them all"})
    with Session(engine()) as session:
        before = [session.scalar(select(func.count()).select_from(one)) for one in (ChangeSet, ChangeRow)]
    told = rehearse(admin, notes="longest", given_name="newest", email="newest", nothing="newest")
    [case] = told.cases
    assert (case.href, bool(case.at)) == (f"/unmerge/{done.set_id}", True)
    [one] = case.fields
    assert (one.said, one.made, one.kept) == (["Short 山", "Longer of the two"], "Longer of the two", "Short 山")
    assert (told.looked, told.decided, told.same) == (1, 1, 0)
    assert (rehearse(admin, notes="shortest").same, rehearse(admin, notes="newest").same) == (1, 0)
    assert rehearse(admin, email="newest").looked == 1
    assert rehearse(admin).cases == rehearse(admin, notes="no such rule").cases == []
    with Session(engine()) as session:
        after = [session.scalar(select(func.count()).select_from(one)) for one in (ChangeSet, ChangeRow)]
    assert after == before, "nothing was written"


def test_the_newest_is_who_was_changed_last_before_the_merge(admin, make_as):
    a, b = pair(make_as, admin, "Ng", ["first", "second"])
    with unit_of_work(admin) as uow:
        records.update(uow, "contact", a, {"notes": "first, mended"})
    perform(admin, planning.merge, [a, b], Choices(b, {"notes": f"of:{a}"}))
    assert lines(rehearse(admin, notes="newest")) == [("Ng", [("Notes", "first, mended", "first, mended", True)])]
    assert rehearse(admin, notes="oldest").cases[0].fields[0].made == "second"


def test_the_most_trusted_source_is_that_of_before_the_merge(admin, three):  # noqa: F811
    perform(admin, planning.merge, three, Choices(three[0], {"email": f"of:{three[1]}"}))
    crm = Trust(("Old CRM",), typed_first=False)
    [one] = rehearse(admin, crm, email="trusted").cases[0].fields
    assert (one.made, one.kept, one.same) == ("zoe@crm.example", "zoe@shop.example", False)
    [one] = rehearse(admin, Trust(("Shop 商店",), typed_first=False), email="trusted").cases[0].fields
    assert one.same
    [one] = rehearse(admin, email="trusted").cases[0].fields
    assert one.made == "zoe@x.example", "as it is set, what was typed here counts most"


def test_ten_at_most_the_newest_first_and_none_that_was_undone(admin, make_as):
    sets = []
    for n in range(12):
        a, b = pair(make_as, admin, f"Nr{n}", ["x", "yy"])
        sets.append(perform(admin, planning.merge, [a, b], Choices(a)).set_id)
    perform(admin, undo.undo, sets[-1])
    told = rehearse(admin, notes="longest")
    assert [case.name for case in told.cases] == [f"Nr{n}" for n in range(10, 0, -1)]
    assert told.looked == 10


def test_groups_that_wait_take_the_place_of_merges_that_are_not_there(admin, agent, make_as):
    a, b = pair(make_as, agent, "Wart", ["kurz", "länger"], email="wart@example.com")
    assert rehearse(admin, notes="longest") == rehearsing.Rehearsal()
    found(a, b)
    told = rehearse(admin, notes="longest")
    [case] = told.cases
    assert (case.at, case.fields[0].made, case.fields[0].same) == ("", "länger", False)
    assert (told.looked, told.decided, told.same) == (1, 0, 0)


def test_who_may_not_see_a_customer_or_a_field_learns_nothing_of_it(admin, agent, stranger, make_as):
    a, b = pair(make_as, agent, "Eigen", ["geheim eins", "geheim zwei!"])
    perform(admin, planning.merge, [a, b], Choices(a))
    c, d = pair(make_as, agent, "Offen", ["vier", "fünf!"])
    found(c, d)
    assert len(rehearse(agent, notes="longest").cases) == 2
    assert rehearse(stranger, notes="longest") == rehearsing.Rehearsal()
    hidden = replace(agent, hidden=frozenset({"contact.notes"}))
    assert "geheim" not in repr(rehearse(hidden, notes="longest"))


def test_what_was_erased_is_not_brought_back(admin, make_as):
    a, b = pair(make_as, admin, "Weg", ["einmal gesagt", "und nie wieder"])
    perform(admin, planning.merge, [a, b], Choices(a))
    assert rehearse(admin, notes="longest").cases
    perform(admin, erasing.erase, a)
    assert "gesagt" not in repr(rehearse(admin, notes="longest"))
    assert rehearse(admin, notes="longest").cases == []


def test_what_does_not_fit_the_field_is_said(admin, make_as):
    a, b = (make_as(admin, "account", name="Lang", alternative_names=one * 600) for one in ("Ö", "山"))
    perform(admin, planning.merge, [a, b], Choices(a, {"alternative_names": f"of:{a}"}))
    [one] = ask(admin, rehearsing.rehearse, "account", {"alternative_names": "append"}).cases[0].fields
    assert ("Too long" in one.made, one.same) == (True, False)
