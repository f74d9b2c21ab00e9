"""The administration pages' handlers, driven through the guard as a browser would."""

import json

import pytest
from reflex.state import State

from c360.services import choices, custom_fields, sessions, settings
from c360.services.consents import purposes
from c360.services.duplicates import rules
from c360.services.uow import ask
from c360.state.admin_duplicates import DuplicateRules
from c360.state.admin_fields import CustomFields
from c360.state.admin_lists import PickLists
from c360.state.admin_privacy import PrivacySettings
from c360.state.admin_purposes import ConsentTexts, Purposes
from c360.state.admin_settings import General, Sections, Weights
from tests.state.driving import Tab, signed_in, tab


@pytest.fixture(autouse=True)
def _clean():
    sessions.forget()


def said(t: Tab) -> str:
    return json.dumps([str(event) for event in t.events], ensure_ascii=False)


@pytest.mark.feature("REC-40", "ADM-2")
async def test_pick_lists_are_kept_through_the_page(admin, database):
    digest = signed_in(admin)
    async with tab() as t:
        send = t.at("/admin/lists/status", digest)
        await t.send(State.hydrate, digest=digest)
        await send(PickLists.load)
        assert t.shown("which") == "status"
        await send(PickLists.ask_for, entry_id="")
        await send(PickLists.save, form={"name": "prospect", "color": "red"})
        assert "Prospect" in t.shown("errors")["name"]
        await send(PickLists.save, form={"name": "Wartend ⏳", "color": "plum", "comment": "", "is_default": "on"})
        entries = {e.name: e for e in ask(admin, choices.entries, "status")}
        assert (entries["Wartend ⏳"].color, entries["Wartend ⏳"].is_default) == ("plum", True)
        await send(PickLists.move, entry_id=str(entries["Wartend ⏳"].id), step=-1)
        assert [e.name for e in ask(admin, choices.entries, "status")][3] == "Wartend ⏳"
        for verb, retired in (("retire", True), ("offer", False)):
            await send(PickLists.act, verb=verb, entry_id=str(entries["Lost"].id))
            assert next(e for e in ask(admin, choices.entries, "status") if e.name == "Lost").retired is retired
        await send(PickLists.act, verb="delete", entry_id=str(entries["Wartend ⏳"].id))
        assert "Wartend ⏳" not in {e.name for e in ask(admin, choices.entries, "status")}
        assert t.errors == []


@pytest.mark.feature("REC-40")
async def test_a_refused_deletion_says_how_many_and_leads_to_them(admin, make_as):
    make_as(admin, "contact", family_name="King")
    active = next(e for e in ask(admin, choices.entries, "status") if e.name == "Active")
    digest = signed_in(admin)
    async with tab() as t:
        await t.send(State.hydrate, digest=digest)
        await t.send(PickLists.load, digest=digest, path="/admin/lists/status")
        await t.send(PickLists.act, {"verb": "delete", "entry_id": str(active.id)}, digest=digest)
        assert "Active is held by 1 record" in said(t)
        assert "/customers?f=" in said(t)
        assert t.errors == []


@pytest.mark.feature("ADM-1", "REC-26")
async def test_a_field_is_added_through_the_page(admin, database):
    digest = signed_in(admin)
    form = {"label": "Sitzplatz", "kind": "choice", "privacy": "plain", "in_list": "on", "in_form": "on", "help": ""}
    async with tab() as t:
        send = t.at("/admin/fields/account", digest)
        await t.send(State.hydrate, digest=digest)
        await send(CustomFields.load)
        await send(CustomFields.ask_for, entry_id="")
        await send(CustomFields.save, form=form)
        assert t.shown("errors") == {"choices": "Add at least one option."}
        await send(CustomFields.save, form={**form, "option-0": "Loge", "color-0": "plum", "option-1": "Parkett"})
        (field,) = ask(admin, custom_fields.listed, "account")
        assert [c["label"] for c in field.row["choices"]] == ["Loge", "Parkett"]
        assert (field.row["in_import"], field.row["in_list"]) == (False, True)
        await send(CustomFields.act, verb="retire", entry_id=str(field.id))
        assert ask(admin, custom_fields.listed, "account")[0].retired
        assert t.errors == []


