"""Previews: what a file looks like, drawn anew by a child process, or its text; never the file itself."""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from c360.core.errors import Invalid
from c360.services import store
from c360.services.files import CHUNK, Opened

PATIENCE = 30
"""Seconds a preview may take; the child has a tighter limit of its own."""
LARGEST = 100_000_000
"""Bytes of a file that is drawn; what is larger is downloaded."""
TEXT = 200_000
"""Bytes of a text that are shown."""
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff")
WORDS = ("application/json", "application/xml", "application/javascript", "application/x-yaml")
_drawing = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page of a file as a picture, and how many pages it has."""

    picture: bytes
    pages: int


def kind_of(media_type: str, size: int) -> str:
    """Return how a file can be looked at here: as ``image``, ``pdf`` or ``text``; empty when it cannot."""
    if media_type.startswith("text/") or media_type in WORDS:
        return "text"
    if size > LARGEST:
        return ""
    return "pdf" if media_type == "application/pdf" else "image" if media_type in PICTURES else ""


def words(found: Opened) -> tuple[str, bool]:
    """Return the beginning of a text, and whether there is more; bytes that are no text are shown as such."""
    raw = found.read(0, TEXT + 1)
    return raw[:TEXT].decode("utf-8", "replace").replace("\x00", "\ufffd"), len(raw) > TEXT


def draw(found: Opened, page: int = 1) -> Drawn:
    """Draw one page of a picture or a PDF; ``Invalid`` when it cannot be drawn."""
    kind = kind_of(found.media_type, found.size)
    if kind not in ("image", "pdf"):
        raise Invalid.field("file", "preview.bad")
    with _drawing, tempfile.TemporaryDirectory(dir=store.folder(), prefix=".new-") as room:
        source = Path(room) / "source"
        with store.current().open(found.sha256) as file, source.open("wb") as copy:
            while part := file.read(CHUNK):
                copy.write(part)
        order = [sys.executable, "-m", "c360.services.preview_child", kind, str(source), str(page)]
        try:
            done = subprocess.run(order, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 - our own module
        except subprocess.TimeoutExpired as error:
            raise Invalid.field("file", "preview.bad") from error
    pages, _, picture = done.stdout.partition(b"\n")
    if done.returncode or not picture:
        raise Invalid.field("file", "preview.bad")
    return Drawn(picture, int(pages))
