"""One filter tree: 300 generated ones give the rows that a naive reading of their words gives, on each database."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from c360.core.clock import today
from c360.models.choice import Choice
from c360.models.communication import Communication
from c360.models.custom_field import CustomField
from c360.models.customer import Customer
from c360.models.tag import Tag, Tagging
from c360.query import criteria, moments
from c360.registry.entity import entity_for
from c360.services.uow import unit_of_work
from tests.conftest import required
from tests.services import naive

TEXTS = (
    "Müller",
    "MULLER",
    "Ångström",
    "a%b",
    "a_b",
    "axb",
    "back\\slash",
    "王伟",
    "שלום",
    "😀 Otto",
    "O'Neil",
    'say "hi"',
    "Straße",
    "STRASSE",
    "ΟΔΟΣ",
    "İstanbul",
    "x" * 500,
    "Ärzte ohne",
    "null",
    "ﬁne",
)
PIECES = (
    "mul",
    "MÜL",
    "%",
    "_",
    "\\",
    "王",
    "伟",
    "שלום",
    "😀",
    "'",
    '"',
    "ß",
    "ss",
    "οδος",
    "istan",
    "xxx",
    "a_",
    "null",
    "fi",
    "o",
)
MEDIA = ("email", "phone", "post", "web")
SPANS = (
    "today",
    "this_week",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
    "last_days:30",
    "next_days:10",
    "older_days:400",
)
CUSTOM = {
    "c_text": "text",
    "c_note": "long_text",
    "c_number": "number",
    "c_whole": "integer",
    "c_money": "money",
    "c_percent": "percent",
    "c_date": "date",
    "c_one": "choice",
    "c_many": "choices",
    "c_flag": "boolean",
    "c_ref": "reference",
    "c_mail": "email",
    "c_url": "url",
}


@dataclass
class Base:
    """The rows as Python values, and what values a filter may name."""

    rows: dict[str, naive.Rows] = field(default_factory=dict)
    pools: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture
def base(agent) -> Base:
    """Fill the database with rows of every awkward kind and keep the same rows as plain values."""
    pick = random.Random(360)
    made = Base()
    with unit_of_work_of_admin() as uow:
        for key, kind in CUSTOM.items():
            choices = [{"key": k, "label": k.upper()} for k in ("red", "green", "blue")] if "choice" in kind else []
            uow.add(
                CustomField(
                    entity="contact",
                    key=key,
                    label=key,
                    kind=kind,
                    choices=choices,
                    target="account" if kind == "reference" else None,
                )
            )
    with unit_of_work(agent) as uow:
        needed = {k: v for k, v in required(uow, "contact").items() if k != "segment_id"}
        segments = list(uow.session.exec(select(Choice.id).where(Choice.pick_list == "segment")))
        accounts = [
            uow.add(
                Customer(
                    kind="account",
                    **typed(needed),
                    segment_id=segments[0],
                    name=text,
                    owner_id=agent.user_id,
                    country=pick.choice(("DE", "FR", None)),
                )
            )
            for text in TEXTS[:8]
        ]
        tags = [uow.add(Tag(name=name, owner_id=agent.user_id)) for name in ("Rot", "Blau")]
        uow.flush()
        people = [uow.add(_person(pick, agent, typed(needed), segments, accounts)) for _ in range(90)]
        uow.flush()
        for person in people:
            for _ in range(pick.choice((0, 0, 1, 2, 3))):
                uow.add(
                    Communication(
                        customer_id=person.id, family=pick.choice(("email", "phone")), value=pick.choice(TEXTS)
                    )
                )
            for tag in tags:
                if pick.random() < 0.3:
                    uow.add(Tagging(customer_id=person.id, tag_id=tag.id))
        uow.flush()
        made.rows = _plain(uow, people, accounts)
    made.pools = {
        "segment_id": [str(s) for s in segments],
        "employer_id": [str(a.id) for a in accounts],
        "c_ref": [str(a.id) for a in accounts],
        "tags": [str(t.id) for t in tags],
        "owner_id": [str(agent.user_id), "@me"],
        "preferred_media": list(MEDIA),
        "country": ["DE", "FR"],
        "c_one": ["red", "green"],
        "c_many": ["red", "green", "blue"],
        "family": ["email", "phone"],
        "inactive_reason_id": [str(segments[0])],
    }
    return made


def unit_of_work_of_admin():
    from c360.core.actor import SYSTEM

    return unit_of_work(SYSTEM)


def typed(needed: dict[str, str]) -> dict[str, Any]:
    from uuid import UUID

    return {name: UUID(value) for name, value in needed.items()}


def _person(
    pick: random.Random, agent: Any, needed: dict[str, Any], segments: list[Any], accounts: list[Any]
) -> Customer:
    def maybe(value: Any, chance: float = 0.7) -> Any:
        return value if pick.random() < chance else None

    day = today() + timedelta(days=pick.choice((0, -1, 1, 5, -7, -31, -95, -400)))
    custom = {
        "c_text": maybe(pick.choice(TEXTS)),
        "c_note": maybe(pick.choice(TEXTS)),
        "c_number": maybe(pick.choice((0.0, 1.5, -2.25))),
        "c_whole": maybe(pick.randrange(-3, 4)),
        "c_money": maybe(pick.choice((0, 1999, 5_000_000_000))),
        "c_percent": maybe(pick.choice((0.0, 12.5, 100.0))),
        "c_date": maybe(day.isoformat()),
        "c_one": maybe(pick.choice(("red", "green"))),
        "c_many": maybe(pick.sample(("red", "green", "blue"), pick.randrange(4))),
        "c_flag": maybe(pick.random() < 0.5),
        "c_ref": maybe(str(pick.choice(accounts).id)),
        "c_mail": maybe("a@b.example"),
        "c_url": maybe("https://x.example"),
    }
    return Customer(
        kind="contact",
        **needed,
        segment_id=maybe(pick.choice(segments), 0.9),
        owner_id=agent.user_id,
        given_name=maybe(pick.choice(TEXTS), 0.5),
        family_name=pick.choice(TEXTS),
        job_title=maybe(pick.choice(TEXTS)[:200]),
        email=maybe(f"{pick.choice(('a', 'b_c', 'd%e'))}@example.com"),
        phone=maybe(f"+49 30 {pick.randrange(100000, 100100)}"),
        birth_date=maybe(date(today().year - pick.randrange(18, 80), pick.randrange(1, 13), pick.randrange(1, 29))),
        children=maybe(pick.randrange(4)),
        employer_id=maybe(pick.choice(accounts).id, 0.6),
        country=maybe(pick.choice(("DE", "FR"))),
        preferred_media=pick.sample(MEDIA, pick.randrange(4)),
        inactive_at=maybe(datetime(day.year, day.month, day.day, pick.choice((0, 23)), 59, tzinfo=UTC), 0.4),
        custom={k: v for k, v in custom.items() if v is not None},
    )


def _plain(uow: Any, people: list[Any], accounts: list[Any]) -> dict[str, naive.Rows]:
    def plain(record: Any) -> dict[str, Any]:
        row = record.model_dump()
        row |= row.pop("custom", {}) or {}
        row = {k: str(v) if k.endswith("id") and v is not None else v for k, v in row.items()}
        if row.get("c_date"):
            row["c_date"] = date.fromisoformat(row["c_date"])
        if born := row.get("birth_date"):
            now = today()
            row["age"] = now.year - born.year - ((now.month, now.day) < (born.month, born.day))
        return row

    rows = {"contact": [plain(p) for p in people], "account": [plain(a) for a in accounts]}
    rows["customer"] = rows["contact"] + rows["account"]
    rows["communication"] = [plain(c) for c in uow.session.exec(select(Communication))]
    rows["tagging"] = [plain(t) for t in uow.session.exec(select(Tagging))]
    for row in rows["contact"]:
        row["tags"] = [t["tag_id"] for t in rows["tagging"] if t["customer_id"] == row["id"]]
    return rows


FIELDS = (
    "name",
    "given_name",
    "job_title",
    "email",
    "phone",
    "birth_date",
    "age",
    "children",
    "segment_id",
    "employer_id",
    "owner_id",
    "country",
    "preferred_media",
    "inactive_at",
    "created_at",
    "tags",
    *CUSTOM,
    "employer_id.name",
    "employer_id.country",
    "c_ref.name",
)


def _tree(pick: random.Random, base: Base, depth: int = 0) -> dict[str, Any]:
    roll = pick.random()
    if depth < 3 and (depth == 0 or roll < 0.25):
        size = pick.randrange(1, 4)
        return {"join": pick.choice(("all", "any", "none")), "of": [_tree(pick, base, depth + 1) for _ in range(size)]}
    if roll < 0.35:
        inner = [
            _test(pick, base, "communication", name)
            for name in pick.sample(("family", "value", "is_primary"), pick.randrange(3))
        ]
        return {
            "related": "communication",
            "via": "customer_id",
            "has": pick.choice(("some", "none", "at_least", "at_most")),
            "n": pick.randrange(4),
            "where": {"join": pick.choice(("all", "any", "none")), "of": inner},
        }
    return _test(pick, base, "contact", pick.choice(FIELDS))


def _test(pick: random.Random, base: Base, key: str, name: str) -> dict[str, Any]:
    last = name.split(".")[-1]
    kind = _kind(key, name)
    op = pick.choice([op for op in kind.operators if op != "matches"])
    from c360.query.operators import OPERATORS

    takes = OPERATORS[op].takes
    return {"field": name, "op": op, "value": _value(pick, base, last, kind.key, op, takes)}


def _kind(key: str, name: str) -> Any:
    from c360.registry.kinds import KINDS

    last = name.split(".")[-1]
    if last in CUSTOM:
        return KINDS[{"choice": "option", "choices": "options"}.get(CUSTOM[last], CUSTOM[last])]
    return entity_for("account" if "." in name else key).fields[last].kind


def _value(pick: random.Random, base: Base, name: str, kind: str, op: str, takes: str) -> Any:
    if takes == "nothing":
        return ""
    if takes == "span":
        return pick.choice(SPANS)
    if takes in ("day", "two_days"):
        days = [pick.choice(("today", "today-7", "today+5", "2000-02-29", today().isoformat())) for _ in range(2)]
        return days[0] if takes == "day" else sorted(days, key=lambda d: naive._day(d, today()))
    if kind in ("integer", "number", "percent", "money"):
        numbers = [pick.choice(("0", "1.5", "3", "19.99", "-2", "40", "12.5", "50000000")) for _ in range(2)]
        numbers = [str(int(float(n))) for n in numbers] if kind == "integer" else numbers
        return numbers[0] if takes == "value" else numbers
    pool = base.pools.get(name)
    if pool is None:
        pool = list(PIECES) if takes == "text" else [*TEXTS, "a@example.com", "https://x.example"]
        if kind in ("email", "url", "phone") and takes != "text":
            pool = {"email": ["a@example.com", "a@b.example"], "url": ["https://x.example"]}.get(
                kind, ["+49 30 100001"]
            )
    return pick.sample(pool, min(len(pool), pick.randrange(1, 3))) if takes == "values" else pick.choice(pool)


def _in_cents(tree: dict[str, Any]) -> dict[str, Any]:
    """A person types an amount, a row holds cents."""
    if "of" in tree:
        return {**tree, "of": [_in_cents(part) for part in tree["of"]]}
    if tree.get("field") == "c_money" and tree["value"]:
        cents = [round(float(v) * 100) for v in ([tree["value"]] if isinstance(tree["value"], str) else tree["value"])]
        return {**tree, "value": cents if isinstance(tree["value"], list) else cents[0]}
    return tree


@pytest.mark.feature("BEY-25", "LST-6", "LST-7", "B-LST-2")
def test_300_trees_mean_the_same_to_the_database_and_to_a_naive_reader(agent, base):
    pick = random.Random(25)
    trees = [_tree(pick, base) for _ in range(300)]
    differing, told_apart = [], 0
    with unit_of_work(agent, reads=True) as uow:
        for tree in trees:
            read = criteria.from_json(tree)
            assert criteria.to_json(read) == tree
            found = set(
                uow.session.exec(select(Customer.id).where(Customer.kind == "contact", uow.where("contact", read)))
            )
            meant = {
                row["id"]
                for row in base.rows["contact"]
                if naive.fits(_in_cents(tree), row, base.rows, today(), str(agent.user_id))
            }
            told_apart += 0 < len(meant) < len(base.rows["contact"])
            if {str(i) for i in found} != meant:
                differing.append((tree, len(found), len(meant)))
    assert differing == []
    assert told_apart > 150


@pytest.mark.feature("LST-7")
@pytest.mark.parametrize("now", [date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 28), date(2026, 12, 28)], ids=str)
def test_a_birthday_comes_round_on_the_day_of_any_year(agent, monkeypatch, now):
    births = [date(1996, 2, 29), date(1996, 2, 28), date(1990, 3, 1), date(1980, 12, 31), date(2001, 1, 2), now]
    with unit_of_work(agent) as uow:
        needed = typed(required(uow, "contact"))
        made = [
            uow.add(Customer(kind="contact", **needed, owner_id=agent.user_id, family_name=str(day), birth_date=day))
            for day in births
        ]
        uow.flush()
        born = {person.id: day for person, day in zip(made, births, strict=True)}
    monkeypatch.setattr("c360.query.operators.today", lambda: now)
    with unit_of_work(agent, reads=True) as uow:
        for word in (*moments.WORDS, "next_days:7", "last_days:365", "older_days:400"):
            test = criteria.from_json(
                {"join": "all", "of": [{"field": "birth_date", "op": "anniversary", "value": word}]}
            )
            found = set(uow.session.exec(select(Customer.id).where(Customer.id.in_(born), uow.where("contact", test))))
            meant = {id for id, day in born.items() if naive._dated("anniversary", day, word, now)}
            assert found == meant, word
