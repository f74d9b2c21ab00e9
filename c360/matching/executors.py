"""Where pairs are compared: here, or by the workers of a Dask cluster; the answer is the same."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from c360.matching.threads import side_by_side

Shared = TypeVar("Shared")
Part = TypeVar("Part")
Result = TypeVar("Result")


class Executor(Protocol):
    """What does one piece of work on many parts."""

    @property
    def part(self) -> int:
        """How many pairs a part has."""
        ...

    def map(self, work: Callable[[Shared, Part], Result], shared: Shared, parts: Iterable[Part]) -> list[Result]:
        """Return what the work makes of each part, in their order."""
        ...


@dataclass(frozen=True)
class Here:
    """The parts in threads of this process."""

    part: int = 500_000

    def map(self, work: Callable[[Shared, Part], Result], shared: Shared, parts: Iterable[Part]) -> list[Result]:
        """Return what the work makes of each part."""
        found = list(parts)
        return side_by_side(lambda part: work(shared, part), found, len(found) * self.part)


@dataclass(frozen=True)
class Cluster:
    """The parts side by side on the workers of a Dask client; what they share is sent to each of them once."""

    client: Any
    part: int = 200_000

    def map(self, work: Callable[[Shared, Part], Result], shared: Shared, parts: Iterable[Part]) -> list[Result]:
        """Return what the work makes of each part."""
        held = self.client.scatter(shared, broadcast=True, hash=False)
        return self.client.gather([self.client.submit(work, held, part, pure=False) for part in parts])


HERE = Here()
