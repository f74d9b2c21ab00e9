// The bar's quick filters: a button for each chosen field, a chip for each test that is on.
import { useEffect, useState } from "react";
import { Popover } from "@radix-ui/themes";
import { tr, useLanguage } from "../i18n/i18n.js";
import { optionsById } from "./api.js";
import { Test } from "./builder.jsx";
import { asList, columnOf, firstOperator, isComplete, isGroup, isRelated, operatorOf, removeAt, replaceAt } from "./criteria.js";
import { Cross, Down } from "./icons.jsx";

const SHOWN = 2;

const useWord = () => {
  const language = useLanguage();
  return (key, params) => tr(language, `list.${key}`, params);
};

function useValueText(part, column) {
  const word = useWord();
  const [names, setNames] = useState({});
  const values = asList(part.value);
  const target = column && !column.options.length ? column.target : "";
  useEffect(() => {
    if (!target) return;
    optionsById(target, values).then((found) => setNames(Object.fromEntries(found.map((one) => [one.value, one.label]))));
  }, [target, values.join()]);
  const special = { "@me": word("me"), "@team": word("my_team") };
  const nameOf = (value) => {
    const option = column?.options.find((one) => one.id === value);
    const [span, count] = String(value).split(":");
    if (operatorOf(column, part.op)?.takes === "span") return count ? `${word(`span.${span}`)}: ${count}` : word(`span.${span}`);
    return option?.label ?? special[value] ?? names[value] ?? value;
  };
  const shown = values.slice(0, SHOWN).map(nameOf).join(", ");
  return values.length > SHOWN ? `${shown} +${values.length - SHOWN}` : shown;
}

function Chip({ part, columns, onChange, onRemove }) {
  const word = useWord();
  const column = columnOf(columns, part.field);
  const text = useValueText(part, column);
  const operator = operatorOf(column, part.op);
  const incomplete = !isComplete(part, columns);
  const label = column?.label ?? word("condition");
  return (
    <span className={incomplete ? "chip incomplete" : "chip"}>
      <Popover.Root>
        <Popover.Trigger>
          <button type="button" className="chip-main" aria-label={`${label} ${operator?.label ?? ""} ${text}`}>
            <span>{label}</span>
            <span>{operator?.label ?? "…"}</span>
            {text && <span className="trunc chip-value">{text}</span>}
          </button>
        </Popover.Trigger>
        <Popover.Content size="1" width="300px" aria-label={label} className="panel">
          <div className="pop">
            <div className="hd">{label}</div>
            <Test part={part} columns={columns} onChange={onChange} fixed />
          </div>
        </Popover.Content>
      </Popover.Root>
      <button type="button" aria-label={word("remove_filter", { name: label })} onClick={onRemove}>
        <Cross />
      </button>
    </span>
  );
}

function QuickButton({ column, columns, onAdd }) {
  const [part, setPart] = useState({ field: column.name, op: firstOperator(column), value: "" });
  const [open, setOpen] = useState(false);
  function toggle(next) {
    setOpen(next);
    if (!next && isComplete(part, columns)) onAdd(part);
    if (next) setPart({ field: column.name, op: firstOperator(column), value: "" });
  }
  return (
    <Popover.Root open={open} onOpenChange={toggle}>
      <Popover.Trigger>
        <button type="button" className="btn quick">
          <span>{column.label}</span>
          <Down />
        </button>
      </Popover.Trigger>
      <Popover.Content size="1" width="280px" aria-label={column.label} className="panel">
        <div className="pop">
          <div className="hd">{column.label}</div>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              toggle(false);
            }}
          >
            <Test part={part} columns={columns} onChange={setPart} fixed />
            <div className="row end">
              <Apply />
            </div>
          </form>
        </div>
      </Popover.Content>
    </Popover.Root>
  );
}

function Apply() {
  const word = useWord();
  return (
    <button type="submit" className="btn pri">
      {word("apply")}
    </button>
  );
}

/** Buttons of the chosen quick filters that are off, chips of the tests that are on. */
export function QuickFilters({ criteria, columns, quick, onChange, sentence }) {
  const word = useWord();
  const simple = criteria.join === "all";
  const parts = simple ? criteria.of : [];
  const put = (of) => onChange({ join: "all", of });
  const isOn = (name) => parts.some((part) => part.field === name);
  const rest = simple ? parts.filter((part) => isGroup(part) || isRelated(part)).length : criteria.of.length;
  return (
    <>
      {parts.map((part, at) =>
        isGroup(part) || isRelated(part) ? null : (
          <Chip
            key={at}
            part={part}
            columns={columns}
            onChange={(next) => put(replaceAt(parts, at, next))}
            onRemove={() => put(removeAt(parts, at))}
          />
        ),
      )}
      {rest > 0 && (
        <span className="chip" title={sentence}>
          <span>{word("advanced", { n: rest })}</span>
          <button
            type="button"
            aria-label={word("remove_filter", { name: word("advanced", { n: rest }) })}
            onClick={() => put(parts.filter((part) => !isGroup(part) && !isRelated(part)))}
          >
            <Cross />
          </button>
        </span>
      )}
      {simple &&
        quick
          .filter((name) => !isOn(name) && columnOf(columns, name))
          .map((name) => <QuickButton key={name} column={columnOf(columns, name)} columns={columns} onAdd={(part) => put([...parts, part])} />)}
    </>
  );
}
