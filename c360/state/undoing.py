"""Taking a change of relations back, and saying how far that went."""

from typing import Any

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import undo
from c360.services.turning import UndoOutcome
from c360.state import toasts
from c360.state.session import ServiceCalls


class Undoing(ServiceCalls, mixin=True):
    """Gives a state the way back from what it tied."""

    async def _take_back(self, set_id: str) -> Any:
        """Undo a change and return the toast that tells whether it is whole, in part, or refused and why."""
        language = (await self._actor()).language
        try:
            found = await self._call(undo.begin, id_of(set_id))
        except C360Error as error:
            return toasts.failed(error.text(language))
        kept = found.kept if isinstance(found, UndoOutcome) else 0
        return toasts.done(text(language, "relations.undone.partly" if kept else "relations.undone"))
