"""The child process that draws a stranger's file: ``python -m c360.services.preview_child KIND FILE PAGE``.

It writes the number of pages, a line break and a picture; limits on memory, time and output keep a hostile file from
harming the server, and a picture is all that comes out of it.
"""

import sys
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

try:
    import resource
except ModuleNotFoundError:  # Windows has no limits to set; the parent's timeout still holds there.
    resource = None

MEMORY = 1_200_000_000
SECONDS = 20
SIDE = 1600
MOST_PIXELS = 80_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


def limit() -> None:
    """Give this process at most so much memory and time, and no disk at all."""
    if resource is None:
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def image(path: Path) -> tuple[Image.Image, int]:
    """Return a picture upright and no larger than a screen."""
    with Image.open(path, formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("RGB", (SIDE, SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((SIDE, SIDE))
        clear = "A" in upright.getbands() or "transparency" in upright.info
        return upright.convert("RGBA" if clear else "RGB"), 1


def pdf(path: Path, number: int) -> tuple[Image.Image, int]:
    """Return one page of a PDF as a picture, and how many it has; the last one when there are not so many."""
    document = pypdfium2.PdfDocument(path)
    page = document[min(max(number, 1), len(document)) - 1]
    scale = min(2.5, SIDE / max(*page.get_size(), 1))
    drawn = page.render(scale=scale)  # pyright: ignore[reportArgumentType]
    return drawn.to_pil().convert("RGB"), len(document)


def main(kind: str, path: str, number: str) -> int:
    """Draw and write; answer 1 when the file cannot be drawn."""
    limit()
    try:
        drawn, pages = pdf(Path(path), int(number)) if kind == "pdf" else image(Path(path))
        out = BytesIO()
        drawn.save(out, "WEBP", quality=82, exif=b"", icc_profile=b"")
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError, pypdfium2.PdfiumError):
        return 1
    sys.stdout.buffer.write(b"%d\n" % pages + out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
