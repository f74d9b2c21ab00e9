"""The photo of the customer whose profile is open: hung by the page itself, taken down here, with a way back."""

from typing import Annotated, Any
from uuid import UUID

import reflex as rx
from pydantic import StringConstraints

from c360.core.errors import C360Error
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import photos, undo
from c360.state import toasts
from c360.state.guard import requires
from c360.state.profile import ProfileState
from c360.state.session import ServiceCalls

Id = Annotated[str, StringConstraints(min_length=36, max_length=36)]


class PhotoState(ServiceCalls, rx.State):
    """What is done to a photo; which one is shown stands in the profile's header."""

    @rx.event
    @requires()
    async def hung(self):
        """Show the photo that has just come."""
        said = text((await self._actor()).language, "photo.saved")
        return [toasts.done(said), ProfileState.reload]

    @rx.event
    @requires()
    async def take_down(self, customer_id: Id):
        """Leave the customer with initials."""
        return await self._do("photo.removed", photos.take_down, id_of(customer_id))

    @rx.event
    @requires()
    async def hang_again(self, set_id: Id):
        """Undo the taking down."""
        return await self._do("photo.saved", undo.begin, id_of(set_id))

    async def _do(self, said: str, service: Any, record_id: UUID) -> Any:
        language = (await self._actor()).language
        try:
            done = await self._call(service, record_id)
        except C360Error as error:
            return toasts.failed(error.text(language))
        back = PhotoState.hang_again(str(done)) if isinstance(done, UUID) else None
        return [toasts.done(text(language, said), back, text(language, "list.undo")), ProfileState.reload]
