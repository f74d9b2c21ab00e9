// The whole list of an entity: views, filters, table, selection. It asks the server for rows itself and tells Python
// only what a person decides: to open, edit, save a view, or act on a selection.
import { useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { DropdownMenu } from "@radix-ui/themes";
import { num, tr, useLanguage } from "../i18n/i18n.js";
import { columnsOf, countOf, told } from "./api.js";
import { testable } from "./builder.jsx";
import { EMPTY, runnable, sizeOf } from "./criteria.js";
import { Grid } from "./grid.jsx";
import { Bookmark, Cloud, Cross, Filter, Folder, Plus, Refresh } from "./icons.jsx";
import { ColumnsPanel, DisplayPanel, FilterPanel, SortPanel, useSentence } from "./panels.jsx";
import { dropDraft, storedOf, useListState } from "./query.js";
import { QuickFilters } from "./quick_filters.jsx";
import { SelectionBar } from "./selection_bar.jsx";
import { ViewTabs, questionOf } from "./view_tabs.jsx";

const SEARCH_DELAY_MS = 200;
const QUICK = ["segment_id", "status_id", "owner_id", "tags", "updated_at"];
const QUICK_OF = { activity: ["kind", "status", "customers", "owner_id", "at"] };
const NOBODY = { mode: "ids", ids: [], count: 0 };
const BUILTIN = { id: "all", builtin: true, name: "", query: {}, mine: false };

function useColumns(entity, language) {
  const [known, setKnown] = useState(null);
  const [failed, setFailed] = useState(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setFailed(null);
    columnsOf(entity, language).then(setKnown, setFailed);
  }, [entity, language, attempt]);
  return { known, failed, again: () => setAttempt((n) => n + 1) };
}

function Skeleton() {
  return (
    <div className="list-skeleton" aria-hidden>
      {Array.from({ length: 14 }, (_, at) => (
        <div key={at} className="row">
          <span className="skel" style={{ width: 22, height: 22, borderRadius: 11 }} />
          <span className="skel" style={{ width: `${18 + ((at * 7) % 14)}%`, height: 10 }} />
          <span className="skel" style={{ width: "12%", height: 10 }} />
          <span className="skel" style={{ width: "16%", height: 10 }} />
        </div>
      ))}
    </div>
  );
}

function Message({ icon, title, text, children, alert }) {
  return (
    <div className="list-message" role={alert ? "alert" : "status"}>
      <div className="empty">
        <div className="ico">{icon}</div>
        <div className="h2">{title}</div>
        <div className="text">{text}</div>
        <div className="row">{children}</div>
      </div>
    </div>
  );
}

export function RecordList(props) {
  const { ready, entity, path, views: stored = [], fallback = "", acts = [], mayAdd = true, mayImport = true, currency = "EUR", fresh = 0 } = props;
  const { known, failed, again } = useColumns(entity, useLanguage());
  if (failed) return <Failure error={failed} onRetry={again} />;
  if (!known || !ready) return <Skeleton />;
  const views = [BUILTIN, ...stored];
  return (
    <Loaded
      key={entity}
      {...props}
      views={views}
      fallback={fallback || "all"}
      columns={known.columns}
      relations={known.related}
      acts={acts}
      path={path}
      mayAdd={mayAdd}
      mayImport={mayImport}
      currency={currency}
      fresh={fresh}
    />
  );
}

function FolderChip({ folder, filtered, onAct, onClose }) {
  const language = useLanguage();
  const word = (key, params) => tr(language, `list.${key}`, params);
  return (
    <span className="chip">
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger>
          <button type="button" className="chip-main" aria-label={word("folder.menu", { name: folder.name })}>
            <span>
              <Folder />
            </span>
            <span className="trunc chip-value">{folder.name}</span>
          </button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Content size="1" variant="soft">
          <DropdownMenu.Item onSelect={() => onAct("folder_star")}>{word(folder.star ? "view.no_favourite" : "view.favourite")}</DropdownMenu.Item>
          <DropdownMenu.Item onSelect={() => onAct("folder_edit")}>{word("folder.edit")}</DropdownMenu.Item>
          {folder.mode === "dynamic" && filtered && (
            <DropdownMenu.Item onSelect={() => onAct("folder_rule")}>{word("folder.rule")}</DropdownMenu.Item>
          )}
          <DropdownMenu.Separator />
          <DropdownMenu.Item color="red" onSelect={() => onAct("folder_delete")}>
            {word("view.delete")}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      <button type="button" aria-label={word("folder.leave")} onClick={onClose}>
        <Cross />
      </button>
    </span>
  );
}

function Failure({ error, onRetry }) {
  const language = useLanguage();
  return (
    <Message alert icon={<Cloud />} title={tr(language, "list.failed")} text={told(language, error)}>
      <button type="button" className="btn" onClick={onRetry}>
        <Refresh /> {tr(language, "kit.retry")}
      </button>
    </Message>
  );
}

