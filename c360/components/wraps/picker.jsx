// Picker: one combobox for select with search, search on the server, several values as chips, and making new ones.
import { useEffect, useMemo, useRef, useState } from "react";
import { Combobox } from "@base-ui/react/combobox";
import { tr, useLanguage } from "../i18n/i18n.js";

const SEARCH_DELAY_MS = 180;

const Cross = () => (
  <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden>
    <path d="M2 2l6 6M8 2l-6 6" stroke="currentColor" strokeWidth="1.4" />
  </svg>
);

async function fetched(url, text) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    credentials: "include",
    body: JSON.stringify({ q: text }),
  });
  const { hits = [] } = answer.ok ? await answer.json() : {};
  return hits.map(({ id, label, hint, color }) => ({ value: id, label, sub: hint, color }));
}

const asList = (value, multiple) => (multiple ? (value ?? []) : value ? [value] : []);

export function Picker(props) {
  const { inputId, name, label, value, multiple = false, creatable = false, remote = false, busy = false } = props;
  const { items: given = [], invalid = false, disabled = false, describedBy, placeholder = "", searchUrl } = props;
  const { onValueChange, onSearch } = props;
  const language = useLanguage();
  const [text, setText] = useState("");
  const [found, setFound] = useState(null);
  const [waiting, setWaiting] = useState(false);
  const [kept, setKept] = useState(value);
  const box = useRef(null);
  const timer = useRef(0);
  const known = useRef(new Map());
  // Without a handler the picker keeps its own value: a plain form field.
  const controlled = onValueChange !== undefined;
  const version = JSON.stringify(value ?? null);
  useEffect(() => setKept(value), [version]);
  const values = asList(controlled ? value : kept, multiple);
  const fromServer = remote || Boolean(searchUrl);
  const items = searchUrl && found ? found : given;
  [...given, ...(found ?? [])].forEach((item) => known.current.set(item.value, item));
  const toItem = (one) => known.current.get(one) ?? { value: one, label: one };

  const list = useMemo(() => {
    const typed = text.trim();
    const exists = items.some((item) => item.label.toLowerCase() === typed.toLowerCase());
    return creatable && typed && !exists ? [...items, { value: typed, label: typed, create: true }] : items;
  }, [items, text, creatable]);

  async function search(typed) {
    setWaiting(true);
    const answer = await fetched(searchUrl, typed);
    setFound(answer);
    setWaiting(false);
  }

  function typed(next, details) {
    setText(next);
    if (!fromServer || details.reason !== "input-change") return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => (searchUrl ? search(next) : onSearch?.(next)), SEARCH_DELAY_MS);
  }

  function changed(next, details) {
    if (details?.reason === "escape-key") {
      details.cancel?.();
      return;
    }
    const ids = multiple ? next.map((item) => item.value) : next ? [next.value] : [];
    setKept(multiple ? ids : (ids[0] ?? ""));
    onValueChange?.(ids);
    if (multiple) setText("");
  }

  const chosen = multiple ? values.map(toItem) : values[0] ? toItem(values[0]) : null;
  const isBusy = busy || waiting;
  return (
    <Combobox.Root
      items={list}
      multiple={multiple}
      disabled={disabled}
      value={chosen}
      isItemEqualToValue={(a, b) => a?.value === b?.value}
      itemToStringLabel={(item) => item?.label ?? ""}
      itemToStringValue={(item) => item?.value ?? ""}
      filter={fromServer ? null : undefined}
      autoHighlight
      onValueChange={changed}
      inputValue={multiple ? text : undefined}
      onInputValueChange={typed}
      onOpenChange={(open) => open && searchUrl && !found && search("")}
    >
      {name && values.map((one) => <input key={one} type="hidden" name={name} value={one} />)}
      {name && values.length === 0 && <input type="hidden" name={name} value="" />}
      <Combobox.InputGroup className="pk" ref={box}>
        {multiple && (
          <Combobox.Chips style={{ display: "contents" }}>
            <Combobox.Value>
              {(all) =>
                all.map((item) => (
                  <Combobox.Chip key={item.value} className="pk-chip" aria-label={item.label}>
                    {item.label}
                    <Combobox.ChipRemove aria-label={tr(language, "picker.remove", { label: item.label })}>
                      <Cross />
                    </Combobox.ChipRemove>
                  </Combobox.Chip>
                ))
              }
            </Combobox.Value>
          </Combobox.Chips>
        )}
        <Combobox.Input
          id={inputId}
          aria-label={label}
          aria-invalid={invalid || undefined}
          aria-describedby={describedBy}
          placeholder={values.length && multiple ? "" : placeholder}
        />
        {!multiple && values.length > 0 && !disabled && (
          <Combobox.Clear className="pk-clear" aria-label={tr(language, "picker.clear")}>
            <Cross />
          </Combobox.Clear>
        )}
      </Combobox.InputGroup>
      <Combobox.Portal>
        <Combobox.Positioner anchor={box} sideOffset={4} style={{ zIndex: 70 }}>
          <Combobox.Popup className="pk-pop">
            <Combobox.Status className={isBusy ? "pk-st" : "sr"}>
              {isBusy ? tr(language, "picker.searching") : ""}
            </Combobox.Status>
            {!isBusy && (
              <Combobox.Empty>
                {list.length === 0 ? <div className="pk-st">{tr(language, "picker.none")}</div> : null}
              </Combobox.Empty>
            )}
            <Combobox.List>
              {(item) => (
                <Combobox.Item key={item.value} value={item} className="pk-it">
                  <span className="ck">
                    <Combobox.ItemIndicator>✓</Combobox.ItemIndicator>
                  </span>
                  {item.color && <span className="dot" style={{ "--d": `var(--${item.color}-9)` }} />}
                  <span className="trunc">
                    {item.create ? tr(language, "picker.create", { label: item.label }) : item.label}
                  </span>
                  {item.sub && <small>{item.sub}</small>}
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}
