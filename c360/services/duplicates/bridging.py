"""Weak bridges of a group: links without which it falls into two parts of two members and more."""

from collections.abc import Sequence
from uuid import UUID

from c360.services.duplicates import weighing

FEWEST = 4


def weak(links: Sequence[tuple[UUID, UUID, float]]) -> set[tuple[UUID, UUID]]:
    """Return the weak bridges among these links."""
    members = sorted({one for left, right, _ in links for one in (left, right)})
    if len(members) < FEWEST:
        return set()
    place = {one: number for number, one in enumerate(members)}
    known = {(place[left], place[right]): score for left, right, score in links}
    found = weighing.engine("clusters").bridges(list(range(len(members))), known)
    return {(members[one], members[other]) for one, other in found}
