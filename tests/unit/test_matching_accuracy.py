"""The accuracy the engine must keep on small labelled sets, with default settings."""

import pytest

from c360.services.duplicates.rules import SHIPPED
from tests.labelled import measured

BARS = {"febrl1": 0.998, "splink_fake_1000": 0.95, "rldata500": 0.97, "restaurants": 0.93, "orgs_hard": 0.97}


@pytest.mark.feature("B-DUP-5", "B-DUP-6", "B-DUP-14", "DUP-3", "DUP-4")
@pytest.mark.parametrize("rules", [{}, SHIPPED], ids=["a file", "with the shipped rules"])
@pytest.mark.parametrize(("name", "bar"), BARS.items())
def test_duplicates_are_found_and_nothing_else(name, bar, rules):
    precision, recall, f1 = measured(name, rules)
    assert f1 >= bar, f"precision {precision:.4f}, recall {recall:.4f}"
