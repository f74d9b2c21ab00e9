// The same customers as a tree: arrow keys walk it, Enter opens, the rest are buttons.
import { useRef, useState } from "react";
import { tr, useLanguage } from "../i18n/i18n.js";

export function RelationTree({ branches = [], onOpen, onExpand, onRelate, onEdit, onEnd, onRemove, onGroup }) {
  const language = useLanguage();
  const [here, setHere] = useState("");
  const [shut, setShut] = useState({});
  const list = useRef(null);
  const say = (key, params) => tr(language, `relations.${key}`, params);
  const shown = [];
  let hidden = Infinity;
  branches.forEach((branch, i) => {
    if (branch.level > hidden) return;
    hidden = shut[branch.id] ? branch.level : Infinity;
    shown.push({ ...branch, parent: (branches[i + 1]?.level ?? 0) > branch.level });
  });
  const current = shown.some(({ id }) => id === here) ? here : shown[0]?.id;

  function go(place) {
    const next = shown[Math.max(0, Math.min(shown.length - 1, place))];
    setHere(next.id);
    list.current.querySelectorAll("[role=treeitem]")[shown.indexOf(next)]?.focus();
  }

  function pressed(event, branch, place) {
    if (event.target !== event.currentTarget) return;
    const above = () => shown.findLastIndex((one, i) => i < place && one.level < branch.level);
    const left = () => (branch.parent && !shut[branch.id] ? setShut({ ...shut, [branch.id]: true }) : go(Math.max(above(), 0)));
    const right = () => (shut[branch.id] ? setShut({ ...shut, [branch.id]: false }) : branch.parent ? go(place + 1) : undefined);
    const does = {
      ArrowDown: () => go(place + 1), ArrowUp: () => go(place - 1), Home: () => go(0), End: () => go(shown.length - 1), ArrowLeft: left, ArrowRight: right,
      Enter: () => !branch.masked && onOpen?.(branch.id),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }

  return (
    <ul role="tree" aria-label={say("tree")} className="rt" ref={list}>
      {shown.map((branch, place) => (
        <li key={branch.id} role="treeitem" aria-level={branch.level} aria-expanded={branch.parent ? !shut[branch.id] : undefined} aria-selected={branch.id === current}
          tabIndex={branch.id === current ? 0 : -1} style={{ "--level": branch.level - 1 }} className={branch.masked ? "masked" : undefined}
          onFocus={() => setHere(branch.id)} onKeyDown={(event) => pressed(event, branch, place)}>
          {branch.wording && <span className={branch.former ? "mut former" : "mut"}>{branch.wording}</span>}
          <b className="trunc">{branch.label}</b>
          {branch.sub && <small className="mut trunc hide-s">{branch.sub}</small>}
          {branch.group && <span className="tag">{branch.group}</span>}
          {branch.former && <span className="tag">{say("former")}</span>}
          <span className="rt-acts">
            {!branch.masked && <button type="button" className="btn gh" onClick={() => onOpen?.(branch.id)} aria-label={say("open.name", { name: branch.label })}>{say("open")}</button>}
            {branch.more > 0 && <button type="button" className="btn gh" onClick={() => onExpand?.(branch.id)} aria-label={say("expand.more", { n: branch.more, name: branch.label })}>+{branch.more}</button>}
            {!branch.masked && <button type="button" className="btn gh" onClick={() => onRelate?.(branch.id, "")} aria-label={say("add.name", { name: branch.label })}>{say("add")}</button>}
            {!branch.masked && place > 0 && <button type="button" className="btn gh" onClick={() => onGroup?.([branch.id])} aria-label={say("group.name", { name: branch.label })}>{say("group")}</button>}
            {branch.editable && branch.edge.startsWith("relation.") && <button type="button" className="btn gh" onClick={() => onEdit?.(branch.edge)} aria-label={say("edit.name", { name: branch.label })}>{say("edit")}</button>}
            {branch.editable && branch.edge.startsWith("relation.") && !branch.former && <button type="button" className="btn gh" onClick={() => onEnd?.(branch.edge)} aria-label={say("end.name", { name: branch.label })}>{say("end")}</button>}
            {branch.editable && <button type="button" className="btn gh" onClick={() => onRemove?.(branch.edge)} aria-label={say("remove.name", { name: branch.label })}>{say("remove")}</button>}
          </span>
        </li>
      ))}
    </ul>
  );
}
