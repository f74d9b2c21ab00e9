"""The guard: nothing runs without a session, a policy, a right and arguments of the right type."""

import json
from dataclasses import dataclass
from uuid import UUID

import pytest
import reflex as rx
from pydantic import BaseModel
from reflex.state import State

from c360.core.actor import SYSTEM
from c360.services import sessions
from c360.services.uow import unit_of_work
from c360.state import guard, policy
from c360.state.guard import requires
from c360.state.session import ServiceCalls, SessionState
from tests.state.driving import tab

ran: list[object] = []


@dataclass
class Choice:
    """A choice a browser sends."""

    key: str
    on: bool


class Probe(ServiceCalls, rx.State):
    """Handlers of every form, as a page would have them."""

    secret: str = ""

    @rx.event
    @requires()
    async def look(self):
        ran.append((await self._actor()).name)

    @rx.event
    @requires("update", "role")
    async def rule(self):
        ran.append("ruled")

    @rx.event
    @requires()
    async def take(self, n: int, names: list[str], who: UUID | None = None, choice: Choice | None = None):
        ran.append((n, names, who, choice))

    @rx.event
    @requires()
    async def submit(self, form: dict[str, str]):
        ran.append(form)

    @rx.event
    @requires()
    async def chain(self):
        return Probe.rule

    @rx.event(background=True)
    @requires("update", "role")
    async def long(self):
        ran.append("long")

    @rx.event
    @requires()
    async def keep(self, text: str):
        self.secret = text

    @rx.event
    async def forgotten(self):
        ran.append("forgotten")


def open_session(actor) -> str:
    with unit_of_work(SYSTEM) as uow:
        return sessions.digest_of(sessions.begin(uow, actor.user_id))


@pytest.fixture(autouse=True)
def _clean():
    ran.clear()
    sessions.forget()


@pytest.mark.feature("R01", "R02")
@pytest.mark.parametrize("handler", [Probe.look, Probe.rule, Probe.submit, Probe.long, Probe.forgotten])
async def test_without_a_session_nothing_runs(handler, database):
    async with tab() as t:
        await t.send(State.hydrate)
        await t.send(handler, {"form": {}} if handler is Probe.submit else {})
        await t.send(handler, digest="0" * 64)
    assert ran == []
    assert t.deltas == []


@pytest.mark.feature("R01")
async def test_a_signed_in_user_runs_what_is_his_alone(agent, database):
    digest = open_session(agent)
    async with tab() as t:
        await t.send(State.hydrate, digest=digest)
        for handler in (Probe.look, Probe.rule, Probe.long, Probe.forgotten, Probe.chain):
            await t.send(handler, digest=digest)
        await t.send(Probe.get_full_name() + ".setvar", {"var_name": "secret", "value": "x"}, digest=digest)
    assert ran == [agent.name]
    assert t.errors == []


@pytest.mark.feature("R03")
@pytest.mark.parametrize(
    "payload",
    [
        {}, {"n": "1", "names": []}, {"n": True, "names": []}, {"n": 1, "names": "a"}, {"n": 1, "names": [1]},
        {"n": 1, "names": [], "extra": 1}, {"n": {"a": [1]}, "names": []}, {"n": 1, "names": [], "who": "not an id"},
        {"n": 1, "names": ["x"] * 20_001}, {"n": 1, "names": ["x" * 100_001]}, {"n": 1.5, "names": []},
        {"n": 1, "names": [], "choice": {"key": "a"}}, {"n": 1, "names": [], "choice": {"key": "a", "on": 1}},
    ],
)  # fmt: skip
async def test_arguments_of_the_wrong_shape_never_reach_a_handler(payload, agent, database):
    digest = open_session(agent)
    async with tab() as t:
        await t.send(State.hydrate, digest=digest)
        await t.send(Probe.take, payload, digest=digest)
    assert ran == []


