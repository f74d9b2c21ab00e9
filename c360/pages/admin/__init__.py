"""Administration: what is kept here shapes every other page."""

from c360.pages.admin import fields, general, lists, overview, privacy, purposes, relations, sections, weights
from c360.pages.route import Route

ROUTES: list[Route] = [
    *overview.ROUTES,
    *lists.ROUTES,
    *relations.ROUTES,
    *purposes.ROUTES,
    *privacy.ROUTES,
    *fields.ROUTES,
    *sections.ROUTES,
    *weights.ROUTES,
    *general.ROUTES,
]
