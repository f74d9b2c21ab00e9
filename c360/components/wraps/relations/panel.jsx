// What can be done with the card or the line that is chosen.
import { Panel } from "@xyflow/react";
import { day, tr } from "../i18n/i18n.js";

function Act({ children, danger, ...props }) {
  return (
    <button type="button" className={danger ? "btn red" : "btn"} {...props}>
      {children}
    </button>
  );
}

export function Chosen({ picked, node, edge, names, language, acts, center }) {
  const say = (key, params) => tr(language, `relations.${key}`, params);
  if (picked.length > 1) {
    return (
      <Panel position="top-right" className="rc-panel" aria-label={say("chosen")} role="region">
        <b>{say("picked", { n: picked.length })}</b>
        <div className="rc-acts">
          <Act onClick={() => acts.group(picked.map(({ id }) => id))}>{say("group")}</Act>
        </div>
      </Panel>
    );
  }
  if (!node && !edge) return null;
  const time = edge && [edge.since && say("since", { day: day(language, edge.since) }), edge.until && say("until", { day: day(language, edge.until) })];
  return (
    <Panel position="top-right" className="rc-panel" aria-label={say("chosen")} role="region">
      {node && (
        <>
          <b className="trunc">{node.label}</b>
          {node.sub && <small className="mut trunc">{node.sub}</small>}
          {node.group && <small className="mut trunc">{say("group.in", { name: node.group })}</small>}
          {node.contacts > 0 && <small className="mut">{say("contacted", { n: node.contacts })}</small>}
          {node.count > 0 && (
            <div className="rc-acts">
              <Act onClick={() => acts.expand(node.id)}>{say("unfold")}</Act>
            </div>
          )}
          {node.masked && <small className="mut">{say("masked")}</small>}
          {!node.masked && !node.count && (
            <div className="rc-acts">
              <Act onClick={() => acts.relate(node.id, "")}>{say("add")}</Act>
              {node.more > 0 && <Act onClick={() => acts.expand(node.id)}>{say("expand")}</Act>}
              {node.id !== center && <Act onClick={() => acts.open(node.id)}>{say("open")}</Act>}
              {node.id !== center && <Act onClick={() => acts.group([node.id])}>{say("group")}</Act>}
            </div>
          )}
        </>
      )}
      {edge && (
        <>
          <span>
            <b>{names.get(edge.source)}</b> {edge.label} <b>{names.get(edge.target)}</b>
          </span>
          <small className="mut">{[edge.former && say("former"), ...time].filter(Boolean).join(" · ")}</small>
          {edge.editable && (
            <div className="rc-acts">
              {edge.origin === "relation" && <Act onClick={() => acts.edit(edge.id)}>{say("edit")}</Act>}
              {edge.origin === "relation" && !edge.former && <Act onClick={() => acts.end(edge.id)}>{say("end")}</Act>}
              <Act danger onClick={() => acts.remove(edge.id)}>{say("remove")}</Act>
            </div>
          )}
        </>
      )}
    </Panel>
  );
}
