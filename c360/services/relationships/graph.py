"""The surroundings of a customer: who is tied to him in one to three steps, as one reader may see it.

Whom the reader may not see stands there without name, and under a name of this reader's own instead of an id; nothing
is followed beyond him.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import Verb
from c360.core.errors import Invalid
from c360.core.i18n import text
from c360.models.customer import Customer
from c360.models.relationship import GroupPlace, RelationType
from c360.query.scope import live, reach
from c360.registry.entity import entity_for
from c360.services import chain, profiles, references
from c360.services.relationships import ties
from c360.services.relationships.ties import ORIGINS, Tie, Wanted
from c360.services.uow import UnitOfWork

RINGS = (1, 2, 3)
AT_FIRST = 150
"""Cards a chart starts with; beyond, those tied alike stand together."""
MOST = 500
"""Nodes a chart can show."""
STEPS = 40
"""Nodes one may have opened by hand."""


@dataclass(slots=True)
class Node:
    """A customer in the chart; a masked one tells nothing but that he is there."""

    id: str
    kind: str = ""
    label: str = ""
    sub: str = ""
    initials: str = ""
    hue: str = "gray"
    ring: int = 0
    more: int = 0
    masked: bool = False
    editable: bool = False
    group: str = ""
    contacts: int = 0
    """How often one was in contact; what a card is sized by."""
    count: int = 0
    """How many customers stand together here."""


@dataclass(slots=True)
class Edge:
    """A tie in the chart: ``label`` reads from source to target, ``reverse`` from the other side."""

    id: str
    source: str
    target: str
    label: str
    reverse: str
    color: str = "gray"
    shape: str = "directed"
    origin: str = "relation"
    since: str = ""
    until: str = ""
    former: bool = False
    strength: str = "normal"
    primary: bool = False
    editable: bool = False


@dataclass(slots=True)
class Graph:
    """What a chart shows; ``left`` counts who did not fit."""

    center: str
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    left: int = 0


def around(
    uow: UnitOfWork, record_id: UUID, *, rings: int = 1, opened: Sequence[UUID] = (), day: date | None = None,
    former: bool = False, only: Collection[str] = (), most: int = MOST,
) -> Graph:  # fmt: skip
    """Return the surroundings of a customer within the reach.

    ``opened`` names nodes whose own ties are wanted too, ``day`` shows the ties of that day, ``former`` those that
    are over as well, ``only`` those of some types or origins.
    """
    if rings not in RINGS or not 0 < most <= MOST or len(opened) > STEPS:
        raise Invalid.field("rings", "error.option")
    uow.must_see("customer", record_id, archived=True)
    # A closed field is not read off the chart either.
    shut = frozenset(() if "parent_id" in uow.fields("account") else ("parent",))
    wanted = Wanted(day, former, frozenset(only), shut)
    walk = Walk(uow, wanted, most)
    walk.start(record_id)
    for _ in range(rings):
        walk.step(walk.edge_of_it)
    waiting = [one for one in opened if one != record_id]
    while found := [one for one in waiting if one in walk.rows and one not in walk.followed]:
        waiting = [one for one in waiting if one not in found]
        walk.step(found)
    return walk.drawn(record_id)


def earliest(uow: UnitOfWork, record_id: UUID) -> str:
    """Return the first day anything is known of a customer's ties, nothing when no day is."""
    uow.must_see("customer", record_id, archived=True)
    day = ties.earliest(uow.session, record_id)
    return day.isoformat() if day else ""


class _Person(NamedTuple):
    """What a chart needs of a customer; reading a plain object again and again is cheaper than a row.

    ``node`` is his id in the chart; a masked one's is the reader's own and leads nowhere.
    """

    id: UUID
    kind: str
    name: str
    job_title: str | None
    city: str | None
    contacts: int
    seen: bool
    mine: bool
    node: str


@dataclass(frozen=True, slots=True)
class _Words:
    """How ties of a type or an origin read."""

    label: str
    reverse: str
    color: str = "gray"
    shape: str = "directed"


