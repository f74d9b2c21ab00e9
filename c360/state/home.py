"""The first page: the user's own customers and what changed lately."""

from typing import TypedDict

import reflex as rx

from c360.core.actor import Verb
from c360.services import listing
from c360.services.listing import ListQuery
from c360.services.uow import UnitOfWork
from c360.state.guard import requires
from c360.state.session import ServiceCalls

SHOWN = 8


class Recent(TypedDict):
    """A record changed lately."""

    name: str
    href: str
    square: bool
    status: str
    color: str
    when: str


class HomeState(ServiceCalls, rx.State):
    """What the first page shows."""

    loaded: bool = False
    contacts: int = 0
    accounts: int = 0
    mine: int = 0
    exact: bool = True
    recent: list[Recent] = []
    may_import: bool = False
    may_add: bool = False

    @rx.event
    @requires()
    async def load(self):
        """Load the figures and the records changed lately."""
        actor = await self._actor()
        self.may_import = any(actor.may(Verb.IMPORT, key) for key in ("contact", "account"))
        self.may_add = any(actor.may(Verb.CREATE, key) for key in ("contact", "account"))
        readable = any(actor.may(Verb.READ, key) for key in ("contact", "account"))
        self.contacts, self.accounts, self.mine, self.recent = (await self._ask(_look)) if readable else (0, 0, 0, [])
        self.loaded = True


def _look(uow: UnitOfWork) -> tuple[int, int, int, list[Recent]]:
    own = {"field": "owner_id", "op": "is", "value": "@me"}

    def size(key: str, *tests: dict[str, str]) -> int:
        asked = {"entity": key, "columns": ["name"], "criteria": {"join": "all", "of": list(tests)}}
        return listing.rows(uow, listing.from_json(asked), 0, 1).total

    shown = ListQuery("customer", ("name", "kind", "status_id", "updated_at"), sort=("-updated_at",))
    page = listing.rows(uow, shown, 0, SHOWN)
    uow.saw("list", "customer", ids=[row[0] for row in page.rows], fields=list(page.columns))
    recent = [_recent(dict(zip(page.columns, row, strict=True))) for row in page.rows]
    contacts, accounts = (size(key) if uow.actor.may(Verb.READ, key) else 0 for key in ("contact", "account"))
    return contacts, accounts, size("customer", own), recent


def _recent(row: dict[str, object]) -> Recent:
    kind, status = row["kind"], row.get("status_id")
    key = str(kind["id"]) if isinstance(kind, dict) else str(kind)
    told = status if isinstance(status, dict) else {}
    return {
        "name": str(row["name"]), "href": f"/{key}/{row['id']}", "square": key == "account",
        "status": str(told.get("label", "")), "color": str(told.get("color", "gray")), "when": str(row["updated_at"]),
    }  # fmt: skip
