"""How a program says who it is: by an API key in the Authorization header, and by nothing else."""

from c360.api.requests import Scope, client_ip, header
from c360.core.actor import Actor
from c360.core.errors import SignedOut
from c360.services import api_keys

KEYED = "c360.keyed"
"""Where the gate leaves who a program acts for."""


def holder(scope: Scope) -> Actor:
    """Return who a program acts for; ``SignedOut`` without a good key. Cookies are not looked at."""
    scheme, _, secret = header(scope, b"authorization").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise SignedOut("key.missing")
    return api_keys.holder(secret.strip(), client_ip(scope))
