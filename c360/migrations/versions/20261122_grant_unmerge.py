"""let whoever may merge undo a merge."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012_unmerge"
down_revision = "0011_find_duplicates"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def _rights(change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    role = sa.table("role", sa.column("id", sa.Uuid()), sa.column("rights", JSON))
    connection = op.get_bind()
    for role_id, rights in connection.execute(sa.select(role.c.id, role.c.rights)).all():
        changed: dict[str, Any] = {key: change(verbs) for key, verbs in rights.items()}
        connection.execute(role.update().where(role.c.id == role_id).values(rights=changed))


def upgrade() -> None:
    _rights(lambda verbs: verbs | ({"unmerge": verbs["merge"]} if "merge" in verbs else {}))


def downgrade() -> None:
    _rights(lambda verbs: {verb: reach for verb, reach in verbs.items() if verb != "unmerge"})
