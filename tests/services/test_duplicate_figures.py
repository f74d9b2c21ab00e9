"""How the rules do: what waits by each, what was decided, how much of it was taken back."""

from datetime import timedelta
from uuid import UUID

import pytest

from c360.core.actor import SYSTEM
from c360.core.clock import utc_now
from c360.core.errors import Forbidden
from c360.models.duplicate import DuplicateGroup
from c360.services import administration
from c360.services.duplicates import deciding, measuring, reviewing, running, verdicts
from c360.services.merging import planning, unmerging
from c360.services.merging.shapes import Choices
from c360.services.uow import ask, perform, unit_of_work

pytestmark = pytest.mark.usefixtures("database")
RULES = [
    {"name": "Phone ☎", "levels": {"phone": 0}},
    {"name": "Phone and family", "levels": {"phone": 0, "family": 0}},
    {"name": "Asleep", "levels": {"phone": 0}, "active": False},
]


@pytest.fixture
def pairs(admin, make_as):
    """Five pairs that share a phone, two of them a family name as well; and one that shares only a mailbox."""
    perform(admin, administration.change, "duplicates", {"contact": {"rules": RULES}})
    made = [
        [make_as(admin, "contact", given_name=given, family_name=family, phone=f"+49 30 555{n:02}01")
         for given, family in people]
        for n, people in enumerate((
            (("Uwe", "Ochs"), ("Bernd", "Zahn")), (("Zoë", "Ångström"), ("小明", "王")),
            (("Rita", "Gruber"), ("Ali", "Öz")), (("Emil", "Konrád"), ("Emilie", "Konrád")),
            (("Tina", "Abel"), ("Sven", "Abel")),
        ))
    ]  # fmt: skip
    made.append([make_as(admin, "contact", given_name="Ada", family_name="Byron", email="ada.byron@example.org")
                 for _ in range(2)])  # fmt: skip
    running.at_once(SYSTEM, "contact", changed=False)
    return made


def told(admin):
    return {one.name: one for one in ask(admin, measuring.measured, "contact")}


@pytest.mark.feature("BEY-22", "B-DUP-14")
def test_each_rule_tells_what_waits_and_what_became_of_the_rest(admin, agent, pairs):
    now = told(admin)
    assert list(now) == ["Phone ☎", "Phone and family", ""]
    assert [(one.waiting, one.merged, one.apart, one.dismissed, one.undone) for one in now.values()] == [
        (5, 0, 0, "", ""), (2, 0, 0, "", ""), (1, 0, 0, "", "")
    ]  # fmt: skip
    perform(admin, verdicts.dismiss, "contact", *pairs[0], "two people")
    kept = [perform(admin, planning.merge, some, Choices(some[0])).set_id for some in (pairs[1], pairs[2], pairs[3])]
    perform(admin, unmerging.unmerge, kept[1])
    [group] = [one for one in ask(admin, reviewing.groups) if str(pairs[4][0]) in {member.id for member in one.members}]
    perform(admin, deciding.put_off, UUID(group.id))
    with unit_of_work(SYSTEM) as uow:
        uow.session.get_one(DuplicateGroup, UUID(group.id)).found_at = utc_now() - timedelta(days=12, hours=1)
    now = told(admin)
    phone, both = now["Phone ☎"], now["Phone and family"]
    assert (phone.waiting, phone.later, phone.oldest_days) == (1, 1, 12)
    assert (phone.merged, phone.apart, phone.unmerged) == (3, 1, 1)
    assert (phone.dismissed, phone.undone) == ("25 %", "33 %")
    assert (both.waiting, both.merged, both.apart, both.dismissed, both.undone) == (1, 1, 0, "0 %", "0 %")
    assert now[""].waiting == 1
    with pytest.raises(Forbidden):
        ask(agent, measuring.measured, "contact")


@pytest.mark.feature("BEY-22")
def test_nothing_found_is_nothing_told(admin):
    assert {one.waiting + one.merged + one.apart for one in ask(admin, measuring.measured, "account")} == {0}
