"""The chain: a salted digest of each change row, a keyed hash that ties each change set to the one before it.

The key lives outside the database, so that whoever can write to the database alone cannot forge an entry.
"""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from c360.core.config import settings

START = "0" * 64
SHORTEST_KEY = 16
_EXACT = 2**53
_SPELLED = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode
_TOLD = ("id", "seq", "actor_id", "action", "cause_id", "reverses_id", "details", "rows", "prev_hash")


def canonical(value: Any) -> bytes:
    """Return JSON with one spelling per value, whichever database it has been through."""
    return spelled(value).encode("utf-8", "surrogatepass")


def spelled(value: Any) -> str:
    """Return that spelling as text."""
    return _SPELLED(_normal(value))


def _normal(value: Any) -> Any:
    """Spell numbers one way: PostgreSQL gives 1e16 back as an integer and -0.0 as 0.0."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {key: item if type(item) is str else _normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [item if type(item) is str else _normal(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, int) and abs(value) <= _EXACT:
        return value
    number = float(value)
    return int(number) if number.is_integer() and abs(number) <= _EXACT else number


def digest(salt: str, row: Mapping[str, Any]) -> str:
    """Return the digest of a change row's values."""
    return digest_of(salt, row, spelled(row["before"]), spelled(row["after"]))


def digest_of(salt: str, row: Mapping[str, Any], before: str, after: str) -> str:
    """Return the same where both sides are spelled already."""
    head = f'{salt}["{row["entity"]}","{row["record_id"]}","{row["op"]}",'
    told = f"{head}{before},{after},{row['version']}]"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def link(head: Mapping[str, Any], digests: Sequence[str]) -> str:
    """Return the keyed hash that ties a change set to its rows and to the set before it."""
    told = [str(head[n]) if isinstance(head[n], UUID) else head[n] for n in _TOLD]
    return sign([*told, head["at"].isoformat(), list(digests)])


def sign(value: Any) -> str:
    """Return the keyed hash of a JSON value."""
    return hmac.new(key(), canonical(value), hashlib.sha256).hexdigest()


@cache
def key() -> bytes:
    """Return the chain's key: from the environment, else from a file outside the database, made once."""
    if settings().journal_key:
        return settings().journal_key.encode()
    path = settings().data_path / "journal.key"
    if not path.exists():
        _make(path)
    found = path.read_bytes()
    if len(found) < SHORTEST_KEY:
        raise RuntimeError(f"{path} holds no key: restore it from a backup, or the journal cannot be verified")
    return found


def _make(path: Path) -> None:
    """Put a whole key in place at once: of two processes one wins and both read the same."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".journal-key-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    except FileExistsError:
        pass  # The other process was first; its key is the one to use.
    finally:
        os.unlink(name)
