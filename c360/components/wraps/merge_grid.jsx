// The fields of a merge as an ARIA grid: a column a record, a row a field, the outcome last. Arrows move, Enter or a
// digit picks, "s" makes the column's record the master; what is picked is the server's to know.
import { useEffect, useRef, useState } from "react";
import { tr, useLanguage } from "../i18n/i18n.js";

const GROUPS = ["conflict", "filled", "equal"];
const LINES = { textarea: 4 };
const TYPES = { date: "date", number: "number", decimal: "text", email: "email", tel: "tel", url: "url" };
const OF = "of:";
const BY = "by:";
const TYPED = "typed:";
const FORMATTED = ["number", "decimal", "percent", "money", "date", "options"];
const FACE = { "--s": "22px" };

/** What comes of a field: the value of a record, of a strategy, or what was typed. */
function resultOf(field, pick, records) {
  if (pick.startsWith(OF)) return field.cells[records.findIndex((one) => OF + one.id === pick)] ?? "";
  if (pick.startsWith(BY)) return field.results[pick.slice(BY.length)] ?? "";
  const typed = pick.slice(TYPED.length);
  return field.options.find((one) => one.value === typed)?.label ?? typed;
}

/** What an editor begins with: the option a result names, else its text; nothing where that is not what one types. */
const initial = (field, result) => field.options.find((one) => one.label === result)?.value ?? (FORMATTED.includes(field.editor) ? "" : result);

