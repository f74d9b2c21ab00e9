// Trail: the next and the previous record of the list one came from. The list leaves its question in the session
// storage; three rows around the present one are asked of the same endpoint, with the same rights.
import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { num, tr, useLanguage } from "../i18n/i18n.js";

const TRAIL = "c360.trail";
const PLACE = "c360.trail.at";
const NEAR = 25;

function trailOf() {
  try {
    return JSON.parse(sessionStorage.getItem(TRAIL));
  } catch {
    return null;
  }
}

async function around(trail, place) {
  const { entity, criteria, search, folder, inactive, sort = [] } = trail;
  const sorted = sort.map((one) => ({ colId: one.replace(/^-/, ""), sort: one.startsWith("-") ? "desc" : "asc" }));
  const start = Math.max(0, place - NEAR);
  const body = { criteria, search, folder, inactive, sort: sorted, start, end: place + NEAR, columns: ["name", "kind"] };
  const answer = await fetch(`/api/grid/${entity}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    credentials: "include",
    body: JSON.stringify(body),
  });
  if (!answer.ok) return null;
  const { cols, rows, total } = await answer.json();
  return { start, total, rows: rows.map((row) => Object.fromEntries(cols.map((name, i) => [name, row[i]]))) };
}

const Chevron = ({ left }) => (
  <svg width="14" height="14" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.75" aria-hidden>
    <path d={left ? "m15 18-6-6 6-6" : "m9 18 6-6-6-6"} />
  </svg>
);

export function Trail({ recordId, tab = "summary" }) {
  const language = useLanguage();
  const navigate = useNavigate();
  const [near, setNear] = useState(null);
  const left = typeof window === "undefined" ? null : trailOf();
  const trail = left?.entity === "activity" ? null : left; // its rows are no profiles
  useEffect(() => {
    let gone = false;
    const known = near?.rows.some((row) => row.id === recordId);
    if (!trail || !recordId || known) return undefined;
    around(trail, Number(sessionStorage.getItem(PLACE) ?? 0)).then((found) => !gone && setNear(found));
    return () => {
      gone = true;
    };
  }, [recordId]);

  const index = near ? near.rows.findIndex((row) => row.id === recordId) : -1;
  const [before, after] = [near?.rows[index - 1], near?.rows[index + 1]];

  function go(row, step) {
    sessionStorage.setItem(PLACE, String(near.start + index + step));
    const atEdge = index + step === 0 || index + step === near.rows.length - 1;
    if (atEdge) setNear(null);
    const kind = row.kind?.id ?? row.kind ?? trail.entity;
    navigate(`/${kind}/${row.id}/${tab || "summary"}`);
  }

  if (index < 0) return null;
  const said = tr(language, "trail.place", { at: num(language, near.start + index + 1), of: num(language, near.total) });
  return (
    <nav className="row trail" aria-label={tr(language, "trail.label")}>
      <span className="mut num hide-s">{said}</span>
      <button type="button" className="btn gh ic" disabled={!before} onClick={() => go(before, -1)} aria-label={tr(language, "trail.previous")} title={tr(language, "trail.previous")}>
        <Chevron left />
      </button>
      <button type="button" className="btn gh ic" disabled={!after} onClick={() => go(after, 1)} aria-label={tr(language, "trail.next")} title={tr(language, "trail.next")}>
        <Chevron />
      </button>
    </nav>
  );
}
