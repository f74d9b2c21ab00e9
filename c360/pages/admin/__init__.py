"""Administration: what is kept here shapes every other page."""

from c360.pages.admin import (
    duplicates,
    fields,
    general,
    keys,
    lists,
    merging,
    overview,
    privacy,
    purposes,
    relations,
    required,
    sections,
    weights,
)
from c360.pages.route import Route

ROUTES: list[Route] = [
    *overview.ROUTES,
    *lists.ROUTES,
    *relations.ROUTES,
    *required.ROUTES,
    *merging.ROUTES,
    *purposes.ROUTES,
    *privacy.ROUTES,
    *fields.ROUTES,
    *sections.ROUTES,
    *duplicates.ROUTES,
    *weights.ROUTES,
    *keys.ROUTES,
    *general.ROUTES,
]
