"""Nobody is contacted for what he has not agreed to: by a mailing's file, by an activity, by mail."""

import ast
import csv
import io
import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from c360.cli.app import app
from c360.core.clock import utc_now
from c360.core.errors import Invalid
from c360.core.i18n import text
from c360.services import activities, consents, exports, mailings, records
from c360.services.consents import Said
from c360.services.uow import ask, perform
from tests.architecture.source import modules, name, tree
from tests.services.test_activities import logged, planned
from tests.services.test_consents import purpose as purpose


def say(actor, customer_id, purpose_id, event="given", medium="email", **told):
    told = {"note": "told us", **told}
    return perform(actor, consents.record, customer_id, purpose_id, medium, Said(event, "paper", **told))


@pytest.fixture
def people(agent, make_as, purpose):
    """Make one customer for each answer a mailing by e-mail can get."""
    made = {
        who: make_as(agent, "contact", family_name=f"{who} Ünal 山", email=f"{who}@example.com")
        for who in ("yes", "never", "withdrew", "expired", "forbade", "shut")
    }
    made["nowhere"] = make_as(agent, "contact", family_name="nowhere")
    for who in ("yes", "withdrew", "forbade", "shut"):
        say(agent, made[who], purpose["promotion"])
    say(agent, made["withdrew"], purpose["promotion"], "withdrawn")
    past = utc_now() - timedelta(days=9)
    say(agent, made["expired"], purpose["promotion"], at=past, valid_until=(past + timedelta(days=2)).date())
    perform(agent, records.update, "contact", made["forbade"], {"forbidden_media": "email"})
    values = {"customer_id": str(made["shut"]), "family": "email", "value": "shut@example.com", "do_not_use": "yes"}
    perform(agent, records.create, "communication", values)
    return made


LEFT = {"never": 1, "refused": 1, "lapsed": 1, "forbidden": 1, "shut": 1, "unreachable": 1}
MAILING = {"purpose": "promotion", "medium": "email"}
QUERY = {"entity": "contact", "columns": ["family_name"], "sort": ["name"], "mailing": MAILING}


@pytest.mark.feature("CNS-5", "IMP-8")
def test_an_export_for_a_mailing_leaves_out_who_has_not_agreed_and_says_why(agent, people, purpose):
    found = ask(agent, mailings.forecast, QUERY)
    assert (found.reached, found.left_out) == (1, 6)
    assert set(found.reasons) == {text("en", f"mailing.why.{why}", n=n) for why, n in LEFT.items()}
    ticket = perform(agent, exports.begin, QUERY, "csv")
    assert (ticket.rows, ticket.left_out) == (1, LEFT)
    path = perform(agent, exports.fetch, ticket.id).path
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:]] == ["yes Ünal 山"]
    assert perform(agent, exports.begin, {**QUERY, "mailing": None}, "csv").rows == 7
    assert ("promotion:email", "Promotional information: E-mail") in ask(agent, mailings.uses)


@pytest.mark.feature("CNS-5")
@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({**QUERY, "mailing": {"purpose": "nonsense", "medium": "email"}}, "mailing.purpose"),
        ({**QUERY, "mailing": {"purpose": "promotion", "medium": "pigeon"}}, "consent.medium"),
        ({**QUERY, "mailing": "promotion"}, "listing.shape"),
        ({**QUERY, "mailing": {"purpose": "promotion", "medium": 1}}, "listing.shape"),
    ],
)
def test_a_mailing_nobody_can_send_is_refused(agent, people, query, key):
    with pytest.raises(Invalid) as refused:
        perform(agent, exports.begin, query, "csv")
    assert key in {message.key for message in refused.value.fields.values()}


@pytest.mark.feature("CNS-5")
def test_the_command_line_keeps_to_it_too(people, tmp_path):
    path = tmp_path / "mailing.csv"
    done = CliRunner().invoke(app, ["export", str(path), "--purpose", "promotion", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["rows"], told["left_out"]) == (1, LEFT)
    assert "never" not in path.read_text("utf-8-sig")
    said = CliRunner().invoke(app, ["export", str(path), "--purpose", "promotion"]).stdout
    assert "6 left out" in said
    assert "1 who never said yes" in said


@pytest.mark.feature("CNS-5")
def test_an_outgoing_contact_with_a_purpose_takes_a_consent(agent, people, purpose):
    promotion = str(purpose["promotion"])
    mail = {"kind": "mail", "purpose_id": promotion}
    for refused in ("never", "withdrew", "expired", "nowhere"):
        for make in (logged, planned):
            with pytest.raises(Invalid) as told:
                make(agent, people[refused], **{**mail, "starts_at": "" if make is logged else utc_now().isoformat()})
            assert told.value.fields["purpose_id"].key == "activity.no_consent"
    assert "never Ünal 山 has not agreed to “Promotional information”" in _refusal(agent, people["never"], mail)
    done = logged(agent, people["yes"], **mail)
    logged(agent, people["never"], **mail, direction="in")  # He wrote to us.
    logged(agent, people["never"], kind="mail")  # No promotion: an answer, a contract.
    with pytest.raises(Invalid):
        perform(agent, activities.link, done, people["withdrew"])
    plain = logged(agent, people["never"], kind="mail")
    with pytest.raises(Invalid):
        perform(agent, records.update, "activity", plain, {"purpose_id": promotion})


@pytest.mark.feature("CNS-5")
def test_what_was_recorded_in_good_faith_can_still_be_told_of(agent, people, purpose):
    mail = logged(agent, people["yes"], kind="mail", purpose_id=str(purpose["promotion"]))
    say(agent, people["yes"], purpose["promotion"], "withdrawn")
    perform(agent, records.update, "activity", mail, {"outcome": "Bounced"})
    with pytest.raises(Invalid):
        logged(agent, people["yes"], kind="mail", purpose_id=str(purpose["promotion"]))


@pytest.mark.feature("CNS-5")
def test_nothing_but_reminders_to_users_leaves_by_mail():
    """Whoever lets the app mail customers must ask ``consents.require`` first, and say so here."""
    calls = {
        name(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "send" and getattr(node.value, "id", "") == "mailer"
    }
    assert calls == {"c360/services/reminders.py"}


def _refusal(actor, customer_id, values):
    with pytest.raises(Invalid) as told:
        logged(actor, customer_id, **values)
    return told.value.text("en")
