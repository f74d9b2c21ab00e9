"""The same surroundings as lines: each tie a row of a table, everybody once in a tree."""

from collections import defaultdict
from dataclasses import dataclass

from c360.services.relationships.graph import Edge, Graph, Node


@dataclass(slots=True)
class TieRow:
    """A tie read from the side nearer to the customer in the middle."""

    id: str
    one: str
    one_href: str
    wording: str
    color: str
    other: str
    other_href: str
    other_id: str
    since: str = ""
    until: str = ""
    former: bool = False
    strength: str = "normal"
    editable: bool = False
    origin: str = "relation"
    group: str = ""
    other_masked: bool = False
    primary: bool = False
    contacts: int = 0


@dataclass(slots=True)
class Branch:
    """A customer in the tree: how deep, and how he is tied to the one above."""

    id: str
    label: str
    sub: str
    kind: str
    level: int
    wording: str = ""
    edge: str = ""
    more: int = 0
    masked: bool = False
    former: bool = False
    editable: bool = False
    group: str = ""


def rows(graph: Graph) -> list[TieRow]:
    """Return every tie as a row, those of the customer in the middle first."""
    nodes = {node.id: node for node in graph.nodes}
    made = []
    for edge in graph.edges:
        near, far = _sides(edge, nodes)
        row = TieRow(
            edge.id, near.label, _href(near), _wording(edge, near), edge.color, far.label, _href(far), far.id,
            edge.since, edge.until, edge.former, edge.strength, edge.editable, edge.origin, far.group, far.masked,
            edge.primary, far.contacts,
        )  # fmt: skip
        made.append((near.ring, edge.former, row.wording, row.other.casefold(), row.one.casefold(), row))
    return [one[-1] for one in sorted(made, key=lambda one: one[:-1])]


def tree(graph: Graph) -> list[Branch]:
    """Return everybody once, below the one nearest to the middle he is tied to."""
    nodes = {node.id: node for node in graph.nodes}
    below: dict[str, list[tuple[Edge, Node]]] = defaultdict(list)
    top = min(nodes, key=lambda one: (nodes[one].ring, one != graph.center))
    for edge in graph.edges:
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            below[one].append((edge, nodes[other]))
    placed, order = {top}, [top]
    children: dict[str, list[tuple[Edge, Node]]] = defaultdict(list)
    for one in order:
        for edge, node in sorted(below[one], key=lambda pair: (pair[0].former, pair[1].label.casefold())):
            if node.id not in placed:
                placed.add(node.id)
                order.append(node.id)
                children[one].append((edge, node))
    made: list[Branch] = []
    waiting: list[tuple[int, Edge | None, Node, str]] = [(1, None, nodes[top], "")]
    while waiting:
        level, edge, node, above = waiting.pop()
        branch = Branch(
            node.id, node.label, node.sub, node.kind, level, more=node.more, masked=node.masked, group=node.group
        )
        if edge is not None:
            branch.wording, branch.edge = _wording(edge, nodes[above]), edge.id
            branch.former, branch.editable = edge.former, edge.editable
        made.append(branch)
        waiting += [(level + 1, e, n, node.id) for e, n in reversed(children[node.id])]
    return made


def _sides(edge: Edge, nodes: dict[str, Node]) -> tuple[Node, Node]:
    source, target = nodes[edge.source], nodes[edge.target]
    return (target, source) if (target.ring, target.masked) < (source.ring, source.masked) else (source, target)


def _wording(edge: Edge, side: Node) -> str:
    return edge.label if side.id == edge.source else edge.reverse


def _href(node: Node) -> str:
    return "" if node.masked else f"/{node.kind}/{node.id}/relations"
