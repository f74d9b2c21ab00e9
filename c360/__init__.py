"""Customer 360: everything about a customer on one page."""

import sys

try:
    import pysqlite3
except ModuleNotFoundError:  # Only Linux has the wheel; elsewhere Python's own SQLite must be new enough (core/db.py).
    pass
else:
    # Every library in this process must use the same, safe SQLite: the one Python brings can corrupt a WAL database.
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2  # pyright: ignore[reportAttributeAccessIssue]

__version__ = "0.1.0"
