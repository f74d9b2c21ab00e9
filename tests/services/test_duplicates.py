"""Duplicates among the customers, and what was decided about them."""

from uuid import UUID

import pytest
from sqlmodel import func, select

from c360.core.actor import SYSTEM
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.core.ids import new_id
from c360.jobs.run import run
from c360.matching.evidence import Bar, Explanation
from c360.models.customer import Customer
from c360.models.duplicate import DuplicateGroup, DuplicateKey, DuplicatePair
from c360.models.journal import AccessEntry
from c360.query.criteria import Criteria, Criterion, to_json
from c360.services import administration, bulk, defaults, listing, notifications, queue, records, settings, views
from c360.services.duplicates import asking, check, deciding, keys, reviewing, rules, running, scan, telling, verdicts
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import reads_of, required

pytestmark = pytest.mark.usefixtures("database")
PEOPLE = [
    ("Emil", "Conrad", "1972-02-16"), ("Rita", "Gruber", "1978-05-19"), ("Olga", "Lenz", "1990-11-02"),
    ("Hans", "Moser", "1955-07-30"), ("Tina", "Abel", "1984-01-12"), ("Sven", "Pohl", "1967-09-05"),
]  # fmt: skip


@pytest.fixture
def base(agent, make_as):
    """Six different people, and one of them twice: by a nickname, without the birth date."""
    ids = [
        make_as(agent, "contact", given_name=given, family_name=family, birth_date=born,
                email=f"{family}.{born[:4]}@example.org".lower())
        for given, family, born in PEOPLE
    ]  # fmt: skip
    twin = make_as(agent, "contact", given_name="EMIL", family_name="Conrad", email="conrad.1972@example.org")
    return ids, twin


def groups(actor=SYSTEM):
    return scan.whole(actor, "contact").groups


def search(*, changed=False, entity="contact"):
    return running.at_once(SYSTEM, entity, changed=changed)


def waiting(actor=SYSTEM, state="open"):
    return [sorted(UUID(one.id) for one in line.members) for line in ask(actor, reviewing.groups, state=state)]


@pytest.mark.feature("DUP-2", "B-DUP-9")
def test_a_scan_finds_who_is_there_twice_and_says_why(base, agent):
    ids, twin = base
    assert search() == {"customers": 7, "groups": 1}
    [line] = ask(agent, reviewing.groups)
    assert "duplicates" in reads_of(agent)
    assert [one.id for one in line.members] == [str(ids[0]), str(twin)]
    [pair] = line.pairs
    assert "same e-mail" in pair.why
    assert 1 / (1 + 2 ** -sum(bar.bits for bar in pair.bars)) == pytest.approx(pair.score, abs=0.001)


@pytest.mark.feature("BEY-7", "B-DUP-8")
@pytest.mark.parametrize("language", ["en", "de"])
def test_fields_a_reader_may_not_see_count_in_one_bar_without_a_name(base, agent, language):
    found = scan.whole(SYSTEM, "contact").pairs[0].why
    shown = telling.bars(found, language, {"email"})
    assert sum(bar.bits for bar in shown) == pytest.approx(found.bits, abs=0.01)
    assert [bar.key for bar in shown if "mail" in bar.label.lower()] == []
    assert shown[-1].label == {"en": "Fields you may not see", "de": "Felder, die Sie nicht sehen dürfen"}[language]


@pytest.mark.feature("B-DUP-13")
def test_archived_customers_are_not_listed(base, agent):
    ids, twin = base
    search()
    perform(agent, records.archive, "contact", twin)
    assert waiting() == [], "not even before the next search"
    search()
    assert waiting() == []
    perform(agent, records.restore, "contact", twin)
    search(changed=True)
    assert waiting() == [[ids[0], twin]]


def test_a_scan_sees_what_its_actor_sees(base, stranger, make_as):
    assert groups(stranger) == []


