"""Every page of the app, by address."""

from c360.pages import (
    access,
    account,
    activity,
    admin,
    audit,
    day,
    duplicates,
    home,
    imports,
    lists,
    merge,
    new,
    people,
    privacy,
    profile,
    search,
)
from c360.pages.route import Route

ROUTES: list[Route] = [
    *access.ROUTES,
    *audit.ROUTES,
    *home.ROUTES,
    *day.ROUTES,
    *duplicates.ROUTES,
    *activity.ROUTES,
    *imports.ROUTES,
    *lists.ROUTES,
    *merge.ROUTES,
    *profile.ROUTES,
    *new.ROUTES,
    *admin.ROUTES,
    *people.ROUTES,
    *privacy.ROUTES,
    *search.ROUTES,
    *account.ROUTES,
]
