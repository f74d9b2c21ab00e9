"""Every path on which data leaves the services, asked for one entity as one reader; each yields what it answered."""

import dataclasses
import json
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import select

from c360.api import deps
from c360.api.app import make
from c360.core.actor import Actor, Verb
from c360.core.errors import C360Error, Invalid
from c360.models.journal import ChangeRow
from c360.query.criteria import Criteria, Criterion, Related
from c360.registry.entity import FieldSpec, entity_for
from c360.services import (
    auditing,
    bulk,
    completeness,
    exports,
    facts,
    files,
    finding,
    forms,
    history,
    listing,
    opening,
    profiles,
    references,
    tags,
    undo,
    views,
)  # fmt: skip
from c360.services.duplicates import check
from c360.services.imports import processing, rows
from c360.services.imports.plan import ColumnPlan, Plan
from c360.services.listing import ListQuery, lookup
from c360.services.listing.statement import conditions
from c360.services.uow import UnitOfWork, ask, unit_of_work
from tests.api.conftest import Browser
from tests.mirror import surroundings
from tests.mirror.canaries import World, day_of, mark_of, number_of

Said = Iterator[tuple[str, Any]]


def said(value: Any) -> str:
    """Return everything a value says as one text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if isinstance(value, dict):
        value = {str(name): one for name, one in value.items()}
    return json.dumps(value, ensure_ascii=False, default=str)


def answer(actor: Actor, service: Callable[..., Any], *args: Any, writes: bool = False, **kwargs: Any) -> Any:
    """Return what a service answers, or how it refuses; whatever it did is taken back."""
    try:
        with unit_of_work(actor, reads=not writes) as uow:
            found = service(uow, *args, **kwargs)
            told = said(list(found) if isinstance(found, list | tuple | Iterator) else found)
            raise _Enough
    except _Enough:
        return told
    except C360Error as error:
        return f"{error.text()} {error.message.params}"


class _Enough(Exception):
    """Ends a unit of work that must not keep anything."""


def lists(actor: Actor, key: str, world: World) -> Said:
    """Rows of a list with every column, the search box, pickers, and what stands beside a record."""
    yield "every column", answer(actor, _everything, key)
    for words in (mark_of(key), f"{mark_of(key)}@example.com", str(number_of(key))):
        yield "search", answer(actor, listing.rows, ListQuery(key, search=words), 0, 100)
        yield "look-up", answer(actor, lookup.lookup, key, words)
    yield "look-up", answer(actor, lookup.lookup, key, "")
    yield "columns", answer(actor, listing.columns, key)
    for found in (world.hidden, world.mine):
        if key in found:
            yield "labels", answer(actor, lookup.labels, key, [found[key]])
            yield "titles", answer(actor, references.titles, key, [found[key]])
            yield "neighbours", answer(actor, listing.neighbours, ListQuery(key), found[key])


def _everything(uow: UnitOfWork, key: str) -> Any:
    names = tuple(column.name for column in listing.columns(uow, key))
    return listing.rows(uow, ListQuery(key, columns=names, include_inactive=True), 0, 500)


def found_by_filters(actor: Actor, key: str) -> list[str]:
    """Return the tests that tell of a canary: a row fits one of them, or one fails to fit none of them."""
    asked = [c for c in criteria_of(key) if _may_be_asked(actor, key, c)]
    telling = []
    for start in range(0, len(asked), 100):
        part = tuple(asked[start : start + 100])
        found = [ask(actor, listing.count, ListQuery(key, criteria=Criteria(part, join))).total
                 for join in ("any", "none")]  # fmt: skip
        if found != [0, ask(actor, listing.count, ListQuery(key)).total]:
            telling += [
                said(c) for c in part if ask(actor, listing.count, ListQuery(key, criteria=Criteria((c,)))).total
            ]
    return telling


def _may_be_asked(actor: Actor, key: str, criterion: Criterion | Related) -> bool:
    try:
        with unit_of_work(actor, reads=True) as uow:
            conditions(uow, ListQuery(key, criteria=Criteria((criterion,))))
    except C360Error:
        return False
    return True


def criteria_of(key: str) -> Iterator[Criterion | Related]:
    """Yield the tests on every field of an entity, on those a reference away, and on related records."""
    entity = entity_for(key)
    for spec in entity.fields.values():
        yield from _tests(key, spec)
        if spec.kind.key == "reference" and spec.target:
            yield Criterion(spec.name, "matches", mark_of(spec.target))
            for inner in entity_for(spec.target).fields.values():
                yield from _tests(spec.target, inner, f"{spec.name}.")
    for other, via in entity.related:
        for spec in entity_for(other).fields.values():
            for one in _tests(other, spec):
                yield Related(other, via, of=Criteria((one,)))


def _tests(key: str, spec: FieldSpec, before: str = "") -> Iterator[Criterion]:
    name, ops = f"{before}{spec.name}", spec.kind.operators
    if spec.source == "computed":
        return
    if "contains" in ops and spec.kind.key not in ("country", "language", "currency", "timezone", "phone"):
        yield Criterion(name, "contains", mark_of(key))
    if "equals" in ops and spec.kind.python in (int, float):
        yield Criterion(name, "equals", str(number_of(key)))
    if "on" in ops:
        yield Criterion(name, "on", day_of(key).isoformat())


def records(actor: Actor, key: str, world: World) -> Said:
    """One record: profile, form, history, files, completeness, undo, bulk."""
    for whose in (world.hidden, world.mine):
        record_id = whose.get(key)
        if record_id is None:
            continue
        yield "form", answer(actor, forms.describe, key, record_id)
        yield "facts", answer(actor, _facts, key, record_id)
        yield "history", answer(actor, history.of, key, record_id)
        for change in ({"kind": "assign", "owner_id": str(actor.user_id)}, {"kind": "archive"}):
            chosen = {"mode": "ids", "ids": [str(record_id)]}
            yield "bulk", answer(actor, bulk.preview, key, chosen, change, writes=True)
        if key in ("contact", "account", "customer"):
            yield "compact", answer(actor, profiles.compact, key, record_id)
            yield "completeness", answer(actor, completeness.of, key, record_id)
            for tab in ("summary", "general", "details", "marketing", "contacts", "locations", "additional", "changes"):
                yield f"tab {tab}", answer(actor, opening.open_tab, key, record_id, tab)
        if key in ("contact", "account"):
            yield from surroundings.of(answer, actor, key, record_id, world.hidden[key])
        if key == "stored_file":
            yield "file", answer(actor, files.fetch, record_id)
        for set_id in _sets(actor, record_id):
            yield "undo", answer(actor, undo.begin, set_id, writes=True)
            yield "restore", answer(actor, history.restore_value, set_id, "name", writes=True)
    yield "new form", answer(actor, forms.describe, key)


def _facts(uow: UnitOfWork, key: str, record_id: UUID) -> Any:
    return facts.read(
        uow,
        key,
        uow.get(key, record_id),
        [name for name, spec in entity_for(key).fields.items() if spec.source == "column" and spec.kind.key != "json"],
    )


def _sets(actor: Actor, record_id: UUID) -> list[UUID]:
    with unit_of_work(actor, reads=True) as uow:
        rows = select(ChangeRow.set_id).where(ChangeRow.record_id == record_id)
        return list(uow.session.exec(rows))


def around(actor: Actor, key: str) -> Said:
    """What surrounds a list: the journal, its file, exports, what an import recognises."""
    yield "audit", answer(actor, auditing.audit, auditing.Filter(entity=key), limit=100)
    if actor.may(Verb.READ, "journal"):
        yield "journal file", list(auditing.lines(actor, auditing.Filter(entity=key)))
    yield "export", _exported(actor, key)
    if key in ("contact", "account"):
        for match in ("", "email", "phone", "name", "name+city", "external_id", "name+birth_date"):
            yield f"import {match}", answer(actor, _import, key, match, writes=True)


def _likely(uow: Any, kind: str, typed: dict[str, str]) -> Any:
    """Whom a form takes the typed one for; that somebody else's customer is like him is told on purpose."""
    return check.check(uow, kind, typed).likely


