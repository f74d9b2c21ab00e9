"""The file of erasures beside the database: what a backup that is put back must forget again. It holds ids alone."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from c360.core.config import settings


def path() -> Path:
    """Return where the file is; it is kept when the database is put back."""
    return settings().data_path / "erasures.log"


def append(ids: Sequence[UUID], how: str, at: datetime) -> None:
    """Add a line for each erased customer, on disk before this returns."""
    with open(path(), "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for one in ids:
            file.write(json.dumps({"customer_id": str(one), "how": how, "at": at.isoformat()}).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read() -> Iterator[dict[str, str]]:
    """Yield every line; one a crash left half-written is passed over."""
    if not path().exists():
        return
    for line in path().read_bytes().splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue
