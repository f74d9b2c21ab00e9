"""Relations between customers: typed, dated, seen from both sides, within the reader's reach."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import col, select

from c360.core.clock import today
from c360.core.errors import C360Error, Conflict, Forbidden, Invalid, NotFound
from c360.models.customer import Customer
from c360.models.relationship import Relation, RelationType
from c360.services import activities, history, records, undo
from c360.services.relationships import graph, making, structure
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import actor_of


def kind(actor, name):
    """Return the id of a relation type."""
    with unit_of_work(actor, reads=True) as uow:
        return uow.session.exec(select(RelationType.id).where(RelationType.name == name)).one()


def tie(actor, one, other, name, side="forward", **values):
    """Tie two customers; return the change set's id."""
    return perform(actor, making.connect, one, other, f"{kind(actor, name)}:{side}", values)


def around(actor, center, **asked):
    return ask(actor, graph.around, center, **asked)


def told(found):
    """Return a chart as sentences, read from the centre's side where it has one."""
    names = {node.id: node.label for node in found.nodes}
    return {
        f"{names[e.target]} {e.reverse} {names[e.source]}"
        if e.target == found.center
        else f"{names[e.source]} {e.label} {names[e.target]}"
        for e in found.edges
    }


def relations(actor):
    with unit_of_work(actor, reads=True) as uow:
        return list(uow.session.exec(uow.select("relation").order_by(col(Relation.created_at))))


@pytest.mark.feature("REL-1", "REL-3")
def test_a_relation_reads_from_both_sides(agent, make_as):
    ada = make_as(agent, "contact", given_name="Ada", family_name="King")
    mill = make_as(agent, "account", name="Mühle ♥ GmbH")
    tie(agent, ada, mill, "advises", note="since the fair")
    assert told(around(agent, ada)) == {"Ada King advises Mühle ♥ GmbH"}
    assert told(around(agent, mill)) == {"Mühle ♥ GmbH is advised by Ada King"}


@pytest.mark.feature("B-REL-1", "REL-2")
def test_a_type_says_who_may_stand_at_its_ends(agent, make_as):
    ada, bob = (make_as(agent, "contact", family_name=n) for n in ("Ada", "Bob"))
    mill = make_as(agent, "account", name="Mill")
    with pytest.raises(Invalid) as refused:
        tie(agent, ada, mill, "is married to")
    assert refused.value.fields["type_id"].key == "relation.unfit.contact"
    with pytest.raises(Invalid) as refused:
        tie(agent, ada, ada, "is married to")
    assert refused.value.fields["to_id"].key == "relation.itself"
    labels = {w.label for w in ask(agent, making.wordings, ada, mill)}
    assert {"is a member of", "is relay of", "owns"} <= labels
    assert not labels & {"is married to", "has as relay", "supplies", "is parent company of"}
    assert "has as relay" in {w.label for w in ask(agent, making.wordings, mill, ada)}
    tie(agent, ada, bob, "is married to")
    for one, other in ((ada, bob), (bob, ada)):
        with pytest.raises(Invalid) as refused:
            tie(agent, one, other, "is married to")
        assert refused.value.fields["to_id"].key == "relation.twice"


@pytest.mark.feature("REL-4", "B-REL-1")
def test_a_relation_that_is_over_stays_as_a_former_one(agent, make_as):
    ada, bob = (make_as(agent, "contact", family_name=n) for n in ("Ada", "Bob"))
    tie(agent, ada, bob, "is married to", since_on="1990-05-01", until_on="1999-12-31")
    tie(agent, ada, bob, "is married to", since_on="2005-01-01")
    with pytest.raises(Invalid) as refused:
        tie(agent, ada, bob, "is a friend of", since_on="2020-01-02", until_on="2020-01-01")
    assert refused.value.fields["until_on"].key == "relation.backwards"
    (now,) = around(agent, ada).edges
    assert (now.since, now.former) == ("2005-01-01", False)
    assert sorted(e.former for e in around(agent, ada, former=True).edges) == [False, True]
    perform(agent, making.end, relations(agent)[1].id)
    assert around(agent, ada).edges == []
    with pytest.raises(Conflict):
        perform(agent, making.end, relations(agent)[1].id)


