"""Saved views and folders: whose they are, who sees them, what they keep."""

import pytest

from c360.core.errors import Conflict, Forbidden, Invalid, NotFound
from c360.query.criteria import from_json
from c360.services import bulk, cells, listing, views
from c360.services.listing import sentence
from c360.services.uow import ask, perform

QUERY = {
    "columns": ["name", "email", "gone"],
    "layout": [{"id": "name", "width": 300.4, "pinned": "left"}, {"id": "gone"}, {"id": "email", "pinned": "up"}],
    "criteria": {"join": "all", "of": [{"field": "email", "op": "contains", "value": "acme"}]},
    "sort": ["-updated_at", "name"],
    "search": "Müller",
    "quick": ["status_id", "nonsense"],
    "density": "compact",
    "rows": 50,
}


def of(actor, key="contact"):
    return {view.name: view for view in ask(actor, views.views, key)}


@pytest.mark.feature("LST-3", "LST-4", "LST-8", "B-LST-1")
def test_a_view_keeps_columns_filters_sort_and_page_size(agent):
    view_id = perform(agent, views.save_view, "contact", "Größe 美咲", "private", QUERY)
    found = of(agent)["Größe 美咲"]
    assert found.id == view_id
    assert found.mine
    assert found.query["columns"] == ["name", "email"]
    assert found.query["layout"] == [
        {"id": "name", "pinned": "left", "width": 300},
        {"id": "email", "pinned": None},
    ]
    assert found.query["sort"] == ["-updated_at", "name"]
    assert (found.query["quick"], found.query["density"], found.query["rows"]) == (["status_id"], "compact", 50)
    perform(agent, views.keep_view, view_id, {"columns": ["name"], "rows": 7})
    kept = of(agent)["Größe 美咲"].query
    assert (kept["columns"], kept["criteria"]["of"], kept["rows"]) == (["name"], [], 100)


@pytest.mark.feature("LST-8")
def test_a_private_view_is_its_owners_and_a_shared_one_is_not_changed_by_others(agent, stranger, make_user):
    mate = make_user("Meg Mate", team="North")
    private = perform(agent, views.save_view, "contact", "Mine", "private", {})
    perform(agent, views.save_view, "contact", "Ours", "team", {})
    everyone = perform(agent, views.save_view, "contact", "All of us", "everyone", {})
    assert set(of(mate)) == {"Ours", "All of us"}
    assert set(of(stranger)) == {"All of us"}
    assert not of(stranger)["All of us"].mine
    with pytest.raises(NotFound):
        perform(stranger, views.rename_view, private, "Stolen", "private")
    with pytest.raises(Forbidden):
        perform(stranger, views.keep_view, everyone, {"rows": 25})
    perform(agent, views.rename_view, private, "Renamed", "everyone")
    assert "Renamed" in of(stranger)
    perform(agent, views.delete_view, private)
    assert "Renamed" not in of(agent)


@pytest.mark.feature("LST-8")
def test_each_user_has_his_own_default_and_favourites(agent, stranger):
    first = perform(agent, views.save_view, "contact", "First", "everyone", {})
    second = perform(agent, views.save_view, "contact", "Second", "everyone", {})
    perform(agent, views.prefer, first, default=True)
    perform(agent, views.prefer, second, default=True, favourite=True)
    mine, theirs = of(agent), of(stranger)
    assert (mine["First"].is_default, mine["Second"].is_default) == (False, True)
    assert list(mine) == ["Second", "First"]
    assert not any(view.is_default or view.is_favourite for view in theirs.values())
    perform(agent, views.prefer, second, default=False)
    assert not of(agent)["Second"].is_default
    assert of(agent)["Second"].is_favourite


@pytest.mark.feature("LST-8", "LST-7")
def test_a_view_with_a_field_or_word_nobody_knows_is_refused(agent):
    bad = {"criteria": {"join": "all", "of": [{"field": "shoe_size", "op": "is", "value": "43"}]}}
    with pytest.raises(Invalid):
        perform(agent, views.save_view, "contact", "Bad", "private", bad)
    with pytest.raises(Invalid):
        perform(agent, views.save_view, "user", "Users", "private", {})
    with pytest.raises(Invalid):
        perform(agent, views.save_view, "contact", "", "private", {})


