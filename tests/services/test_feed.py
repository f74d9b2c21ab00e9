"""The feed: posts, comments, likes, and colleagues told because they were mentioned; counts by month."""

from datetime import timedelta

import pytest

from c360.core.clock import utc_now
from c360.core.errors import Forbidden, Invalid, NotFound
from c360.services import activities, activity_counts, feed, notifications, timeline
from c360.services.timeline import Sought
from c360.services.uow import ask, perform

POSTS = Sought(types=frozenset({"post"}))


@pytest.fixture
def ann(agent, make_as):
    return make_as(agent, "contact", family_name="Ann")


def posts(actor, one):
    return ask(actor, timeline.fetch, one, POSTS).entries


def told(actor):
    return [(notice.text, notice.href) for notice in ask(actor, notifications.mine)]


@pytest.mark.feature("ACT-2")
def test_who_sees_a_customer_posts_comments_and_likes(agent, make_user, ann):
    mate = make_user("Mate", team="North")
    post = perform(mate, feed.post, ann, "Has moved to Bonn")
    perform(agent, feed.comment, post, "Thanks")
    assert perform(agent, feed.like, post) is True
    (entry,) = posts(agent, ann)
    assert (entry.text, entry.who, entry.likes, entry.liked, entry.mine) == (
        "Has moved to Bonn",
        "Mate",
        1,
        True,
        False,
    )
    assert [(line.text, line.who, line.mine) for line in entry.lines] == [("Thanks", agent.name, True)]
    assert perform(agent, feed.like, post) is False
    assert posts(mate, ann)[0].likes == 0
    perform(mate, feed.remove, "post", post)
    assert posts(agent, ann) == []
    with pytest.raises(Invalid):
        perform(agent, feed.post, ann, "  ")


@pytest.mark.feature("ACT-2")
def test_a_mention_tells_only_who_sees_the_customer(agent, stranger, make_user, ann):
    mate, longer = make_user("Max Mate", team="North"), make_user("Max Mater", team="North")
    perform(agent, feed.post, ann, f"Ask @max mater and @{stranger.name}, please")
    assert told(longer) == [(f"{agent.name} mentioned you on Ann.", f"/contact/{ann}/timeline")]
    assert told(mate) == []
    assert told(stranger) == []
    post = perform(agent, feed.post, ann, "Another")
    perform(longer, feed.comment, post, "Done")
    assert told(agent) == [("Max Mater answered your post on Ann.", f"/contact/{ann}/timeline")]


def test_nobody_posts_where_he_sees_nothing_nor_takes_back_what_is_not_his(agent, stranger, make_user, ann):
    post = perform(agent, feed.post, ann, "Mine")
    for act, *args in ((feed.post, ann, "x"), (feed.comment, post, "x"), (feed.like, post)):
        with pytest.raises(NotFound):
            perform(stranger, act, *args)
    mate = make_user("Mate", team="North")
    with pytest.raises(Forbidden):
        perform(mate, feed.remove, "post", post)


@pytest.mark.feature("RPT-7")
def test_contacts_are_counted_by_kind_direction_and_month(agent, ann):
    def add(kind, way, days, **values):
        at = (utc_now() - timedelta(days=days)).isoformat()
        given = {"kind": kind, "subject": "x", "status": "closed", "direction": way, "starts_at": at, **values}
        perform(agent, activities.add, [ann], given)

    for kind, way, days in (("call", "in", 0), ("call", "out", 0), ("call", "out", 62), ("mail", "out", 62)):
        add(kind, way, days)
    add("meeting", "", 0)
    add("note", "", 0)
    add("call", "in", 800)
    add("call", "in", 0, status="cancelled")
    found = ask(agent, activity_counts.of, ann)
    assert found.total == 5
    assert {row.label: row.numbers for row in found.rows} == {
        "Call": [1, 2, 0, 3], "E-mail": [0, 1, 0, 1], "Meeting": [0, 0, 1, 1],
    }  # fmt: skip
    assert [(one["name"], sum(one["y"])) for one in found.ways.traces] == [
        ("Incoming", 1),
        ("Outgoing", 3),
        ("Neither", 1),
    ]
    assert [one["name"] for one in found.kinds.traces] == ["Call", "Meeting", "E-mail"]
    assert [len(one["x"]) for one in found.kinds.traces] == [12, 12, 12]
    latest = found.kinds.lines[0]
    assert (latest.numbers, found.kinds.traces[0]["customdata"][-1]) == ([2, 1, 0, 3], [latest.key, "call"])
    assert sum(line.numbers[-1] for line in found.kinds.lines) == found.total
