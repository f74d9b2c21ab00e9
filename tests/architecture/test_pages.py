"""Every page can be drawn: what its components cannot do fails here, not in the build of the front end."""

import pytest

from c360.pages import ROUTES


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_every_page_can_be_drawn(route, caplog):
    route.page()
    assert not [line.getMessage() for line in caplog.records if line.name.startswith("reflex")]