function Loaded(props) {
  const { entity, path, views, fallback, columns, relations, acts, mayAdd, mayImport, currency, fresh } = props;
  const { folders = [], onPeek, onEdit, onBulk, onView, onFolder } = props;
  const language = useLanguage();
  const navigate = useNavigate();
  const word = (key, params) => tr(language, `list.${key}`, params);
  const { view, state, changed, change, open, discard, peek, setPeek } = useListState(entity, views, fallback);
  const [selected, setSelected] = useState(NOBODY);
  const [count, setCount] = useState(null);
  const [error, setError] = useState(null);
  const [text, setText] = useState(state.search);
  const timer = useRef(0);
  const savingFrom = useRef(null);
  const fields = useMemo(() => testable(columns), [columns]);
  const criteria = runnable(state.criteria, fields);
  const sentence = useSentence(entity, state.criteria, fields, language);
  const usual = useMemo(() => columns.filter((one) => one.shown).map((one) => ({ id: one.name, pinned: one.title ? "left" : null })), [columns]);
  const layout = state.columns ?? usual;
  const quick = state.quick ?? (QUICK_OF[entity] ?? QUICK).filter((name) => columns.some((one) => one.name === name));
  const body = { ...questionOf(state), criteria };
  const asked = JSON.stringify([body, fresh]);

  useEffect(() => setText(state.search), [state.search]);
  useEffect(() => {
    onPeek?.(peek);
  }, [peek]);
  useEffect(() => setError(null), [asked]);
  useEffect(() => {
    // The profile steps to the next and previous record of the list one came from.
    const trail = { href: window.location.pathname + window.location.search, entity, ...body, sort: state.sort };
    sessionStorage.setItem("c360.trail", JSON.stringify(trail));
  }, [asked, state.sort.join(), entity]);
  useEffect(() => {
    if (fresh) window.dispatchEvent(new CustomEvent("c360:grid", { detail: { op: "refresh" } }));
  }, [fresh]);
  useEffect(() => {
    const again = ({ detail }) => detail.op === "refresh" && peek && onPeek(peek);
    window.addEventListener("c360:grid", again);
    return () => window.removeEventListener("c360:grid", again);
  }, [peek]);
  useEffect(() => {
    const close = () => setPeek("");
    window.addEventListener("c360:peek-close", close);
    return () => window.removeEventListener("c360:peek-close", close);
  }, [setPeek]);

  function typed(next) {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => searchFor(next), SEARCH_DELAY_MS);
  }

  function searchFor(words) {
    clearTimeout(timer.current);
    change({ search: words }, { push: false });
  }

  function openRow(row, how, index) {
    const kind = entity === "customer" ? (row.kind?.id ?? row.kind) : entity;
    sessionStorage.setItem("c360.trail.at", String(index));
    if (how === "open") navigate(`/${kind}/${row.id}`);
    else setPeek(row.id === peek ? "" : row.id);
  }

  function act(name) {
    if (name === "discard") discard();
    else if (name === "folder_new") onFolder(name, "", query);
    else onView(name, view.builtin ? "" : view.id, storedOf(entity, { ...state, columns: layout, quick }));
    if (name === "save") dropDraft(entity, view.id);
    if (name === "save_as") savingFrom.current = { id: view.id, known: views.length };
  }

  useEffect(() => {
    // What was saved as a view of its own is no longer unsaved in the one it came from.
    if (!savingFrom.current || views.length <= savingFrom.current.known) return;
    dropDraft(entity, savingFrom.current.id);
    savingFrom.current = null;
  }, [views.length, entity]);

  const folder = state.folder && (folders.find((one) => one.id === state.folder) ?? { id: state.folder, name: word("folder") });
  const query = { entity, criteria, search: state.search, folder: state.folder, include_inactive: state.include_inactive, sort: state.sort, columns: layout.map((one) => one.id) };
  const bulk = (name) => onBulk(name, { mode: selected.mode, ids: selected.ids, query }, selected.count);
  const send = (op) => window.dispatchEvent(new CustomEvent("c360:grid", { detail: { op } }));
  const selectAll = () => document.querySelector(".cg-all")?.click();
  const total = count ? num(language, count.total) + (count.exact ? "" : "+") : "";
  const filtered = sizeOf(criteria) > 0 || state.search || state.folder;
  const words = useMemo(() => ({ grid: word(`grid.${entity}`), selectAll: word("select_all") }), [language, entity]);

  const run = useRef();
  run.current = ({ detail }) => {
    if (!acts.includes(detail)) return;
    if (selected.count > 0) bulk(detail);
    else onBulk(detail, { mode: "all", ids: [], query }, count?.total ?? 0);
  };
  useEffect(() => {
    // The command palette acts on what is selected, on everything the list finds when nothing is.
    const listen = (event) => run.current(event);
    window.addEventListener("c360:command", listen);
    return () => window.removeEventListener("c360:command", listen);
  }, []);

  function loaded(found) {
    setError(null);
    setCount(found);
  }

  return (
    <div className="page">
      <ViewTabs entity={entity} views={views} current={view} changed={changed} fresh={fresh} onOpen={open} onAct={act}>
        {acts.includes("export") && (
          <button type="button" className="btn hide-s" onClick={() => onBulk("export", { mode: "all", ids: [], query }, count?.total ?? 0)}>
            {word("export_all")}
          </button>
        )}
        {mayAdd && (
          <button type="button" className="btn pri" aria-label={word(`add.${entity}`)} onClick={() => navigate(`/${path}/new`)}>
            <Plus /> {word("add")}
          </button>
        )}
      </ViewTabs>
      <div className="bar" role="search" aria-label={word("filters")}>
        <input
          id="list-search"
          className="inp find"
          type="search"
          placeholder={word("find")}
          aria-label={word("find")}
          value={text}
          onChange={({ target }) => typed(target.value)}
          onKeyDown={({ key }) => key === "Enter" && searchFor(text)}
        />
        <FilterPanel
          entity={entity}
          criteria={state.criteria}
          columns={columns}
          relations={relations}
          quick={quick}
          onChange={(next) => change({ criteria: next })}
          onQuick={(next) => change({ quick: next })}
        />
        <ColumnsPanel columns={columns} layout={layout} onChange={(next) => change({ columns: next })} />
        <SortPanel columns={columns} sort={state.sort} onChange={(next) => change({ sort: next })} />
        <DisplayPanel state={state} onChange={(next) => change(next)} />
        {folder && <FolderChip folder={folder} filtered={sizeOf(criteria) > 0} onAct={(name) => onFolder(name, folder.id, query)} onClose={() => change({ folder: null })} />}
        <QuickFilters criteria={state.criteria} columns={fields} quick={quick} sentence={sentence} onChange={(next) => change({ criteria: next })} />
        <span className="grow" />
        {count && (
          <span className="mut num rows-shown" role="status">
            {count.exact ? (
              word("rows_found", { n: count.total })
            ) : (
              <button type="button" className="btn gh link" onClick={() => countOf(entity, body).then(loaded, setError)}>
                {word("rows_about", { count: total })}
              </button>
            )}
          </span>
        )}
        {changed && (
          <span className="row hide-s">
            <button type="button" className="btn gh" onClick={discard}>
              {word("reset")}
            </button>
            <button type="button" className="btn" onClick={() => act(view.mine && !view.builtin ? "save" : "save_as")}>
              <Bookmark /> {word("save_view")}
            </button>
          </span>
        )}
      </div>
      {sentence && sizeOf(criteria) > 1 && (
        <p className="list-sentence trunc" title={sentence}>
          {sentence}
        </p>
      )}
      <div className="gridwrap">
        <Grid
          entity={entity}
          columns={columns}
          layout={layout}
          body={body}
          sort={state.sort}
          density={state.density}
          blockSize={state.rows}
          language={language}
          currency={currency}
          words={words}
          peek={peek}
          onSelect={setSelected}
          onLayout={(columnsNow, sort) => change({ columns: columnsNow, sort })}
          onLoaded={loaded}
          onFailed={setError}
          onOpen={openRow}
          onEdit={({ id, field, value, seen }) => onEdit(id, field, value, seen)}
        />
        {error && <Failure error={error} onRetry={() => (setError(null), send("refresh"))} />}
        {!error && count?.total === 0 && (
          <Message icon={<Filter />} title={word(filtered ? "none.title" : `empty.${entity}`)} text={word(filtered ? "none.text" : "empty.text")}>
            {filtered ? (
              <button type="button" className="btn" onClick={() => change({ criteria: EMPTY, search: "", folder: null })}>
                {word("clear_filters")}
              </button>
            ) : (
              <>
                {mayAdd && (
                  <button type="button" className="btn pri" onClick={() => navigate(`/${path}/new`)}>
                    <Plus /> {word(`add.${entity}`)}
                  </button>
                )}
                {mayImport && (
                  <button type="button" className="btn" onClick={() => navigate("/imports")}>
                    {word("import")}
                  </button>
                )}
              </>
            )}
          </Message>
        )}
        {selected.count > 0 && (
          <SelectionBar
            count={selected.count}
            total={count?.total ?? 0}
            exact={count?.exact ?? true}
            all={selected.mode === "all"}
            acts={acts}
            inFolder={Boolean(state.folder)}
            onAct={bulk}
            onAll={selectAll}
            onClear={() => send("clear")}
          />
        )}
      </div>
    </div>
  );
}
