// A slider through the months from the first tie to today.
import { useEffect, useRef, useState } from "react";
import { tr, useLanguage } from "../i18n/i18n.js";

const WAIT_MS = 160;
const monthsTo = (from, to) => (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
const lastDay = (from, months) => new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0));

export function TimeSlider({ earliest = "", day = "", onDay }) {
  const language = useLanguage();
  const now = new Date();
  const start = earliest ? new Date(earliest) : now;
  const most = Math.max(1, monthsTo(start, now));
  const given = day ? monthsTo(start, new Date(day)) : most;
  const [place, setPlace] = useState(given);
  const timer = useRef(0);
  useEffect(() => setPlace(given), [given]);

  function slide(next) {
    setPlace(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onDay?.(next >= most ? "" : lastDay(start, next).toISOString().slice(0, 10)), WAIT_MS);
  }

  const format = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" });
  const words = place >= most ? tr(language, "relations.now") : format.format(lastDay(start, place));
  return (
    <div className="rc-time">
      <input type="range" min={0} max={most} value={place} aria-label={tr(language, "relations.time")} aria-valuetext={words} onChange={(event) => slide(Number(event.target.value))} />
      <output>{words}</output>
    </div>
  );
}
