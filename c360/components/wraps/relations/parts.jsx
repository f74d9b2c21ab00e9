// One card and one line of the chart. Nothing here looks at the zoom: the level of detail is a matter of style.
import { createContext, memo, useContext } from "react";
import { BaseEdge, EdgeLabelRenderer, Handle, Position } from "@xyflow/react";
import { tr } from "../i18n/i18n.js";
import { HEIGHT, WIDTH, lineOf } from "./layout.js";

export const Chart = createContext({});

const Card = memo(function Card({ id, data, selected }) {
  const { center, language, expand } = useContext(Chart);
  const { label, sub, kind, initials, hue, masked, more } = data;
  const classes = ["rc-node", kind, masked && "masked", selected && "sel", id === center && "mid"];
  return (
    <div className={classes.filter(Boolean).join(" ")}>
      <Handle type="target" position={Position.Left} isConnectableStart={false} className="rc-in" />
      <span className={kind === "account" ? "av sq" : "av"} aria-hidden style={{ "--s": "28px", "--b": `var(--${hue}-4)`, "--f": `var(--${hue}-12)` }}>
        {masked ? "•" : initials}
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
      {!masked && <Handle type="source" position={Position.Right} className="rc-out" title={tr(language, "relations.drag")} />}
    </div>
  );
});

function curved(ax, ay, bx, by, sideways) {
  if (sideways) {
    const x = (ax + bx) / 2;
    return { path: `M${ax},${ay} C${x},${ay} ${x},${by} ${bx},${by}`, label: { x, y: (ay + by) / 2 } };
  }
  const y = (ay + by) / 2;
  return { path: `M${ax},${ay} C${ax},${y} ${bx},${y} ${bx},${by}`, label: { x: (ax + bx) / 2, y } };
}

const Line = memo(function Line({ id, source, target, sourceX, sourceY, targetX, targetY, data, markerEnd, selected }) {
  const { focus, layout } = useContext(Chart);
  // The handles sit in the middle of a card's right and left side, so the centres follow from them.
  const a = { x: sourceX - WIDTH / 2, y: sourceY };
  const b = { x: targetX + WIDTH / 2, y: targetY };
  let { path, label } = {};
  if (layout === "tree" && data.shape === "hierarchy" && targetX > sourceX) {
    ({ path, label } = curved(sourceX, sourceY, targetX, targetY, true));
  } else if (layout === "tree" && data.shape === "hierarchy") {
    ({ path, label } = curved(a.x, a.y + HEIGHT / 2, b.x, b.y - HEIGHT / 2, false));
  } else {
    const line = lineOf(a, b, data.lane);
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

export const NODE_TYPES = { customer: Card };
export const EDGE_TYPES = { tie: Line };
