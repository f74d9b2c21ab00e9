"""Customer 360: everything about a customer on one page."""

import gc
import sys

try:
    import pysqlite3
except ModuleNotFoundError:  # Only Linux has the wheel; elsewhere Python's own SQLite must be new enough (core/db.py).
    pass
else:
    # Every library in this process must use the same, safe SQLite: the one Python brings can corrupt a WAL database.
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2  # pyright: ignore[reportAttributeAccessIssue]

# New objects after which the garbage collector looks at the young ones, and how often at each older lot. Starting
# makes hundreds of thousands that all stay, and so does an import or a merge until it ends: looking every 700 objects,
# as Python does, takes a quarter of the one and half of the other.
gc.set_threshold(100_000, 20, 10)

__version__ = "0.1.0"
