"""The timeline of a customer: every source in one stream, the newest first."""

from c360.services.timeline.registry import SOURCES
from c360.services.timeline.source import Entry, Head, Sought, Source, Told, seek
from c360.services.timeline.stream import MOST, Stream, fetch, types, upcoming
from c360.services.timeline.totals import Totals, totals

__all__ = [
    "MOST", "SOURCES", "Entry", "Head", "Sought", "Source", "Stream", "Told", "Totals", "fetch", "seek", "totals",
    "types", "upcoming",
]  # fmt: skip
