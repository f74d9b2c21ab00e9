"""What merge rules would have made of merges that were decided, shown in a dialog before the rules are used or kept."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from c360.core.errors import C360Error
from c360.services.merging import rehearsing
from c360.services.merging.rehearsing import Case
from c360.services.merging.strategies import Trust
from c360.state import toasts
from c360.state.guard import requires
from c360.state.session import ServiceCalls


class Rehearsing(ServiceCalls, mixin=True):
    """The groups rules were tried on; nothing they show was written."""

    rehearsal: bool = False
    """Whether the dialog stands open."""
    cases: rx.Field[list[Case]] = rx.field(default_factory=list)
    looked: int = 0
    decided: int = 0
    same: int = 0

    async def _rehearse(self, key: str, rules: Mapping[str, str], trust: Trust | None = None) -> Any:
        """Try rules by field on past merges and open groups and show what they make."""
        try:
            found = await self._ask(rehearsing.rehearse, key, dict(rules), trust)
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        self.cases, self.looked, self.decided, self.same = found.cases, found.looked, found.decided, found.same
        self.rehearsal = True
        return None

    @rx.event
    @requires()
    async def end_rehearsal(self, open_: bool = False):
        """Close the dialog."""
        if not open_:
            self.rehearsal, self.cases = False, []
