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
    merge_requests,
    merge_runs,
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
    *merge_requests.ROUTES,
    *merge_runs.ROUTES,
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
