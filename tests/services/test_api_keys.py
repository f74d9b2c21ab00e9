"""API keys: made by their users, narrow, dated, shown once, ended at once."""

from datetime import timedelta

import pytest
from limits import RateLimitItemPerMinute
from sqlalchemy import text
from sqlmodel import Session, col, select, update

from c360.core import db
from c360.core.actor import SYSTEM, Verb
from c360.core.clock import utc_now
from c360.core.errors import Conflict, Forbidden, Invalid, NotFound, SignedOut, TooMany
from c360.models.journal import ChangeSet
from c360.models.user import ApiKey, Role
from c360.services import api_keys, limiting, users, verify
from c360.services.uow import ask, perform, unit_of_work
from tests.conftest import statements

BOTH = ("contact", "account")
SENTENCE = "This key opens nothing: it is unknown, expired or revoked."


@pytest.fixture(autouse=True)
def _count_afresh():
    limiting.storage.cache_clear()


def make(actor, name="Shop", kinds=BOTH, **more):
    return perform(actor, api_keys.make, actor.user_id, name, kinds, **more)


def change(secret, **values):
    """Change a key's row as time or a thief of the database would."""
    with Session(db.engine()) as session:
        session.execute(update(ApiKey).where(col(ApiKey.digest) == api_keys._digest(secret)).values(**values))
        session.commit()


@pytest.mark.feature("R11")
def test_only_the_digest_of_a_key_is_kept_and_the_journal_says_who_made_it(database, agent):
    secret = make(agent, "Laden „Grün“ 🛒")
    assert api_keys.SHAPE.fullmatch(secret)
    with db.engine().connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM api_key")).all())
        told = str(connection.execute(text("SELECT * FROM change_set")).all())
    assert secret not in kept + told
    assert secret[5:] not in kept + told
    (line,) = ask(agent, api_keys.mine)
    assert (line.name, line.state, line.used, line.writes) == ("Laden „Grün“ 🛒", "live", "", False)
    with Session(db.engine()) as session:
        made = session.exec(select(ChangeSet).where(ChangeSet.action == "api_key.made")).one()
        assert (made.actor_id, made.details["key"]) == (agent.user_id, line.id)
        assert verify.verify(session).ok


@pytest.mark.feature("R11")
@pytest.mark.parametrize("role", ["business_user", "manager", "administrator", "data_protection_officer"])
@pytest.mark.parametrize(("kinds", "writes"), [(("contact",), False), (("account",), True), (BOTH, True)])
def test_a_key_never_does_what_its_user_or_its_scope_does_not(make_user, role, kinds, writes):
    user = make_user("Ida", role, team="North")
    who = api_keys.holder(make(user, kinds=kinds, writes=writes), "192.0.2.1")
    allowed = {Verb.READ, Verb.CREATE, Verb.UPDATE, Verb.ARCHIVE} if writes else {Verb.READ}
    for kind in BOTH:
        for verb in Verb:
            wide = user.reach(kind, verb) if kind in kinds and verb in allowed else None
            assert who.reach(kind, verb) == wide, (kind, verb)
    for entity in ("role", "user_role", "setting", "activity", "journal", "api_key", "import_batch"):
        assert not any(who.may(verb, entity) for verb in Verb), entity
    assert not who.may(Verb.UPDATE, "user")
    assert (who.user_id, who.roles, who.hidden, who.locked) == (user.user_id, frozenset(), user.hidden, user.locked)


@pytest.mark.feature("R11")
def test_a_key_that_is_revoked_expired_unknown_or_of_another_shape_opens_nothing(database, agent):
    revoked, expired, good = make(agent), make(agent), make(agent)
    with unit_of_work(agent) as uow:
        row = uow.session.exec(select(ApiKey).where(ApiKey.digest == api_keys._digest(revoked))).one()
        api_keys.revoke(uow, row.id)
    change(expired, expires_at=utc_now() - timedelta(seconds=1))
    asked = []
    for wrong in (revoked, expired, "c360_" + "x" * 43, "", "c360_ümlaut", good + "x", good[:-1], "x" * 10_000):
        with statements() as sent, pytest.raises(SignedOut) as refused:
            api_keys.holder(wrong, "192.0.2.1")
        assert refused.value.text() == SENTENCE
        asked.append([one for one in sent if one.startswith("SELECT")])
    assert all(one == asked[0] and len(one) == 1 for one in asked), "a wrong key is told from another by what is asked"
    assert api_keys.holder(good, "192.0.2.1").user_id == agent.user_id


