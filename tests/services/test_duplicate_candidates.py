"""Who is weighed for one record where many share a key with it: those that share most, a key of few counting more."""

import pytest

from c360.core.ids import new_id
from c360.services.duplicates import keys


@pytest.mark.feature("DUP-2", "B-DUP-11")
def test_a_key_hardly_anybody_has_outweighs_several_that_many_have():
    crowd, one = [new_id() for _ in range(40)], new_id()
    blocks = {1: crowd, 2: crowd[:30], 3: crowd[5:35], 4: [one]}
    found = keys._most({1: "name", 2: "sound", 3: "town", 4: "phone", 5: "nobody"}, blocks)
    assert len(found) == keys.FEW
    assert next(iter(found)) == one
    assert found[one] == {"phone"}
    assert all(set(crowd[5:30]) >= {other} and names == {"name", "sound", "town"}
               for other, names in found.items() if other != one)  # fmt: skip


def test_fewer_than_that_are_all_weighed():
    some = [new_id() for _ in range(3)]
    assert set(keys._most({1: "a", 2: "b"}, {1: some, 2: some[:1]})) == set(some)
    assert keys._most({1: "a"}, {}) == {}
