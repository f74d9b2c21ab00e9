// Where the cards of the chart stand: a hierarchy drawn by dagre, or a network that settles under forces.
import dagre from "@dagrejs/dagre";
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";

export const WIDTH = 184;
export const HEIGHT = 48;
/** What the ids of frames begin with; no customer's does. */
export const FRAME = "frame ";
const MANY = 12;
const GAP = 24;
const PAD = 14;
const TITLE = 24;
/** How far a frame reaches above its cards. */
export const ABOVE = PAD + TITLE;

/** Tell whether a hierarchy is drawn from left to right: a large one would be too wide from top to bottom. */
export const lying = (nodes) => nodes.length > MANY;

function hierarchy(nodes, edges) {
  const graph = new dagre.graphlib.Graph({ compound: true }).setDefaultEdgeLabel(() => ({}));
  graph.setGraph({ rankdir: lying(nodes) ? "LR" : "TB", nodesep: 24, ranksep: 84 });
  nodes.forEach((node) => graph.setNode(node.id, { width: WIDTH, height: HEIGHT }));
  for (const [name, ids] of grouped(nodes)) {
    graph.setNode(FRAME + name, {});
    ids.forEach((id) => graph.setParent(id, FRAME + name));
  }
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

/** A body that settles under the forces: one card, or all cards of a group in a block of their own. */
function bodiesOf(nodes, old, from) {
  const groups = grouped(nodes);
  const blocks = [...groups].map(([name, ids]) => {
    const columns = Math.ceil(Math.sqrt(ids.length / 2));
    const size = Math.hypot(columns * (WIDTH + GAP), Math.ceil(ids.length / columns) * (HEIGHT + GAP) + 40) / 2;
    return { id: FRAME + name, ids, columns, ring: nodes.find((node) => node.id === ids[0]).ring, radius: Math.max(130, size + 20) };
  });
  const single = nodes.filter((node) => !node.group).map((node) => ({ id: node.id, ids: [node.id], columns: 1, ring: node.ring, radius: 130 }));
  const bodies = [...single, ...blocks];
  const count = bodies.length;
  return bodies.map((body, i) => {
    const was = body.ids.map((id) => old.get(id)).filter(Boolean);
    if (was.length === body.ids.length) {
      const [x, y] = ["x", "y"].map((axis) => was.reduce((sum, one) => sum + one[axis], 0) / was.length);
      return { ...body, x, y, fx: x, fy: y };
    }
    // A start on rings around the middle untangles better than a heap; newcomers start beside whom they belong to.
    const angle = (2 * Math.PI * i) / count;
    const far = 300 * (body.ring || 0) + (body.ring ? Math.min(count * 6, 400) : 0);
    const middle = from ?? { x: 0, y: 0 };
    const reach = from ? 60 : far;
    return { ...body, x: middle.x + reach * Math.cos(angle), y: middle.y + reach * Math.sin(angle) };
  });
}

function network(nodes, edges, old, from) {
  const bodies = bodiesOf(nodes, old, from);
  const bodyOf = new Map(bodies.flatMap((body) => body.ids.map((id) => [id, body.id])));
  const links = edges.map(({ source, target }) => ({ source: bodyOf.get(source), target: bodyOf.get(target) })).filter(({ source, target }) => source !== target);
  const forces = forceSimulation(bodies)
    .force("link", forceLink(links).id((body) => body.id).distance(320).strength(0.4))
    .force("charge", forceManyBody().strength(-900).distanceMax(900))
    .force("collide", forceCollide((body) => body.radius))
    .force("x", forceX(0).strength(0.02))
    .force("y", forceY(0).strength(0.035))
    .stop();
  forces.tick(old.size ? 90 : Math.min(260, 60 + 30000 / (bodies.length + 1)));
  return new Map(
    bodies.flatMap(({ ids, columns, x, y }) => {
      const rows = Math.ceil(ids.length / columns);
      const place = (i) => ({ x: x + ((i % columns) - (columns - 1) / 2) * (WIDTH + GAP), y: y + (Math.floor(i / columns) - (rows - 1) / 2) * (HEIGHT + GAP) });
      return ids.map((id, i) => [id, old.get(id) ?? place(i)]);
    }),
  );
}

/** The ids of each group's cards, by name. */
function grouped(nodes) {
  const groups = new Map();
  for (const { id, group } of nodes) if (group) groups.set(group, [...(groups.get(group) ?? []), id]);
  return groups;
}

/** The frames around the groups, given where their cards stand. */
export function frames(nodes, places) {
  return [...grouped(nodes)].map(([name, ids]) => {
    const at = ids.map((id) => places.get(id)).filter(Boolean);
    const [x, y] = [Math.min(...at.map((one) => one.x)) - PAD, Math.min(...at.map((one) => one.y)) - PAD - TITLE];
    const width = Math.max(...at.map((one) => one.x)) + WIDTH + PAD - x;
    const height = Math.max(...at.map((one) => one.y)) + HEIGHT + PAD - y;
    return { id: FRAME + name, name, ids, x, y, width, height };
  });
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

/** Edges with the end their label leans to: one that leads into a frame keeps it outside, clear of the frame's title. */
export function leaning(edges, nodes) {
  const group = new Map(nodes.map((node) => [node.id, node.group]));
  return edges.map((edge) => ({ ...edge, lean: Number(!!group.get(edge.source)) - Number(!!group.get(edge.target)) }));
}

/** The line between two cards whose centres are given: its ends at the cards' rims, and where its label stands. */
export function lineOf(a, b, lane = 0, lean = 0) {
  const dx = b.x - a.x || 0.01;
  const dy = b.y - a.y || 0.01;
  const rim = Math.min(WIDTH / 2 / Math.abs(dx), HEIGHT / 2 / Math.abs(dy), 0.5);
  const length = Math.hypot(dx, dy);
  const sx = (-dy / length) * lane * 18;
  const sy = (dx / length) * lane * 18;
  const one = { x: a.x + dx * rim + sx, y: a.y + dy * rim + sy };
  const two = { x: b.x - dx * rim + sx, y: b.y - dy * rim + sy };
  const along = 0.5 + lean * 0.15;
  return { one, two, label: { x: one.x + (two.x - one.x) * along, y: one.y + (two.y - one.y) * along } };
}
