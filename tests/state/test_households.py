"""Households in the queue, driven through the page's handlers: tied by one act, taken back by another."""

from uuid import UUID

import pytest
from reflex.state import State
from sqlmodel import Session, col, select

from c360.core import db
from c360.models.journal import ChangeSet
from c360.services import records
from c360.services.duplicates import households
from c360.services.uow import ask, perform
from c360.state.duplicates import DuplicatesPage
from tests.services.test_households import HOME, PEOPLE, household_of, search
from tests.state.driving import signed_in, tab


def newest_act(actor):
    with Session(db.engine()) as session:
        mine = select(ChangeSet.id).where(ChangeSet.actor_id == actor.user_id)
        return session.exec(mine.order_by(col(ChangeSet.id).desc())).first()


@pytest.mark.feature("B-DUP-7")
async def test_a_household_is_tied_and_taken_back_on_the_page(agent, make_as):
    for given, family, born in PEOPLE:
        make_as(agent, "contact", given_name=given, family_name=family, birth_date=born)
    pair = [
        make_as(agent, "contact", given_name=given, family_name="Öztürk", birth_date=born)
        for given, born in (("Jürgen", "1961-03-08"), ("Ayşe", "1964-12-24"))
    ]
    for one in pair:
        perform(agent, records.create, "address", {"role": "main", **HOME}, customer_id=one)
    search()
    [line] = ask(agent, households.proposed)
    async with tab() as opened:
        send = opened.at("/duplicates", signed_in(agent))
        await send(State.hydrate)
        await send(DuplicatesPage.load)
        await send(DuplicatesPage.show, state="homes")
        assert [one.id for one in opened.shown("homes")] == [line.id]
        assert opened.shown("chosen") == line.id, "the first has the keys"
        await send(DuplicatesPage.press, key="home")
        [home] = household_of(agent, pair[0])
        assert household_of(agent, pair[1]) == [home]
        assert opened.shown("homes") == []
        act = newest_act(agent)
        await send(DuplicatesPage.undo_home, set_id=str(act))
        assert household_of(agent, pair[0]) == household_of(agent, pair[1]) == []
        assert [UUID(one.id) for one in opened.shown("homes")] == [UUID(line.id)]
        await send(DuplicatesPage.undo_home, set_id=str(act))
        assert not opened.errors, "what was taken back already is refused in words"


@pytest.mark.feature("BEY-22")
async def test_the_last_group_of_the_queue_is_decided_without_a_word_of_failure(agent, make_as):
    for given, family, born in PEOPLE:
        make_as(agent, "contact", given_name=given, family_name=family, birth_date=born)
    twice = {"given_name": "Zoë", "family_name": "Ångström", "birth_date": "1980-02-03", "email": "zoe@example.org"}
    for _ in range(2):
        make_as(agent, "contact", **twice)
    search()
    async with tab() as opened:
        send = opened.at("/duplicates", signed_in(agent))
        await send(State.hydrate)
        await send(DuplicatesPage.load)
        assert len(opened.shown("groups")) == 1
        await send(DuplicatesPage.press, key="later")
        assert opened.shown("groups") == []
        assert opened.shown("chosen") == ""
        await send(DuplicatesPage.load)  # What the key set off has ended by now, and its failure would be told.
