"""Logs: JSON, one line an event, on standard output; no personal data, no secrets, no tokens.

Every library's log passes the same filter: what looks personal is masked, and a failure is told by its kind and its
place, never by its message, which may quote a row. What libraries say that handle what a browser sent is told by its
place alone.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET = re.compile(
    r"pass(word|wort)?|secret|token|cookie|authorization|api_?key|digest|sidref|payload|session_id", re.I
)
MASKS = (
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "<email>"),
    (re.compile(r"(?i)\b(token|sidref|c360|password|secret|key)=[^\s;&,\"']+"), r"\1=<secret>"),
    (re.compile(r"\b[0-9a-f]{32,}\b"), "<digest>"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\+?\d[\d ()/.-]{8,}\d"), "<number>"),
)
LONGEST = 1000
OWN = frozenset({"event", "level", "logger", "at", "where", "error"})
QUOTING = ("reflex", "socketio", "engineio", "sqlalchemy", "multipart", "python_multipart")
"""Loggers whose sentences may hold what a person typed."""
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def masked(text: str) -> str:
    """Return a text without what looks like a person, a secret or a token."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text[:LONGEST]


def redacted(value: Any, name: str = "") -> Any:
    """Return a value as a log may hold it."""
    if SECRET.search(name):
        return "<secret>"
    if isinstance(value, dict):
        return {key: redacted(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [redacted(inner) for inner in value]
    return value if isinstance(value, int | float | bool | None) else masked(str(value))


def told(error: BaseException) -> dict[str, Any]:
    """Return a failure's kind and place."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return {"error": type(error).__name__, "where": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]}


def _events(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Redact one event."""
    record = event.pop("_record", None)
    event.pop("_from_structlog", None)
    if record is not None:
        event.update({name: value for name, value in vars(record).items() if name not in STANDARD})
        if record.name.startswith(QUOTING):
            event = {name: event[name] for name in ("level", "logger", "at", "exc_info") if name in event}
            event["event"] = f"{record.module}:{record.lineno}"
    failed = event.pop("exc_info", None)
    failed = failed[1] if isinstance(failed, tuple) else sys.exc_info()[1] if failed is True else failed
    kept = {name: value if name in OWN - {"event"} else redacted(value, name) for name, value in event.items()}
    return kept | told(failed) if isinstance(failed, BaseException) else kept


def configure(level: str = "INFO") -> None:
    """Send every log of this process through the filter to standard output."""
    shared = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[_events, structlog.processors.JSONRenderer(ensure_ascii=False)],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        if logger.handlers:
            logger.handlers.clear()
            logger.propagate = True
    # Its access log holds addresses with their query, tokens among them.
    logging.getLogger("granian.access").disabled = True
