// The line of saved views with their live counts, and what can be done with the open one.
import { useEffect, useState } from "react";
import { DropdownMenu } from "@radix-ui/themes";
import { num, tr, useLanguage } from "../i18n/i18n.js";
import { quickCountOf } from "./api.js";
import { Dots, Plus } from "./icons.jsx";
import { hasDraft, stateOf } from "./query.js";

const COUNTED = 12;

const useWord = () => {
  const language = useLanguage();
  return (key, params) => tr(language, `list.${key}`, params);
};

/** What the server is asked for a state of the list. */
export const questionOf = (state) => ({
  criteria: state.criteria,
  search: state.search,
  folder: state.folder,
  inactive: state.include_inactive,
});

/** Counts of views, asked one after the other so that the list itself goes first. */
function useCounts(entity, views, fresh) {
  const [counts, setCounts] = useState({});
  const asked = JSON.stringify(views.slice(0, COUNTED).map((view) => [view.id, questionOf(stateOf(view))]));
  useEffect(() => {
    let stopped = false;
    (async () => {
      for (const [id, question] of JSON.parse(asked)) {
        const count = await quickCountOf(entity, question).catch(() => null); // a view one may no longer read has no count
        if (stopped) return;
        if (count) setCounts((was) => ({ ...was, [id]: count }));
      }
    })();
    return () => {
      stopped = true;
    };
  }, [entity, asked, fresh]);
  return counts;
}

function ViewMenu({ view, changed, onAct }) {
  const word = useWord();
  const item = (act, enabled = true, color) => (
    <DropdownMenu.Item key={act} disabled={!enabled} color={color} onSelect={() => onAct(act)}>
      {word(`view.${act}`)}
    </DropdownMenu.Item>
  );
  const stored = !view.builtin;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger>
        <button type="button" className="btn gh ic" aria-label={word("view.menu", { name: view.name })}>
          <Dots />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content size="1" variant="soft">
        {item("save", changed && stored && view.mine)}
        {item("save_as")}
        {item("folder_new")}
        {item("discard", changed)}
        <DropdownMenu.Separator />
        {item("rename", stored && view.mine)}
        {item(view.is_default ? "no_default" : "default", stored)}
        {item(view.is_favourite ? "no_favourite" : "favourite", stored)}
        <DropdownMenu.Separator />
        {item("delete", stored && view.mine, "red")}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

export function ViewTabs({ entity, views, current, changed, fresh, onOpen, onAct, children }) {
  const word = useWord();
  const language = useLanguage();
  const counts = useCounts(entity, views, fresh);
  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...event.currentTarget.querySelectorAll("[role=tab]")];
    tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length]?.focus();
  }
  return (
    <div className="tabline">
      <div className="tabs">
        <div role="tablist" aria-label={word("views")} className="row tabs-row" onKeyDown={move}>
          {views.map((view) => {
            const open = view.id === current.id;
            const dirty = open ? changed : hasDraft(entity, view.id);
            const count = counts[view.id];
            return (
              <button
                key={view.id}
                type="button"
                role="tab"
                className="tab"
                aria-selected={open}
                tabIndex={open ? 0 : -1}
                onClick={() => !open && onOpen(view)}
              >
                {view.color && <span className="dot" style={{ "--d": `var(--${view.color}-9)` }} />}
                {view.builtin ? word("view.all") : view.name}
                {dirty && <span className="unsaved" role="img" aria-label={word("view.unsaved")} title={word("view.unsaved")} />}
                {count && <span className="cnt num">{num(language, count.total) + (count.exact ? "" : "+")}</span>}
              </button>
            );
          })}
        </div>
        <ViewMenu view={current} changed={changed} onAct={onAct} />
        <button type="button" className="btn gh ic hide-s" aria-label={word("view.new")} title={word("view.new")} onClick={() => onAct("save_as")}>
          <Plus />
        </button>
      </div>
      <div className="acts">{children}</div>
    </div>
  );
}
