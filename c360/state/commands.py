"""What the command palette does to the customer whose profile is open."""

from typing import Any

import reflex as rx

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import history, undo
from c360.state import toasts
from c360.state.form import FormState
from c360.state.guard import requires
from c360.state.merge_with import MergeWith
from c360.state.profile import ProfileState
from c360.state.session import ServiceCalls

LEAVES = ("inactivate", "archive")
RETURNS = {"activate": ProfileState.activate, "restore": ProfileState.restore}
SECTIONS = {"edit": "", "assign": "people"}


class ProfileCommands(ServiceCalls, rx.State):
    """The commands of a profile; each is what a button of the page does too."""

    @rx.event
    @requires()
    async def run(self, name: str):
        """Do what a command says; the services refuse what the user may not do."""
        header = (await self.get_state(ProfileState)).header
        if name in SECTIONS:
            return FormState.edit(header.entity, header.id, SECTIONS[name])
        if name in LEAVES:
            return ProfileState.ask_leaving(name)
        if name == "merge":
            return MergeWith.ask(header.entity, header.id)
        if name in RETURNS:
            return RETURNS[name]
        return await self._undo(header.entity, header.id) if name == "undo" else None

    async def _undo(self, key: str, record_id: str) -> Any:
        language = (await self._actor()).language
        try:
            set_id = await self._ask(history.last_of, key, id_of(record_id))
            outcome = await self._call(undo.undo, set_id)
        except C360Error as error:
            return toasts.failed(error.text(language))
        key = "list.undo.partly" if outcome.kept else "undo.done"
        said = text(language, key, n=outcome.restored, kept=outcome.kept)
        return [toasts.done(said), ProfileState.reload]