@pytest.mark.feature("R03")
async def test_arguments_arrive_in_their_annotated_types(agent, database):
    digest = open_session(agent)
    async with tab() as t:
        await t.send(State.hydrate, digest=digest)
        await t.send(
            Probe.take,
            {"n": 3, "names": ["Zoë"], "who": str(agent.user_id), "choice": {"key": "a", "on": True}},
            digest=digest,
        )
        await t.send(Probe.submit, {"form": {"__reflex_form_data__": [["name", "x"], ["name", "y"]]}}, digest=digest)
    assert ran == [(3, ["Zoë"], agent.user_id, Choice("a", True)), {"name": "y"}]


@pytest.mark.feature("R04")
async def test_a_stolen_tab_shows_nothing_of_its_owner(agent, stranger, database):
    mine, theirs = open_session(agent), open_session(stranger)
    async with tab() as t:
        await t.send(State.hydrate, digest=mine)
        await t.send(Probe.keep, {"text": "canary-7f3a"}, digest=mine)
        assert "canary-7f3a" in json.dumps(t.deltas, default=str)
        t.deltas.clear()
        for digest in ("", theirs):
            for handler in (State.hydrate, Probe.look, State.hydrate):
                await t.send(handler, digest=digest)
        assert "canary-7f3a" not in json.dumps(t.deltas, default=str)
        assert ran == []
        await t.send(Probe.look, digest=mine)
    assert ran == [agent.name]


@pytest.mark.feature("R04", "R07")
async def test_nothing_of_one_user_outlives_the_next_on_the_same_tab(agent, stranger, database):
    mine, theirs = open_session(agent), open_session(stranger)
    async with tab() as t:
        await t.send(State.hydrate, digest=mine)
        await t.send(Probe.keep, {"text": "canary-7f3a"}, digest=mine)
        with unit_of_work(SYSTEM) as uow:
            sessions.end(uow, mine)
        t.deltas.clear()
        await t.send(State.hydrate, digest=theirs)
        await t.send(Probe.look, digest=theirs)
    assert ran == [stranger.name]
    assert "canary-7f3a" not in json.dumps(t.deltas, default=str)
    assert agent.name not in json.dumps(t.deltas, default=str)


@pytest.mark.feature("R06")
async def test_a_right_taken_away_is_gone_at_once_on_an_open_tab(admin, database):
    digest = open_session(admin)
    async with tab() as t:
        await t.send(State.hydrate, digest=digest)
        await t.send(Probe.rule, digest=digest)
        assert ran == ["ruled"]
        with unit_of_work(SYSTEM) as uow:
            sessions.end_all(uow, admin.user_id)
        await t.send(Probe.rule, digest=digest)
    assert ran == ["ruled"]


@pytest.mark.feature("R01")
def test_a_handler_without_a_policy_stops_the_start():
    with pytest.raises(RuntimeError, match="forgotten has no policy"):
        guard.assert_complete()


@pytest.mark.feature("R03")
def test_an_argument_without_a_type_is_refused_and_a_model_may_be_given():
    class Body(BaseModel):
        n: int

    @requires(payload=Body)
    def given(self, n): ...

    @requires()
    def bare(self, n): ...

    assert policy.checked(given, {"n": 1}) == {"n": 1}
    with pytest.raises(TypeError, match="annotation"):
        policy.payload_of(bare)


@pytest.mark.feature("R22")
def test_nesting_has_an_end():
    @requires()
    def deep(self, form: dict[str, object]): ...

    nested: object = 1
    for _ in range(60):
        nested = [nested]
    assert policy.checked(deep, {"form": {"a": nested}}) is None
    assert policy.checked(deep, {"form": {"a": [[1]]}}) == {"form": {"a": [[1]]}}


def test_the_greeting_names_the_user_and_what_to_offer(agent):
    state = SessionState(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    state._greet(sessions.SignedIn("d" * 64, agent, "ben@example.com", sessions.utc_now()))
    assert (state.name, state.login) == (agent.name, "ben@example.com")
    assert "create" in state.may["contact"]
    assert "create" not in state.may["choice"]
