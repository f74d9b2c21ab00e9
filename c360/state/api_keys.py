"""API keys: a user's own on his account page, everybody's in administration."""

from typing import ClassVar

import reflex as rx

from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.core.ids import id_of
from c360.services import api_keys, users
from c360.services.api_keys import KeyLine
from c360.services.uow import UnitOfWork
from c360.state import toasts
from c360.state.admin import Administration
from c360.state.guard import requires
from c360.state.session import ServiceCalls


class KeysCard(ServiceCalls, rx.State):
    """The user's own keys; one just made is shown once."""

    rows: rx.Field[list[KeyLine]] = rx.field(default_factory=list)
    errors: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    made: str = ""

    @rx.event
    @requires()
    async def load(self):
        """Load the user's keys; a key just made is shown no more."""
        self.made, self.errors = "", {}
        self.rows = await self._ask(api_keys.mine)

    @rx.event
    @requires()
    async def add(self, form: dict[str, str]):
        """Make a key and show it once."""
        language = (await self._actor()).language
        self.errors = {}
        try:
            self.made = await self._call(_add, form)
        except Invalid as error:
            self.errors = error.texts(language)
            return None
        except C360Error as error:
            return toasts.failed(error.text(language))
        self.rows = await self._ask(api_keys.mine)
        return toasts.done(text(language, "key.made"))

    @rx.event
    @requires()
    async def revoke(self, key_id: str):
        """End one of the user's keys."""
        await self._call(api_keys.revoke, id_of(key_id))
        self.made, self.rows = "", await self._ask(api_keys.mine)
        return toasts.done(text((await self._actor()).language, "key.revoked"))


class KeysAdmin(Administration, rx.State):
    """Everybody's keys, for who keeps the users."""

    entity_key: ClassVar[str] = "user"

    rows: rx.Field[list[KeyLine]] = rx.field(default_factory=list)

    @rx.event
    @requires()
    async def load(self):
        """Load every key."""
        if await self._may():
            self.rows = await self._ask(api_keys.every)
        self.ready = True

    @rx.event
    @requires("update")
    async def revoke(self, key_id: str):
        """End anybody's key."""
        failed = await self._try(api_keys.revoke, id_of(key_id))
        self.rows = await self._ask(api_keys.every)
        return failed if failed is not None else await self._said("key.revoked")


def _add(uow: UnitOfWork, form: dict[str, str]) -> str:
    days = form.get("days", "")
    return api_keys.make(
        uow,
        users.oneself(uow),
        form.get("name", ""),
        [kind for kind in ("contact", "account") if form.get(kind)],
        writes=bool(form.get("writes")),
        days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
    )