def everywhere(actor: Actor, world: World) -> Said:
    """What every page offers: global search, likely duplicates, tags, views and folders with their counts."""
    for kind in ("contact", "account"):
        mark, number = mark_of(kind), number_of(kind)
        for words in (mark, f"{mark}@example.com", str(number), f"+49 30 {number}", "Plain"):
            yield "find", answer(actor, finding.find, words)
        for family, typed in (("email", f"{mark}@example.com"), ("phone", f"+49 30 {number}")):
            yield "likely", answer(actor, _likely, kind, {family: typed})
    yield from surroundings.everywhere(answer, actor, world.mine["activity"])
    yield "tags", answer(actor, tags.tags)
    yield "views", answer(actor, views.views)
    yield "folders", answer(actor, views.folders)
    yield "search", _client_of(actor).post("/api/search", json={"q": mark_of("contact")}).text


def _exported(actor: Actor, key: str) -> str:
    try:
        with tempfile.TemporaryDirectory() as folder, unit_of_work(actor, reads=True) as uow:
            query = listing.from_json(exports.whole(uow, key))
            path = Path(folder) / "list.csv"
            exports.write(actor, query, "csv", path)
            return path.read_text("utf-8-sig")
    except C360Error as error:
        return error.text()


def _import(uow: UnitOfWork, key: str, match: str) -> Any:
    """Tell what an import says of rows that fit a canary in every way, without the rows' own cells."""
    uow.require(Verb.IMPORT, key)
    name = "name" if key == "account" else "family_name"
    mark, source = mark_of(key), f"{mark_of('external_reference')} source"
    row = {name: f"{mark} {name}", "email": f"{mark}@example.com", "phone": f"+49 30 {number_of(key)}"}
    row["external_id"] = f"{mark_of('external_reference')} external_id"
    plan = Plan(key, tuple(ColumnPlan(c, c) for c in row), match=match, on_match="ask", source=source)
    outcomes = processing.process(uow, rows.Setting(plan, list(row)), [rows.Raw(1, list(row.values()))])
    return [(o.verdict, [r["params"] for r in o.reasons if "value" not in r["params"]], o.diff, o.name)
            for o in outcomes]  # fmt: skip


