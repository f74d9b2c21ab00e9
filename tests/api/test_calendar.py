"""The calendar over HTTP: without a session, by its secret address alone."""

import pytest

from c360.services import calendar_feed
from c360.services.uow import perform


@pytest.mark.feature("ACT-7")
def test_the_secret_address_alone_opens_the_calendar(agent, door):
    browser = door()
    address = perform(agent, calendar_feed.make)
    path = "/" + address.split("/", 3)[3]
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.content.startswith(b"BEGIN:VCALENDAR")
    assert browser.get("/calendar.ics").status_code == 404
    assert browser.get("/calendar.ics?token=wrong").status_code == 404
