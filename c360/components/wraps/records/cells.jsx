// How values look in a row. Plain text stays the grid's own; markup only where it is needed.
import { useEffect, useRef, useState } from "react";
import { KINDS } from "./icons.jsx";
import { ago, day, moment, money, nameOf, num, tr } from "../i18n/i18n.js";

const HUES = ["indigo", "teal", "orange", "plum", "grass", "ruby", "cyan", "amber"];

export const hueOf = (text) => HUES[[...String(text)].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) >>> 0, 0) % HUES.length];

export function initialsOf(text) {
  const words = String(text ?? "").split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const ends = [...new Set([words[0] ?? "?", words.at(-1) ?? "?"])];
  return ends.map((word) => [...word][0]).join("").toUpperCase();
}

export const labelOf = (value) => (value && typeof value === "object" ? value.label : (value ?? ""));

function Face({ name, account }) {
  const hue = hueOf(name);
  return (
    <span aria-hidden className={account ? "cg-av sq" : "cg-av"} style={{ "--b": `var(--${hue}-a4)`, "--f": `var(--${hue}-12)` }}>
      {initialsOf(name)}
    </span>
  );
}

function Sign({ kind }) {
  const Picture = KINDS[kind] ?? KINDS.other;
  return (
    <span aria-hidden className="cg-av sq cg-sign">
      <Picture />
    </span>
  );
}

function NameCell({ value, data, context }) {
  if (!data) return <span className="cg-skel" style={{ width: 120 }} />;
  const activity = context.entity === "activity";
  const under = (activity ? [labelOf(data.kind), moment(context.language, data.at)] : [labelOf(data.segment_id), data.city])
    .filter(Boolean)
    .join(" · ");
  return (
    <span className="cg-name">
      {activity ? <Sign kind={data.kind?.id} /> : <Face name={value} account={(data.kind?.id ?? context.entity) === "account"} />}
      {context.compact ? (
        <span className="cg-2">
          <span className="cg-tx">{value}</span>
          <span className="cg-sub cg-tx">{under}</span>
        </span>
      ) : (
        <span className="cg-tx" title={value}>
          {value}
        </span>
      )}
    </span>
  );
}

function ChoiceCell({ value, data }) {
  if (!data) return <span className="cg-skel" />;
  if (!value) return null;
  const color = value.color ?? "gray";
  return (
    <span className="cg-badge">
      <i style={{ background: `var(--${color}-9)` }} />
      <span className="cg-tx">{labelOf(value)}</span>
    </span>
  );
}

function TagsCell({ value, data }) {
  if (!data) return <span className="cg-skel" />;
  return (
    <span className="cg-tags">
      {(value ?? []).map((one) => (
        <span key={one.id} className="tag" style={one.color ? { background: `var(--${one.color}-a3)` } : undefined}>
          {one.label}
        </span>
      ))}
    </span>
  );
}

function PeopleCell({ value, data }) {
  if (!data) return <span className="cg-skel" />;
  return <span className="cg-tx" title={(value ?? []).map(labelOf).join(", ")}>{(value ?? []).map(labelOf).join(", ")}</span>;
}

const MARKUP = { choice: ChoiceCell, option: ChoiceCell, tags: TagsCell, folders: TagsCell, customers: PeopleCell, choices: TagsCell, options: TagsCell };

export function rendererOf(column) {
  if (column.title) return NameCell;
  return MARKUP[column.cell];
}

/** The text of a value, as the reader writes numbers, dates and money. */
export function textOf(column, value, language, currency) {
  if (value === null || value === undefined) return "";
  // Just typed, not yet read by the server: shown as typed.
  if (isNumeric(column) && typeof value === "string") return value;
  switch (column.cell) {
    case "money":
      return money(language, value, currency);
    case "number":
      return num(language, value);
    case "percent":
      return `${num(language, value)} %`;
    case "date":
      return day(language, value);
    case "moment":
      return moment(language, value);
    case "boolean":
      return tr(language, value ? "list.yes" : "list.no");
    case "country":
      return labelOf(value) || nameOf(language, "region", value);
    default:
      return Array.isArray(value) ? value.map(labelOf).join(", ") : String(labelOf(value));
  }
}

export const isNumeric = (column) => ["money", "number", "percent"].includes(column.cell);

/** How long ago, for the hint of a moment. */
export const hintOf = (column, value, language) => (column.cell === "moment" ? ago(language, value) : undefined);

/** The box that selects everything the list finds, far rows included. */
export function SelectAllHeader({ context }) {
  const [, redraw] = useState(0);
  const box = useRef(null);
  useEffect(() => context.subscribe(() => redraw((n) => n + 1)), []);
  const { mode, ids, except } = context.selection.current;
  const all = mode === "all" && except.size === 0;
  const some = mode === "all" ? except.size > 0 : ids.size > 0;
  useEffect(() => {
    if (box.current) box.current.indeterminate = some;
  }, [some]);
  return (
    <input
      ref={box}
      type="checkbox"
      className="cg-all"
      aria-label={context.words.selectAll}
      checked={all}
      onChange={(event) => context.selectAll(event.target.checked)}
    />
  );
}