class Walk:
    """One way through the ties, ring by ring; each ring is one question to the database and one for its names."""

    def __init__(self, uow: UnitOfWork, wanted: Wanted, most: int) -> None:
        self.uow, self.wanted, self.most = uow, wanted, most
        self.rows: dict[UUID, _Person] = {}
        self.rings: dict[UUID, int] = {}
        self.ties: dict[tuple[str, UUID], Tie] = {}
        self.followed: set[UUID] = set()
        self.edge_of_it: list[UUID] = []
        self.left: set[UUID] = set()

    def start(self, record_id: UUID) -> None:
        """Stand on the customer in the middle."""
        self._look(record_id, archived=True)
        self.rings[record_id] = 0
        self.edge_of_it = [record_id]

    def step(self, frontier: Sequence[UUID]) -> None:
        """Follow every tie of these customers."""
        found = ties.touching(self.uow.session, frontier, self.wanted, 4 * self.most)
        self.followed |= set(frontier)
        found.sort(key=lambda tie: ORIGINS.index(tie.origin))
        here, ring = set(frontier), max((self.rings[one] for one in frontier), default=0) + 1
        new = [end for tie in found for end in (tie.source, tie.target) if end not in here and end not in self.rings]
        new = list(dict.fromkeys(new))
        self._look(*new)
        known = [one for one in new if one in self.rows]
        room = self.most - len(self.rings)
        self.left |= set(known[room:])
        for one in known[:room]:
            self.rings[one] = ring
        self.left -= set(self.rings)
        self.edge_of_it = [one for one in known[:room] if self.rows[one].seen]
        self._keep(found)

    def gather(self, rings: Mapping[UUID, int]) -> None:
        """Take these customers, each in its ring, as the whole picture: nobody's further ties are offered."""
        self._look(*rings)
        self.rings = {one: ring for one, ring in sorted(rings.items(), key=lambda r: r[1]) if one in self.rows}
        self.followed = set(self.rings)
        self._keep(ties.among(self.uow.session, list(self.rings), self.wanted))

    def _keep(self, found: Sequence[Tie]) -> None:
        for tie in found:
            if tie.source in self.rings and tie.target in self.rings:
                self.ties[tie.origin, tie.id] = tie

    def _look(self, *ids: UUID, archived: bool = False) -> None:
        """Read what the nodes show, and whether this reader may see and change them."""
        if not ids:
            return
        customer, actor = entity_for("customer"), self.uow.actor
        columns: tuple[Any, ...] = (
            Customer.id, Customer.kind, Customer.name, Customer.job_title, Customer.city,
            Customer.contacts_total, reach(customer, actor, Verb.READ).label("seen"),
            reach(customer, actor, Verb.UPDATE).label("mine"),
        )  # fmt: skip
        found = select(*columns).where(col(Customer.id).in_(ids), live(customer, archived))
        for row in self.uow.session.execute(found).all():
            node = str(row.id) if row.seen else f"masked-{chain.sign(['mask', str(actor.user_id), str(row.id)])[:16]}"
            self.rows[row.id] = _Person._make((*row, node))

    def drawn(self, center: UUID) -> Graph:
        """Return nodes and edges as the reader sees them."""
        session = self.uow.session
        seen = [one for one in self.rings if self.rows[one].seen]
        fresh = [one for one in seen if one not in self.followed]
        self._keep(ties.among(session, fresh, self.wanted))
        degrees = ties.degrees(session, [*fresh, *self._crowded()], self.wanted)
        shown: dict[UUID, int] = dict.fromkeys(self.rings, 0)
        kept = [tie for tie in self.ties.values() if self.rows[tie.source].seen or self.rows[tie.target].seen]
        for tie in kept:
            for end in (tie.source, tie.target):
                shown[end] += 1
        told = self.uow.fields("contact"), self.uow.fields("account")
        nodes = [self._node(one, ring, max(degrees.get(one, 0) - shown[one], 0), told)
                 for one, ring in self.rings.items()]  # fmt: skip
        groups = self._groups(center)
        for node in nodes:
            node.group = groups.get(node.id, "")
        self.uow.saw("relations", "customer", center, ids=[str(one) for one in seen])
        return Graph(self.rows[center].node, nodes, self._edges(kept), len(self.left))

    def _crowded(self) -> list[UUID]:
        """Return followed customers some of whose ties did not fit."""
        return [one for one in self.followed if self.rows[one].seen] if self.left else []

    def _groups(self, center: UUID) -> dict[str, str]:
        """Return the name of the group each node stands in."""
        if not {"member_id", "name"} <= self.uow.fields("group_place").keys():
            return {}
        found = self.uow.select("group_place").where(GroupPlace.customer_id == center)
        return {str(row.member_id): row.name for row in self.uow.session.exec(found)}

    def _node(self, one: UUID, ring: int, more: int, told: tuple[Any, Any]) -> Node:
        row = self.rows[one]
        if not row.seen:
            return Node(row.node, label=text(self.uow.actor.language, "listing.masked"), ring=ring, masked=True)
        person = row.kind == "contact"
        sub = (row.job_title if "job_title" in told[0] else "") if person else (row.city if "city" in told[1] else "")
        name = row.name if "name" in told[not person] else references.NAMELESS
        return Node(
            row.node, row.kind, name, sub or "", profiles.initials(name), profiles.hue(name), ring, more,
            editable=bool(row.mine), contacts=row.contacts if "contacts_total" in told[not person] else 0,
        )  # fmt: skip

    def _edges(self, kept: Sequence[Tie]) -> list[Edge]:
        words = self._words(kept)
        return [self._edge(tie, words[tie.type_id or tie.origin]) for tie in kept]

    def _words(self, kept: Sequence[Tie]) -> dict[UUID | str, _Words]:
        """Return how each type and origin reads, looked up once."""
        language, made = self.uow.actor.language, {}
        for origin in ties.WORDED:
            label, reverse = (text(language, f"relation.{origin}{side}") for side in ("", ".reverse"))
            made[origin] = _Words(label, reverse, shape="hierarchy" if origin == "parent" else "directed")
        types = {tie.type_id for tie in kept if tie.type_id}
        found = select(RelationType).where(col(RelationType.id).in_(types))
        for kind in self.uow.session.exec(found) if types else ():
            made[kind.id] = _Words(kind.name, kind.reverse or kind.name, kind.color, kind.shape)
        return made

    def _edge(self, tie: Tie, words: _Words) -> Edge:
        source, target = self.rows[tie.source], self.rows[tie.target]
        made = Edge(
            f"{tie.origin}.{tie.id}", source.node, target.node, words.label, words.reverse, words.color,
            words.shape, tie.origin, former=bool(tie.former), strength=tie.strength,
        )  # fmt: skip
        if not (source.seen and target.seen):
            made.id = f"masked-{chain.sign(['tie', str(self.uow.actor.user_id), str(tie.id)])[:16]}"
            return made
        made.since = tie.since.isoformat() if tie.since else ""
        made.until = tie.until.isoformat() if tie.until else ""
        made.primary = bool(tie.primary)
        changeable = target.mine if tie.origin == "parent" else source.mine or target.mine
        made.editable = bool(changeable) and tie.origin in ("relation", "parent")
        return made
