"""Ending and removing a tie; a primary relay leaves when it is said who follows, or that nobody does."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar

import reflex as rx
from pydantic import StringConstraints

from c360.core.errors import C360Error
from c360.core.ids import id_of
from c360.services.relationships import making
from c360.state import toasts
from c360.state.guard import requires
from c360.state.session import ServiceCalls

Short = Annotated[str, StringConstraints(max_length=60)]
RELATION = "relation"


class Leaving(ServiceCalls, mixin=True):
    """What ends a tie, and the question who is the primary relay from then on."""

    WORKS: ClassVar[Mapping[str, Callable[..., Any]]] = {"end": making.end, "remove": making.remove}

    heirs: rx.Field[list[dict[str, str]]] = rx.field(default_factory=list)
    _left_by: str = ""
    _left: str = ""

    async def _act(self, said: str, work: Any, ids: list[str], *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    @rx.event
    @requires()
    async def end(self, edge_id: Short):
        """End a relation today."""
        return await self._leave("end", edge_id)

    @rx.event
    @requires()
    async def remove(self, edge_id: Short):
        """Take a tie away that should not be there."""
        return await self._leave("remove", edge_id)

    @rx.event
    @requires()
    async def hand_on(self, form: dict[str, str]):
        """End or remove the primary relay, now that it is said who follows."""
        self.heirs = []
        return await self._go(self._left_by, self._left, form.get("heir") or making.NOBODY)

    @rx.event
    @requires()
    async def stay(self):
        """Leave the primary relay as it is."""
        self.heirs = []

    async def _leave(self, how: str, edge_id: str) -> Any:
        origin, _, record = edge_id.partition(".")
        try:
            found = await self._ask(making.heirs, id_of(record)) if origin == RELATION else []
        except C360Error as error:
            return toasts.failed(error.text((await self._actor()).language))
        if not found:
            return await self._go(how, edge_id)
        self.heirs, self._left_by, self._left = [{"value": w.value, "label": w.label} for w in found], how, edge_id
        return None

    async def _go(self, how: str, edge_id: str, heir: str = "") -> Any:
        origin, _, record = edge_id.partition(".")
        args = [origin] if how == "remove" else []
        return await self._act(f"relations.done.{how}", self.WORKS[how], [record], *args, heir=heir)