@pytest.mark.feature("B-REL-5")
def test_the_chart_of_a_day_shows_what_held_that_day(agent, make_as):
    ada, bob = (make_as(agent, "contact", family_name=n) for n in ("Ada", "Bob"))
    day = today().replace(year=1995, month=6, day=1)
    tie(agent, ada, bob, "is married to", since_on="1990-05-01", until_on="1999-12-31")
    tie(agent, ada, bob, "is a friend of", since_on="1998-01-01")
    tie(agent, ada, bob, "works with", is_former="yes")
    assert told(around(agent, ada, day=day)) == {"Ada is married to Bob"}
    assert len(around(agent, ada, day=day.replace(year=1999)).edges) == 2
    assert around(agent, ada, day=day.replace(year=1980)).edges == []


@pytest.mark.feature("REL-7", "SEC-8")
def test_whom_one_may_not_see_stands_there_masked(agent, stranger, make_as, admin):
    ada = make_as(agent, "contact", family_name="Ada")
    eve = make_as(stranger, "contact", family_name="Geheim")
    far = make_as(admin, "contact", family_name="Far")
    tie(admin, ada, eve, "is married to", since_on="2001-01-01", note="secret")
    tie(admin, eve, far, "is a friend of")
    tie(admin, ada, far, "works with")
    found = around(agent, ada, rings=3)
    (masked, other) = [n for n in found.nodes if n.masked]
    assert {masked.label, other.label} == {"•••••"} or masked.label == other.label
    said = str(found)
    for secret in ("Geheim", "Far", str(eve), str(far), "2001", "secret", str(relations(admin)[0].id)):
        assert secret not in said
    assert len(found.edges) == 2  # What ties the two masked ones is none of this reader's business.
    assert not any(e.editable for e in found.edges)
    assert relations(agent) == []
    with pytest.raises(NotFound):
        perform(agent, making.end, relations(admin)[0].id)
    with pytest.raises(NotFound):
        tie(agent, ada, eve, "is a friend of")
    assert [n.id for n in around(agent, ada).nodes if n.masked] == [n.id for n in found.nodes if n.masked]
    assert "Geheim" not in str(ask(agent, history.of, "contact", ada))


@pytest.mark.feature("REL-1", "SEC-8")
def test_who_may_change_one_end_may_tie_it_to_another_in_sight(make_user, make_as):
    ann, ben = make_user("Ann", team="North"), make_user("Ben", team="North")
    cat = make_user("Cat", team="North")
    ann, ben, cat = (actor_of(one.user_id) for one in (ann, ben, cat))  # Each knows of the others in the team now.
    mine, his = make_as(ann, "contact", family_name="Mine"), make_as(ben, "contact", family_name="His")
    tie(ann, his, mine, "leads")
    tie(ben, his, mine, "works with")
    with pytest.raises(Forbidden):
        tie(cat, his, mine, "is a friend of")
    assert not any(e.editable for e in around(cat, mine).edges)
    row = relations(ann)[0]
    with pytest.raises(Forbidden):
        perform(cat, making.remove, "relation", row.id)
    with pytest.raises(Invalid):
        perform(ann, records.update, "relation", row.id, {"to_id": str(make_as(ann, "contact", family_name="X"))})
    perform(ben, making.change, row.id, mine, f"{row.type_id}:forward", {"strength": "strong"}, row.version)
    assert told(around(ann, mine, only=[str(row.type_id)])) == {"Mine leads His"}


@pytest.mark.feature("REL-10", "AUD-6")
def test_the_change_log_of_both_sides_tells_of_a_relation_and_undoes_it(agent, make_as):
    ada, bob = (make_as(agent, "contact", family_name=n) for n in ("Ada", "Bob"))
    made = tie(agent, ada, bob, "is married to")
    for side in (ada, bob):
        newest = ask(agent, history.of, "contact", side).entries[0]
        assert newest.set_id == str(made)
        assert {"is married to", "Bob"} <= {line.new for line in newest.parts[0].lines}
    ended = perform(agent, making.end, relations(agent)[0].id)
    assert ask(agent, history.of, "contact", bob).entries[0].set_id == str(ended)
    perform(agent, undo.begin, ended)
    assert len(around(agent, ada).edges) == 1
    perform(agent, undo.begin, made)
    assert relations(agent) == []
    back = perform(agent, making.connect, bob, ada, f"{kind(agent, 'is married to')}:forward")
    perform(agent, making.remove, "relation", relations(agent)[0].id)
    assert back
    assert around(agent, ada).edges == []