function Editor({ field, value, label, onDone }) {
  const [text, setText] = useState(value);
  const shut = useRef(false);
  const end = (kept) => {
    if (shut.current) return;
    shut.current = true;
    onDone(kept === value ? null : kept);
  };
  const shared = { className: "inp", "aria-label": label, autoFocus: true, value: text, onBlur: () => end(text) };
  const keys = (event) => {
    if (event.key === "Escape") end(value);
    else if (event.key === "Enter" && (field.editor !== "textarea" || event.ctrlKey)) end(text);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  if (field.editor === "options") {
    return (
      <select {...shared} onKeyDown={keys} onChange={({ target }) => end(target.value)}>
        <option value="">–</option>
        {field.options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    );
  }
  const Tag = field.editor === "textarea" ? "textarea" : "input";
  return <Tag {...shared} type={Tag === "input" ? TYPES[field.editor] ?? "text" : undefined} rows={LINES[field.editor]} onKeyDown={keys} onChange={({ target }) => setText(target.value)} />;
}

export function MergeGrid(props) {
  const { records = [], survivor = "", fields = [], picks = {}, onPick, onColumn, onSurvivor } = props;
  const language = useLanguage();
  const word = (key, params) => tr(language, `wizard.${key}`, params);
  const [open, setOpen] = useState({ conflict: true, filled: false, equal: false });
  const [at, setAt] = useState({ row: "master", column: 1 });
  const [editing, setEditing] = useState("");
  const [touched, setTouched] = useState("");
  const table = useRef(null);
  const how = records.length + 1;
  const last = how + 1;
  const grouped = GROUPS.map((group) => [group, fields.filter((field) => field.group === group)]).filter(([, found]) => found.length);
  const rows = ["master", "all", ...grouped.flatMap(([group, found]) => [`group ${group}`, ...(open[group] ? found.map((field) => field.name) : [])])];
  const byName = Object.fromEntries(fields.map((field) => [field.name, field]));
  const first = byName[rows[3]]?.name ?? "master";

  useEffect(() => {
    setAt({ row: first, column: 1 });
    const held = document.activeElement;
    // Who comes here by key goes on by key.
    if (held === document.body || held?.contains(table.current)) cellOf(first, 1)?.focus();
  }, [first]);

  function cellOf(row, column) {
    const found = [...table.current.querySelectorAll("[data-row]")].filter((cell) => cell.dataset.row === row);
    return found.find((cell) => Number(cell.dataset.column) === column) ?? found[0];
  }

  function go(row, column) {
    setAt({ row, column });
    const cell = cellOf(row, column);
    cell?.focus();
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function act(row, column) {
    const record = records[column - 1];
    if (row.startsWith("group ")) setOpen((now) => ({ ...now, [row.slice(6)]: !now[row.slice(6)] }));
    else if (row === "master") record && onSurvivor(record.id);
    else if (row === "all") record && onColumn(record.id);
    else {
      const field = byName[row];
      setTouched(row);
      if (field.locked) return;
      if (record) onPick(row, OF + record.id);
      else if (column === how) cellOf(row, how).querySelector("select")?.focus();
      else if (column === last && field.editor) setEditing(row);
    }
  }

  function keys(event) {
    const cell = event.target.closest("[data-row]");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target !== cell) {
      if (event.key === "Escape") (event.preventDefault(), cell.focus());
      return;
    }
    const { row } = cell.dataset;
    const place = rows.indexOf(row);
    const step = (by) => rows[Math.min(Math.max(place + by, 0), rows.length - 1)];
    const moves = {
      ArrowUp: () => go(step(-1), at.column),
      ArrowDown: () => go(step(1), at.column),
      ArrowLeft: () => go(row, Math.max(at.column - 1, 1)),
      ArrowRight: () => go(row, Math.min(at.column + 1, row === "master" || row === "all" ? records.length : last)),
      Home: () => go(row, 1),
      End: () => go(row, row === "master" || row === "all" ? records.length : last),
      PageUp: () => go(rows[0], at.column),
      PageDown: () => go(rows.at(-1), at.column),
      Enter: () => act(row, at.column),
      " ": () => act(row, at.column),
      F2: () => act(row, last),
      s: () => records[at.column - 1] && onSurvivor(records[at.column - 1].id),
    };
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
    const does = digit && digit <= records.length && !row.startsWith("group ") ? () => act(row, digit) : moves[event.key] ?? moves[event.key.toLowerCase()];
    if (!does) return;
    event.preventDefault();
    does();
  }

  const cell = (row, column) => ({
    role: "gridcell",
    "data-row": row,
    "data-column": column,
    tabIndex: at.row === row && (at.column === column || row.startsWith("group ")) ? 0 : -1,
    onFocus: ({ target, currentTarget }) => target === currentTarget && setAt({ row, column }),
  });
  const choice = (row, column, chosen, label) => ({
    ...cell(row, column),
    "aria-selected": chosen,
    "aria-label": label,
    className: chosen ? "mg-cell on" : "mg-cell",
    onClick: () => act(row, column),
  });

  function done(field, kept) {
    setEditing("");
    if (kept !== null) onPick(field.name, TYPED + kept);
    setTimeout(() => cellOf(field.name, last)?.focus());
  }

  function line(field) {
    const pick = picks[field.name] ?? "";
    const result = field.locked || resultOf(field, pick, records);
    const strategies = Object.keys(field.results);
    return (
      <tr key={field.name} role="row">
        <th scope="row" role="rowheader">
          {field.label}
          <span className="sr">
            , {word(`group.${field.group}`)}, {word("result")}: {result || word("empty")}
          </span>
        </th>
        {records.map((record, index) => {
          const text = field.cells[index];
          const chosen = pick === OF + record.id && !field.locked;
          return (
            <td key={record.id} {...choice(field.name, index + 1, chosen, `${field.label}, ${record.name}: ${text || word("empty")}`)} aria-disabled={field.locked ? true : undefined}>
              <span className="mg-in">
                {!field.locked && <i className="mg-dot" aria-hidden />}
                {text ? <span className="mg-text">{text}</span> : <span className="dim">–</span>}
              </span>
            </td>
          );
        })}
        <td {...cell(field.name, how)} className="mg-how" aria-label={`${field.label}: ${word("how")}`}>
          {strategies.length > 0 && !field.locked && (
            <select
              className="inp"
              tabIndex={-1}
              value={pick.startsWith(BY) ? pick : ""}
              aria-label={`${field.label}: ${word("how")}`}
              onChange={({ target }) => (setTouched(field.name), target.value && onPick(field.name, target.value))}
            >
              <option value="">{word(pick.startsWith(TYPED) ? "how.typed" : "how.picked")}</option>
              {strategies.map((one) => (
                <option key={one} value={BY + one}>
                  {word(`how.${one}`)}
                </option>
              ))}
            </select>
          )}
        </td>
        <td
          {...cell(field.name, last)}
          className={pick.startsWith(TYPED) ? "mg-result typed" : "mg-result"}
          aria-label={`${field.label}, ${word("result")}: ${result || word("empty")}`}
          onClick={() => editing !== field.name && act(field.name, last)}
        >
          {editing === field.name ? (
            <Editor field={field} value={initial(field, result)} label={`${field.label}: ${word("result")}`} onDone={(kept) => done(field, kept)} />
          ) : (
            <span className={field.locked ? "mg-why" : "mg-text"}>{result || <span className="dim">–</span>}</span>
          )}
        </td>
      </tr>
    );
  }

  const told = byName[touched];
  const said = told ? `${told.label}: ${resultOf(told, picks[touched] ?? "", records) || word("empty")}` : "";
  return (
    <div className="mg">
      <p className="sr" role="status">
        {said}
      </p>
      <div className="mg-scroll">
        <table ref={table} role="grid" aria-label={word("grid")} onKeyDown={keys} style={{ "--n": records.length }}>
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">
                {word("field")}
              </th>
              {records.map((record, index) => (
                <th key={record.id} scope="col" role="columnheader">
                  <span className="mg-head">
                    <kbd className="kbd" aria-hidden>
                      {index + 1}
                    </kbd>
                    <span className={record.square ? "av sq" : "av"} style={{ ...FACE, "--b": `var(--${record.hue}-4)`, "--f": `var(--${record.hue}-12)` }} aria-hidden>
                      {record.initials}
                    </span>
                    <span className="mg-name">{record.name}</span>
                  </span>
                </th>
              ))}
              <th scope="col" role="columnheader">
                {word("how")}
              </th>
              <th scope="col" role="columnheader">
                {word("result")}
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            <tr role="row" className="mg-top">
              <th scope="row" role="rowheader">
                {word("master")}
              </th>
              {records.map((record, index) => (
                <td key={record.id} {...choice("master", index + 1, record.id === survivor, word("make_master", { name: record.name }))}>
                  <span className="mg-in">
                    <i className="mg-dot" aria-hidden />
                    {record.id === survivor ? word("master") : ""}
                  </span>
                </td>
              ))}
              <td role="gridcell" colSpan={2} />
            </tr>
            <tr role="row" className="mg-top">
              <th scope="row" role="rowheader">
                {word("all")}
              </th>
              {records.map((record, index) => (
                <td key={record.id} {...cell("all", index + 1)} className="mg-cell" aria-label={word("take_all", { name: record.name })} onClick={() => act("all", index + 1)}>
                  <span className="mg-take">{word("take")}</span>
                </td>
              ))}
              <td role="gridcell" colSpan={2} />
            </tr>
          </tbody>
          {grouped.map(([group, found]) => (
            <tbody key={group} role="rowgroup">
              <tr role="row" className="mg-group">
                <td {...cell(`group ${group}`, 1)} colSpan={last + 1} aria-expanded={open[group]} onClick={() => act(`group ${group}`, 1)}>
                  <span className="mg-fold" aria-hidden>
                    {open[group] ? "▾" : "▸"}
                  </span>
                  {word(`count.${group}`, { n: found.length })}
                </td>
              </tr>
              {open[group] && found.map(line)}
            </tbody>
          ))}
        </table>
      </div>
    </div>
  );
}
