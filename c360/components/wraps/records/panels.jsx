// The panels that open from the bar: columns, sort, display, and the full filter.
import { useEffect, useState } from "react";
import { Popover } from "@radix-ui/themes";
import { tr, useLanguage } from "../i18n/i18n.js";
import { sentenceOf, told } from "./api.js";
import { Group, testable } from "./builder.jsx";
import { runnable, sizeOf } from "./criteria.js";
import { Columns, Cross, Down, Filter, Pin, Plus, Rows, Sort, Up } from "./icons.jsx";

const SENTENCE_DELAY_MS = 250;

const useWord = () => {
  const language = useLanguage();
  return (key, params) => tr(language, `list.${key}`, params);
};

/** A button with a panel under it. */
export function Panel({ label, icon, on, count, width = "300px", children, className = "", open, onOpenChange }) {
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger>
        <button type="button" className={`btn ${on ? "on" : ""} ${className}`}>
          {icon}
          <span>{label}</span>
          {count > 0 && <span className="cnt num">{count}</span>}
        </button>
      </Popover.Trigger>
      <Popover.Content size="1" width={width} maxWidth="calc(100vw - 24px)" aria-label={label} className="panel">
        {children}
      </Popover.Content>
    </Popover.Root>
  );
}

/** The sentence a filter says, told by the server. */
export function useSentence(entity, criteria, columns, language) {
  const [sentence, setSentence] = useState("");
  const asked = JSON.stringify(runnable(criteria, columns));
  useEffect(() => {
    if (sizeOf(JSON.parse(asked)) === 0) {
      setSentence("");
      return undefined;
    }
    const timer = setTimeout(() => {
      sentenceOf(entity, JSON.parse(asked), language).then(
        (said) => setSentence(said.sentence),
        (error) => setSentence(told(language, error)),
      );
    }, SENTENCE_DELAY_MS);
    return () => clearTimeout(timer);
  }, [asked, entity, language]);
  return sentence;
}

export function FilterPanel({ entity, criteria, columns, relations, quick, onChange, onQuick }) {
  const word = useWord();
  const language = useLanguage();
  const fields = testable(columns);
  const sentence = useSentence(entity, criteria, fields, language);
  const toggle = (name) => onQuick(quick.includes(name) ? quick.filter((one) => one !== name) : [...quick, name]);
  return (
    <Panel label={word("filter")} icon={<Filter />} on={sizeOf(criteria) > 0} count={sizeOf(criteria)} width="560px">
      <div className="pop">
        <div className="hd">
          {word("filter_title")}
          <button type="button" className="btn gh" onClick={() => onChange({ join: "all", of: [] })} disabled={criteria.of.length === 0}>
            {word("clear_all")}
          </button>
        </div>
        <div className="scroller">
          <Group group={criteria} columns={fields} relations={relations} onChange={onChange} />
        </div>
        {sentence && (
          <p className="sentence" role="status">
            {sentence}
          </p>
        )}
        <details className="more">
          <summary>{word("quick_choose")}</summary>
          <div className="checks-list two">
            {columns
              .filter((one) => one.operators.length)
              .map((one) => (
                <label key={one.name} className="lst">
                  <input type="checkbox" checked={quick.includes(one.name)} onChange={() => toggle(one.name)} />
                  <span className="trunc">{one.label}</span>
                </label>
              ))}
          </div>
        </details>
      </div>
    </Panel>
  );
}

