"""The log's filter: whatever is logged, by whom and how, nothing personal and nothing secret comes out."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from c360.core import logs
from c360.state import failures

CANARY = "Zoë Ångström-canary"
TOKEN = "c4n4ry" * 8


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Give what the process's log writes; the log of the test run is as before afterwards."""
    root, written = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    monkeypatch.setattr("sys.stdout", written)
    logs.configure("DEBUG")
    yield written
    root.handlers[:] = before[0]
    root.setLevel(before[1])


def fail() -> None:
    raise ValueError(f"UNIQUE constraint failed for {CANARY}")


@pytest.mark.feature("R35")
@pytest.mark.parametrize(("logger", "said"), [
    ("c360.any", "wrote to anna.canary@example.com"),
    ("c360.any", "called +49 30 1234 5678"),
    ("c360.any", f"GET /privacy?token={TOKEN}"),
    ("c360.any", f"cookie c360={TOKEN}; other"),
    ("granian", f"password={CANARY.replace(' ', '_')}"),
    ("reflex.event", f"Error transforming event argument 'name' with value '{CANARY}'"),
    ("reflex_base.event.processor", f"payload {{'password': '{CANARY}'}}"),
    ("engineio.server", f"received packet MESSAGE data {CANARY}"),
    ("socketio.server", f"emitting event with {CANARY}"),
    ("sqlalchemy.engine.Engine", f"[generated in 0.1s] ('{CANARY}',)"),
])  # fmt: skip
def test_a_line_tells_nothing_of_anybody(lines, monkeypatch, logger, said):
    monkeypatch.setattr(logging.getLogger(logger), "level", logging.DEBUG)  # Libraries quieten theirs once they run.
    logging.getLogger(logger).warning(said)
    told = json.loads(lines.getvalue().splitlines()[-1])
    assert (told["level"], told["logger"]) == ("warning", logger)
    assert not any(part in lines.getvalue() for part in ("canary", "1234", TOKEN))
    assert told["event"]


@pytest.mark.feature("R35")
def test_a_failure_is_told_by_its_kind_and_its_place(lines):
    try:
        fail()
    except ValueError:
        logging.getLogger("c360.gate").exception("a request failed", extra={"password": CANARY, "form": {"token": 1}})
        logging.getLogger("c360.jobs").exception("job failed", extra={"cookie": CANARY})
    told = json.loads(lines.getvalue().splitlines()[0])
    assert (told["error"], told["password"], told["form"]) == ("ValueError", "<secret>", {"token": "<secret>"})
    assert any("test_logs.py" in place and place.endswith(" fail") for place in told["where"])
    assert CANARY not in lines.getvalue()


@pytest.mark.feature("R35")
def test_what_a_browser_reports_is_told_by_kind_and_place(lines):
    said = f"TypeError: reading '{CANARY}'\n at x (http://host/assets/profile-a1.js:3:14)\n at http://evil/{CANARY}:1:1"
    failures.note(Exception(said))
    told = json.loads(lines.getvalue().splitlines()[-1])
    assert (told["kind"], told["where"]) == ("TypeError", ["/assets/profile-a1.js:3:14"])
    assert CANARY not in lines.getvalue()
    failures.note(Exception(CANARY))
    assert CANARY not in lines.getvalue()
