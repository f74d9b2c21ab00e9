"""What administrators say about merging a kind of customer: what takes a second person, what happens by itself."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from c360.services import settings

MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Policy:
    """From how many contacts with them or how many records on, and whether where consents differ, a merge takes two.

    0 and False switch each of them off. ``automatic`` lets a scheduled search merge the sure groups by itself.
    """

    second_contacts: int = 0
    second_records: int = 0
    second_consents: bool = False
    automatic: bool = False


def of(session: Session, entity: str) -> Policy:
    """Return the policy of a kind of customer as it is now."""
    return Policy(**settings.read(session).merging.get(entity, {}))


def checked(value: Any) -> dict[str, dict[str, Any]]:
    """Return policies by kind of customer as they are kept; ``ValueError`` names what does not fit."""
    return {entity: _checked(dict(told)) for entity, told in settings.by_kind(value).items()}


def _checked(told: dict[str, Any]) -> dict[str, Any]:
    if set(told) - set(Policy.__dataclass_fields__):
        raise ValueError("setting.bad")
    found = Policy(**told)
    for name, value in asdict(found).items():
        fits = isinstance(value, bool) is isinstance(getattr(Policy(), name), bool)
        if not fits or not 0 <= value <= MOST:
            raise ValueError("merge.policy.number")
    return asdict(found)
