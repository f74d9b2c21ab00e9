"""The list of activities, and the one looked at beside it."""

from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from c360.services import activity_lines
from c360.services.activity_lines import ActivityLine
from c360.state.activity_acts import ActivityActs
from c360.state.listing import Listing, tell_grid


class ActivityList(Listing, ActivityActs, rx.State):
    """The list of activities of whoever is in reach."""

    entity_key: ClassVar[str] = "activity"
    adds: ClassVar[bool] = False

    lines: rx.Field[list[ActivityLine]] = rx.field(default_factory=list)

    async def _look(self, record_id: UUID) -> None:
        self.lines = [await self._call(activity_lines.one, record_id)]

    async def _again(self) -> Any:
        # The table asks anew, and with it for the one that is looked at.
        return [tell_grid("refresh")]