@pytest.mark.feature("LST-9")
def test_folders_nest_follow_their_rule_and_leave_their_records(agent, make_as):
    inside = make_as(agent, "contact", family_name="Inside", email="a@acme.example")
    make_as(agent, "contact", family_name="Outside", email="b@other.example")
    rule = QUERY["criteria"]
    top = perform(agent, views.save_folder, "contact", "Top", "dynamic", "private", rule, None)
    low = perform(agent, views.save_folder, "contact", "Low", "static", "private", {}, top)
    assert [(f.name, f.depth) for f in ask(agent, views.folders, "contact")] == [("Top", 0), ("Low", 1)]
    rows = ask(agent, listing.rows, listing.ListQuery("contact", ("name",), folder=top), 0, 10)
    assert [row[0] for row in rows.rows] == [str(inside)]
    other = {"join": "all", "of": [{"field": "email", "op": "contains", "value": "other"}]}
    perform(agent, views.change_folder, top, "Top", "private", None, other)
    rows = ask(agent, listing.rows, listing.ListQuery("contact", ("name",), folder=top), 0, 10)
    assert [row[1] for row in rows.rows] == ["Outside"]
    with pytest.raises(Invalid):
        perform(agent, views.change_folder, top, "Top", "private", low, None)
    with pytest.raises(Invalid):
        perform(agent, views.save_folder, "contact", "Empty", "dynamic", "private", {}, None)
    perform(agent, views.favour_folder, low, True)
    perform(agent, views.delete_folder, top)
    assert [(f.name, f.depth, f.is_favourite) for f in ask(agent, views.folders, "contact")] == [("Low", 0, True)]
    assert ask(agent, listing.count, listing.ListQuery("contact")).total == 2


@pytest.mark.feature("LST-13", "B-LST-6")
def test_a_cell_is_changed_only_from_what_was_seen(agent, stranger, make_as):
    who = make_as(agent, "contact", family_name="King", email="old@example.com")
    perform(agent, cells.change, "customer", who, "email", "new@example.com", "old@example.com")
    with pytest.raises(Conflict) as refused:
        perform(agent, cells.change, "contact", who, "email", "third@example.com", "old@example.com")
    assert "new@example.com" in refused.value.text("en")
    assert refused.value.clashes[0].theirs == "new@example.com"
    with pytest.raises(Invalid):
        perform(agent, cells.change, "contact", who, "email", "no address", "new@example.com")
    with pytest.raises(Invalid):
        perform(agent, cells.change, "contact", who, "created_at", "2020-01-01", "")
    with pytest.raises(NotFound):
        perform(stranger, cells.change, "contact", who, "email", "x@example.com", "new@example.com")
    assert ask(agent, lambda uow: uow.get("contact", who).email) == "new@example.com"


@pytest.mark.feature("B-LST-2")
def test_a_filter_is_told_as_one_sentence(agent):
    tree = from_json(
        {
            "join": "all",
            "of": [
                {"field": "email", "op": "contains", "value": "acme"},
                {"field": "city", "op": "contains", "value": ""},
                {"join": "any", "of": [
                    {"field": "employer_id.name", "op": "equals", "value": "Ernst Handel"},
                    {"field": "updated_at", "op": "within", "value": "this_quarter"},
                ]},
                {"join": "none", "of": [{"field": "owner_id", "op": "is", "value": "@me"}]},
                {"related": "communication", "via": "customer_id", "has": "at_least", "n": 2, "where": {}},
            ],
        }
    )  # fmt: skip
    told = ask(agent, sentence.sentence, "contact", tree)
    assert told == (
        "Contacts where E-mail contains “acme” and (Employer › Name equals Ernst Handel or Updated is within "
        "this quarter) and none of these holds: Owner is me and there are at least 2 Communication"
    )
    assert ask(agent, sentence.sentence, "contact", from_json({})) == ""


@pytest.mark.feature("LST-9", "LST-7")
def test_a_dynamic_folder_is_a_condition_like_any_other(agent, make_as):
    for name, mail in (("Acme", "a@acme.example"), ("Other", "o@other.example"), ("None", "")):
        make_as(agent, "contact", family_name=name, email=mail)
    rule = {"field": "email", "op": "contains", "value": "acme"}
    ruled = perform(agent, views.save_folder, "contact", "Acme", "dynamic", "private", rule, None)
    held = perform(agent, views.save_folder, "contact", "Hand", "static", "private", {}, None)
    other = ask(agent, listing.rows, listing.from_json({"entity": "contact", "columns": ["name"]}), 0, 9)
    ids = {row[1]: row[0] for row in other.rows}
    put = {"kind": "add_to_folder", "folder_id": str(held)}
    perform(agent, bulk.apply, "contact", {"mode": "ids", "ids": [ids["Other"]]}, put)

    def found(op, *folders):
        test = {"field": "folders", "op": op, "value": [str(folder) for folder in folders]}
        query = listing.from_json({"entity": "contact", "columns": ["name"], "criteria": test, "sort": ["name"]})
        return [row[1] for row in ask(agent, listing.rows, query, 0, 9).rows]

    assert found("has_any_of", ruled) == ["Acme"]
    assert found("has_any_of", ruled, held) == ["Acme", "Other"]
    assert found("has_all_of", ruled, held) == []
    assert found("has_none_of", ruled) == ["None", "Other"]
    assert found("has_none_of", ruled, held) == ["None"]
    inner = {"join": "all", "of": [{"field": "folders", "op": "has_any_of", "value": [str(ruled)]}]}
    outer = perform(agent, views.save_folder, "contact", "Outer", "dynamic", "private", inner, None)
    assert found("has_any_of", outer) == ["Acme"]
    for folder, name in ((ruled, "Acme"), (outer, "Outer")):
        circle = {"field": "folders", "op": "has_any_of", "value": [str(outer)]}
        with pytest.raises(Invalid):
            perform(agent, views.change_folder, folder, name, "private", None, circle)