@pytest.mark.feature("DUP-6", "B-DUP-10", "BEY-6")
def test_told_apart_they_stay_apart_until_they_become_more_alike(base, agent):
    ids, twin = base
    verdict = perform(agent, verdicts.dismiss, "contact", twin, ids[0], "father and son")
    assert groups() == []
    [told] = ask(agent, verdicts.standing)
    assert (told.id, told.reason, told.by_id) == (verdict, "father and son", agent.user_id)
    assert {told.left_id, told.right_id} == {ids[0], twin}

    perform(agent, records.update, "contact", twin, {"job_title": "Baker"})
    assert groups() == [], "what is not compared changes nothing"
    perform(agent, records.update, "contact", twin, {"birth_date": "1972-02-16"})
    assert groups() == [[ids[0], twin]], "now they are more alike than they were"


@pytest.mark.feature("B-DUP-10")
def test_a_verdict_can_be_taken_back(base, agent):
    ids, twin = base
    verdict = perform(agent, verdicts.dismiss, "contact", ids[0], twin, "two people")
    with pytest.raises(Conflict):
        perform(agent, verdicts.dismiss, "contact", ids[0], twin, "again")
    perform(agent, verdicts.revoke, verdict)
    assert groups() == [[ids[0], twin]]
    assert ask(agent, verdicts.standing) == []
    with pytest.raises(Conflict):
        perform(agent, verdicts.revoke, verdict)
    perform(agent, verdicts.dismiss, "contact", ids[0], twin, "two people after all")
    assert groups() == []


def test_a_verdict_takes_a_reason_and_rights_on_both(base, agent, stranger):
    ids, twin = base
    with pytest.raises(Invalid):
        perform(agent, verdicts.dismiss, "contact", ids[0], twin, "  ")
    with pytest.raises(Invalid):
        perform(agent, verdicts.dismiss, "contact", ids[0], ids[0], "myself")
    with pytest.raises((NotFound, Forbidden)):
        perform(stranger, verdicts.dismiss, "contact", ids[0], twin, "why not")
    verdict = perform(agent, verdicts.dismiss, "contact", ids[0], twin, "two people")
    assert ask(stranger, verdicts.standing) == []
    with pytest.raises((NotFound, Forbidden)):
        perform(stranger, verdicts.revoke, verdict)


@pytest.mark.feature("B-DUP-11")
def test_a_search_of_what_changed_finds_what_a_whole_one_finds(base, agent, make_as):
    ids, _ = base
    search()
    before = waiting()
    again = make_as(agent, "contact", given_name="Rita", family_name="Gruber", birth_date="1978-05-19",
                    email="gruber.1978@example.net")  # fmt: skip
    make_as(agent, "contact", given_name="Zoë", family_name="Ångström")
    assert search(changed=True)["customers"] == 2
    found = waiting()
    assert sorted(found) == sorted([*before, [ids[1], again]])
    assert search(changed=True)["customers"] == 0, "nothing changed since"
    search()
    assert sorted(waiting()) == sorted(found)
    perform(agent, records.update, "contact", again, {"given_name": "Dörte", "family_name": "Šimková", "birth_date": "",
                                                      "email": "d.s@example.net"})  # fmt: skip
    search(changed=True)
    assert waiting() == before, "they are no longer alike"


@pytest.mark.feature("B-DUP-11")
def test_a_search_of_what_changed_leaves_alone_what_is_not_compared(base, agent, admin):
    ids, _ = base
    search()
    perform(
        agent, records.update, "contact", ids[0], {"notes": 'He said "email": no 🧀', "website": "https://a.example"}
    )
    everybody = {"mode": "all", "ids": [], "query": {}}
    perform(agent, bulk.apply, "contact", everybody, {"kind": "assign", "owner_id": str(admin.user_id)})
    assert search(changed=True)["customers"] == 0
    for act in (
        (records.update, "contact", ids[0], {"email": "new@example.net"}),
        (records.archive, "contact", ids[0]),
        (records.restore, "contact", ids[0]),
        (records.create, "communication", {"family": "phone", "value": "+49 30 5550100"}),
    ):
        more = {"customer_id": ids[0]} if act[0] is records.create else {}
        perform(admin, *act, **more)
        assert search(changed=True)["customers"] == 1, act


