// Where the cards of the chart stand: a hierarchy drawn by dagre, or a network that settles under forces.
import dagre from "@dagrejs/dagre";
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";

export const WIDTH = 184;
export const HEIGHT = 48;
const MANY = 12;

function hierarchy(nodes, edges) {
  const graph = new dagre.graphlib.Graph().setDefaultEdgeLabel(() => ({}));
  graph.setGraph({ rankdir: nodes.length > MANY ? "LR" : "TB", nodesep: 24, ranksep: 84 });
  nodes.forEach((node) => graph.setNode(node.id, { width: WIDTH, height: HEIGHT }));
  const above = edges.filter((edge) => edge.shape === "hierarchy");
  (above.length ? above : edges).forEach((edge) => graph.setEdge(edge.source, edge.target));
  dagre.layout(graph);
  return new Map(
    nodes.map(({ id }) => {
      const { x, y } = graph.node(id);
      return [id, { x: x - WIDTH / 2, y: y - HEIGHT / 2 }];
    }),
  );
}

function network(nodes, edges, old, from) {
  const count = nodes.length;
  const bodies = nodes.map((node, i) => {
    const was = old.get(node.id);
    if (was) return { id: node.id, x: was.x, y: was.y, fx: was.x, fy: was.y };
    // A start on rings around the middle untangles better than a heap; newcomers start beside whom they belong to.
    const angle = (2 * Math.PI * i) / count;
    const far = 300 * (node.ring || 0) + (node.ring ? Math.min(count * 6, 400) : 0);
    const middle = from ?? { x: 0, y: 0 };
    const reach = from ? 60 : far;
    return { id: node.id, x: middle.x + reach * Math.cos(angle), y: middle.y + reach * Math.sin(angle) };
  });
  const links = edges.map(({ source, target }) => ({ source, target }));
  const forces = forceSimulation(bodies)
    .force("link", forceLink(links).id((body) => body.id).distance(320).strength(0.4))
    .force("charge", forceManyBody().strength(-900).distanceMax(900))
    .force("collide", forceCollide(130))
    .force("x", forceX(0).strength(0.02))
    .force("y", forceY(0).strength(0.035))
    .stop();
  forces.tick(old.size ? 90 : Math.min(260, 60 + 30000 / (count + 1)));
  return new Map(bodies.map(({ id, x, y }) => [id, { x, y }]));
}

/** The place of every node: those of `old` keep theirs in a network, newcomers start near `from`. */
export function placed(layout, nodes, edges, old, from) {
  if (layout === "tree") return hierarchy(nodes, edges);
  if (nodes.every((node) => old.has(node.id))) return old;
  return network(nodes, edges, old, from);
}

/** Edges with their lane, so that several ties of the same two lie beside each other. */
export function inLanes(edges) {
  const pairs = new Map();
  for (const edge of edges) {
    const key = [edge.source, edge.target].sort().join(" ");
    pairs.set(key, [...(pairs.get(key) ?? []), edge.id]);
  }
  return edges.map((edge) => {
    const ids = pairs.get([edge.source, edge.target].sort().join(" "));
    const lane = ids.indexOf(edge.id) - (ids.length - 1) / 2;
    return { ...edge, lane: edge.source < edge.target ? lane : -lane };
  });
}

/** The line between two cards whose centres are given: its ends at the cards' rims, and where its label stands. */
export function lineOf(a, b, lane = 0) {
  const dx = b.x - a.x || 0.01;
  const dy = b.y - a.y || 0.01;
  const rim = Math.min(WIDTH / 2 / Math.abs(dx), HEIGHT / 2 / Math.abs(dy), 0.5);
  const length = Math.hypot(dx, dy);
  const sx = (-dy / length) * lane * 18;
  const sy = (dx / length) * lane * 18;
  const one = { x: a.x + dx * rim + sx, y: a.y + dy * rim + sy };
  const two = { x: b.x - dx * rim + sx, y: b.y - dy * rim + sy };
  return { one, two, label: { x: (a.x + b.x) / 2 + sx, y: (a.y + b.y) / 2 + sy } };
}
