"""The page of data protection in administration: who answers for the data, which words need care, what is unused."""

from typing import Any

import reflex as rx

from c360.services import administration, choices, settings
from c360.services.uow import UnitOfWork
from c360.state.admin import Administration
from c360.state.guard import requires

SPOKEN = ("en", "de")


class PrivacySettings(Administration, rx.State):
    """Settings of data protection."""

    controller: str = ""
    words: dict[str, str] = {}
    months: int = 0
    statuses: list[dict[str, str]] = []
    prospects: list[str] = []

    @rx.event
    @requires()
    async def load(self):
        """Load the settings as they are."""
        if await self._may():
            now = await self._ask(lambda uow: settings.read(uow.session))
            self.controller, self.months, self.prospects = now.controller, now.unused_months, list(now.prospects)
            self.words = {language: "\n".join(now.sensitive_words.get(language, ())) for language in SPOKEN}
            found = await self._ask(choices.entries, "status")
            self.statuses = [{"value": str(one.id), "label": one.name} for one in found if not one.retired]
        self.ready = True

    @rx.event
    @requires("update")
    async def save_controller(self, form: dict[str, Any]):
        """Keep who answers for the data."""
        return await self._saved({"controller": str(form.get("controller") or "")})

    @rx.event
    @requires("update")
    async def save_words(self, form: dict[str, Any]):
        """Keep the words that need care."""
        lists = {language: str(form.get(f"words-{language}") or "") for language in SPOKEN}
        return await self._saved({"sensitive_words": lists})

    @rx.event
    @requires("update")
    async def save_rule(self, form: dict[str, Any]):
        """Keep the rule of unused records."""
        prospects = [one["value"] for one in self.statuses if form.get(f"prospect-{one['value']}")]
        return await self._saved({"unused_months": str(form.get("unused_months") or ""), "prospects": prospects})

    async def _saved(self, values: dict[str, Any]) -> Any:
        failed = await self._try(_keep, values)
        return failed if failed is not None else await self._said("admin.saved")


def _keep(uow: UnitOfWork, values: dict[str, Any]) -> None:
    for name, value in values.items():
        administration.change(uow, name, value)