@pytest.mark.feature("DUP-2", "B-DUP-11")
def test_a_person_searches_a_selection_as_a_job_and_may_stop_it(base, agent, admin):
    ids, twin = base
    chosen = {"mode": "ids", "ids": [str(ids[0]), str(ids[3])]}
    assert run(perform(agent, asking.start, "contact", chosen=chosen)) == "done"
    assert waiting() == [[ids[0], twin]]
    job_id = perform(agent, asking.start, "contact")
    perform(agent, queue.ask_cancel, job_id)
    assert run(job_id) == "cancelled"
    job_id = perform(admin, asking.start, "contact")
    assert run(job_id) == "done"
    done = ask(admin, queue.progress, job_id)
    assert (done.result, done.done) == ({**(done.result or {}), "groups": 1, "href": "/duplicates"}, 1)
    assert not running.path(job_id).exists()


@pytest.mark.feature("DUP-1")
def test_the_clock_asks_for_searches_when_they_are_due(base):
    asking.due()
    [contacts, accounts] = sorted(
        ask(SYSTEM, lambda uow: [(j.arguments["entity"], j.id) for j in _jobs(uow)]), reverse=True
    )
    assert (contacts[0], accounts[0]) == ("contact", "account")
    asking.due()
    assert len(ask(SYSTEM, _jobs)) == 2, "one at a time"
    assert [run(one) for _, one in (contacts, accounts)] == ["done", "done"]
    asking.due()
    assert len(ask(SYSTEM, _jobs)) == 2, "not again before its time"
    assert len(waiting()) == 1


@pytest.mark.feature("B-DUP-1")
@pytest.mark.parametrize(
    ("before", "state", "asked"),
    [
        ({"changed": True}, "queued", 0),
        ({}, "queued", 0),
        ({"changed": True}, "running", 1),
        ({"chosen": {"mode": "ids", "ids": []}}, "queued", 1),
    ],
)
def test_an_import_is_searched_unless_a_search_to_come_sees_it(admin, before, state, asked):
    first = perform(admin, asking.start, "contact", **before)
    with unit_of_work(SYSTEM) as uow:
        uow.session.get_one(running.Job, first).state = state
    for _ in range(2):
        perform(admin, asking.after_import, "contact")
    later = [job.arguments for job in ask(SYSTEM, _jobs) if job.id != first]
    assert [(one["door"], one["changed"]) for one in later] == [("import", True)] * asked


def _jobs(uow):
    return uow.session.exec(select(running.Job).where(running.Job.kind == asking.KIND)).all()


@pytest.mark.feature("B-DUP-2", "DUP-5")
def test_a_new_record_is_checked_by_its_keys_before_and_after_a_search(base, agent):
    ids, twin = base
    typed = {"given_name": "emil", "family_name": "Conrad", "birth_date": "1972-02-16", "notes": "hm"}
    for _ in range(2):
        found = ask(agent, check.check, "contact", typed)
        assert (found.ask, found.likely[0].name, found.likely[0].href) == ([], "Emil Conrad", f"/contact/{ids[0]}")
        assert "same birth date" in found.likely[0].why
        search()
    assert ask(agent, check.check, "contact", {"given_name": "Xenia", "family_name": "Quast"}).likely == []
    assert ask(agent, check.check, "contact", {}).likely == []
    mine = ask(agent, check.check, "contact", {**typed, "email": "conrad.1972@example.org"}, twin)
    assert [UUID(one.id) for one in mine.likely] == [ids[0]]
    perform(agent, verdicts.dismiss, "contact", twin, ids[0], "father and son")
    row = {"given_name": "EMIL", "family_name": "Conrad", "email": "conrad.1972@example.org"}
    assert ask(agent, check.check, "contact", row, twin).likely == [], "a verdict holds at this door too"


