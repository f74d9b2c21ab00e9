"""Bodies of requests: never more than a path takes, JSON never nested without end."""

import re

from c360.api.requests import Scope, header
from c360.api.sockets import Message, Receive, too_deep
from c360.core.config import settings

SMALL = 1_000_000
FILE = "application/octet-stream"
TAKES_FILES = re.compile(r"/api/(imports/[^/]+|files|attachments/[^/]+/[^/]+|customers/[^/]+/photo)")
"""Addresses whose body is a file as it is: such a body may be as big as an upload may be."""


class TooLarge(Exception):
    """A body is too big, or too deep."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def limit_of(scope: Scope) -> int:
    """Return how many bytes a request may bring; raise ``TooLarge`` when it announces more."""
    is_file = header(scope, b"content-type") == FILE and TAKES_FILES.fullmatch(scope["path"])
    most = int(settings().max_upload_mb) * 1_000_000 if is_file else SMALL
    announced = header(scope, b"content-length")
    if announced and (not announced.isdigit() or int(announced) > most):
        raise TooLarge("too large", 413)
    return most


class Body:
    """The body of one request, counted; JSON is read whole and looked at before anyone parses it."""

    def __init__(self, receive: Receive, most: int) -> None:
        self.receive, self.most, self.count = receive, most, 0
        self.whole: Message | None = None

    async def look(self) -> None:
        """Read the whole body; raise ``TooLarge`` when it is too big or nests too deep."""
        parts = []
        while True:
            message = await self.receive()
            if message["type"] != "http.request":
                self.whole = message
                return
            self._count(message)
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                break
        body = b"".join(parts)
        if too_deep(body.decode("utf-8", "replace")):
            raise TooLarge("too deep", 400)
        self.whole = {"type": "http.request", "body": body, "more_body": False}

    async def take(self) -> Message:
        """Return the next part of the body."""
        if self.whole is not None:
            message, self.whole = self.whole, None
            return message
        message = await self.receive()
        self._count(message)
        return message

    def _count(self, message: Message) -> None:
        self.count += len(message.get("body", b""))
        if self.count > self.most:
            raise TooLarge("too large", 413)
