"""Every source of the timeline, a line each."""

from c360.services.timeline import activity, changes, consents, feed, files, merges, relations

SOURCES = (
    activity.SOURCE, feed.SOURCE, files.SOURCE, consents.SOURCE, relations.SOURCE, merges.SOURCE, changes.SOURCE,
)  # fmt: skip
"""The journal comes last: it tells every change that no other source tells of."""
