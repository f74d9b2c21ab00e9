"""What stands around a customer: relations, timeline, activities, answers on consent, hints and previews."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from c360.core.actor import Actor
from c360.services import (
    activity_counts,
    activity_lines,
    agenda,
    bulk,
    calendar_feed,
    notifications,
    people,
    timeline,
)  # fmt: skip
from c360.services.consents import matrix
from c360.services.duplicates import verdicts
from c360.services.privacy import requests
from c360.services.relationships import graph, lines, making, structure

Ask = Callable[..., Any]


def of(ask: Ask, actor: Actor, key: str, record_id: UUID, other_id: UUID) -> Iterator[tuple[str, Any]]:
    """Yield what is told around one customer."""
    for rings in (1, 2):
        yield f"chart {rings}", ask(actor, graph.around, record_id, rings=rings, former=True)
    yield "ties as rows", ask(actor, lambda uow: lines.rows(graph.around(uow, record_id, rings=2)))
    yield "ties as a tree", ask(actor, lambda uow: lines.tree(graph.around(uow, record_id, rings=2)))
    yield "structure", ask(actor, structure.whole, record_id)
    yield "ties before", ask(actor, structure.past, record_id)
    yield "wordings", ask(actor, making.wordings, record_id, other_id)
    for wide in (False, True):
        yield f"timeline {wide}", ask(actor, timeline.fetch, record_id, wide=wide, writes=True)
        yield f"upcoming {wide}", ask(actor, timeline.upcoming, record_id, wide=wide)
        yield f"counts {wide}", ask(actor, activity_counts.of, record_id, wide=wide)
    for phase in ("past", "future"):
        yield phase, ask(actor, activity_lines.of_customer, record_id, phase, writes=True)
    yield "consents", ask(actor, matrix.matrix, record_id, writes=True)
    values = {"job_title": "x", "notes": "x"} if key == "contact" else {"industry_id": "", "notes": "x"}
    for change in ({"kind": "edit", "values": values}, {"kind": "inactivate"}):
        chosen = {"mode": "ids", "ids": [str(record_id), str(other_id)]}
        yield "bulk", ask(actor, bulk.preview, key, chosen, change, writes=True)


def everywhere(ask: Ask, actor: Actor, activity_id: UUID) -> Iterator[tuple[str, Any]]:
    """Yield what is told of everybody at once."""
    yield "activity", ask(actor, activity_lines.one, activity_id, writes=True)
    yield "my day", ask(actor, agenda.day)
    yield "calendar", ask(actor, lambda uow: calendar_feed.render(uow).decode())
    yield "notices", ask(actor, notifications.mine)
    yield "colleagues", ask(actor, people.colleagues)
    yield "verdicts", ask(actor, verdicts.standing)
    yield "requests", ask(actor, requests.listed, closed=True)
