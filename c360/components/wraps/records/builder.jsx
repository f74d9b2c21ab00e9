// The filter builder: groups of all, any or none, tests on own fields and on fields of related records.
import { tr, useLanguage } from "../i18n/i18n.js";
import { EMPTY, columnOf, firstOperator, isComplete, isGroup, isRelated, operatorOf, removeAt, replaceAt } from "./criteria.js";
import { Cross, Plus } from "./icons.jsx";
import { ValueInput } from "./value_input.jsx";

const JOINS = ["all", "any", "none"];
const QUANTITIES = ["some", "none", "at_least", "at_most"];
const DEEPEST = 5;
const FURTHEST = 3;

const useWord = () => {
  const language = useLanguage();
  return (key, params) => tr(language, `list.${key}`, params);
};

/** The columns one can test. */
export const testable = (columns) => columns.filter((one) => one.operators.length);

function FieldSelect({ columns, value, onChange, label, none }) {
  return (
    <select className="inp" aria-label={label} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{none}</option>
      {testable(columns).map((one) => (
        <option key={one.name} value={one.name}>
          {one.label}
        </option>
      ))}
    </select>
  );
}

/** A field, and for a reference a field of the record it leads to, step by step. */
function PathSelect({ columns, value, onChange, word }) {
  const steps = value ? value.split(".") : [];
  const levels = [{ columns, chosen: steps[0] ?? "", before: [] }];
  let here = columns;
  steps.slice(0, FURTHEST).forEach((step, at) => {
    const column = here.find((one) => one.name === step);
    if (!column?.hops?.length) return;
    here = column.hops;
    levels.push({ columns: here, chosen: steps[at + 1] ?? "", before: steps.slice(0, at + 1), of: column.label });
  });
  return levels.map(({ columns: offered, chosen, before, of }, at) => (
    <FieldSelect
      key={at}
      columns={offered}
      value={chosen}
      label={of ? word("field_of", { name: of }) : word("field")}
      none={of ? word("itself", { name: of }) : word("choose_field")}
      onChange={(name) => onChange([...before, name].filter(Boolean).join("."))}
    />
  ));
}

/** The control of one test is also the body of a quick filter. */
export function Test({ part, columns, onChange, onRemove, fixed = false }) {
  const word = useWord();
  const column = columnOf(columns, part.field);
  const operator = operatorOf(column, part.op);
  const incomplete = !isComplete(part, columns);
  const label = column ? `${column.label} ${operator?.label ?? ""}` : word("value");
  function field(name) {
    const next = columnOf(columns, name);
    onChange({ field: name, op: next ? firstOperator(next) : "", value: "" });
  }
  function operatorChanged(key) {
    const same = operatorOf(column, key)?.takes === operator?.takes;
    onChange({ ...part, op: key, value: same ? part.value : "" });
  }
  return (
    <div className={incomplete ? "test incomplete" : "test"}>
      <div className="test-head">
        {!fixed && <PathSelect columns={columns} value={part.field} onChange={field} word={word} />}
        {column && (
          <select className="inp" aria-label={word("operator")} value={part.op} onChange={({ target }) => operatorChanged(target.value)}>
            {column.operators.map((one) => (
              <option key={one.key} value={one.key}>
                {one.label}
              </option>
            ))}
          </select>
        )}
        {onRemove && (
          <button type="button" className="btn gh ic" aria-label={word("remove_condition")} onClick={onRemove}>
            <Cross />
          </button>
        )}
      </div>
      {column && operator && (
        <ValueInput
          key={`${part.field}|${operator.takes}`}
          column={column}
          takes={operator.takes}
          value={part.value}
          onChange={(value) => onChange({ ...part, value })}
          label={label}
          autoFocus={fixed}
        />
      )}
      {incomplete && <div className="hint warn-text">{word("incomplete")}</div>}
    </div>
  );
}

function RelatedTest({ part, relations, onChange, onRemove, depth }) {
  const word = useWord();
  const relation = relations.find((one) => one.entity === part.related && one.via === part.via);
  const counted = part.has === "at_least" || part.has === "at_most";
  return (
    <div className="test">
      <div className="test-head">
        <select className="inp" aria-label={word("quantity")} value={part.has} onChange={({ target }) => onChange({ ...part, has: target.value })}>
          {QUANTITIES.map((one) => (
            <option key={one} value={one}>
              {word(`has.${one}`)}
            </option>
          ))}
        </select>
        {counted && (
          <input
            className="inp short"
            type="number"
            min="0"
            aria-label={word("how_many")}
            value={part.n}
            onChange={({ target }) => onChange({ ...part, n: Number(target.value) || 0 })}
          />
        )}
        <select
          className="inp"
          aria-label={word("related_records")}
          value={`${part.related}.${part.via}`}
          onChange={({ target }) => {
            const [related, via] = target.value.split(".");
            onChange({ ...part, related, via, where: EMPTY });
          }}
        >
          {relations.map((one) => (
            <option key={`${one.entity}.${one.via}`} value={`${one.entity}.${one.via}`}>
              {one.label}
            </option>
          ))}
        </select>
        <button type="button" className="btn gh ic" aria-label={word("remove_condition")} onClick={onRemove}>
          <Cross />
        </button>
      </div>
      {relation && (
        <Group group={part.where ?? EMPTY} columns={relation.columns} relations={[]} depth={depth + 1} onChange={(where) => onChange({ ...part, where })} />
      )}
    </div>
  );
}

/** A group of tests joined by all, any or none. */
export function Group({ group, columns, relations, onChange, onRemove, depth = 0 }) {
  const word = useWord();
  const put = (of) => onChange({ ...group, of });
  const add = (part) => put([...group.of, part]);
  const first = relations[0];
  return (
    <fieldset className="group">
      <legend className="sr">{word("group")}</legend>
      <div className="row">
        <span className="mut">{word("join.before")}</span>
        <select className="inp join" aria-label={word("join")} value={group.join} onChange={({ target }) => onChange({ ...group, join: target.value })}>
          {JOINS.map((one) => (
            <option key={one} value={one}>
              {word(`join.${one}`)}
            </option>
          ))}
        </select>
        <span className="mut grow">{word("join.after")}</span>
        {onRemove && (
          <button type="button" className="btn gh ic" aria-label={word("remove_group")} onClick={onRemove}>
            <Cross />
          </button>
        )}
      </div>
      {group.of.map((part, at) => {
        const change = (next) => put(replaceAt(group.of, at, next));
        const remove = () => put(removeAt(group.of, at));
        const shared = { onChange: change, onRemove: remove };
        if (isGroup(part)) return <Group key={at} group={part} columns={columns} relations={relations} depth={depth + 1} {...shared} />;
        if (isRelated(part)) return <RelatedTest key={at} part={part} relations={relations} depth={depth} {...shared} />;
        return <Test key={at} part={part} columns={columns} {...shared} />;
      })}
      <div className="row wrap">
        <button type="button" className="btn gh" onClick={() => add({ field: "", op: "", value: "" })}>
          <Plus /> {word("add_condition")}
        </button>
        {depth < DEEPEST - 1 && (
          <button type="button" className="btn gh" onClick={() => add({ join: "any", of: [{ field: "", op: "", value: "" }] })}>
            <Plus /> {word("add_group")}
          </button>
        )}
        {first && (
          <button
            type="button"
            className="btn gh"
            onClick={() => add({ related: first.entity, via: first.via, has: "some", n: 1, where: EMPTY })}
          >
            <Plus /> {word("add_related")}
          </button>
        )}
      </div>
    </fieldset>
  );
}
