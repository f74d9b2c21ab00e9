"""A user's agenda: how he is reminded, and the secret address under which a calendar program reads it."""

from typing import Annotated

from sqlmodel import Field, col

from c360.core.actor import Actor
from c360.registry.entity import Entity, register
from c360.registry.kinds import Day, Flag, Moment
from c360.registry.marks import SYSTEM_SET, Privacy
from c360.registry.record import Owned, unique_index


class Agenda(Owned, table=True):
    """One a user. Only the digest of the secret is kept: the address is shown once, and a new one ends the old."""

    __table_args__ = (unique_index("uq_agenda_owner", "owner_id"),)

    mails: Flag = Field(default=True, title="Reminders by mail")
    digest: Flag = Field(default=False, title="Daily digest")
    digested_on: Annotated[Day | None, SYSTEM_SET] = Field(default=None, title="Last digest")
    feed_digest: Annotated[str | None, SYSTEM_SET, Privacy.SECRET] = Field(default=None, max_length=64, index=True)
    feed_made_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Calendar address made")


def _own(actor: Actor) -> object:
    return col(Agenda.owner_id) == actor.user_id


AGENDA = register(
    Entity("agenda", Agenda, "Agenda", "Agendas", icon="calendar", title=("owner_id",),
           columns=("mails", "digest"), scope=_own)
)  # fmt: skip