@pytest.mark.feature("REL-11", "REL-13", "REL-5")
def test_the_chart_knows_jobs_contact_persons_and_parents_too(agent, make_as):
    top = make_as(agent, "account", name="Top AG")
    low = make_as(agent, "account", name="Low GmbH", parent_id=str(top))
    ada = make_as(agent, "contact", family_name="Ada", employer_id=str(low))
    make_as(agent, "contact_person", {"account_id": top}, contact_id=str(ada))
    tie(agent, ada, low, "owns")
    assert told(around(agent, low)) == {
        "Low GmbH is a subsidiary of Top AG", "Low GmbH employs Ada", "Low GmbH is owned by Ada",
        "Ada is contact person of Top AG",
    }  # fmt: skip
    assert told(around(agent, low, only=["parent"])) == {"Low GmbH is a subsidiary of Top AG"}
    perform(agent, making.remove, "parent", low)
    assert "Low GmbH is a subsidiary of Top AG" not in told(around(agent, low))
    perform(agent, making.connect, low, top, "parent:back")
    assert "Low GmbH is a subsidiary of Top AG" in told(around(agent, low))


@pytest.mark.feature("B-REL-2")
def test_rings_grow_to_the_cap_and_open_on_demand(agent, make_as):
    hub = make_as(agent, "account", name="Hub")
    people = [make_as(agent, "contact", family_name=f"P{n:02}") for n in range(12)]
    leaf = make_as(agent, "account", name="Leaf")
    for one in people:
        tie(agent, one, hub, "is a member of")
    tie(agent, people[0], leaf, "owns")
    first = around(agent, hub)
    assert len(first.nodes) == 13
    assert {n.label: n.more for n in first.nodes if n.more} == {"P00": 1}
    assert {n.label: n.ring for n in around(agent, hub, rings=2).nodes}["Leaf"] == 2
    assert len(around(agent, hub, opened=[people[0]]).nodes) == 14
    few = around(agent, hub, most=5)
    assert (len(few.nodes), few.left, few.nodes[0].more) == (5, 8, 8)
    perform(agent, records.archive, "contact", people[1])
    assert len(around(agent, hub).nodes) == 12
    assert sum(n.more for n in around(agent, people[2]).nodes) == 10
    with pytest.raises(Invalid):
        around(agent, hub, rings=9)


@pytest.mark.feature("REL-5")
def test_nobody_stands_above_himself(agent, make_as):
    ada, bob, cid = (make_as(agent, "contact", family_name=n) for n in ("Ada", "Bob", "Cid"))
    tie(agent, ada, bob, "leads")
    tie(agent, bob, cid, "leads")
    with pytest.raises(Invalid) as refused:
        tie(agent, cid, ada, "leads")
    assert refused.value.fields["to_id"].key == "relation.circle"
    tie(agent, cid, ada, "leads", until_on=(today() - timedelta(days=1)).isoformat())
    tie(agent, cid, ada, "is parent of")


@pytest.mark.feature("REL-5")
def test_an_undo_makes_no_circle_either(agent, make_as):
    one, two = (make_as(agent, "account", name=n) for n in ("One", "Two"))
    made = perform(agent, making.connect, one, two, "parent:forward")
    gone = perform(agent, undo.begin, made).set_id
    perform(agent, making.connect, two, one, "parent:forward")
    with pytest.raises(Invalid) as refused:
        perform(agent, undo.begin, gone)
    assert refused.value.fields["parent_id"].key == "account.circle"


@pytest.mark.feature("REL-5", "R14")
@pytest.mark.parametrize("by", ["parent", "leads"])
def test_of_two_who_close_a_circle_at_once_one_is_refused(agent, make_as, by):
    if by == "parent":
        ids = [make_as(agent, "account", name=f"A{n}") for n in range(3)]
        token = "parent:forward"
    else:
        ids = [make_as(agent, "contact", family_name=f"A{n}") for n in range(3)]
        token = f"{kind(agent, 'leads')}:forward"
    for _ in range(3):
        start = Barrier(3)

        def close(pair, start=start):
            start.wait()
            try:
                perform(agent, making.connect, *pair, token)
            except C360Error as error:
                return error
            return None

        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(close, [(ids[0], ids[1]), (ids[1], ids[2]), (ids[2], ids[0])]))
        assert sum(a is not None for a in answers) == 1, answers
        for made in [e for e in around(agent, ids[0], rings=2).edges]:
            origin, _, record_id = made.id.partition(".")
            perform(agent, making.remove, origin, type(ids[0])(record_id))