@pytest.mark.feature("B-DUP-12", "BEY-9")
def test_who_may_not_open_a_match_learns_whom_to_ask_and_nothing_else(base, agent, stranger):
    ids, _ = base
    strong = {"given_name": "Emil", "family_name": "Conrad", "email": "conrad.1972@example.org"}
    found = ask(stranger, check.check, "contact", strong)
    assert (found.likely, found.ask) == ([], [agent.name])
    assert str(ids[0]) not in repr(found)
    weak = {"given_name": "Emil", "family_name": "Conrad", "birth_date": "1972-02-16"}
    assert ask(stranger, check.check, "contact", weak).ask == [], "what many share must not be probed for"
    with unit_of_work(SYSTEM, reads=True) as uow:
        acts = uow.session.exec(select(AccessEntry.actor_id).where(AccessEntry.act == "duplicate.hinted")).all()
    assert set(acts) == {stranger.user_id}


def test_keys_follow_the_record(base, agent):
    ids, _ = base

    def kept():
        query = select(func.count()).select_from(DuplicateKey).where(DuplicateKey.customer_id == ids[2])
        return ask(SYSTEM, lambda uow: uow.session.exec(query).one())

    assert kept() > 3
    more = kept()
    perform(agent, records.create, "communication", {"family": "email", "value": "second@example.com"},
            customer_id=ids[2])  # fmt: skip
    assert kept() > more
    found = ask(agent, check.check, "contact", {"given_name": "Olga", "email": "Second@Example.com"})
    assert [UUID(one.id) for one in found.likely] in ([ids[2]], [])
    perform(agent, records.archive, "contact", ids[2])
    assert kept() == 0


def test_a_first_search_gives_keys_to_who_has_none(base):
    with unit_of_work(SYSTEM) as uow:
        uow.session.execute(keys.delete(DuplicateKey))
    search()
    with unit_of_work(SYSTEM, reads=True) as uow:
        assert len(set(uow.session.exec(select(DuplicateKey.customer_id)))) == 7


@pytest.mark.feature("B-DUP-9")
def test_a_group_falls_apart_where_it_is_cut_and_is_decided_when_all_are_told_apart(base, agent, make_as):
    ids, twin = base
    third = make_as(agent, "contact", given_name="Emil", family_name="Conrad", birth_date="1972-02-16",
                    email="conrad.1972@example.org")  # fmt: skip
    search()
    [line] = ask(agent, reviewing.groups)
    assert line.size == 3
    pair = next(p for p in line.pairs if {p.left_id, p.right_id} == {str(ids[0]), str(twin)})
    perform(agent, deciding.cut, UUID(pair.id), "father and son")
    assert all(not {ids[0], twin} <= set(some) for some in waiting())
    for line in ask(agent, reviewing.groups):
        perform(agent, deciding.tell_apart, UUID(line.id), "two people")
    search()
    assert waiting() == [] or third in waiting()[0]
    assert ask(agent, reviewing.figures).apart >= 1


@pytest.mark.feature("B-DUP-9")
def test_the_one_link_that_holds_two_pairs_together_is_shown_as_weak_and_cut(admin, make_as):
    ids = [make_as(admin, "contact", given_name=f"Zoë {n}", family_name="王小明") for n in range(4)]
    why = Explanation(0.99, (Bar("family_name", "same", 9.0),), "", ())
    with unit_of_work(SYSTEM) as uow:
        group = uow.add(DuplicateGroup(id=new_id(), entity="contact", score=0.8, worth=1.0, size=4))
        uow.flush()
        for left, right in ((0, 1), (1, 2), (2, 3)):
            uow.add(DuplicatePair(group_id=group.id, entity="contact", left_id=ids[left], right_id=ids[right],
                                  score=0.8 if left == 1 else 0.99, why=why.to_json()))  # fmt: skip
    [line] = ask(admin, reviewing.groups)
    [bridge] = [pair for pair in line.pairs if pair.weak]
    assert {bridge.left_id, bridge.right_id} == {str(ids[1]), str(ids[2])}
    perform(admin, deciding.cut, UUID(bridge.id), "two households")
    assert sorted(waiting()) == sorted([sorted(ids[:2]), sorted(ids[2:])])


