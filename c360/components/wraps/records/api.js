// What the list asks the server: columns once, rows by block, counts, options, the sentence of a filter.
import env from "$/env.json";
import { getBackendURL } from "$/utils/state";
import { tr } from "../i18n/i18n.js";

export class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/** What went wrong, for people: what the server says, or that it does not answer. */
export const told = (language, error) => (error instanceof Refused ? error.message : tr(language, "fault.lost.title"));

/** Send JSON to the server with the session's cookie; throws `Refused` with what the server says. */
export async function post(path, body) {
  const answer = await fetch(new URL(getBackendURL(env.PING)).origin + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    credentials: "include",
    body: JSON.stringify(body ?? {}),
  });
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, told.error ?? answer.statusText);
}

const kept = new Map();

function once(key, ask) {
  if (!kept.has(key)) kept.set(key, ask().catch((error) => (kept.delete(key), Promise.reject(error))));
  return kept.get(key);
}

/** The columns of a list in the reader's language, and the relations one can filter by. */
export const columnsOf = (entity, language) =>
  once(`columns|${entity}|${language}`, async () => {
    const { columns, related, shared, targets } = await post(`/api/grid/${entity}/columns`);
    const whole = (column) => ({
      ...column,
      operators: shared.operators[column.kind] ?? [],
      options: column.shared ? shared[column.shared] : column.options,
      hops: column.kind === "reference" ? led[column.target] : undefined,
    });
    // Records point at records of their own kind, so the columns of a target are there before they are filled in.
    const led = Object.fromEntries(Object.keys(targets).map((target) => [target, []]));
    Object.entries(targets).forEach(([target, found]) => led[target].push(...found.map(whole)));
    return {
      columns: columns.map(whole),
      related: related.map((one) => ({ ...one, columns: one.columns.map(whole) })),
    };
  });

const labels = new Map();

const toOption = ({ id, label, hint, color }) => ({ value: id, label, sub: hint, color });

/** Options of a reference that fit a text; what was seen is remembered by id. */
export async function optionsOf(target, text) {
  const found = (await post(`/api/lookup/${target}`, { q: text })).hits.map(toOption);
  found.forEach((option) => labels.set(option.value, option));
  return found;
}

/** Options for ids a saved filter holds. */
export async function optionsById(target, ids) {
  const missing = ids.filter((id) => !labels.has(id) && !id.startsWith("@"));
  if (missing.length) {
    const found = (await post(`/api/lookup/${target}/labels`, { ids: missing })).hits.map(toOption);
    found.forEach((option) => labels.set(option.value, option));
  }
  return ids.map((id) => labels.get(id) ?? { value: id, label: id });
}

export const knownLabel = (id) => labels.get(id)?.label;

export const sentenceOf = (entity, criteria) => post(`/api/grid/${entity}/sentence`, { criteria });
export const countOf = (entity, query) => post(`/api/grid/${entity}/count`, query);
export const quickCountOf = (entity, query) => post(`/api/grid/${entity}`, { ...query, start: 0, end: 1, columns: ["id"] });