@pytest.mark.feature("R14")
def test_a_twin_of_a_relation_made_at_the_same_moment_is_refused(agent, make_as):
    ada, bob = (make_as(agent, "contact", family_name=n) for n in ("Ada", "Bob"))
    start = Barrier(2)

    def make(pair):
        start.wait()
        try:
            tie(agent, *pair, "is married to")
        except C360Error as error:
            return error
        return None

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(make, [(ada, bob), (bob, ada)]))
    assert sum(a is not None for a in answers) == 1, answers
    assert len(relations(agent)) == 1


def test_a_type_in_use_keeps_its_meaning(admin, make_as):
    ada, bob = (make_as(admin, "contact", family_name=n) for n in ("Ada", "Bob"))
    tie(admin, ada, bob, "recommended")
    used = kind(admin, "recommended")
    with pytest.raises(Conflict):
        perform(admin, records.update, "relation_type", used, {"to_kind": "account"})
    with pytest.raises(Conflict):
        perform(admin, records.update, "relation_type", used, {"shape": "hierarchy"})
    perform(admin, records.update, "relation_type", used, {"name": "empfahl", "reverse": "empfohlen von"})
    assert told(around(admin, ada)) == {"Ada empfahl Bob"}
    with unit_of_work(admin, reads=True) as uow:
        assert uow.session.exec(select(Customer)).all()


@pytest.mark.feature("REL-5", "REL-12", "REC-34")
def test_the_structure_of_a_group_and_its_history(agent, stranger, admin, make_as):
    top = make_as(agent, "account", name="Top")
    mid, other = (make_as(agent, "account", name=n, parent_id=str(top)) for n in ("Mid", "Other"))
    low = make_as(agent, "account", name="Low", parent_id=str(mid))
    foreign = make_as(stranger, "account", name="Geheim")
    perform(admin, records.update, "account", foreign, {"parent_id": str(low)})
    deep = make_as(stranger, "account", name="Deep", parent_id=str(foreign))
    found = ask(agent, structure.whole, low)
    assert [(n.label, n.ring, n.masked) for n in found.nodes if not n.masked] == [
        ("Top", 0, False), ("Mid", 1, False), ("Other", 1, False), ("Low", 2, False),
    ]  # fmt: skip
    assert (len(found.nodes), len(found.edges)) == (5, 4)
    assert not {"Geheim", "Deep", str(foreign), str(deep)} & set(str(found).replace("'", " ").split())
    below = ask(stranger, structure.whole, deep)
    assert [n.label for n in below.nodes if not n.masked] == ["Geheim", "Deep"]
    assert [n.masked for n in below.nodes] == [True, False, False]
    assert len(ask(admin, structure.whole, deep, most=5).nodes) == 5
    perform(agent, records.update, "account", other, {"website": "https://other.example"})
    entries = ask(agent, structure.past, low).entries
    assert entries[0].parts[0].title == "Other"
    assert "Geheim" not in str(entries)
    with pytest.raises(NotFound):
        ask(agent, structure.whole, foreign)


@pytest.mark.feature("B-REL-2")
def test_a_card_tells_how_often_one_was_in_contact(agent, stranger, make_as, admin):
    ada, bob = (make_as(agent, "contact", family_name=n) for n in ("Ada", "Bob"))
    eve = make_as(stranger, "contact", family_name="Geheim")
    for other in (bob, eve):
        tie(admin, ada, other, "is a friend of")
    for who in (bob, bob, eve):
        values = {"kind": "call", "subject": "Anruf ♥", "direction": "in", "status": "closed"}
        perform(admin, activities.add, [who], values)
    found = {"" if node.masked else node.label: node.contacts for node in around(agent, ada).nodes}
    assert found == {"Ada": 0, "Bob": 2, "": 0}
