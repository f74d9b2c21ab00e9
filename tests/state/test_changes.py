"""The time frame of the Changes tab, as a browser may say it."""

from datetime import date

import pytest

from c360.core.errors import Invalid
from c360.core.i18n import text
from c360.services import asof, history
from c360.services.uow import ask
from c360.state.changes import day_of


@pytest.mark.parametrize("value", ["9999-12-31", "0000-01-01", "2026-02-30", "morgen"])
def test_what_is_no_day_or_the_end_of_days_is_refused(value):
    with pytest.raises(Invalid) as refused:
        day_of(value)
    assert refused.value.texts("en") == {"day": text("en", "kind.date.bad")}


def test_every_other_day_can_be_asked_for(agent, make_as):
    contact = make_as(agent, "contact", family_name="King")
    assert day_of("") is None
    for value in ("0001-01-01", "9999-12-30"):
        day = day_of(value)
        assert day == date.fromisoformat(value)
        assert not ask(agent, history.of, "contact", contact, since=day, until=day).entries
    assert ask(agent, asof.on, "contact", contact, day).name == "King"