@pytest.mark.feature("REC-8", "ADM-3", "ADM-6", "REC-36")
async def test_sections_weights_and_general_settings_are_kept(admin, database):
    digest = signed_in(admin)

    def now() -> settings.AppSettings:
        return ask(admin, lambda uow: settings.read(uow.session))

    async with tab() as t:
        await t.send(State.hydrate, digest=digest)
        await t.send(Sections.load, digest=digest, path="/admin/sections/account")
        await t.send(
            Sections.switch, {"part": "tab.contacts", "on": False}, digest=digest, path="/admin/sections/account"
        )
        await t.send(Sections.move, {"part": "tab.changes", "step": -1}, digest=digest, path="/admin/sections/account")
        rest = [tab for tab in settings.TABS["account"] if tab not in ("contacts", "changes")]
        rest.insert(settings.TABS["account"].index("changes") - 2, "changes")
        assert now().tabs("account") == tuple(rest)
        groups = t.shown("fields")
        await t.send(Sections.move, {"part": "field.code", "step": -1}, digest=digest, path="/admin/sections/account")
        await t.send(
            Sections.switch, {"part": "card.notes", "on": False}, digest=digest, path="/admin/sections/account"
        )
        assert now().layout("account")["company"][-2:] == ("treated_as", "parent_id")
        assert "notes" not in now().cards("account")
        assert [group["label"] for group in groups][:2] == ["Company", "Contact data"]
        labels = [row["label"] for rows in ("tabs", "sections", "activities", "cards") for row in t.shown(rows)]
        labels += [row["label"] for group in groups for row in group["rows"]]
        assert [label for label in labels if "." in label] == [], "a key stands where a name should"

        await t.send(Weights.load, digest=digest, path="/admin/completeness/account")
        await t.send(Weights.weigh, {"name": "email", "value": 20}, digest=digest)
        assert t.shown("total") == 105
        await t.send(Weights.save, digest=digest)
        assert now().weights["account"]["email"] == 15
        await t.send(Weights.weigh, {"name": "city", "value": 10}, digest=digest)
        await t.send(Weights.save, digest=digest)
        assert now().weights["account"]["email"] == 20

        await t.send(General.load, digest=digest, path="/admin/general")
        await t.send(General.show_mask, {"mask": "K-##"}, digest=digest)
        assert t.shown("example") == "K-42"
        values = {"code_mask": "K-##", "currency": "CHF", "country": "AT"}
        await t.send(General.save, {"form": values}, digest=digest)
        assert (now().code_mask, now().currency, now().country) == ("K-##", "CHF", "AT")
        await t.send(General.save, {"form": {**values, "code_mask": "nothing"}}, digest=digest)
        assert "exactly one run" in said(t)
        assert t.errors == []


@pytest.mark.feature("SEC-4", "R13")
async def test_a_business_user_gets_nothing_from_these_pages(agent, admin, database):
    digest = signed_in(agent)
    before = [e.name for e in ask(admin, choices.entries, "status")]
    async with tab() as t:
        await t.send(State.hydrate, digest=digest)
        await t.send(PickLists.load, digest=digest, path="/admin/lists/status")
        assert t.shown("denied") is True
        assert not t.shown("rows")
        await t.send(PickLists.ask_for, {"entry_id": ""}, digest=digest)
        await t.send(PickLists.save, {"form": {"name": "Mine"}}, digest=digest)
        await t.send(Sections.switch, {"part": "tab.contacts", "on": False}, digest=digest)
        await t.send(CustomFields.save, {"form": {"label": "Mine", "kind": "text"}}, digest=digest)
    assert [e.name for e in ask(admin, choices.entries, "status")] == before
    assert ask(admin, custom_fields.listed, "contact") == []
    assert ask(admin, lambda uow: settings.read(uow.session)).parts_off == {}