@pytest.mark.feature("R11")
def test_revoking_and_shutting_a_user_out_end_a_key_at_once(database, admin, agent):
    first, second = make(agent, "One"), make(agent, "Two")
    lines = {line.name: line.id for line in ask(admin, api_keys.every)}
    for secret in (first, second):
        api_keys.holder(secret, "192.0.2.1")
    with unit_of_work(admin) as uow:
        api_keys.revoke(uow, uow.session.exec(select(ApiKey.id).where(ApiKey.name == "One")).one())
    with pytest.raises(SignedOut):
        api_keys.holder(first, "192.0.2.1")
    perform(admin, users.disable, agent.user_id)
    with pytest.raises(SignedOut):
        api_keys.holder(second, "192.0.2.1")
    assert set(lines) == {"One", "Two"}


@pytest.mark.feature("R11")
def test_a_key_is_made_by_its_user_alone_and_never_by_a_key(database, admin, agent, stranger):
    with pytest.raises(Forbidden):
        perform(admin, api_keys.make, agent.user_id, "Mine", BOTH)
    with pytest.raises(Forbidden):
        perform(stranger, api_keys.make, agent.user_id, "Mine", BOTH)
    by_key = api_keys.holder(make(agent, writes=True), "192.0.2.1")
    with pytest.raises(Forbidden):
        perform(by_key, api_keys.make, agent.user_id, "Wider", BOTH, writes=True)
    perform(SYSTEM, api_keys.make, agent.user_id, "By the operator", ("account",))
    assert [k.name for k in ask(agent, api_keys.mine)] == ["By the operator", "Shop"]


def test_a_stranger_neither_sees_nor_ends_a_key(database, agent, stranger):
    make(agent)
    with unit_of_work(agent, reads=True) as uow:
        key_id = uow.session.exec(select(ApiKey.id)).one()
    assert ask(stranger, api_keys.mine) == []
    with pytest.raises(NotFound):
        perform(stranger, api_keys.revoke, key_id)
    with pytest.raises(Forbidden):
        ask(stranger, api_keys.every)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"), ({"name": " \x00 "}, "name"), ({"name": "ü" * 101}, "name"), ({"kinds": ()}, "kinds"),
        ({"kinds": ("user",)}, "kinds"), ({"days": 0}, "days"), ({"days": 367}, "days"), ({"days": -1}, "days"),
    ],
)  # fmt: skip
def test_a_key_that_does_not_fit_is_refused(database, agent, given, field):
    with pytest.raises(Invalid) as refused:
        make(agent, **given)
    assert set(refused.value.fields) == {field}


def test_there_are_never_more_live_keys_than_one_can_watch(database, agent):
    for _ in range(api_keys.MOST):
        make(agent)
    with pytest.raises(Conflict):
        make(agent)


@pytest.mark.feature("R11")
def test_guesses_and_floods_are_stopped(database, agent, monkeypatch):
    good = make(agent)
    for _ in range(20):
        with pytest.raises(SignedOut):
            api_keys.holder("c360_guess", "192.0.2.9")
    with pytest.raises(TooMany):
        api_keys.holder(good, "192.0.2.9")
    assert api_keys.holder(good, "192.0.2.1").user_id == agent.user_id
    monkeypatch.setattr(api_keys, "CALLS", RateLimitItemPerMinute(2))
    for _ in range(2):
        api_keys.holder(good, "192.0.2.1")
    with pytest.raises(TooMany):
        api_keys.holder(good, "192.0.2.1")


def test_when_a_key_was_last_used_is_noted(database, agent):
    secret = make(agent)
    api_keys.holder(secret, "192.0.2.1")
    (line,) = ask(agent, api_keys.mine)
    assert line.used >= line.made
    change(secret, used_at=utc_now() - timedelta(hours=1))
    before = ask(agent, api_keys.mine)[0].used
    api_keys.holder(secret, "192.0.2.1")
    assert ask(agent, api_keys.mine)[0].used > before


def test_rights_taken_from_the_user_are_gone_from_the_key(database, agent):
    secret = make(agent, writes=True)
    assert api_keys.holder(secret, "192.0.2.1").may(Verb.CREATE, "contact")
    with unit_of_work(SYSTEM) as uow:
        reader = uow.session.exec(select(Role.id).where(Role.key == "data_protection_officer")).one()
        users.change(uow, agent.user_id, name="Ben Agent", role_ids=[reader], team_ids=[])
    now = api_keys.holder(secret, "192.0.2.1")
    assert (now.may(Verb.READ, "contact"), now.may(Verb.CREATE, "contact")) == (True, False)
