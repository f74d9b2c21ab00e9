"""Every source of the timeline, a line each."""

from c360.services.timeline import activity, changes, consents, feed, files, relations

TELLING = (activity.SOURCE, feed.SOURCE, files.SOURCE, consents.SOURCE, relations.SOURCE)
"""Sources with a way of their own to tell what happened; add yours here."""
SOURCES = (*TELLING, changes.source(tuple(key for source in TELLING for key in source.covers)))
"""With the journal, which tells every change that no other source covers."""
