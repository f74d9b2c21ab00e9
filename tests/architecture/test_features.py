"""The table of features: every done row is proved, every proof has a row."""

from tools.features import marks, table


def test_a_row_called_done_has_a_test():
    proofs = marks()
    assert [name for name, (_, state) in table().items() if state == "done" and not proofs.get(name)] == []


def test_a_test_proves_a_row_that_exists():
    rows = table()
    assert {name: tests for name, tests in marks().items() if name not in rows} == {}


def test_the_table_is_not_empty():
    assert len(table()) > 300
