"""Where the content of files lies: on this machine's disk, or in any place ``fsspec`` reaches, such as an S3 bucket.

The key is the digest of the content, never a name people chose. What is written is whole before it has its place, so
that whoever finds a key finds all of it.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import fsspec

from c360.core.config import settings

SHARDS = tuple(f"{number:02x}" for number in range(256))
"""The first folders: a sweep looks at some of them at a time."""
_ASIDE = ".old-"


def folder() -> Path:
    """Return the directory of this machine that holds files, or at least those on their way."""
    path = settings().data_path / "files"
    path.mkdir(exist_ok=True, mode=0o700)
    return path


def place(sha256: str) -> str:
    """Return where the content with a digest lies below its root: a path of ours alone."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a digest")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def current() -> "Disk | Remote":
    """Return the store this app is set to use."""
    url = settings().files_url
    return Remote(url) if url else Disk(folder())


@dataclass(frozen=True, slots=True)
class Disk:
    """A directory of this machine."""

    root: Path

    def take(self, new: Path, sha256: str) -> None:
        """Move a whole file to its place, to be there after a power cut too; it is as new as its last taking."""
        target = self.root / place(sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new.replace(target)
        for directory in (target.parent, target.parent.parent):
            handle = os.open(directory, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def has(self, sha256: str) -> bool:
        """Tell whether the content is there."""
        return (self.root / place(sha256)).is_file()

    def open(self, sha256: str) -> BinaryIO:
        """Open the content to read; ``FileNotFoundError`` when it is gone."""
        return (self.root / place(sha256)).open("rb")

    def old(self, shard: str, before: float) -> Iterator[str]:
        """Yield the keys of a shard that were taken before a moment."""
        for path in (self.root / shard).glob("*/*"):
            if path.stat().st_mtime < before:
                yield path.name

    def drop(self, sha256: str, before: float) -> bool:
        """Remove content, unless it was taken again since: then it stays, and the answer is no."""
        target, aside = self.root / place(sha256), self.root / f"{_ASIDE}{sha256}"
        try:
            target.replace(aside)
        except FileNotFoundError:
            return False
        return self._decide(aside, target, before)

    def recover(self, before: float) -> int:
        """Finish what a killed sweep has left aside, and remove half-written files; return how many went."""
        gone = 0
        for path in self.root.glob(f"{_ASIDE}*"):
            gone += self._decide(path, self.root / place(path.name.removeprefix(_ASIDE)), before)
        return gone + _half_written(before)

    @staticmethod
    def _decide(aside: Path, target: Path, before: float) -> bool:
        # Only now nobody can take it any more, so only now its age says whether somebody has.
        if aside.stat().st_mtime >= before:
            aside.replace(target)
            return False
        aside.unlink()
        return True


@dataclass(frozen=True, slots=True)
class Remote:
    """A place ``fsspec`` reaches by its address: ``s3://bucket/folder`` and the like."""

    url: str

    @property
    def _system(self) -> tuple[Any, str]:
        system, root = fsspec.url_to_fs(self.url)
        return system, root.rstrip("/")

    def take(self, new: Path, sha256: str) -> None:
        """Send a whole file to its place; such a store shows a file once all of it has come."""
        system, root = self._system
        target = f"{root}/{place(sha256)}"
        system.makedirs(target.rpartition("/")[0], exist_ok=True)
        system.put_file(str(new), target)
        new.unlink()

    def has(self, sha256: str) -> bool:
        """Tell whether the content is there."""
        system, root = self._system
        return bool(system.exists(f"{root}/{place(sha256)}"))

    def open(self, sha256: str) -> BinaryIO:
        """Open the content to read; ``FileNotFoundError`` when it is gone."""
        system, root = self._system
        return cast(BinaryIO, system.open(f"{root}/{place(sha256)}", "rb"))

    def old(self, shard: str, before: float) -> Iterator[str]:
        """Yield the keys of a shard that were taken before a moment."""
        system, root = self._system
        system.invalidate_cache()
        try:
            found = system.find(f"{root}/{shard}")
        except FileNotFoundError:
            return
        for path in found:
            if _taken_at(system, path) < before:
                yield path.rpartition("/")[2]

    def drop(self, sha256: str, before: float) -> bool:
        """Remove content, unless it was taken again since: then it stays, and the answer is no."""
        system, root = self._system
        system.invalidate_cache()
        path = f"{root}/{place(sha256)}"
        if not system.exists(path) or _taken_at(system, path) >= before:
            return False
        system.rm_file(path)
        return True

    def recover(self, before: float) -> int:
        """Remove half-written files; return how many went."""
        return _half_written(before)


def _taken_at(system: Any, path: str) -> float:
    moment: datetime = system.modified(path)
    return moment.timestamp()


def _half_written(before: float) -> int:
    old = [path for path in folder().glob(".new-*") if path.stat().st_mtime < before]
    for path in old:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return len(old)


def is_full(size: int) -> bool:
    """Tell whether a file of this size leaves the disk without room to work."""
    return shutil.disk_usage(folder()).free - size < SPARE


SPARE = 500_000_000
"""Bytes a disk keeps free of files: a database without room to write stops everything."""
