"""The tour: its steps tick themselves by what the user did, within what he may do."""

import pytest

from c360.models.job import Setting
from c360.services import demo, records, tour, views
from c360.services.merging import planning, unmerging
from c360.services.merging.shapes import Choices
from c360.services.uow import ask, perform, unit_of_work
from tests.services.test_activities import logged

ALL = ("view", "change", "record", "merge", "unmerge")


def done(actor):
    return {step.key for step in ask(actor, tour.steps) if step.done}


@pytest.mark.feature("BEY-8")
def test_each_step_ticks_itself_by_what_its_user_did(admin, agent, make_as):
    assert ask(admin, tour.steps) == []
    with unit_of_work(admin) as uow:
        uow.add(Setting(key=demo.KEY, value={"groups": []}))
    steps = ask(admin, tour.steps)
    assert tuple(step.key for step in steps) == ALL
    assert [step.href for step in steps] == ["/customers", "/customers", "/customers", "/duplicates", ""]
    assert done(admin) == set()
    assert [step.key for step in ask(agent, tour.steps)] == ["view", "change", "record"]

    one, other = (make_as(admin, "contact", family_name=name) for name in ("Çelik", "Celik"))
    perform(admin, views.save_view, "contact", "Mine 山", "private", {})
    assert done(admin) == {"view"}
    with unit_of_work(admin) as uow:
        records.update(uow, "contact", one, {"job_title": "Ärztin"})
    logged(admin, one)
    assert done(admin) == {"view", "change", "record"}
    merge = perform(admin, planning.merge, [one, other], Choices(one, {}))
    assert done(admin) == set(ALL[:4])
    assert ask(admin, tour.steps)[4].href == f"/unmerge/{merge.set_id}"
    assert done(agent) == set(), "what others did ticks nothing"
    perform(admin, unmerging.unmerge, merge.set_id)
    assert ask(admin, tour.steps) == [], "all of it is done"
