"""How often somebody may try: counted in Redis where there is one, else by each server process for itself."""

from functools import cache

from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from c360.core.config import settings


@cache
def storage() -> Storage:
    """Return where tries are counted."""
    return RedisStorage(settings().redis_url) if settings().redis_url else MemoryStorage()


def limiter() -> FixedWindowRateLimiter:
    """Return what counts tries."""
    return FixedWindowRateLimiter(storage())
