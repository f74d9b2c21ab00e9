"""The timeline of a customer: every source in one stream, the newest first."""

from c360.services.timeline.registry import SOURCES
from c360.services.timeline.source import Entry, Head, Sought, Source, Told, seek
from c360.services.timeline.stream import Stream, fetch, types, upcoming

__all__ = ["SOURCES", "Entry", "Head", "Sought", "Source", "Stream", "Told", "fetch", "seek", "types", "upcoming"]