export function ColumnsPanel({ columns, layout, onChange }) {
  const word = useWord();
  const [text, setText] = useState("");
  const chosen = layout.map((one) => ({ ...one, column: columns.find((column) => column.name === one.id) })).filter((one) => one.column);
  const others = columns.filter((column) => !layout.some((one) => one.id === column.name));
  const fits = (column) => column.label.toLowerCase().includes(text.toLowerCase());
  const put = (next) => onChange(next.map(({ id, width, pinned }) => ({ id, width, pinned })));
  function move(at, by) {
    const next = [...chosen];
    const [one] = next.splice(at, 1);
    next.splice(at + by, 0, one);
    put(next);
  }
  const pin = (at) => put(chosen.map((one, index) => (index === at ? { ...one, pinned: one.pinned ? null : "left" } : one)));
  return (
    <Panel label={word("columns")} icon={<Columns />} width="320px">
      <div className="pop">
        <div className="hd">
          {word("columns")}
          <button type="button" className="btn gh" onClick={() => onChange(null)}>
            {word("reset")}
          </button>
        </div>
        <div className="scroller">
          <ul className="plain" aria-label={word("columns_shown")}>
            {chosen.map((one, at) => (
              <li key={one.id} className="lst">
                <input
                  type="checkbox"
                  checked
                  disabled={one.column.title}
                  aria-label={word("hide_column", { name: one.column.label })}
                  onChange={() => put(chosen.filter((other) => other.id !== one.id))}
                />
                <span className="grow trunc">{one.column.label}</span>
                <button type="button" className="btn gh ic s" aria-label={word("move_up", { name: one.column.label })} disabled={at === 0} onClick={() => move(at, -1)}>
                  <Up />
                </button>
                <button
                  type="button"
                  className="btn gh ic s"
                  aria-label={word("move_down", { name: one.column.label })}
                  disabled={at === chosen.length - 1}
                  onClick={() => move(at, 1)}
                >
                  <Down />
                </button>
                <button
                  type="button"
                  className={one.pinned ? "btn gh ic s on" : "btn gh ic s"}
                  aria-label={word("pin", { name: one.column.label })}
                  aria-pressed={Boolean(one.pinned)}
                  onClick={() => pin(at)}
                >
                  <Pin />
                </button>
              </li>
            ))}
          </ul>
          <input
            className="inp"
            type="search"
            placeholder={word("find_column")}
            aria-label={word("find_column")}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          <ul className="plain" aria-label={word("columns_hidden")}>
            {others.filter(fits).map((column) => (
              <li key={column.name}>
                <label className="lst">
                  <input type="checkbox" checked={false} onChange={() => put([...chosen, { id: column.name, pinned: null }])} />
                  <span className="grow trunc">{column.label}</span>
                </label>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Panel>
  );
}

export function SortPanel({ columns, sort, onChange }) {
  const word = useWord();
  const sortable = columns.filter((one) => one.sortable);
  const nameOf = (key) => key.replace(/^-/, "");
  const put = (at, key) => onChange(sort.map((one, index) => (index === at ? key : one)));
  const free = sortable.find((one) => !sort.some((key) => nameOf(key) === one.name));
  return (
    <Panel label={word("sort")} icon={<Sort />} on={sort.length > 0} count={sort.length} width="360px" className="hide-s">
      <div className="pop col gap8">
        <div className="hd">{word("sort_title")}</div>
        {sort.map((key, at) => (
          <div key={at} className="row">
            <select
              className="inp"
              aria-label={word("field")}
              value={nameOf(key)}
              onChange={({ target }) => put(at, key.startsWith("-") ? `-${target.value}` : target.value)}
            >
              {sortable.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.label}
                </option>
              ))}
            </select>
            <select
              className="inp"
              aria-label={word("direction")}
              value={key.startsWith("-") ? "-" : ""}
              onChange={({ target }) => put(at, target.value + nameOf(key))}
            >
              <option value="">{word("ascending")}</option>
              <option value="-">{word("descending")}</option>
            </select>
            <button type="button" className="btn gh ic" aria-label={word("remove_sort")} onClick={() => onChange(sort.filter((_, index) => index !== at))}>
              <Cross />
            </button>
          </div>
        ))}
        {free && sort.length < 5 && (
          <button type="button" className="btn gh" onClick={() => onChange([...sort, free.name])}>
            <Plus /> {word("add_sort")}
          </button>
        )}
      </div>
    </Panel>
  );
}

export function DisplayPanel({ state, onChange }) {
  const word = useWord();
  const option = (name, value, text, current) => (
    <label className="lst" key={String(value)}>
      <input type="radio" name={name} checked={current === value} onChange={() => onChange({ [name]: value })} />
      <span>{text}</span>
    </label>
  );
  return (
    <Panel label={word("display")} icon={<Rows />} width="240px" className="hide-s">
      <div className="pop">
        <div className="hd">{word("density")}</div>
        {["normal", "compact"].map((one) => option("density", one, word(`density.${one}`), state.density))}
        <div className="hd">{word("rows_block")}</div>
        {[25, 50, 100].map((one) => option("rows", one, word("rows_n", { n: one }), state.rows))}
        <div className="hd">{word("inactive_title")}</div>
        <label className="lst">
          <input type="checkbox" checked={state.include_inactive} onChange={({ target }) => onChange({ include_inactive: target.checked })} />
          <span>{word("inactive")}</span>
        </label>
      </div>
    </Panel>
  );
}
