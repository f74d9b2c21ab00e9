"""What tests of imports share: files are read in the tests' own process, but where reading is what is tested."""

import pytest

from c360.services.imports import child, files


@pytest.fixture(autouse=True)
def read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Carry an order out as the child does, without its limits: starting a child takes longer than a small import."""
    if request.path.name == "test_reading.py":
        return
    monkeypatch.setattr(child, "limit", lambda: None)
    monkeypatch.setattr(files, "_carry_out", lambda order: child.main(str(order)))
