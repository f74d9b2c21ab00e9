"""Photos of customers: whatever is brought is drawn anew, so that nothing but a picture is ever shown."""

from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError

from c360.core.actor import Verb
from c360.core.errors import Invalid
from c360.registry.entity import entity_for
from c360.services import fields, files
from c360.services.files import Received
from c360.services.uow import UnitOfWork

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
SIDE = 512
MOST_BYTES = 15_000_000
MOST_PIXELS = 50_000_000
"""A small file can unfold to a picture that fills the memory."""


def redraw(stream: BinaryIO) -> Received:
    """Put a square-bounded copy of a picture into the store, without its metadata; ``Invalid`` when it is none."""
    raw = stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Invalid.field("file", "file.large", mb=MOST_BYTES // 1_000_000)
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid.field("file", "photo.bad")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((SIDE, SIDE))
            drawn = BytesIO()
            upright.convert("RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB").save(
                drawn, "WEBP", quality=82, exif=b"", icc_profile=b""
            )
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid.field("file", "photo.bad") from error
    drawn.seek(0)
    return files.receive("photo.webp", drawn, redrawn=True)


def hang(uow: UnitOfWork, customer_id: UUID, received: Received) -> UUID:
    """Make a redrawn picture the photo of a customer; the former one stays for the history."""
    customer = uow.get("customer", customer_id, Verb.UPDATE)
    if "photo" not in uow.fields(customer.kind) or fields.is_hidden(entity_for(customer.kind), "photo", uow.actor):
        raise Invalid.field("file", "photo.bad")
    file_id = files.keep(uow, received, customer_id)
    customer.photo = str(file_id)
    return file_id


def take_down(uow: UnitOfWork, customer_id: UUID) -> UUID:
    """Leave a customer without a photo; return the change set that undoes it."""
    uow.get("customer", customer_id, Verb.UPDATE).photo = None
    return uow.draft.set_id
