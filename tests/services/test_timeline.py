"""The timeline: one stream of every source, folded, filtered, paged and within the reader's reach."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import inspect

from c360.core import db
from c360.core.clock import utc_now
from c360.core.errors import Invalid, NotFound
from c360.core.i18n import LANGUAGES, text
from c360.models.journal import TOLD_APART
from c360.services import activities, activity_counts, consents, feed, journal, records, references, timeline
from c360.services.consents import Said, purposes
from c360.services.merging import planning, unmerging
from c360.services.merging.shapes import Choices
from c360.services.relationships import making
from c360.services.timeline import Sought
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import statements


@pytest.fixture
def ann(agent, make_as):
    return make_as(agent, "contact", family_name="Ann")


def call(actor, *customers, subject="A call", ago=0, **values):
    at = utc_now() - timedelta(hours=ago)
    given = {"kind": "call", "subject": subject, "status": "closed", "starts_at": at.isoformat(), **values}
    return perform(actor, activities.add, customers, given)


def stream(actor, one, sought=None, **given):
    return ask(actor, timeline.fetch, one, sought, **given)


def titles(found):
    return [entry.title or entry.text for entry in found.entries]


@pytest.mark.feature("ACT-1", "B-PRF-2")
def test_everything_about_a_customer_is_one_stream_newest_first(agent, ann):
    call(agent, ann, subject="Long ago", ago=100)
    call(agent, ann, subject="Just now", kind="mail", text="With the offer")
    found = stream(agent, ann)
    assert titles(found)[0] in ("Just now", "Contact: created")
    assert set(titles(found)) == {"Just now", "Contact: created", "Long ago"}
    assert titles(found)[-1] == "Long ago"
    assert found.after == ""
    assert titles(stream(agent, ann, Sought(types=frozenset({"mail"})))) == ["Just now"]
    assert titles(stream(agent, ann, Sought(words="THE offer"))) == ["Just now"]
    assert titles(stream(agent, ann, Sought(until=utc_now() - timedelta(hours=50)))) == ["Long ago"]
    assert titles(stream(agent, ann, Sought(since=utc_now() - timedelta(hours=50), types=frozenset({"call"})))) == []


@pytest.mark.feature("B-PRF-2")
def test_edits_of_one_person_within_ten_minutes_are_one_entry(agent, make_user, ann):
    mate = make_user("Max", "manager", team="North")
    for city in ("Bonn", "Köln"):
        perform(agent, records.update, "contact", ann, {"notes": city})
    perform(mate, records.update, "contact", ann, {"notes": "Ulm"})
    perform(agent, records.update, "contact", ann, {"notes": "Rom"})
    found = stream(agent, ann, Sought(types=frozenset({"change"})))
    assert [(entry.who, entry.folded) for entry in found.entries] == [(agent.name, 1), ("Max", 1), (agent.name, 3)]
    told = [(line.label, line.old, line.text) for line in found.entries[2].lines if line.text == "Köln"]
    assert told == [("Notes", "", "Köln")]
    assert [entry.who for entry in stream(agent, ann, Sought(author_id=mate.user_id)).entries] == ["Max"]


@pytest.mark.feature("B-PRF-2")
def test_an_edit_more_than_ten_minutes_later_is_an_entry_of_its_own(agent, ann, monkeypatch):
    start = utc_now()
    # The edit at 30 is within ten minutes of the one at 39; what counts is how long before the last of them it was.
    for minutes in (30, 39, 41, 55):
        monkeypatch.setattr(journal, "utc_now", lambda at=start + timedelta(minutes=minutes): at)
        perform(agent, records.update, "contact", ann, {"notes": f"after {minutes}"})
    found = stream(agent, ann, Sought(types=frozenset({"change"}))).entries
    assert [(entry.folded, [line.text for line in entry.lines if line.label == "Notes"]) for entry in found[:3]] == [
        (1, ["after 55"]), (2, ["after 41"]), (1, ["after 30"]),
    ]  # fmt: skip
    again = stream(agent, ann, Sought(types=frozenset({"change"})), limit=1)
    rest = stream(agent, ann, Sought(types=frozenset({"change"})), limit=1, after=again.after)
    assert [entry.folded for entry in (*again.entries, *rest.entries)] == [1, 2]


def test_every_page_goes_on_where_the_last_ended(agent, ann):
    for n in range(23):
        call(agent, ann, subject=f"Call {n}", ago=n // 3)
    for n in range(5):
        perform(agent, records.update, "contact", ann, {"notes": str(n)})
    found, after = [], ""
    while True:
        page = stream(agent, ann, after=after, limit=4)
        assert len(page.entries) <= 4
        found += page.entries
        after = page.after
        if not after:
            break
    assert len({entry.key for entry in found}) == len(found) == 24
    assert [entry.at for entry in found] == sorted((entry.at for entry in found), reverse=True)


def test_small_pages_tell_what_one_large_page_tells(agent, make_user, ann, monkeypatch):
    start, mate = utc_now(), make_user("Max", "manager", team="North")
    for n in range(12):
        moment = start + timedelta(minutes=4 * n)
        monkeypatch.setattr(journal, "utc_now", lambda at=moment: at)
        # Runs of edits that outlast a page stand between calls, and two of anything may share a moment.
        perform(mate if n in (3, 4) else agent, records.update, "contact", ann, {"notes": f"Straße {n}"})
        for _ in range(n % 3):
            call(agent, ann, subject=f"山 {n}", ago=-4 * n / 60)
    for n in range(3):
        perform(agent, feed.post, ann, f"Posted {n} 🙂")
    large = stream(agent, ann, limit=100).entries
    for limit in (1, 2, 5):
        found, after = [], ""
        while not found or after:
            page = stream(agent, ann, after=after, limit=limit)
            found, after = found + page.entries, page.after
        key = lambda entry: (entry.at, entry.key, entry.folded)  # noqa: E731
        assert sorted(map(key, found)) == sorted(map(key, large))
        assert [entry.at for entry in found] == [entry.at for entry in large]


def test_a_user_renamed_meanwhile_is_called_by_the_new_name(admin, make_user):
    mate = make_user("Max", "manager", team="North").user_id
    with unit_of_work(admin) as uow:
        assert references.titles(uow, "user", [mate]) == {mate: "Max"}
        uow.get("user", mate).name = "Maximiliane Ångström"
        uow.flush()
        assert references.titles(uow, "user", {mate, UUID(int=7)}) == {mate: "Maximiliane Ångström"}


@pytest.mark.feature("ACT-4", "B-PRF-5")
def test_an_account_adds_its_contacts_entries_when_asked(agent, make_as):
    firm = make_as(agent, "account", name="Firm")
    clerk = make_as(agent, "contact", family_name="Clerk", employer_id=str(firm))
    call(agent, clerk, subject="With the clerk")
    call(agent, firm, clerk, subject="With both")
    assert [e.title for e in stream(agent, firm).entries if e.type == "call"] == ["With both"]
    wide = [(e.title, e.of) for e in stream(agent, firm, wide=True).entries if e.type == "call"]
    assert sorted(wide) == [("With both", ""), ("With the clerk", "Clerk")]
    mates = make_as(agent, "contact", family_name="Öz", employer_id=str(firm))
    call(agent, clerk, mates, subject="With two of them", direction="in")
    perform(agent, activities.add, [mates], {"kind": "task", "subject": "x", "due_at": "2031-05-01T10:00:00+00:00"})
    own, all_of_them = (ask(agent, timeline.totals, firm, wide=wide) for wide in (False, True))
    assert (own.contacts_total, own.contacts_in, own.next_step_at, own.people) == (1, 0, "", 0)
    assert (all_of_them.contacts_total, all_of_them.contacts_in, all_of_them.people) == (3, 1, 2)
    assert all_of_them.next_step_at.startswith("2031-05-01T10:00")
    assert ask(agent, activity_counts.of, firm).total == 1
    assert ask(agent, activity_counts.of, firm, wide=True).total == 3


@pytest.mark.feature("RPT-7")
def test_a_direction_leaves_the_contacts_that_went_it(agent, ann):
    call(agent, ann, subject="They called", direction="in")
    call(agent, ann, subject="We wrote", direction="out", kind="mail")
    call(agent, ann, subject="We met", kind="meeting")
    call(agent, ann, subject="Just a note", kind="note")
    for way, expected in (("in", ["They called"]), ("out", ["We wrote"]), ("neither", ["We met"])):
        assert titles(stream(agent, ann, timeline.seek("", None, None, "", "", way))) == expected
    with pytest.raises(Invalid):
        timeline.seek("", None, None, "", "", "sideways")


@pytest.mark.feature("REL-12")
def test_an_account_adds_its_whole_groups_entries_when_asked(agent, stranger, admin, make_as):
    top = make_as(agent, "account", name="Top")
    low, other = (make_as(agent, "account", name=name, parent_id=str(top)) for name in ("Low", "Other"))
    foreign = make_as(stranger, "account", name="Geheim")
    perform(admin, records.update, "account", foreign, {"parent_id": str(other)})
    call(agent, other, subject="With a sister")
    call(agent, top, subject="With the head")
    call(stranger, foreign, subject="Nobody's business")
    due = (utc_now() + timedelta(days=1)).isoformat()
    perform(agent, activities.add, [top], {"kind": "task", "subject": "Soon", "due_at": due})
    assert [e for e in stream(agent, low).entries if e.type == "call"] == []
    entries = stream(agent, low, grouped=True).entries
    assert {(e.title, e.of) for e in entries if e.type == "call"} == {
        ("With a sister", "Other"), ("With the head", "Top"),
    }  # fmt: skip
    assert "Geheim" not in str(entries)
    assert [line.subject for line in ask(agent, timeline.upcoming, low, grouped=True)] == ["Soon"]
    assert ask(agent, activity_counts.of, low, grouped=True).total == 2
    ann = make_as(agent, "contact", family_name="Ann")
    assert [e.of for e in stream(agent, ann, grouped=True).entries] == [""] * len(stream(agent, ann).entries)


@pytest.mark.feature("B-PRF-3")
def test_what_is_planned_stands_apart_overdue_first(agent, ann):
    for hours in (48, -5, 2):
        at = utc_now() + timedelta(hours=hours)
        values = {"kind": "task", "subject": f"In {hours}", "due_at": at.isoformat()}
        perform(agent, activities.add, [ann], values)
    assert [(line.subject, line.overdue) for line in ask(agent, timeline.upcoming, ann)] == [
        ("In -5", True), ("In 2", False), ("In 48", False),
    ]  # fmt: skip
    assert {entry.type for entry in stream(agent, ann).entries} == {"change"}


def test_the_timeline_of_an_unseen_customer_is_not_found(stranger, ann):
    with pytest.raises(NotFound):
        stream(stranger, ann)


def test_a_hidden_field_is_neither_told_nor_found(agent, ann):
    from dataclasses import replace

    perform(agent, records.update, "contact", ann, {"notes": "xyzzy"})
    blind = replace(agent, hidden=frozenset({"contact.notes"}))
    assert "xyzzy" not in str(stream(blind, ann))
    assert stream(blind, ann, Sought(words="xyzzy")).entries == []
    assert len(stream(agent, ann, Sought(words="xyzzy")).entries) == 1


@pytest.mark.feature("ACT-1", "B-PRF-2")
def test_consents_and_relations_are_told_from_every_side_in_reach(agent, stranger, admin, make_as, ann):
    other = make_as(agent, "account", name="Mühle ♥ GmbH")
    hidden = make_as(stranger, "contact", family_name="Geheim")
    with unit_of_work(admin, reads=True) as uow:
        promotion = next(one.id for one in purposes.every(uow) if one.key == "promotion")
        kinds = {one.name: one.id for one in uow.session.exec(uow.select("relation_type"))}
    perform(agent, consents.record, ann, promotion, "phone", Said("refused", "paper", note="at the fair"))
    perform(agent, making.connect, ann, other, f"{kinds['advises']}:forward", {"note": "since May"})
    perform(admin, making.connect, ann, hidden, f"{kinds['is married to']}:forward", {})
    seen = stream(agent, ann, Sought(types=frozenset({"consent", "relation"})))
    assert titles(seen)[0] == "advises: Mühle ♥ GmbH"
    assert titles(seen)[1].endswith("Phone")
    assert "Geheim" not in str(seen)
    assert titles(stream(agent, other, Sought(types=frozenset({"relation"})))) == ["is advised by: Ann"]
    assert [e.type for e in stream(agent, ann, Sought(words="the FAIR")).entries] == ["consent"]
    assert titles(stream(agent, ann, Sought(words="advises"))) == ["advises: Mühle ♥ GmbH"]
    assert {key for key, name in ask(agent, timeline.types) if name != key} >= {"file", "consent", "relation"}


def test_a_page_of_many_changes_costs_no_more_statements_than_one_of_few(agent, make_user, make_as):
    mate = make_user("Max", "manager", team="North")
    few, many = (make_as(agent, "contact", family_name=name) for name in ("Kurz", "Lang"))
    for one, times in ((few, 1), (many, 5)):
        for n in range(times):
            for actor in (agent, mate):
                perform(actor, records.update, "contact", one, {"notes": f"{n} {actor.name}"})

    def asked(one):
        with statements() as sent:
            found = stream(agent, one)
        return len(found.entries), len(sent)

    (short, cost), (long, same) = asked(few), asked(many)
    assert (short, long) == (2, 10)
    assert cost == same


def test_the_index_of_the_journal_leaves_out_what_other_sources_tell(database):
    with db.engine().connect() as connection:
        indexes = inspect(connection).get_indexes("change_row")
    (options,) = [one["dialect_options"] for one in indexes if one["name"] == "ix_change_row_stream"]
    assert set(re.findall("'([a-z_]+)'", str(options[f"{database}_where"]))) == set(TOLD_APART)


def merge(actor, survivor, *losers):
    both, choices = [survivor, *losers], Choices(survivor, {"notes": f"of:{losers[0]}"})
    plan = perform(actor, planning.plan, both, choices)
    return perform(actor, planning.commit, both, choices, plan.fingerprint).set_id


MERGES = Sought(types=frozenset({"merge"}))


@pytest.mark.feature("ACT-1", "B-PRF-2")
def test_merges_and_un_merges_are_entries_of_their_own(agent, make_user, make_as, ann):
    manager = make_user("Mia", "manager", team="North")
    zoe = make_as(agent, "contact", given_name="Zoë 🦊", family_name="Müller", notes="Prefers قهوة")
    call(agent, zoe, subject="With Zoë", ago=1)
    set_id = merge(manager, ann, zoe)
    [entry] = stream(agent, ann, MERGES).entries
    assert (entry.type, entry.title, entry.who) == ("merge", "Merged from Zoë 🦊 Müller", "Mia")
    assert entry.note.endswith("moved")
    assert [(line.label, line.old, line.text) for line in entry.lines] == [("Notes", "", "Prefers قهوة")]
    everything = stream(agent, ann).entries
    assert [one.title for one in everything].count(entry.title) == 1
    assert [one for one in everything if one.type == "change" and "merged" in one.title.lower()] == []
    assert "With Zoë" in [one.title for one in everything]
    perform(manager, unmerging.unmerge, set_id)
    assert [one.title for one in stream(agent, ann, MERGES).entries] == [
        "Un-merged: Zoë 🦊 Müller", "Merged from Zoë 🦊 Müller",
    ]  # fmt: skip
    assert [one.title for one in stream(agent, zoe, MERGES).entries] == ["Un-merged from Ann", "Merged into Ann"]
    for sought, expected in (
        (Sought(words="zoë 🦊"), 2), (Sought(words="قهوة"), 2), (Sought(words="nowhere"), 0),
        (Sought(author_id=manager.user_id), 2), (Sought(author_id=agent.user_id), 0),
        (Sought(since=utc_now() - timedelta(hours=1)), 2), (Sought(until=utc_now() - timedelta(hours=1)), 0),
    ):  # fmt: skip
        found = [one for one in stream(agent, ann, sought).entries if one.type == "merge"]
        assert len(found) == expected, sought


def test_whose_field_followed_a_merge_reads_of_a_change(agent, make_user, make_as):
    manager = make_user("Mia", "manager", team="North")
    firm, former = (make_as(agent, "account", name=name, notes=name) for name in ("Mühle", "Old Mill"))
    clerk = make_as(agent, "contact", family_name="Clerk", employer_id=str(former))
    merge(manager, firm, former)
    assert stream(agent, clerk, MERGES).entries == []
    told = [(line.label, line.old, line.text) for one in stream(agent, clerk).entries for line in one.lines]
    assert ("Employer", "Old Mill", "Mühle") in told
    assert titles(stream(agent, firm, MERGES)) == ["Merged from Old Mill"]


@pytest.mark.feature("ACT-1", "B-PRF-2")
def test_a_chain_of_merges_is_told_page_by_page_and_names_nobody_out_of_reach(agent, stranger, admin, make_as, ann):
    others = [make_as(agent, "contact", family_name=name) for name in ("Bö", "Cy")]
    secret = make_as(stranger, "contact", family_name="Geheim")
    merge(admin, others[1], secret)
    merge(admin, others[0], others[1])
    merge(admin, ann, others[0])
    found, after = [], ""
    while True:
        page = stream(agent, ann, MERGES, after=after, limit=1)
        found += page.entries
        after = page.after
        if not after:
            break
    assert [one.title for one in found] == ["Merged from Bö", "Merged from Cy", "Merged from –"]
    assert "Geheim" not in str(found)
    assert stream(agent, ann, Sought(frozenset({"merge"}), words="geheim")).entries == []
    assert "Merged from Geheim" in titles(stream(admin, ann, MERGES))


@pytest.mark.feature("B-PRF-2")
def test_a_long_text_can_be_opened_whole(agent, ann):
    words = "Ausführlich 详细 " * 200
    call(agent, ann, subject="Long", text=words)
    call(agent, ann, subject="Short", text="Two\nlines")
    assert {(e.title, e.text.strip(), e.long) for e in stream(agent, ann).entries if e.type == "call"} == {
        ("Long", words.strip(), True), ("Short", "Two\nlines", False),
    }  # fmt: skip


@pytest.mark.feature("B-PRF-2")
def test_every_source_is_told_apart_and_named_in_both_languages():
    types = [one for source in timeline.SOURCES for one in source.types]
    assert sorted(set(types)) == sorted(types)
    for language in LANGUAGES:
        named = {one: text(language, f"timeline.type.{one}") for one in types}
        assert {one for one, name in named.items() if name == f"timeline.type.{one}"} == set()
