"""Who is acting: passed to every unit of work, never read from a global."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Verb(StrEnum):
    """What can be done to a record."""

    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    ARCHIVE = "archive"
    ASSIGN = "assign"
    MERGE = "merge"
    UNMERGE = "unmerge"
    EXPORT = "export"
    IMPORT = "import"


class Reach(StrEnum):
    """How far a right goes: the actor's own records, the team's, or all."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"


Rights = Mapping[str, Mapping[Verb, Reach]]
EVERYTHING: Rights = {"*": dict.fromkeys(Verb, Reach.ALL)}


@dataclass(frozen=True, slots=True)
class Actor:
    """A user (or the system) with what the roles allow.

    ``rights`` maps an entity's key to the reach of each verb, ``*`` standing for every entity. ``hidden`` and
    ``locked`` hold ``entity.field`` names that may not be read, or read but not changed.
    """

    user_id: UUID | None
    name: str
    rights: Rights = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()
    team_user_ids: frozenset[UUID] = frozenset()
    roles: frozenset[str] = frozenset()
    language: str = "en"
    ip: str = ""
    """Where the session was opened from; empty for the system and for jobs."""
    key_id: UUID | None = None
    """The API key a program acts by; the journal and the access log name it."""

    def reach(self, entity: str, verb: Verb) -> Reach | None:
        """Return how far the actor may do this to records of an entity, or None for not at all."""
        for key in (entity, "*"):
            if key in self.rights:
                return self.rights[key].get(verb)
        return None

    def may(self, verb: Verb, entity: str) -> bool:
        """Tell whether the actor may do this to some record of the entity."""
        return self.reach(entity, verb) is not None

    def owners(self, entity: str, verb: Verb) -> frozenset[UUID] | None:
        """Return whose records the verb reaches; None means everyone's."""
        reach = self.reach(entity, verb)
        if reach is Reach.ALL:
            return None
        mine = frozenset({self.user_id} if self.user_id else ())
        if reach is Reach.TEAM:
            return self.team_user_ids | mine
        return mine if reach is Reach.OWN else frozenset()


SYSTEM = Actor(user_id=None, name="system", rights=EVERYTHING, roles=frozenset({"system"}))