@pytest.mark.feature("BEY-22")
def test_a_group_is_put_off_asked_about_and_decided(base, agent, admin, stranger):
    ids, twin = base
    search()
    [line] = ask(admin, reviewing.groups)
    group_id = UUID(line.id)
    assert waiting(stranger) == []
    with pytest.raises(NotFound):
        perform(stranger, deciding.put_off, group_id)
    perform(admin, deciding.put_off, group_id)
    assert (waiting(), waiting(state="later")) == ([], [[ids[0], twin]])
    search()
    assert waiting() == [], "a search leaves it where it was put"
    with pytest.raises(Invalid):
        perform(admin, deciding.ask, group_id, "  ")
    assert perform(admin, deciding.ask, group_id, "Ist das dieselbe Person?") == [agent.name]
    [notice] = ask(agent, notifications.mine)
    assert "dieselbe Person" in notice.text
    assert notice.href == f"/duplicates/{group_id}"
    told = ask(admin, reviewing.figures)
    assert (told.waiting, told.apart, told.merged, told.oldest_days) == (1, 0, 0, 0)
    assert perform(agent, deciding.tell_apart, group_id, "Vater und Sohn") == 1
    with pytest.raises(Conflict):
        perform(admin, deciding.put_off, group_id)
    assert ask(admin, reviewing.figures).apart == 1
    perform(agent, records.update, "contact", twin, {"birth_date": "1972-02-16"})
    search(changed=True)
    assert waiting() == [[ids[0], twin]], "they came closer, so they are asked about again"
    perform(agent, deciding.tell_apart, group_id, "still two")
    assert waiting() == []


@pytest.mark.feature("B-DUP-13")
def test_who_was_merged_is_not_listed_again(base):
    ids, twin = base
    search()
    with unit_of_work(SYSTEM) as uow:
        uow.session.get_one(Customer, twin).merged_into_id = ids[0]
    assert waiting() == []
    told = ask(SYSTEM, reviewing.figures)
    assert (told.waiting, told.merged) == (0, 1)
    search()
    assert waiting() == []


@pytest.mark.feature("B-DUP-4")
def test_a_short_number_is_read_with_the_country_it_is_in(agent, make_as):
    first = make_as(agent, "account", name="Bäckerei Ähren", phone="030 53212")
    make_as(agent, "account", name="Bäckerei Ähren", phone="+49 30 53212")
    found = ask(agent, check.check, "account", {"name": "Bäckerei Ähren", "phone": "03053212"})
    assert len(found.likely) == 2
    assert str(first) in {one.id for one in found.likely}
    assert all("same phone" in one.why for one in found.likely)


@pytest.mark.feature("DUP-21", "B-DUP-12")
def test_lists_find_possible_duplicates_and_profiles_tell_of_them(base, agent, admin, make_user, make_as):
    ids, twin = base
    search()
    rule = Criteria((Criterion("possible_duplicate", "is_yes"),))

    def listed(actor):
        with unit_of_work(actor, reads=True) as uow:
            query = listing.ListQuery("contact", columns=("name", "possible_duplicate"), criteria=rule)
            return {UUID(row[0]) for row in listing.rows(uow, query, 0, 50).rows}

    assert listed(agent) == {ids[0], twin}
    perform(SYSTEM, defaults.arrange, admin.user_id, "de")
    [shipped] = [one for one in ask(agent, views.views, "contact") if one.name == "Mögliche Dubletten"]
    assert shipped.query["criteria"] == to_json(rule)
    told = ask(agent, reviewing.hint, twin)
    [line] = ask(agent, reviewing.groups)
    assert (told.text, told.href) == ("May be there twice: Emil Conrad.", f"/duplicates/{line.id}")
    assert ask(agent, reviewing.hint, ids[1]) == reviewing.Hint()
    perform(agent, deciding.tell_apart, UUID(line.id), "two people")
    assert listed(agent) == set()
    other = make_user("Uta", team="Far")
    mine = make_as(other, "contact", given_name="Rita", family_name="Gruber", birth_date="1978-05-19",
                   email="gruber.1978@example.org")  # fmt: skip
    search(changed=True)
    assert ask(other, reviewing.hint, mine) == reviewing.Hint(
        f"A similar customer exists that you may not open. Ask {agent.name}."
    )


