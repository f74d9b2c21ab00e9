"""The rights mirror: whoever asks, on whatever path, is told nothing of what he may not see (BEY-13)."""

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from c360.core import db
from c360.core.actor import SYSTEM, Actor, Verb
from c360.registry.entity import entity_for
from c360.services import role_matrix
from c360.services.uow import ask
from tests.conftest import copy_of, use
from tests.mirror import paths
from tests.mirror.canaries import KEYS, OPEN_TO_ALL, ROLES, SEES, World, given_away, has_mark, sown

OPEN = frozenset({"owner_id", "segment_id", "status_id", "channel_id", "responsible_id", "service_manager_id"})
"""Fields the second mirror leaves open; every other that a role can close is closed."""
AUDITED = ("audit", "journal file")
CASES = [*(("sqlite", role) for role in ROLES), ("postgresql", "manager")]
"""Every role on one database; on the other the role with most to see and to hide."""


Ask = Callable[[str, bool], World]


@pytest.fixture(scope="session")
def worlds(template: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Sow each world once, for all that is asked of it; nobody changes anything."""
    made: dict[tuple[str, bool], tuple[str, World]] = {}
    with ExitStack() as kept:

        def world(backend: str, stranger: bool) -> World:
            if backend not in template:
                pytest.skip("PostgreSQL is not running here")
            if (backend, stranger) not in made:
                url = kept.enter_context(copy_of(template, backend, tmp_path_factory.mktemp("mirror")))
                use(url)
                made[backend, stranger] = url, sown(stranger=stranger)
            url, found = made[backend, stranger]
            use(url)
            return found

        yield world
        db.engine().dispose()


@pytest.fixture
def world(request: pytest.FixtureRequest, worlds: Ask) -> World:
    """Return canaries out of reach."""
    return worlds(request.param, True)


@pytest.fixture
def closed(request: pytest.FixtureRequest, worlds: Ask) -> World:
    """Return canaries in fields of records in reach, those fields being closed to everybody."""
    made = worlds(request.param, False)
    names = {name for name in ask(SYSTEM, role_matrix.closable) if name.partition(".")[2] not in OPEN}
    return replace(made, actors={role: replace(who, hidden=frozenset(names)) for role, who in made.actors.items()})


def everything(actor: Actor, key: str, world: World) -> Iterator[tuple[str, str]]:
    """Yield what each path answers this reader about an entity.

    An auditor reads what happened to everything but what is somebody's own.
    """
    audits = entity_for(key).scope is None and actor.may(Verb.READ, "journal")
    yield from paths.lists(actor, key, world)
    yield from paths.records(actor, key, world)
    yield from (one for one in paths.around(actor, key) if not (audits and one[0] in AUDITED))
    yield from paths.http(actor, key, world)


def leaks(said: Iterator[tuple[str, str]], seen: Collection[str] = ()) -> list[str]:
    """Return where a canary is told of an entity that may not be seen."""
    barred = [key for key in KEYS if key not in seen]
    found = ((what, given_away(str(text), barred)) for what, text in said)
    return [f"{what}: …{told}…" for what, told in found if told]


@pytest.mark.feature("BEY-13", "SEC-4", "R12")
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("world", "role"), CASES, indirect=["world"])
def test_nobody_is_told_of_what_is_out_of_reach(role, key, world):
    actor = world.actors[role]
    if key in SEES[role]:
        told = (given_away(str(text), [key]) for _, text in everything(actor, key, world))
        assert key in OPEN_TO_ALL or not has_mark(entity_for(key)) or any(told), (
            "the mirror is blind: what he may see is not told"
        )
        return
    assert leaks(everything(actor, key, world), SEES[role]) == []
    assert paths.found_by_filters(actor, key) == []


@pytest.mark.feature("BEY-13", "SEC-3", "SEC-4", "R12")
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("closed", "role"), CASES, indirect=["closed"])
def test_nobody_is_told_of_what_stands_in_a_closed_field(role, key, closed):
    actor = closed.actors[role]
    assert len(actor.hidden) > 40
    assert leaks(everything(actor, key, closed)) == []
    assert paths.found_by_filters(actor, key) == []
    shut = {name.partition(".")[2] for name in actor.hidden if key in ("customer", name.partition(".")[0])}
    known = {name for name in shut if name in entity_for(key).fields or name.startswith("x_")}
    assert {name: paths.refused(actor, key, name) for name in known if paths.refused(actor, key, name)} == {}


@pytest.mark.feature("BEY-13", "SEC-4", "R12")
@pytest.mark.parametrize(("world", "role"), CASES, indirect=["world"])
def test_no_page_tells_beside_its_own_matter(role, world):
    assert leaks(paths.everywhere(world.actors[role], world), SEES[role]) == []


@pytest.mark.feature("BEY-13", "SEC-3", "R12")
@pytest.mark.parametrize(("closed", "role"), CASES, indirect=["closed"])
def test_no_page_tells_of_a_closed_field_beside_its_own_matter(role, closed):
    assert leaks(paths.everywhere(closed.actors[role], closed)) == []
