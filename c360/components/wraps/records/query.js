// The state of a list: a saved view, overlaid by what the address says. Every change is written to the address, so
// that back, reload and a copied link restore it; leaving a view keeps its unsaved changes until it is opened again.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "react-router";
import { EMPTY } from "./criteria.js";

const KEYS = ["f", "q", "sort", "c", "quick", "folder", "inactive", "density", "rows"];
export const BLANK = {
  criteria: EMPTY,
  search: "",
  sort: [],
  columns: null,
  quick: null,
  folder: null,
  include_inactive: false,
  density: "normal",
  rows: 100,
};

const PIN = { left: "l", right: "r" };
const UNPIN = { l: "left", r: "right" };

const writeColumns = (columns) =>
  columns.map((one) => [one.id, Math.round(one.width ?? 0) || "", PIN[one.pinned] ?? ""].join(":")).join(",");

function readColumns(text) {
  return text.split(",").map((part) => {
    const [id, width, pinned] = part.split(":");
    return { id, width: Number(width) || undefined, pinned: UNPIN[pinned] ?? null };
  });
}

const writers = {
  f: (state) => JSON.stringify(state.criteria),
  q: (state) => state.search,
  sort: (state) => state.sort.join(","),
  c: (state) => (state.columns ? writeColumns(state.columns) : ""),
  quick: (state) => (state.quick ?? []).join(","),
  folder: (state) => state.folder ?? "",
  inactive: (state) => (state.include_inactive ? "1" : "0"),
  density: (state) => state.density,
  rows: (state) => String(state.rows),
};

const list = (text) => text.split(",").filter(Boolean);

function readCriteria(text) {
  try {
    const read = JSON.parse(text);
    return Array.isArray(read?.of) ? read : EMPTY;
  } catch {
    return EMPTY; // a cut link still opens the list
  }
}

const readers = {
  f: (text) => ({ criteria: readCriteria(text) }),
  q: (text) => ({ search: text }),
  sort: (text) => ({ sort: list(text) }),
  c: (text) => ({ columns: text ? readColumns(text) : null }),
  quick: (text) => ({ quick: list(text) }),
  folder: (text) => ({ folder: text || null }),
  inactive: (text) => ({ include_inactive: text === "1" }),
  density: (text) => ({ density: text === "compact" ? "compact" : "normal" }),
  rows: (text) => ({ rows: [25, 50, 100].includes(Number(text)) ? Number(text) : BLANK.rows }),
};

/** The state a view stores. */
export function stateOf(view) {
  const stored = view?.query ?? {};
  const layout = stored.layout?.length ? stored.layout : (stored.columns ?? []).map((id) => ({ id, pinned: null }));
  return {
    ...BLANK,
    ...Object.fromEntries(Object.keys(BLANK).filter((key) => stored[key] != null).map((key) => [key, stored[key]])),
    columns: layout.length ? layout : null,
  };
}

/** A state as a view stores it. */
export function storedOf(entity, state) {
  const { columns, ...rest } = state;
  return { entity, ...rest, columns: (columns ?? []).map((one) => one.id), layout: columns ?? [] };
}

function overlay(base, params) {
  return KEYS.reduce((state, key) => (params.has(key) ? { ...state, ...readers[key](params.get(key)) } : state), base);
}

function difference(base, state) {
  const params = new URLSearchParams();
  for (const key of KEYS) if (writers[key](state) !== writers[key](base)) params.set(key, writers[key](state));
  return params;
}

const draftKey = (entity, viewId) => `c360.draft.${entity}.${viewId}`;
export const hasDraft = (entity, viewId) => Boolean(localStorage.getItem(draftKey(entity, viewId)));
export const dropDraft = (entity, viewId) => localStorage.removeItem(draftKey(entity, viewId));

// The router is told nothing: a changed filter is no new page, and needs no new load.
function show(params, push) {
  const text = params.toString();
  const url = window.location.pathname + (text ? `?${text}` : "");
  if (url === window.location.pathname + window.location.search) return;
  const { state } = window.history;
  if (push) window.history.pushState({ ...state, idx: (state?.idx ?? 0) + 1, key: Math.random().toString(36).slice(2) }, "", url);
  else window.history.replaceState(state, "", url);
}

const parameters = () => new URLSearchParams(window.location.search);

function start(views, fallback) {
  const params = parameters();
  const wanted = params.get("view") ?? fallback;
  return views.find((view) => view.id === wanted) ?? views[0];
}

/** The open view, its state now, and the ways to change them. */
export function useListState(entity, views, fallback) {
  const [viewId, setViewId] = useState(() => start(views, fallback)?.id);
  const view = views.find((one) => one.id === viewId) ?? views[0];
  const base = useMemo(() => stateOf(view), [view]);
  const [state, setState] = useState(() => overlay(base, opened(entity, view)));
  const [peek, setPeekId] = useState(() => parameters().get("peek") ?? "");
  const latest = useRef();
  latest.current = { base, state, viewId: view?.id, peek };

  const write = useCallback((next, push) => {
    const { base: from, viewId: id, peek: shown } = latest.current;
    const params = difference(from, next);
    const draft = params.toString();
    if (draft) localStorage.setItem(draftKey(entity, id), draft);
    else dropDraft(entity, id);
    params.set("view", id);
    if (shown) params.set("peek", shown);
    show(params, push);
  }, [entity]);

  const change = useCallback((part, { push = true } = {}) => {
    const next = { ...latest.current.state, ...part };
    latest.current.state = next;
    setState(next);
    write(next, push);
  }, [write]);

  const open = useCallback((next) => {
    const from = stateOf(next);
    const restored = overlay(from, new URLSearchParams(localStorage.getItem(draftKey(entity, next.id)) ?? ""));
    latest.current = { base: from, state: restored, viewId: next.id, peek: latest.current.peek };
    setViewId(next.id);
    setState(restored);
    write(restored, true);
  }, [write]);

  const discard = useCallback(() => change(stateOf(view)), [view, change]);

  const setPeek = useCallback((id) => {
    latest.current.peek = id;
    setPeekId(id);
    const params = parameters();
    if (id) params.set("peek", id);
    else params.delete("peek");
    show(params, true);
  }, []);

  const location = useLocation();
  const arrived = useRef(location.key);
  useEffect(() => {
    if (arrived.current === location.key) return;
    arrived.current = location.key;
    const params = parameters();
    const next = start(views, fallback);
    setViewId(next?.id);
    setState(overlay(stateOf(next), opened(entity, next)));
    setPeekId(params.get("peek") ?? "");
  }, [location.key, views, fallback]);

  useEffect(() => {
    // Going back takes the address at its word; the router, which was not told of a filter, does not notice it.
    const back = () => {
      const params = parameters();
      const next = start(views, fallback);
      setViewId(next?.id);
      setState(overlay(stateOf(next), params));
      setPeekId(params.get("peek") ?? "");
    };
    window.addEventListener("popstate", back);
    return () => window.removeEventListener("popstate", back);
  }, [views, fallback]);

  const changed = difference(base, state).toString() !== "";
  return { view, state, base, changed, change, open, discard, peek, setPeek };
}

// A plain link to the list restores what was left unsaved; an address that says more is taken at its word.
function opened(entity, view) {
  const params = parameters();
  if (KEYS.some((key) => params.has(key)) || !view) return params;
  return new URLSearchParams(localStorage.getItem(draftKey(entity, view.id)) ?? "");
}
