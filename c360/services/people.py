"""Colleagues as pages offer them."""

from sqlmodel import col

from c360.models.user import User
from c360.services.picks import Option
from c360.services.uow import UnitOfWork

MOST = 200


def colleagues(uow: UnitOfWork) -> list[Option]:
    """Return who can sign in, by name."""
    found = uow.select("user").where(col(User.disabled_at).is_(None)).order_by(col(User.name)).limit(MOST)
    return [Option(str(user.id), user.name) for user in uow.session.exec(found)]
