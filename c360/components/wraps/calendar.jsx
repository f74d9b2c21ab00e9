// Calendar: one day or a range, ISO dates in and out.
import { useEffect, useState } from "react";
import { DayPicker } from "react-day-picker";
import "react-day-picker/style.css";
import { useLanguage } from "../i18n/i18n.js";

const LOCALES = { de: () => import("react-day-picker/locale/de").then((module) => module.de) };

const toDate = (iso) => (iso ? new Date(`${iso}T00:00:00`) : undefined);

function toIso(date) {
  if (!date) return "";
  const two = (n) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function Calendar({ mode = "single", start = "", end = "", months = 1, onPick }) {
  const language = useLanguage();
  const [locale, setLocale] = useState();
  useEffect(() => {
    if (LOCALES[language]) LOCALES[language]().then(setLocale);
    else setLocale(undefined);
  }, [language]);
  const range = mode === "range";
  const pick = (value) => (range ? onPick?.(toIso(value?.from), toIso(value?.to)) : onPick?.(toIso(value), ""));
  const selected = range ? { from: toDate(start), to: toDate(end) } : toDate(start);
  return (
    <div className="cal">
      <DayPicker
        mode={mode}
        locale={locale}
        numberOfMonths={months}
        defaultMonth={toDate(start)}
        weekStartsOn={1}
        fixedWeeks
        captionLayout="dropdown"
        selected={selected}
        onSelect={pick}
      />
    </div>
  );
}