@pytest.mark.feature("CNS-7", "ADM-2")
async def test_purposes_and_the_versions_of_their_texts_are_kept_through_the_pages(admin, agent, database):
    digest = signed_in(admin)

    async with tab() as t:

        async def send(handler, path="/admin/purposes", **payload):
            await t.send(handler, payload, digest=digest, path=path)

        await t.send(State.hydrate, digest=digest)
        await send(Purposes.load)
        await send(Purposes.ask_for, entry_id="")
        form = {"name": "Umfragen 📋", "key": "Bad key", "nature": "marketing", "basis": "consent", "on-email": "on",
                "on-post": "on", "lasts_months": "24", "recipients": "Data House; Post"}  # fmt: skip
        await send(Purposes.save, form=form)
        assert "key" in t.shown("errors")
        await send(Purposes.save, form={**form, "key": "promotion"})
        assert "Another purpose" in t.shown("errors")["key"]
        await send(Purposes.save, form={**form, "key": "surveys"})
        (row,) = [one for one in ask(admin, purposes.entries) if one.key == "surveys"]
        assert (row.name, row.media, row.lasts_months, row.double_opt_in) == (
            "Umfragen 📋",
            ["email", "post"],
            "24",
            False,
        )
        await send(Purposes.move, entry_id=row.id, step=-1)
        assert [one.key for one in ask(admin, purposes.entries)][-2] == "surveys"
        for verb, retired in (("retire", True), ("offer", False)):
            await send(Purposes.act, verb=verb, entry_id=row.id)
            assert next(one for one in ask(admin, purposes.entries) if one.key == "surveys").retired is retired
        path = f"/admin/purposes/{row.id}"
        await send(ConsentTexts.load, path)
        await send(ConsentTexts.ask_for, path, text_id="")
        await send(ConsentTexts.save, path, form={"language": "de", "country": "AT", "title": "Umfrage", "text": ""})
        assert "text" in t.shown("errors")
        for words in ("Ich mache mit. 👍", "Ich mache gerne mit."):
            await send(
                ConsentTexts.save, path, form={"language": "de", "country": "AT", "title": "Umfrage", "text": words}
            )
        new, old = t.shown("rows")
        assert [(one.number, one.is_active) for one in (new, old)] == [(2, True), (1, False)]
        await send(ConsentTexts.activate, path, text_id=old.id)
        assert [one.is_active for one in t.shown("rows")] == [False, True]
        assert t.errors == []
    async with tab() as other:
        stranger = signed_in(agent)
        await other.send(State.hydrate, digest=stranger)
        await other.send(Purposes.load, digest=stranger, path="/admin/purposes")
        assert other.shown("denied") is True
        await other.send(Purposes.act, {"verb": "retire", "entry_id": row.id}, digest=stranger)
    assert not next(one for one in ask(admin, purposes.entries) if one.key == "surveys").retired


@pytest.mark.feature("CNS-7", "CNS-11", "CNS-12")
async def test_settings_of_data_protection_are_kept_through_the_page(admin, database):
    digest = signed_in(admin)
    async with tab() as t:
        send = t.at("/admin/privacy", digest)
        await t.send(State.hydrate, digest=digest)
        await send(PrivacySettings.load)
        prospect = next(one["value"] for one in t.shown("statuses") if one["label"] == "Prospect")
        await send(PrivacySettings.save_controller, form={"controller": " Muster GmbH, Köln "})
        await send(PrivacySettings.save_rule, form={"unused_months": "36", f"prospect-{prospect}": "on"})
        await send(PrivacySettings.save_words, form={"words-en": "cancer\n sick  leave, HIV", "words-de": "krank*"})
        await send(PrivacySettings.save_controller, form={"controller": "x" * 501})
        assert "controller" in t.shown("errors")
        await send(PrivacySettings.save_rule, form={"unused_months": "soon"})
        assert "unused_months" in t.shown("errors")
        await send(PrivacySettings.save_words, form={"words-en": "x" * 61})
        assert "sensitive_words" in t.shown("errors")
        assert t.errors == []
    now = ask(admin, lambda uow: settings.read(uow.session))
    assert (now.controller, now.unused_months, list(now.prospects)) == ("Muster GmbH, Köln", 36, [prospect])
    assert now.sensitive_words == {"en": ["cancer", "sick leave", "HIV"], "de": ["krank*"]}


