"""Bundles of a chart: who is tied alike stands together until everybody else fits."""

import pytest

from c360.services.relationships.bundling import BUNDLE, bundled
from c360.services.relationships.graph import Edge, Graph, Node


def star(hubs=20, each=24, **put):
    """Return a middle with hubs around it and as many around each of them."""
    graph = Graph("middle", [Node("middle", "account", "Mitte")])
    for hub in range(hubs):
        graph.nodes.append(Node(f"h{hub}", "account", f"Hub {hub}", ring=1))
        graph.edges.append(Edge(f"e{hub}", "middle", f"h{hub}", "owns", "is owned by", shape="hierarchy"))
        for leaf in range(each):
            one = f"h{hub}l{leaf}"
            graph.nodes.append(Node(one, "contact", one, ring=2, **put))
            graph.edges.append(Edge(f"e{one}", one, f"h{hub}", "is a member of", "has as member"))
    return graph


@pytest.mark.feature("B-REL-2", "BEY-20")
def test_a_chart_over_its_size_bundles_the_farthest():
    graph = star()
    drawn = bundled(graph, "de")
    assert len(graph.nodes) == 501
    assert len(drawn.nodes) <= 150
    shown = {node.id for node in drawn.nodes}
    assert {"middle", *(f"h{n}" for n in range(20))} <= shown
    bundles = [node for node in drawn.nodes if node.count]
    assert sum(node.count or 1 for node in drawn.nodes) == 501
    assert {(node.label, node.sub, node.kind, node.ring) for node in bundles} == {
        ("24 Kunden", "has as member", "bundle", 2)
    }
    assert all(node.id.startswith(BUNDLE) and len(node.id) <= 60 for node in bundles)
    assert all({edge.source, edge.target} <= shown for edge in drawn.edges)
    assert len({edge.id for edge in drawn.edges}) == len(drawn.edges) == len(drawn.nodes) - 1
    assert not any(edge.editable for edge in drawn.edges if edge.source.startswith(BUNDLE))


@pytest.mark.feature("B-REL-2")
def test_a_bundle_opens_and_the_same_ones_come_again():
    graph = star()
    first = next(node for node in bundled(graph, "en").nodes if node.count)
    again = bundled(graph, "en", opened=[first.id])
    assert first.id not in {node.id for node in again.nodes}
    assert sum(node.count or 1 for node in again.nodes) == 501
    assert bundled(graph, "en", most=501) is graph


@pytest.mark.feature("B-REL-2")
def test_who_is_grouped_by_hand_or_tied_alone_stays():
    by_hand = bundled(star(group="Beirat"), "en", most=10)
    assert [node.label for node in by_hand.nodes if node.count] == ["20 customers"]
    assert sum(node.group == "Beirat" for node in by_hand.nodes) == 480
    chain = Graph("n0", [Node(f"n{n}", "contact", f"n{n}", ring=n) for n in range(30)])
    chain.edges = [Edge(f"e{n}", f"n{n}", f"n{n + 1}", "leads", "reports to") for n in range(29)]
    assert bundled(chain, "en", most=5) is chain


@pytest.mark.feature("B-REL-2")
def test_ties_between_bundles_and_others_are_drawn_once():
    graph = star(hubs=1, each=10)
    graph.nodes.append(Node("friend", "contact", "Freund", ring=2))
    graph.edges += [Edge(f"f{n}", f"h0l{n}", "friend", "is a friend of", "is a friend of") for n in range(10)]
    graph.edges += [Edge(f"w{n}", f"h0l{n}", f"h0l{n + 1}", "works with", "works with") for n in range(9)]
    drawn = bundled(graph, "en", most=5)
    assert sorted((edge.label, edge.source.startswith(BUNDLE)) for edge in drawn.edges) == [
        ("is a friend of", True), ("is a member of", True), ("owns", False),
    ]  # fmt: skip
