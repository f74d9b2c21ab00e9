"""What every administration page does: say who may not be here, and tell what could not be done."""

from collections.abc import Callable
from typing import Any, ClassVar

import reflex as rx

from c360.core.actor import Verb
from c360.core.errors import C360Error, Invalid
from c360.core.i18n import text
from c360.state import browser, toasts
from c360.state.session import ServiceCalls


class Administration(ServiceCalls, mixin=True):
    """A page only those may use who may change what it keeps."""

    entity_key: ClassVar[str] = "setting"

    ready: bool = False
    denied: bool = False
    errors: dict[str, str] = {}
    dialog: str = ""

    async def _may(self) -> bool:
        """Note whether the user may be here."""
        self.denied = not (await self._actor()).may(Verb.UPDATE, self.entity_key)
        self.dialog, self.errors = "", {}
        return not self.denied

    def _last(self, known: tuple[str, ...]) -> str:
        """Return the last part of the address when it is one of these, else the first of them."""
        part = self.router.url.path.rstrip("/").rpartition("/")[2]
        return part if part in known else known[0]

    async def _language(self) -> str:
        return (await self._actor()).language

    async def _try(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Run a service; return None when it went well, else what tells the user why not."""
        try:
            await self._call(work, *args, **kwargs)
        except Invalid as error:
            self.errors = error.texts(await self._language())
            return browser.nothing() if self.dialog else toasts.failed("; ".join(self.errors.values()))
        except C360Error as error:
            return self._refused(error, await self._language())
        self.dialog, self.errors = "", {}
        return None

    def _refused(self, error: C360Error, language: str) -> Any:
        href = str(error.message.params.get("href", ""))
        said = error.text(language)
        if not href:
            return toasts.failed(said)
        return toasts.failed(said, rx.redirect(href), text(language, "admin.show"))

    async def _said(self, key: str, **params: Any) -> Any:
        return toasts.done(text(await self._language(), key, **params))
