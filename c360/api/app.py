"""The HTTP side of the app: every router, and how a failure is told."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from c360.api import (
    calendar,
    care,
    consents,
    customers,
    errors,
    exports,
    files,
    grid,
    health,
    imports,
    lists,
    preferences,
    privacy,
    session,
)
from c360.api.deps import keyed, signed_in
from c360.api.gate import OPEN
from c360.api.problems import PREFIX
from c360.models import census

ROUTERS = (
    calendar.router,
    customers.router,
    care.router,
    consents.router,
    preferences.router,
    privacy.router,
    exports.router,
    health.router,
    session.router,
    grid.router,
    lists.router,
    imports.router,
    files.router,
)
"""Every part of the app that answers HTTP adds its router here."""
MOST_OPEN = 8


def make() -> FastAPI:
    """Return the HTTP app; its description is for signed-in users, like everything under ``/api``."""
    api = FastAPI(title="Customer 360", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    for router in ROUTERS:
        api.include_router(router)
    errors.install(api)
    assert_complete(api)
    census.assert_complete()
    return api


def assert_complete(api: FastAPI) -> None:
    """Refuse to start unless every route needs a session or, for programs, a key, or is listed as one that does not."""
    routes = [r for r in api.routes if isinstance(r, APIRoute) and r.path not in OPEN]
    needs = {r.path: keyed if r.path.startswith(PREFIX) else signed_in for r in routes}
    bare = [r.path for r in routes if not _guarded(r.dependant, needs[r.path])]
    if bare or len(OPEN) > MOST_OPEN:
        raise RuntimeError(f"These routes need no session, no key, and are not in anonymous.txt: {bare}")


def _guarded(dependant: Any, by: Any) -> bool:
    return any(d.call is by or _guarded(d, by) for d in dependant.dependencies)
