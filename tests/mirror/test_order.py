"""No order tells of a closed field: what stands in it may be turned round and every list stays as it was."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from c360.core import db
from c360.core.actor import SYSTEM, Actor
from c360.core.fold import fold
from c360.models.customer import Customer
from c360.models.relationship import RelationType
from c360.registry.entity import FieldSpec, entity_for
from c360.services import finding, listing, panels, records, role_matrix, search, timeline
from c360.services.listing import ListQuery, lookup
from c360.services.listing.order import is_sortable
from c360.services.relationships import graph, lines, making
from c360.services.uow import UnitOfWork, ask, unit_of_work
from tests.conftest import actor_of, required
from tests.mirror.test_mirror import OPEN

SIZE = 4
WORDS = ("aurora", "boreas", "calypso", "daphne")
Asked = dict[str, list[Any]]


def closed(spec: FieldSpec) -> bool:
    """Tell whether the field is one this test closes and turns round."""
    return spec.editable and spec.source == "column" and spec.name not in OPEN and spec.kind.python in (str, int)


def filled(spec: FieldSpec, place: int) -> Any:
    """Return what the field of the record at a place holds, in the order of the places."""
    if (
        spec.options is not None
        or spec.pick_list
        or spec.target
        or spec.kind.key in ("country", "language", "timezone")
    ):
        return None
    if spec.kind.python is int:
        return 10 + place
    return {"email": f"{WORDS[place]}@example.com", "url": f"https://{WORDS[place]}.example"}.get(
        spec.kind.key, WORDS[place]
    )[: spec.max_length]


def fill(ids: dict[str, list[UUID]], places: range) -> None:
    """Write the closed fields of every record past everything that would date or journal it."""
    with Session(db.engine()) as session:
        for key, mine in ids.items():
            specs = [spec for spec in entity_for(key).fields.values() if closed(spec)]
            for record_id, place in zip(mine, places, strict=True):
                values = {spec.name: value for spec in specs if (value := filled(spec, place)) is not None}
                values |= {"name": WORDS[place], "sort_name": fold(WORDS[place])}
                session.execute(update(Customer).where(col(Customer.id) == record_id).values(**values))
        session.commit()
    with unit_of_work(SYSTEM) as uow:
        search.refresh(uow.session, [one for mine in ids.values() for one in mine])


def orders(actor: Actor, ids: dict[str, list[UUID]], middle: UUID) -> Asked:
    """Return the order in which every path names the records."""
    found: Asked = {}
    for key in ("contact", "account", "customer"):
        with unit_of_work(actor, reads=True) as uow:
            sorts = [name for name, spec in uow.fields(key).items() if is_sortable(spec)]
        for sort in ("", *sorts, *(f"-{name}" for name in sorts)):
            query = ListQuery(key, columns=("owner_id",), sort=(sort,) if sort else ())
            found[f"{key} by {sort}"] = [row[0] for row in ask(actor, listing.rows, query, 0, 50).rows]
        found[f"picker of {key}"] = [one.id for one in ask(actor, lookup.lookup, key, "")]
    found["search"] = [hit.href for word in WORDS for hit in ask(actor, finding.find, word)]

    def told(uow: UnitOfWork) -> Asked:
        around = graph.around(uow, middle, rings=2)
        cards = [card for tab in panels.PANELS.values() for card in tab(uow, uow.get("account", middle))]
        return {
            "chart": [node.id for node in around.nodes],
            "rows": [row.id for row in lines.rows(around)],
            "tree": [branch.id for branch in lines.tree(around)],
            "cards": [(card.key, line.id) for card in cards for line in card.lines],
            "timeline": [entry.key for entry in timeline.fetch(uow, middle, wide=True).entries],
        }

    with unit_of_work(actor) as uow:
        return found | told(uow)


@pytest.mark.feature("BEY-13", "SEC-3", "R12")
def test_no_order_tells_what_stands_in_a_closed_field(database, make_user: Callable[..., Actor]):
    mate, reader = make_user("Max Mate", team="North"), make_user("Rita Reader", "manager", team="North")
    ids: dict[str, list[UUID]] = {"contact": [], "account": []}
    with unit_of_work(mate) as uow:
        usual = required(uow, "contact")
        middle = records.create(uow, "account", {**usual, "name": "Middle"})
        kind = uow.session.exec(select(RelationType.id).where(RelationType.name == "advises")).one()
        for n in range(SIZE):
            account = records.create(uow, "account", {**usual, "name": f"A{n}", "parent_id": str(middle)})
            contact = records.create(uow, "contact", {**usual, "family_name": f"C{n}", "employer_id": str(middle)})
            ids["account"].append(account)
            ids["contact"].append(contact)
            records.create(uow, "contact_person", {"contact_id": str(contact)}, account_id=middle)
    with unit_of_work(mate) as uow:
        for other in (*ids["contact"], *ids["account"]):
            making.connect(uow, middle, other, f"{kind}:forward")
    names = {name for name in ask(SYSTEM, role_matrix.closable) if name.partition(".")[2] not in OPEN}
    shut = frozenset(names - {"contact.employer_id", "account.parent_id"})
    seeing, blind = actor_of(reader.user_id), actor_of(reader.user_id)
    object.__setattr__(blind, "hidden", shut)

    fill(ids, range(SIZE))
    before, told = orders(blind, ids, middle), orders(seeing, ids, middle)
    fill(ids, range(SIZE - 1, -1, -1))
    after, turned = orders(blind, ids, middle), orders(seeing, ids, middle)
    assert {what for what in before if before[what] != after[what]} == set()
    assert before["search"] == []
    moved = {what for what in told if told[what] != turned[what]}
    assert {"contact by name", "account by -name", "picker of contact", "cards", "tree", "rows"} <= moved, "it is blind"
