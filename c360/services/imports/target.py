"""One place a column's values can go; apart from the list of them, which needs the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from c360.registry.entity import FieldSpec


@dataclass(frozen=True, slots=True)
class Target:
    """One place a column can go; ``many`` columns may share it, ``spec`` is its field where it is one."""

    key: str
    label: str
    group: str
    spec: FieldSpec | None = None
    many: bool = False

    @property
    def required(self) -> bool:
        """Whether a new record needs it."""
        return self.spec is not None and self.spec.required