@pytest.mark.feature("DUP-5", "B-DUP-2")
def test_who_is_saved_all_the_same_is_told_apart_for_a_reason(base, agent):
    ids, _ = base
    with unit_of_work(agent) as uow:
        values = {**required(uow, "contact"), "given_name": "Emil", "family_name": "Conrad", "birth_date": "1972-02-16"}
    likely = ask(agent, check.check, "contact", values, door="save").likely
    apart = [UUID(one.id) for one in likely]
    made = perform(agent, check.save_anyway, "contact", None, values, apart=apart, reason="his cousin")
    told = {frozenset((v.left_id, v.right_id)): v.reason for v in ask(agent, verdicts.standing)}
    assert told == {frozenset((made, one)): "his cousin" for one in apart}
    search()
    assert all(not {made, ids[0]} <= set(some) for some in waiting())


@pytest.mark.feature("B-DUP-1")
def test_each_door_can_be_shut(base, admin, agent):
    typed = {"given_name": "Emil", "family_name": "Conrad", "birth_date": "1972-02-16"}
    shut = {"contact": {"typing": "off", "imports": "off", "every": 0}}
    perform(admin, administration.change, "duplicates", shut)
    assert ask(agent, check.check, "contact", typed).likely == []
    assert ask(agent, check.check, "contact", typed, door="save").likely != []
    asking.due()
    perform(admin, asking.after_import, "contact")
    assert [job.arguments["entity"] for job in ask(SYSTEM, _jobs)] == ["account"]
    for wrong in ({"contact": {"ask": 0.99, "sure": 0.5}}, {"lead": {}}, {"contact": {"every": -1}},
                  {"contact": {"colour": 1}}, {"contact": {"typing": "block"}}, {"contact": {"save": True}},
                  {"contact": {"rules": [{"name": "", "levels": {"email": 0}}]}}):  # fmt: skip
        with pytest.raises(Invalid):
            perform(admin, administration.change, "duplicates", wrong)
    with pytest.raises(Forbidden):
        perform(agent, administration.change, "duplicates", {})


@pytest.mark.feature("B-DUP-1", "DUP-5")
@pytest.mark.parametrize(
    ("kept", "door", "score", "reaction"),
    [
        ({}, "typing", 0.99, "warn"), ({}, "save", 0.99, "warn"), ({}, "imports", 0.99, "queue"),
        ({}, "save", 0.49, "off"), ({"save": "off"}, "save", 1.0, "off"), ({"save": "queue"}, "save", 0.5, "queue"),
        ({"save": "block"}, "save", 0.98, "block"), ({"save": "block"}, "save", 0.97, "warn"),
        ({"save": "block", "sure": 0.7}, "save", 0.97, "block"),
    ],
)  # fmt: skip
def test_one_engine_decides_what_each_door_does(admin, kept, door, score, reaction):
    perform(admin, administration.change, "duplicates", {"account": kept})
    assert ask(SYSTEM, lambda uow: rules.of(uow.session, "account").reaction(door, score)) == reaction