@pytest.mark.feature("B-DUP-3", "DUP-1", "DUP-3", "ADM-6")
async def test_rules_for_duplicates_are_drafted_tried_and_kept_through_the_page(admin, agent, database):
    digest = signed_in(admin)

    def now():
        return ask(admin, lambda uow: rules.of(uow.session, "contact"))

    async with tab() as t:
        send = t.at("/admin/duplicates/contact", digest)
        await t.send(State.hydrate, digest=digest)
        await send(DuplicateRules.load)
        assert [row["said"] for row in t.shown("rows")][1] == (
            "given name is a nickname and very similar family name and same birth date"
        )
        await send(DuplicateRules.ask_for, place=-1)
        await send(DuplicateRules.keep_rule, form={"name": " ", "if-0": "phone:0"})
        assert "A rule needs a name" in t.shown("errors")["duplicates"]
        everywhere = {f"at-{door}": "on" for door in rules.DOORS}
        form = {"name": "Ein Telefon ☎", "if-0": "phone:0", "if-1": "", **everywhere}
        await send(DuplicateRules.keep_rule, form=form)
        await send(DuplicateRules.ask_for, place=0)
        assert set(t.shown("asked").values()) == {True}
        scope = {"join": "all", "of": [{"field": "city", "op": "contains", "value": "Köln"}]}
        await send(DuplicateRules.look_at_scope, criteria=scope)
        assert (t.shown("holds").said, t.shown("holds").of) == ("Contacts where City contains “Köln”", 0)
        await send(DuplicateRules.keep_rule, form={**form, "scope": "{nonsense"})
        assert "cannot be kept" in t.shown("errors")["scope"]
        first = {"name": "E-mail and name", "if-0": "email:0", "if-1": "given:3", "if-2": "family:2", "at-scan": "on",
                 "scope": json.dumps(scope)}  # fmt: skip
        await send(DuplicateRules.keep_rule, form=first)
        assert t.shown("rows")[0]["holds"].said == t.shown("holds").said
        assert t.shown("rows")[0]["where"] == "Asked only: When a search runs"
        await send(DuplicateRules.drop, place=1)
        await send(DuplicateRules.compare, name="gender", on=False)
        await send(DuplicateRules.weight, name="phone", times="1.5")
        await send(DuplicateRules.weight, name="email", times="7")
        assert {one.name: one.times for one in t.shown("fields")}["phone"] == "1.5"
        await send(DuplicateRules.bound, name="ask", value=40)
        await send(DuplicateRules.schedule, hours="168")
        await send(DuplicateRules.react, door="save", reaction="block")
        await send(DuplicateRules.react, door="typing", reaction="block")
        assert t.shown("doors") == {
            "typing": "warn",
            "save": "block",
            "imports": "queue",
            "api": "block",
            "scan": "queue",
        }
        await send(DuplicateRules.bound_at, door="save", which="sure", typed="90")
        await send(DuplicateRules.bound_at, door="scan", which="sure", typed="90")
        await send(DuplicateRules.bound_at, door="save", which="ask", typed="x")
        await send(DuplicateRules.never, column="phone", typed="040 1234567\n??")
        assert {one.name: one.unread for one in t.shown("generics")}["phone"] == "??"
        await send(DuplicateRules.save)
        assert "cannot be read" in t.shown("errors")["duplicates"]
        await send(DuplicateRules.never, column="phone", typed="040 1234567\n040/1234567")
        await send(DuplicateRules.never, column="nonsense", typed="x")
        bench = {"l-phone": "+49 30 5550101", "r-phone": "030 5550101", "l-given_name": "Ada", "r-given_name": "Zoë"}
        await send(DuplicateRules.weigh, form=bench)
        assert (t.shown("verdict").band, t.shown("verdict").met) == ("ask", ["Ein Telefon ☎"])
        await send(DuplicateRules.estimate)
        assert t.shown("effect").looked_at == 0
        assert now().every == 24, "nothing is kept yet"
        await send(DuplicateRules.save)
        kept = now()
        assert (kept.ask, kept.every, kept.without, kept.save) == (0.4, 168, ("gender",), "block")
        assert kept.bounds == {"save": (0.4, 0.9)}
        assert kept.weights == {"phone": 1.5}
        assert kept.generic == {"phone": ("040 1234567",)}
        not_on_save = ("typing", "save", "imports", "api")
        assert [one.scope for one in kept.rules] == [scope, None]
        assert [(one.name, one.shut) for one in kept.rules] == [("E-mail and name", not_on_save), ("Ein Telefon ☎", ())]
        await send(DuplicateRules.reset_rules)
        assert (now().ask, len(now().rules)) == (0.5, 2)
        assert t.errors == []
    async with tab() as t:
        send = t.at("/admin/duplicates/contact", signed_in(agent))
        await send(State.hydrate)
        await send(DuplicateRules.load)
        await send(DuplicateRules.save)
        assert t.shown("denied") is True
        assert not t.shown("rows")
