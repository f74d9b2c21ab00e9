"""The database as the command line prepares it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from c360.core.actor import SYSTEM
from c360.core.db import engine
from c360.services import defaults
from c360.services.uow import unit_of_work

ROOT = Path(__file__).resolve().parents[2]


def revision() -> str | None:
    """Return the revision the database is at, None when it is new."""
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade() -> tuple[str | None, str | None]:
    """Apply what is missing and see that what every installation needs is there; return revisions before and after."""
    before = revision()
    command.upgrade(Config(toml_file=ROOT / "pyproject.toml"), "head")
    with unit_of_work(SYSTEM) as uow:
        defaults.ensure(uow)
    return before, revision()


def prepare() -> bool:
    """Bring the database up to date; answer whether it was new."""
    before, _ = upgrade()
    return before is None
