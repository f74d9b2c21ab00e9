"""Sure groups merged at once: looked at, done as a job, stopped, listed, undone as one."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select

from c360.core.actor import SYSTEM
from c360.core.errors import Conflict, Forbidden, NotFound
from c360.jobs.run import run
from c360.matching.evidence import Bar, Explanation
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateModel
from c360.models.job import Job
from c360.models.user import User
from c360.services import administration, notifications, queue, records
from c360.services.duplicates import asking, groups, runs, sure
from c360.services.duplicates.groups import Candidate
from c360.services.duplicates.sure import Left
from c360.services.merging import planning
from c360.services.merging.shapes import Choices
from c360.services.uow import ask, perform, unit_of_work

pytestmark = pytest.mark.usefixtures("database")
TWICE = (("Zoë", "Ångström"), ("小明", "王"), ("ليلى", "حداد"), ("Rita", "Gruber"))


@pytest.fixture
def boss(make_user):
    return make_user("Jörg Boß", "manager", team="North")


@pytest.fixture
def base(boss, make_as, admin):
    """Four people entered twice, every group sure."""
    made = [
        [make_as(boss, "contact", given_name=given, family_name=family, email=f"p{n}@example.org",
                 **({"phone": f"+49 30 55501{n}0"} if late else {"notes": "früh"})) for late in (0, 1)]
        for n, (given, family) in enumerate(TWICE)
    ]  # fmt: skip
    found(*made)
    return made


def found(*some, score=0.995):
    """Keep groups as a search of a larger base would find them."""
    with unit_of_work(SYSTEM) as uow:
        why = Explanation(score, (Bar("email", "same", 12.0),), "", ())
        pairs = [[Candidate(*sorted((first, other)), why) for other in others] for first, *others in some]
        groups.put(uow.session, "contact", zip(some, pairs, strict=True))


def merged():
    with unit_of_work(SYSTEM, reads=True) as uow:
        found = select(Customer.id, Customer.merged_into_id).where(col(Customer.merged_into_id).is_not(None))
        return dict(uow.session.exec(found).all())


def stored(one_id):
    with unit_of_work(SYSTEM, reads=True) as uow:
        return uow.session.get_one(Customer, one_id)


@pytest.mark.feature("BEY-22", "DUP-15")
def test_all_sure_groups_are_merged_as_shown_and_undone_at_once(admin, boss, base, make_user):
    first, doubted, *_ = base
    perform(boss, records.update, "contact", doubted[0], {"birth_date": "1980-02-01"})
    perform(boss, records.update, "contact", doubted[1], {"birth_date": "1981-03-02"})
    with unit_of_work(SYSTEM) as uow:
        uow.session.get_one(Customer, base[2][0]).contacts_total = 5
    perform(admin, administration.change, "merging", {"contact": {"second_contacts": 5}})
    shown = ask(boss, sure.preview, "contact")
    assert (shown.groups, shown.records) == (2, 4)
    assert shown.left == [
        Left("a second person must approve it", 1),
        Left("something tells the records apart or must be confirmed", 1),
    ]
    job_id = perform(boss, sure.start, "contact", shown.at)
    assert run(job_id) == "done"
    assert merged() == {base[0][1]: first[0], base[3][1]: base[3][0]}
    left = stored(first[0])
    assert (left.notes, left.phone) == ("früh", "+49 30 5550100"), "the earliest stays, what it lacks comes along"
    [told] = ask(boss, runs.listed)
    assert (told.groups, told.records, told.standing, told.who) == (2, 4, 2, "Jörg Boß")
    assert told.left == shown.left
    assert {one.records for one in ask(boss, runs.merges, job_id)} == {2}
    assert ask(boss, notifications.mine)[0].href == "/duplicates/runs"
    other = make_user("Sue", "manager", team="South")
    assert ask(other, runs.listed) == []
    for act in (runs.merges, runs.undo_all):
        with pytest.raises(NotFound):
            perform(other, act, job_id)

    assert run(perform(boss, runs.undo_all, job_id)) == "done"
    assert merged() == {}
    assert stored(first[0]).phone is None
    [told] = ask(boss, runs.listed)
    assert told.standing == 0
    assert all(one.undone for one in ask(boss, runs.merges, job_id))
    with pytest.raises(Conflict):
        perform(boss, runs.undo_all, job_id)


@pytest.mark.feature("BEY-22")
def test_a_run_goes_on_where_it_was_and_stops_when_asked(boss, base):
    job_id = perform(boss, sure.start, "contact")
    with unit_of_work(boss, cause_id=job_id) as uow:
        job = uow.session.get_one(Job, job_id)
        assert sure.step(uow, job)
        uow.session.add(job)
    assert len(merged()) == 1, "each merge is safe by itself"
    assert ask(boss, queue.progress, job_id).total == 4
    perform(boss, queue.ask_cancel, job_id)
    assert run(job_id) == "cancelled"
    assert len(merged()) == 1
    assert run(perform(boss, runs.undo_all, job_id)) == "done"
    assert merged() == {}


@pytest.mark.feature("BEY-22")
def test_only_what_is_sure_was_seen_and_is_ones_own_is_merged(boss, base, make_as, make_user):
    agent, other = make_user("Ben", team="North"), make_user("Sue", "manager", team="South")
    with pytest.raises(Forbidden):
        perform(agent, sure.start, "contact")
    assert ask(other, sure.preview, "contact").groups == 0
    assert ask(other, sure.preview, "contact").left == [], "what one may not open is not even counted"
    shown = ask(boss, sure.preview, "contact")
    late = [make_as(boss, "contact", given_name="Uwe", family_name="Ochs", email="u@example.org") for _ in (1, 2)]
    found(late)
    found(base[3], score=0.9)
    assert ask(boss, sure.preview, "contact").groups == 4
    run(perform(boss, sure.start, "contact", shown.at))
    gone = merged()
    assert not {*late} & set(gone), "what was found after the look waits for the next"
    assert len(gone) == 3


@pytest.mark.feature("BEY-22")
def test_a_merge_others_built_on_does_not_keep_the_rest_from_being_undone(boss, base, make_as):
    job_id = perform(boss, sure.start, "contact")
    run(job_id)
    gone = merged()
    survivor = next(iter(gone.values()))
    third = make_as(boss, "contact", given_name="Ute", family_name="Öz")
    perform(boss, planning.merge, [third, survivor], Choices(third))
    undo_id = perform(boss, runs.undo_all, job_id)
    assert run(undo_id) == "done"
    assert len(merged()) == 2, "the one that was built on, and what was built"
    done = ask(boss, queue.progress, undo_id).result or {}
    assert (done["kept"], len(done["blocked"])) == (1, 1)


def test_a_refused_merge_leaves_nothing_behind_and_the_next_goes_on(boss, base, monkeypatch):
    real = sure.planning.merge
    failed = []

    def broken(uow, ids, choices):
        done = real(uow, ids, choices)
        if not failed:
            failed.append(ids)
            raise Conflict("merge.changed")
        return done

    monkeypatch.setattr(sure.planning, "merge", broken)
    job_id = perform(boss, sure.start, "contact")
    assert run(job_id) == "done"
    assert len(merged()) == 3
    assert stored(failed[0][1]).merged_into_id is None
    [told] = ask(boss, runs.listed)
    assert told.left == [Left("the merge was refused", 1)]


@pytest.mark.feature("DUP-1", "DUP-15")
def test_by_policy_the_scheduled_search_merges_what_is_sure(admin, boss, make_as):
    early, middle, late = (
        make_as(boss, "contact", given_name="Zoë", family_name="Ångström", email="zoe@example.org", **more)
        for more in ({"notes": "früh"}, {"phone": "+49 30 5550101", "website": "https://alt.example"},
                     {"website": "https://neu.example", "notes": "spät"})
    )  # fmt: skip
    make_as(boss, "address", {"customer_id": late}, role="main", street="Gasse 2", city="Köln")

    def search():
        asking.due()
        with unit_of_work(SYSTEM, reads=True) as uow:
            waiting = uow.session.exec(select(Job.id).where(Job.state == "queued").order_by(col(Job.kind).desc())).all()
        return [run(one) for one in waiting]

    assert set(search()) == {"done"}
    found((early, middle, late))
    assert merged() == {}, "nothing merges by itself as shipped"
    perform(admin, administration.change, "merging", {"contact": {"automatic": True}})
    with unit_of_work(SYSTEM) as uow:
        for model in uow.session.exec(select(DuplicateModel)):
            model.scanned_at -= timedelta(days=2)
    search()
    search()
    assert merged() == {middle: early, late: early}
    left = stored(early)
    assert (left.notes.split()[0], left.phone, left.city) == ("früh", "+49 30 5550101", "Köln")
    assert left.website == "https://neu.example", "what was empty comes from the latest"
    [told] = ask(boss, runs.listed)
    assert (told.who, told.groups, told.records, told.mine) == ("", 1, 3, False)
    [one] = ask(boss, runs.merges, UUID(told.id))
    assert one.href.startswith("/unmerge/")
    with pytest.raises(NotFound):
        perform(boss, runs.undo_all, UUID(told.id))
    assert run(perform(admin, runs.undo_all, UUID(told.id))) == "done"
    assert merged() == {}
    assert stored(early).website is None


def test_a_step_sorts_no_further_than_to_what_it_merges(boss, base, monkeypatch):
    sorted_ = []
    real = sure.participants.questions
    monkeypatch.setattr(
        sure.participants, "questions", lambda uow, people: sorted_.append(people.ids) or real(uow, people)
    )
    job_id = perform(boss, sure.start, "contact")
    with unit_of_work(boss, cause_id=job_id) as uow:
        assert sure.step(uow, uow.session.get_one(Job, job_id))
    assert len({*sorted_}) == 1


@pytest.mark.feature("BEY-22")
def test_two_users_are_left_out_and_a_former_one_is_not(admin, boss, base, make_user):
    first, second = (make_user(name) for name in ("Ütz", "Öz"))
    for user, contact in ((first, base[0][0]), (second, base[0][1])):
        with unit_of_work(SYSTEM) as uow:
            uow.session.get_one(User, user.user_id).contact_id = contact
    assert ask(boss, sure.preview, "contact").left == [Left("the merge was refused", 1)]
    perform(admin, records.archive, "user", second.user_id)
    assert ask(boss, sure.preview, "contact").left == []
