"""A profile's "Merge with…": choose the others, and the wizard opens with all of them."""

from typing import Annotated

import reflex as rx
from pydantic import StringConstraints

from c360.core.ids import id_of
from c360.services.merging.shapes import MOST
from c360.state import browser
from c360.state.guard import requires
from c360.state.merge_rows import Id
from c360.state.session import ServiceCalls

FOCUS = browser.focus("merge-with")
"""Leads into the field once it has come; whoever held the focus before may take it back for a moment."""


class MergeWith(ServiceCalls, rx.State):
    """The dialog that asks whom to merge with."""

    entity: str = ""
    record_id: str = ""
    chosen: rx.Field[list[str]] = rx.field(default_factory=list)

    @rx.event
    @requires()
    async def ask(self, entity: Annotated[str, StringConstraints(max_length=20)], record_id: Id):
        """Ask whom to merge a record with; an empty entity closes the dialog."""
        self.entity, self.record_id, self.chosen = entity, record_id, []
        return FOCUS

    @rx.event
    @requires()
    async def close(self):
        """Close the dialog."""
        self.entity = ""

    @rx.event
    @requires()
    async def choose(self, ids: list[Id]):
        """Choose the others; the record itself is none of them."""
        self.chosen = [one for one in dict.fromkeys(ids) if one != self.record_id][: MOST - 1]

    @rx.event
    @requires()
    async def go(self):
        """Open the wizard."""
        if not self.chosen:
            return None
        ids = ",".join(str(id_of(one)) for one in (self.record_id, *self.chosen))
        self.entity = ""
        return rx.redirect(f"/merge?ids={ids}")
