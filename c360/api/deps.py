"""What routes depend on: who is acting. The gate has looked the session up; a route that needs nobody says so."""

from typing import Annotated

from fastapi import Depends, Request

from c360.api.bearer import KEYED
from c360.core.actor import Actor
from c360.core.errors import Forbidden, SignedOut
from c360.services.sessions import SignedIn, resolve

SCOPE = "c360.session"
"""Where the gate leaves the digest of a request's session."""
FULL = "c360.full"
"""Where the gate leaves whether the user has as many tabs open as he may; told to ``/auth/alive`` alone."""


def signed_in(request: Request) -> SignedIn:
    """Return the live session of a request; ``SignedOut`` when there is none."""
    found = resolve(request.scope.get(SCOPE, ""))
    if found is None:
        raise SignedOut("session.over")
    return found


def actor(session: Annotated[SignedIn, Depends(signed_in)]) -> Actor:
    """Return who is acting, with the rights he has now."""
    return session.actor


def administrator(who: Annotated[Actor, Depends(actor)]) -> Actor:
    """Return who is acting, when he is an administrator."""
    if "administrator" not in who.roles:
        raise Forbidden("error.administrators")
    return who


def keyed(request: Request) -> Actor:
    """Return who a program acts for; ``SignedOut`` when it came without a good key."""
    found = request.scope.get(KEYED)
    if not isinstance(found, Actor):
        raise SignedOut("key.missing")
    return found


Session = Annotated[SignedIn, Depends(signed_in)]
Who = Annotated[Actor, Depends(actor)]
"""Write ``who: Who`` in a route's signature: the route then needs a session, and has its actor."""
Keyed = Annotated[Actor, Depends(keyed)]
"""The same for programs: the route needs an API key."""
