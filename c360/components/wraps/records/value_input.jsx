// What a person fills in for a test: text, numbers, days, spans of time, choices, records.
import { useEffect, useState } from "react";
import { tr, useLanguage } from "../i18n/i18n.js";
import { optionsById, optionsOf } from "./api.js";
import { asList } from "./criteria.js";

const SPANS = [
  "today",
  "yesterday",
  "this_week",
  "last_week",
  "this_month",
  "last_month",
  "next_month",
  "this_quarter",
  "last_quarter",
  "this_year",
  "last_year",
];
const COUNTED = ["last_days", "next_days", "older_days"];
const MANY = 12;
const RELATIVE_DAY = /^today([+-]\d+)?$/;

const useWord = () => {
  const language = useLanguage();
  return (key, params) => tr(language, `list.${key}`, params);
};

function Span({ value, onChange, label }) {
  const word = useWord();
  const [name, count] = String(value || "this_month").split(":");
  return (
    <span className="row">
      <select
        className="inp"
        aria-label={label}
        value={name}
        onChange={({ target }) => onChange(COUNTED.includes(target.value) ? `${target.value}:${count ?? 30}` : target.value)}
      >
        {[...SPANS, ...COUNTED].map((one) => (
          <option key={one} value={one}>
            {word(`span.${one}`)}
          </option>
        ))}
      </select>
      {COUNTED.includes(name) && (
        <input
          className="inp short"
          type="number"
          min="1"
          aria-label={word("days")}
          value={count ?? 30}
          onChange={({ target }) => onChange(`${name}:${target.value || 1}`)}
        />
      )}
    </span>
  );
}

function Day({ value, onChange, label }) {
  const word = useWord();
  const moving = RELATIVE_DAY.test(value ?? "");
  const days = moving ? Number(String(value).slice(5) || 0) : 0;
  return (
    <span className="row">
      <select
        className="inp"
        aria-label={word("day_kind")}
        value={moving ? (days === 0 ? "today" : days < 0 ? "ago" : "ahead") : "fixed"}
        onChange={({ target }) => onChange({ fixed: "", today: "today", ago: "today-30", ahead: "today+30" }[target.value])}
      >
        {["fixed", "today", "ago", "ahead"].map((one) => (
          <option key={one} value={one}>
            {word(`day.${one}`)}
          </option>
        ))}
      </select>
      {!moving && (
        <input className="inp" type="date" aria-label={label} value={value ?? ""} onChange={({ target }) => onChange(target.value)} />
      )}
      {moving && days !== 0 && (
        <input
          className="inp short"
          type="number"
          min="1"
          aria-label={word("days")}
          value={Math.abs(days)}
          onChange={({ target }) => onChange(`today${days < 0 ? "-" : "+"}${Math.abs(Number(target.value)) || 1}`)}
        />
      )}
    </span>
  );
}

function Checks({ options, value, onChange, label, single, onSearch }) {
  const word = useWord();
  const [text, setText] = useState("");
  const chosen = asList(value);
  const fits = (option) => onSearch || option.label.toLowerCase().includes(text.toLowerCase());
  const toggle = (id) => {
    if (single) onChange(id);
    else onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  };
  return (
    <div className="checks" role="group" aria-label={label}>
      {(onSearch || options.length > MANY) && (
        <input
          className="inp"
          type="search"
          placeholder={word("find_value")}
          aria-label={word("find_value")}
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            onSearch?.(target.value);
          }}
        />
      )}
      <div className="checks-list">
        {options.filter(fits).map((option) => (
          <label key={option.id} className="lst">
            <input type={single ? "radio" : "checkbox"} checked={chosen.includes(option.id)} onChange={() => toggle(option.id)} />
            <span className={option.color ? "dot trunc" : "trunc"} style={option.color ? { "--d": `var(--${option.color}-9)` } : undefined}>
              {option.label}
            </span>
          </label>
        ))}
        {options.filter(fits).length === 0 && <div className="pk-st">{word("no_value")}</div>}
      </div>
    </div>
  );
}

function Records({ target, value, onChange, label, single }) {
  const word = useWord();
  const [found, setFound] = useState([]);
  const mine = target === "user" ? ["@me", "@team"].map((id) => ({ id, label: word(id === "@me" ? "me" : "my_team") })) : [];
  const asOptions = (items) => items.map((item) => ({ id: item.value, label: item.label, color: item.color }));
  const search = (text) => optionsOf(target, text).then((items) => setFound(asOptions(items)));
  useEffect(() => {
    Promise.all([optionsById(target, asList(value)), optionsOf(target, "")]).then(([chosen, first]) => {
      const all = asOptions([...chosen.filter((one) => !one.value.startsWith("@")), ...first]);
      setFound(all.filter((one, at) => all.findIndex((other) => other.id === one.id) === at));
    });
  }, [target]);
  return <Checks options={[...mine, ...found]} value={value} onChange={onChange} label={label} single={single} onSearch={search} />;
}

function Two({ value, onChange, kind, label, word }) {
  const [first, second] = asList(value);
  const type = kind === "two_days" ? "date" : "text";
  return (
    <span className="row">
      <input
        className="inp"
        type={type}
        inputMode="decimal"
        aria-label={`${label}, ${word("from")}`}
        placeholder={word("from")}
        value={first ?? ""}
        onChange={({ target }) => onChange([target.value, second ?? ""])}
      />
      <input
        className="inp"
        type={type}
        inputMode="decimal"
        aria-label={`${label}, ${word("to")}`}
        placeholder={word("to")}
        value={second ?? ""}
        onChange={({ target }) => onChange([first ?? "", target.value])}
      />
    </span>
  );
}

const LINKED = ["reference", "tags", "folders", "customers"];

/** The control for the values of one test. */
export function ValueInput({ column, takes, value, onChange, label, autoFocus }) {
  const word = useWord();
  if (takes === "nothing") return null;
  if (takes === "span") return <Span value={asList(value)[0]} onChange={onChange} label={label} />;
  if (takes === "day") return <Day value={asList(value)[0]} onChange={onChange} label={label} />;
  if (takes === "two" || takes === "two_days") return <Two value={value} onChange={onChange} kind={takes} label={label} word={word} />;
  const single = takes === "value";
  const target = LINKED.includes(column.kind) ? column.target : "";
  if (takes !== "text" && column.options.length)
    return <Checks options={column.options} value={value} onChange={onChange} label={label} single={single} />;
  if (takes !== "text" && target) return <Records target={target} value={value} onChange={onChange} label={label} single={single} />;
  if (takes === "values")
    return (
      <textarea
        className="inp"
        rows="3"
        aria-label={label}
        placeholder={word("one_a_line")}
        defaultValue={asList(value).join("\n")}
        onChange={({ target: box }) => onChange(box.value.split(/[\n;,]/).map((one) => one.trim()).filter(Boolean))}
      />
    );
  return (
    <input
      className="inp"
      aria-label={label}
      placeholder={word("value")}
      autoFocus={autoFocus}
      value={asList(value)[0] ?? ""}
      onChange={({ target: box }) => onChange(box.value)}
    />
  );
}
