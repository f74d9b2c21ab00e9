"""What administrators say about merging a kind of customer: what takes a second person, what happens by itself."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlmodel import Session

from c360.registry.entity import entity_for
from c360.services import fields, settings
from c360.services.merging.strategies import Trust, offered

MOST, MOST_SOURCES, LONGEST = 1_000_000, 50, 200


@dataclass(frozen=True, slots=True)
class Policy:
    """From how many contacts with them or how many records on, and whether where consents differ, a merge takes two.

    0 and False switch each of them off. ``automatic`` lets a scheduled search merge the sure groups by itself.
    ``sources`` are the systems data comes from, the most trusted first; ``strategies`` say by field how its value is
    made unless somebody picks.
    """

    second_contacts: int = 0
    second_records: int = 0
    second_consents: bool = False
    automatic: bool = False
    sources: tuple[str, ...] = ()
    typed_first: bool = True
    strategies: Mapping[str, str] = field(default_factory=dict)

    @property
    def trust(self) -> Trust:
        """Whose word counts most."""
        return Trust(self.sources, self.typed_first)


def of(session: Session, entity: str) -> Policy:
    """Return the policy of a kind of customer as it is now."""
    told = dict(settings.read(session).merging.get(entity, {}))
    return Policy(**{**told, "sources": tuple(told.get("sources", ()))})


def checked(session: Session, value: Any) -> dict[str, dict[str, Any]]:
    """Return policies by kind of customer as they are kept; ``ValueError`` names what does not fit."""
    return {entity: _checked(session, entity, dict(told)) for entity, told in settings.by_kind(value).items()}


def _checked(session: Session, entity: str, told: dict[str, Any]) -> dict[str, Any]:
    if set(told) - set(Policy.__dataclass_fields__):
        raise ValueError("setting.bad")
    found = Policy(**told)
    for name in ("second_contacts", "second_records", "second_consents", "automatic", "typed_first"):
        value = getattr(found, name)
        fits = isinstance(value, bool) is isinstance(getattr(Policy(), name), bool)
        if not fits or not 0 <= value <= MOST:
            raise ValueError("merge.policy.number")
    sources = tuple(dict.fromkeys(str(one).strip() for one in found.sources if str(one).strip()))
    if len(sources) > MOST_SOURCES or any(len(one) > LONGEST for one in sources):
        raise ValueError("merge.policy.sources")
    known = fields.every(session, entity_for(entity))
    chosen = {name: said for name, said in found.strategies.items() if said}
    if any(name not in known or said not in offered(known[name]) for name, said in chosen.items()):
        raise ValueError("setting.bad")
    return asdict(replace(found, sources=sources, strategies=chosen))
