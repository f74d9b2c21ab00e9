// One card and one line of the chart. Nothing here looks at the zoom: the level of detail is a matter of style.
import { createContext, memo, useContext } from "react";
import { BaseEdge, EdgeLabelRenderer, Handle, Position } from "@xyflow/react";
import { tr } from "../i18n/i18n.js";
import { ABOVE, HEIGHT, WIDTH, lineOf } from "./layout.js";

export const Chart = createContext({});
/** The name of a card's handle. */
export const TIE = "tie";

/** A face grows with how often one was in contact. */
const FACES = [[0, 24], [1, 28], [5, 32], [20, 36], [60, 40]];
const faceOf = (contacts = 0) => FACES.findLast(([least]) => contacts >= least)[1];

const Card = memo(function Card({ id, data, selected }) {
  const { center, language, expand, relating } = useContext(Chart);
  const { label, sub, kind, initials, hue, masked, more, contacts, count } = data;
  const classes = ["rc-node", kind, masked && "masked", selected && "sel", id === center && "mid"];
  return (
    <div className={classes.filter(Boolean).join(" ")}>
      {relating && relating !== id && !masked && <Handle type="target" position={Position.Left} isConnectableStart={false} className="rc-in" />}
      <span className={kind === "account" ? "av sq" : "av"} aria-hidden style={{ "--s": `${faceOf(contacts)}px`, "--b": `var(--${hue}-4)`, "--f": `var(--${hue}-12)` }}>
        {masked ? "•" : count || initials}
      </span>
      <span className="rc-text">
        <b>{label}</b>
        {sub && <small>{sub}</small>}
      </span>
      {more > 0 && (
        <button type="button" tabIndex={-1} className="rc-more nodrag nopan" aria-label={tr(language, "relations.expand.more", { n: more, name: label })}
          onClick={(event) => { event.stopPropagation(); expand(id); }}>
          +{more}
        </button>
      )}
      {/* Every handle is asked on every frame, so a card has one; while somebody drags, the whole card takes the other end. */}
      <Handle id={TIE} type="source" position={Position.Right} className={masked ? "rc-none" : "rc-out"} title={masked ? undefined : tr(language, "relations.drag")} />
    </div>
  );
});

function curved(ax, ay, bx, by, sideways, lean) {
  if (sideways) {
    const x = (ax + bx) / 2;
    return { path: `M${ax},${ay} C${x},${ay} ${x},${by} ${bx},${by}`, label: { x, y: (ay + 3 * by) / 4 } };
  }
  const y = (ay + by) / 2;
  // The label stands over the lower card: in the middle, those of brothers would lie on each other.
  return { path: `M${ax},${ay} C${ax},${y} ${bx},${y} ${bx},${by}`, label: { x: bx, y: by - 22 - (lean < 0 ? ABOVE : 0) } };
}

const Line = memo(function Line({ id, source, target, sourceX, sourceY, targetX, targetY, data, markerEnd, selected }) {
  const { focus, layout, sideways } = useContext(Chart);
  // The handle sits in the middle of a card's right side, so the centres follow from it.
  const a = { x: sourceX - WIDTH / 2, y: sourceY };
  const b = { x: targetX - WIDTH / 2, y: targetY };
  let { path, label } = {};
  if (layout === "tree" && data.shape === "hierarchy" && sideways && targetX - WIDTH > sourceX) {
    ({ path, label } = curved(sourceX, sourceY, targetX - WIDTH, targetY, true, data.lean));
  } else if (layout === "tree" && data.shape === "hierarchy" && !sideways && b.y > a.y) {
    ({ path, label } = curved(a.x, a.y + HEIGHT / 2, b.x, b.y - HEIGHT / 2, false, data.lean));
  } else {
    const line = lineOf(a, b, data.lane, data.lean);
    path = `M${line.one.x},${line.one.y} L${line.two.x},${line.two.y}`;
    ({ label } = line);
  }
  const near = focus === source || focus === target || selected;
  const width = (near ? 1.75 : 1.25) + (data.strength === "strong" ? 1 : data.strength === "weak" ? -0.5 : 0);
  const style = { stroke: near ? `var(--${data.color}-9)` : `var(--${data.color}-7)`, strokeWidth: width, strokeDasharray: data.former ? "4 4" : undefined };
  // A tie is read from the side of whoever is looked at.
  const words = focus === target ? data.reverse : data.label;
  return (
    <>
      <BaseEdge id={id} path={path} markerEnd={markerEnd} interactionWidth={16} style={style} />
      {(near || data.named) && (
        <EdgeLabelRenderer>
          <div className={`rc-label${near ? " near" : ""}${data.former ? " former" : ""}`} style={{ transform: `translate(-50%,-50%) translate(${label.x}px,${label.y}px)` }}>
            {words}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

const Frame = memo(function Frame({ data }) {
  const { language, group } = useContext(Chart);
  return (
    <div className="rc-group">
      <button type="button" className="nodrag nopan" onClick={() => group(data.ids)} aria-label={tr(language, "relations.group.open", { name: data.name })}>
        {data.name} <small>{data.ids.length}</small>
      </button>
    </div>
  );
});

export const NODE_TYPES = { customer: Card, frame: Frame };
export const EDGE_TYPES = { tie: Line };
