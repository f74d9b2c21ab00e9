"""The page of required roles: which an account of each type should have."""

from typing import ClassVar

import reflex as rx

from c360.core.ids import id_of
from c360.services.relationships import roles
from c360.services.relationships.roles import TypeNeeds
from c360.state.admin import Administration
from c360.state.guard import requires


class RequiredRoles(Administration, rx.State):
    """The account types with their required roles."""

    entity_key: ClassVar[str] = "required_role"

    rows: rx.Field[list[TypeNeeds]] = rx.field(default_factory=list)
    options: rx.Field[list[dict[str, str]]] = rx.field(default_factory=list)

    @rx.event
    @requires()
    async def load(self):
        """Load every account type and the roles there are."""
        if await self._may():
            self.rows = await self._ask(roles.kept)
            found = await self._ask(roles.offered)
            self.options = [{"value": str(one.id), "label": one.name, "color": one.color} for one in found]
        self.ready = True

    @rx.event
    @requires("update")
    async def choose(self, type_id: str, role_ids: list[str]):
        """Say which roles an account of a type should have."""
        failed = await self._try(roles.choose, id_of(type_id), [id_of(one) for one in role_ids])
        self.rows = await self._ask(roles.kept)
        return failed if failed is not None else await self._said("admin.saved")
