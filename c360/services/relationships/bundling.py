"""Too many customers for one picture: those tied alike to the same one stand together, until they are opened."""

from collections import defaultdict
from collections.abc import Collection
from hashlib import blake2s

from c360.core.i18n import text
from c360.services.relationships.graph import AT_FIRST, Edge, Graph, Node

BUNDLE = "bundle."
"""What the ids of bundles begin with; no customer's does."""


def bundled(graph: Graph, language: str, *, opened: Collection[str] = (), most: int = AT_FIRST) -> Graph:
    """Return a chart of at most so many cards: the farthest and largest bundles first.

    The one in the middle, whom somebody has put into a group, and bundles ``opened`` stay as they are; so does a chart
    in which too few are tied alike.
    """
    nodes, inside, made = {node.id: node for node in graph.nodes}, {}, {}
    total = len(nodes)
    for ident, wording, members in _alike(graph, nodes):
        if total > most and ident not in opened:
            made[ident] = Node(
                ident, "bundle", text(language, "relations.bundle", n=len(members)), wording,
                ring=nodes[members[0]].ring, more=len(members), count=len(members),
            )  # fmt: skip
            inside |= dict.fromkeys(members, ident)
            total -= len(members) - 1
    if not made:
        return graph
    shown = [node for node in graph.nodes if node.id not in inside]
    return Graph(graph.center, [*shown, *made.values()], _edges(graph, inside), graph.left)


def _alike(graph: Graph, nodes: dict[str, Node]) -> list[tuple[str, str, list[str]]]:
    """Return those who are tied alike to the same customer nearer to the middle, with the id of their bundle."""
    above: dict[str, tuple[str, str]] = {}
    for edge in graph.edges:
        for far, near, wording in ((edge.source, edge.target, edge.reverse), (edge.target, edge.source, edge.label)):
            if nodes[near].ring < nodes[far].ring:
                above.setdefault(far, (near, wording))
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one, node in nodes.items():
        if one in above and not node.group:
            groups[above[one]].append(one)
    found = [(_name(near, wording), wording, ids) for (near, wording), ids in groups.items() if len(ids) > 1]
    return sorted(found, key=lambda one: (-nodes[one[2][0]].ring, -len(one[2]), one[0]))


def _name(near: str, wording: str) -> str:
    return BUNDLE + blake2s(f"{near} {wording}".encode(), digest_size=12).hexdigest()


def _edges(graph: Graph, inside: dict[str, str]) -> list[Edge]:
    """Return the ties between what is shown; of several that lead to a bundle alike, one."""
    made: dict[str, Edge] = {}
    for edge in graph.edges:
        source, target = inside.get(edge.source, edge.source), inside.get(edge.target, edge.target)
        if (source, target) == (edge.source, edge.target):
            made[edge.id] = edge
        elif source != target:
            ident = f"{source} {target} {edge.label}"
            made.setdefault(
                ident, Edge(ident, source, target, edge.label, edge.reverse, edge.color, edge.shape, edge.origin)
            )
    return list(made.values())
