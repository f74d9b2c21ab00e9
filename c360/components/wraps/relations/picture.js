// The chart as a picture: a true vector of plain shapes, which office programs and editors open; PNG is drawn from it.
import { HEIGHT, WIDTH, lineOf } from "./layout.js";

const MARGIN = 40;
const LARGEST = 12000;
const escaped = (text) => String(text ?? "").replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const cut = (text, most) => (text && text.length > most ? `${text.slice(0, most - 1)}…` : (text ?? ""));
const at = (number) => number.toFixed(1);

/** A reader of colours: the value a theme's name has on this element now. */
function palette(element) {
  const known = new Map();
  return (name) => {
    if (!known.has(name)) {
      const probe = document.createElement("i");
      probe.style.color = `var(--${name})`;
      element.appendChild(probe);
      known.set(name, getComputedStyle(probe).color);
      probe.remove();
    }
    return known.get(name);
  };
}

function card({ position, data }, color) {
  const square = data.kind === "account" ? 7 : 14;
  const face = `<rect x="10" y="10" width="28" height="28" rx="${square}" fill="${color(`${data.hue}-4`)}"/><text x="24" y="28" font-size="11" font-weight="600" text-anchor="middle" fill="${color(`${data.hue}-12`)}">${escaped(data.masked ? "•" : data.initials)}</text>`;
  const sub = data.sub ? `<text x="48" y="36" font-size="11" fill="${color("gray-11")}">${escaped(cut(data.sub, 24))}</text>` : "";
  return `<g transform="translate(${at(position.x)},${at(position.y)})"><rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="${color("c-surface")}" stroke="${color("gray-6")}"/>${face}<text x="48" y="${data.sub ? 21 : 28}" font-size="12" font-weight="600" fill="${color("gray-12")}">${escaped(cut(data.label, 20))}</text>${sub}</g>`;
}

function tie({ data }, from, to, color, paper) {
  const middle = ({ x, y }) => ({ x: x + WIDTH / 2, y: y + HEIGHT / 2 });
  const { one, two, label } = lineOf(middle(from), middle(to), data.lane, data.lean);
  const dash = data.former ? ' stroke-dasharray="4 4"' : "";
  const arrow = data.shape === "equal" ? "" : ' marker-end="url(#arrow)"';
  return `<path d="M${at(one.x)},${at(one.y)}L${at(two.x)},${at(two.y)}" fill="none" stroke="${color(`${data.color}-8`)}"${dash}${arrow}/><text x="${at(label.x)}" y="${at(label.y + 3)}" font-size="10" text-anchor="middle" fill="${color("gray-11")}" stroke="${paper}" stroke-width="4" paint-order="stroke">${escaped(data.label)}</text>`;
}

function frame({ position, width, height, data }, color) {
  return `<g transform="translate(${at(position.x)},${at(position.y)})"><rect width="${at(width)}" height="${at(height)}" rx="12" fill="${color("accent-a2")}" stroke="${color("accent-7")}" stroke-dasharray="5 4"/><text x="14" y="20" font-size="12" font-weight="600" fill="${color("accent-11")}">${escaped(cut(data.name, 60))}</text></g>`;
}

function vector(shown, edges, element) {
  const color = palette(element);
  const paper = getComputedStyle(element).backgroundColor;
  const groups = shown.filter((node) => node.type === "frame");
  const nodes = shown.filter((node) => node.type !== "frame");
  const left = shown.map((node) => node.position.x);
  const top = shown.map((node) => node.position.y);
  const [x, y] = [Math.min(...left) - MARGIN, Math.min(...top) - MARGIN];
  const width = Math.ceil(Math.max(...shown.map((node) => node.position.x + node.width)) + MARGIN - x);
  const height = Math.ceil(Math.max(...shown.map((node) => node.position.y + node.height)) + MARGIN - y);
  const places = new Map(nodes.map((node) => [node.id, node.position]));
  const lines = edges
    .filter((edge) => places.has(edge.source) && places.has(edge.target))
    .map((edge) => tie(edge, places.get(edge.source), places.get(edge.target), color, paper));
  const arrow = `<marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8z" fill="${color("gray-9")}"/></marker>`;
  const shapes = [...groups.map((node) => frame(node, color)), ...lines, ...nodes.map((node) => card(node, color))].join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}" font-family="Inter, system-ui, sans-serif"><defs>${arrow}</defs><rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${paper}"/>${shapes}</svg>`;
  return { svg, width, height };
}

async function raster({ svg, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(2, LARGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/** Save the whole chart, also what lies outside the window, as "svg" or "png". */
export async function save(kind, name, nodes, edges, element) {
  const drawn = vector(nodes, edges, element);
  const blob = kind === "png" ? await raster(drawn) : new Blob([drawn.svg], { type: "image/svg+xml" });
  const link = document.createElement("a");
  link.download = `${name.replace(/[\\/:*?"<>|]/g, " ").trim() || "relations"}.${kind}`;
  link.href = URL.createObjectURL(blob);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 5000);
}