@cache
def _client(actor_id: int) -> Browser:
    app = make()
    app.dependency_overrides[deps.actor] = lambda: _readers[actor_id]
    app.dependency_overrides[deps.keyed] = lambda: _readers[actor_id]
    return Browser(app, "192.0.2.1")


_readers: dict[int, Actor] = {}


def _client_of(actor: Actor) -> Browser:
    _readers[id(actor)] = actor
    return _client(id(actor))


def http(actor: Actor, key: str, world: World) -> Said:
    """Yield what each route of the HTTP side answers."""
    client = _client_of(actor)
    ids = [str(of[key]) for of in (world.hidden, world.mine) if key in of]
    names = [c.name for c in ask(actor, listing.columns, key)]
    asked: list[tuple[str, dict[str, Any]]] = [
        (f"grid/{key}", {"columns": names}), (f"grid/{key}", {"columns": names, "search": mark_of(key)}),
        (f"grid/{key}/count", {"search": mark_of(key)}), (f"grid/{key}/columns", {}),
        (f"grid/{key}/sentence", {"criteria": {"field": "owner_id", "op": "is", "value": "@me"}}),
        (f"lookup/{key}", {"q": mark_of(key)}), (f"lookup/{key}", {"q": ""}), (f"lookup/{key}/labels", {"ids": ids}),
        ("exports", {"query": {"entity": key, "columns": names}}),
    ]  # fmt: skip
    for path, body in asked:
        yield path, client.post(f"/api/{path}", json=body).text
    yield from _told_to_programs(client, key, ids, names)
    for one in ids:
        for path in (f"files/{one}", f"imports/{one}/errors", f"exports/{one}"):
            yield path, client.get(f"/api/{path}").text
    if not actor.may(Verb.READ, "journal"):
        answered = client.get("/api/journal.csv")
        assert answered.status_code == 403
        yield "journal.csv", answered.text


def _told_to_programs(client: Browser, key: str, ids: list[str], names: list[str]) -> Said:
    """Yield what a program is told of an entity."""
    if key not in ("contact", "account"):
        return
    mark = mark_of(key)
    yield "api list", client.get(f"/api/v1/customers?kind={key}").text
    for more in ({}, {"search": mark}, {"search": f"{mark}@example.com"}):
        asked = {"kind": key, "columns": names, "inactive": True, **more}
        yield "api search", client.post("/api/v1/customers/search", json=asked).text
    for one in ids:
        yield "api read", client.get(f"/api/v1/customers/{one}").text


def refused(actor: Actor, key: str, name: str) -> list[str]:
    """Return on which paths a closed field of an entity is not refused."""
    open_on = []
    spec = entity_for(key).fields.get(name)
    asks: list[tuple[str, ListQuery]] = [
        ("column", ListQuery(key, columns=(name,))), ("sort", ListQuery(key, sort=(name,))),
    ]  # fmt: skip
    asks += [("filter", ListQuery(key, criteria=Criteria((c,)))) for c in (_tests(key, spec) if spec else ())]
    asks += [("empty", ListQuery(key, criteria=Criteria((Criterion(name, "is_empty"),))))]
    for what, query in asks:
        try:
            with unit_of_work(actor, reads=True) as uow:
                listing.rows(uow, query, 0, 10)
            open_on.append(what)
        except Invalid:
            continue
    return open_on
