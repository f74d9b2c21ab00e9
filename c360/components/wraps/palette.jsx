// Command palette (Ctrl/Cmd+K): records found on the server, views and actions, the recent ones first.
import { useEffect, useRef, useState } from "react";
import { Command } from "cmdk";
import { useNavigate } from "react-router";
import env from "$/env.json";
import { getBackendURL } from "$/utils/state";
import { tr, useLanguage } from "../i18n/i18n.js";

const SEARCH_DELAY_MS = 120;
const RECENT_KEY = "c360.recent";
const RECENT_MAX = 6;
const HUES = ["indigo", "teal", "orange", "plum", "grass", "ruby", "cyan", "amber"];

const hueOf = (text) => HUES[[...String(text)].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) >>> 0, 0) % HUES.length];
function initials(text) {
  const words = String(text ?? "").split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const ends = [...new Set([words[0] ?? "?", words.at(-1) ?? "?"])];
  return ends.map((word) => [...word][0]).join("").toUpperCase();
}

function readRecent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT_KEY)) ?? [];
  } catch {
    return []; // a broken entry is no reason not to open
  }
}

function remember(item) {
  const kept = [item, ...readRecent().filter((one) => one.href !== item.href)].slice(0, RECENT_MAX);
  localStorage.setItem(RECENT_KEY, JSON.stringify(kept));
}

function Face({ item }) {
  const hue = hueOf(item.label);
  const style = { "--s": "22px", "--b": `var(--${hue}-4)`, "--f": `var(--${hue}-12)` };
  return (
    <span className={item.kind === "account" ? "av sq" : "av"} style={style} aria-hidden>
      {initials(item.label)}
    </span>
  );
}

async function find(text) {
  const answer = await fetch(new URL(getBackendURL(env.PING)).origin + "/api/search", {
    method: "POST",
    headers: { "content-type": "application/json" },
    credentials: "include",
    body: JSON.stringify({ q: text }),
  });
  const { hits = [] } = answer.ok ? await answer.json() : {};
  return hits.map(({ entity, ...hit }) => ({ ...hit, kind: entity }));
}

export function CommandPalette({ actions: given = [], places = [], scope = "", commands = [], onRun }) {
  const language = useLanguage();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false); // opening never travels to the server
  const [text, setText] = useState("");
  const [results, setResults] = useState([]);
  const [busy, setBusy] = useState(false);
  const timer = useRef(0);
  const asked = useRef("");

  useEffect(() => {
    const toggle = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    const show = () => setOpen(true);
    window.addEventListener("keydown", toggle);
    window.addEventListener("c360:palette", show);
    return () => {
      window.removeEventListener("keydown", toggle);
      window.removeEventListener("c360:palette", show);
    };
  }, []);

  useEffect(() => {
    if (open) return;
    setText("");
    setResults([]);
  }, [open]);

  function typed(next) {
    setText(next);
    clearTimeout(timer.current);
    asked.current = next;
    if (!next.trim()) setResults([]);
    else timer.current = setTimeout(search, SEARCH_DELAY_MS);
  }

  async function search() {
    const text = asked.current;
    setBusy(true);
    const found = await find(text).catch(() => []); // offline: the commands still work
    if (text !== asked.current) return; // the answer to an older question
    setResults(found);
    setBusy(false);
  }

  function choose(item) {
    setOpen(false);
    if (item.record) remember({ label: item.label, sub: item.sub, kind: item.kind, href: item.href });
    if (item.emit) window.dispatchEvent(new CustomEvent(item.emit));
    else if (item.href) navigate(item.href);
    else if (scope === "list") window.dispatchEvent(new CustomEvent("c360:command", { detail: item.id }));
    else onRun?.(item.id);
  }

  const here = tr(language, scope === "record" ? "palette.this" : "palette.selected");
  const kept = tr(language, "palette.places");
  const actions = [
    ...commands.map((id) => ({ id, group: here, label: tr(language, scope === "record" ? `palette.record.${id}` : `list.bulk.${id}`) })),
    ...places.flat().map(({ id, name, href }) => ({ id, group: kept, label: name, href })),
    ...given,
  ];

  const wanted = text.trim().toLowerCase();
  const matching = actions.filter((action) => !wanted || action.label.toLowerCase().includes(wanted));
  const groups = [...new Set(matching.map((action) => action.group))];
  const recent = open && !wanted ? readRecent() : [];

  const record = (item, prefix) => (
    <Command.Item key={item.href} value={`${prefix}${item.href}`} onSelect={() => choose({ ...item, record: true })}>
      <Face item={item} />
      <span className="trunc">{item.label}</span>
      <span className="end trunc">{item.sub}</span>
    </Command.Item>
  );

  return (
    <Command.Dialog
      open={open}
      onOpenChange={setOpen}
      label={tr(language, "palette.title")}
      overlayClassName="pal-o"
      contentClassName="pal"
      shouldFilter={false}
      loop
    >
      <Command.Input value={text} placeholder={tr(language, "palette.placeholder")} onValueChange={typed} />
      <Command.List aria-busy={busy} label={tr(language, "palette.title")}>
        <Command.Empty>{busy ? tr(language, "picker.searching") : tr(language, "palette.none")}</Command.Empty>
        {recent.length > 0 && (
          <Command.Group heading={tr(language, "palette.recent")}>{recent.map((item) => record(item, "recent:"))}</Command.Group>
        )}
        {wanted && results.length > 0 && (
          <Command.Group heading={tr(language, "palette.records")}>
            {results.map((item) => record(item, "record:"))}
          </Command.Group>
        )}
        {groups.map((group) => (
          <Command.Group key={group} heading={group}>
            {matching
              .filter((action) => action.group === group)
              .map((action) => (
                <Command.Item key={action.id} value={`action:${action.id}`} onSelect={() => choose(action)}>
                  <span className="trunc">{action.label}</span>
                  {action.keys && <kbd className="kbd end">{action.keys.toUpperCase()}</kbd>}
                </Command.Item>
              ))}
          </Command.Group>
        ))}
        {wanted && (
          <Command.Group heading={tr(language, "palette.more")}>
            <Command.Item
              value="action:everything"
              onSelect={() => choose({ href: `/search?q=${encodeURIComponent(text.trim())}` })}
            >
              {tr(language, "palette.everything", { text: text.trim() })}
            </Command.Item>
          </Command.Group>
        )}
      </Command.List>
    </Command.Dialog>
  );
}
