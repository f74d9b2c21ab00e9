"""What the profile offers to do with a customer, by the life it is in."""

import pytest

from c360.services.profiles import Header
from c360.state.profile import commands_of


@pytest.mark.feature("CNS-10")
@pytest.mark.parametrize(
    ("life", "offered"),
    [
        ({"may_edit": True}, {"edit", "inactivate", "archive", "undo"}),
        ({"may_edit": True, "inactive": "left"}, {"edit", "activate", "archive", "undo"}),
        ({"archived": True}, {"restore"}),
        ({"archived": True, "erased": True}, set()),
        ({"may_edit": True, "inactive": "anonymous", "erased": True}, {"edit", "archive", "undo"}),
    ],
)
def test_a_profile_offers_what_the_customers_life_allows(life, offered):
    assert set(commands_of(Header(may_archive=True, **life))) == offered