def test_settings_kept_before_reactions_had_names_still_hold(admin):
    with unit_of_work(SYSTEM) as uow:
        settings.put(uow, "duplicates", {"contact": {"typing": False, "save": True, "imports": True}})
    now = ask(SYSTEM, lambda uow: rules.of(uow.session, "contact"))
    assert (now.typing, now.save, now.imports) == ("off", "warn", "queue")


@pytest.mark.feature("B-DUP-1", "DUP-5")
def test_the_door_of_saving_warns_refuses_or_queues(base, admin, agent):
    ids, _ = base
    with unit_of_work(agent) as uow:
        values = {**required(uow, "contact"), "given_name": "Emil", "family_name": "Conrad", "birth_date": "1972-02-16"}

    def reaction(**kept):
        perform(admin, administration.change, "duplicates", {"contact": kept})
        return ask(agent, check.check, "contact", values, door="save").reaction

    assert reaction() == "warn"
    assert reaction(save="block", sure=0.6) == "block"
    assert ask(agent, check.check, "contact", {"family_name": "Quast"}, door="save").reaction == "off"
    assert reaction(save="queue") == "queue"
    made = perform(agent, check.save_and_search, "contact", None, values)
    [job] = ask(SYSTEM, _jobs)
    assert (run(job.id), ask(agent, notifications.mine)) == ("done", [])
    [line] = ask(agent, reviewing.groups)
    assert {str(made), str(ids[0])} <= {one.id for one in line.members}
    assert {one.door for one in line.pairs if str(made) in (one.left_id, one.right_id)} == {"save"}


@pytest.mark.feature("DUP-3")
def test_a_rule_of_an_administrator_finds_what_the_weights_would_not(base, admin, make_as, agent):
    first = make_as(agent, "contact", given_name="Uwe", family_name="Ochs", phone="+49 30 5550101")
    other = make_as(agent, "contact", given_name="Bernd", family_name="Zahn", phone="030 5550101")
    search()
    assert [first, other] not in waiting()
    rule = {"name": "One phone", "levels": {"phone": 0}}
    perform(admin, administration.change, "duplicates", {"contact": {"rules": [rule]}})
    search()
    assert [first, other] in waiting()
    found = ask(agent, check.check, "contact", {"family_name": "Gans", "phone": "030/5550101"})
    assert {UUID(one.id) for one in found.likely} == {first, other}
    perform(admin, administration.change, "duplicates", {"contact": {"rules": [{**rule, "active": False}]}})
    search()
    assert [first, other] not in waiting()


@pytest.mark.feature("DUP-2", "B-DUP-1")
@pytest.mark.parametrize("mode", ["ids", "all"])
def test_the_list_of_both_kinds_searches_each_kind_that_is_selected(agent, make_as, mode):
    twins = [make_as(agent, "contact", family_name="Öz", given_name="Zoë", email="zoe@example.com") for _ in range(2)]
    mills = [make_as(agent, "account", name="Mühle ♥ GmbH", email="info@muehle.example") for _ in range(2)]
    other = make_as(agent, "contact", family_name="مريم")
    if mode == "ids":
        chosen = {"mode": "ids", "ids": [str(one) for one in (*twins, *mills, other)]}
    else:
        both = to_json(Criteria((Criterion("kind", "is_any_of", ["contact", "account"]),)))
        chosen = {"mode": "all", "ids": [str(other)], "query": {"entity": "customer", "criteria": both}}
    jobs = perform(agent, asking.start_selected, "customer", chosen)
    assert [run(job) for job in jobs] == ["done", "done"]
    found = ask(agent, reviewing.groups)
    assert {frozenset(one.id for one in line.members) for line in found} == {
        frozenset(map(str, twins)), frozenset(map(str, mills))
    }  # fmt: skip
    assert len(perform(agent, asking.start_selected, "customer", {"mode": "ids", "ids": [str(other)]})) == 1
    with pytest.raises(Invalid):
        perform(agent, asking.start_selected, "customer", {"mode": "?"})
