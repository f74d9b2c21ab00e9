// Sentences, numbers, dates and spans of time in the reader's language. The language lives in the browser
// (and on the user, who carries it to other browsers); changing it re-renders at once, without the server.
import { useSyncExternalStore } from "react";
import english from "./catalogue_en.js";

const LOADERS = { de: () => import("./catalogue_de.js") };
const REGIONS = { en: "en-GB", de: "de-DE" };
const KEY = "c360.language";
const catalogues = { en: english };
const listeners = new Set();
let shown = "en";

function stored() {
  if (typeof window === "undefined") return "en";
  const chosen = localStorage.getItem(KEY) ?? navigator.language?.slice(0, 2);
  return chosen in LOADERS ? chosen : "en";
}

async function show(language) {
  if (!catalogues[language]) catalogues[language] = (await LOADERS[language]()).default;
  shown = language;
  document.documentElement.lang = language;
  listeners.forEach((notify) => notify());
}

/** Change the language of the page and remember it in this browser. */
export function setLanguage(language) {
  const next = language in LOADERS ? language : "en";
  localStorage.setItem(KEY, next);
  show(next);
}

if (typeof window !== "undefined") {
  if (stored() !== "en") show(stored());
  window.addEventListener("storage", (event) => event.key === KEY && show(stored()));
  window.addEventListener("c360:language", (event) => event.detail !== stored() && setLanguage(event.detail));
}

function subscribe(notify) {
  listeners.add(notify);
  return () => listeners.delete(notify);
}

/** The language to show: changes once its sentences are there. */
export const useLanguage = () => useSyncExternalStore(subscribe, () => shown, () => "en");

const made = new Map();

function formatter(Kind, language, options) {
  const key = `${Kind.name}|${language}|${JSON.stringify(options ?? {})}`;
  if (!made.has(key)) made.set(key, new Kind(REGIONS[language] ?? language, options));
  return made.get(key);
}

const isEmpty = (value) => value === null || value === undefined || value === "";

/** The sentence of a key; `n` picks its plural form, English stands in for what is missing. */
export function tr(language, key, params = {}) {
  const form = isEmpty(params?.n) ? key : `${key}_${formatter(Intl.PluralRules, language).select(Number(params.n))}`;
  const forms = [form, `${key}_other`, key];
  for (const sentences of [catalogues[language] ?? {}, english]) {
    const found = forms.find((one) => one in sentences);
    if (found) return filled(sentences[found], language, params);
  }
  return params?.default ?? key;
}

function filled(sentence, language, params) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => (name === "n" ? num(language, params.n) : (params[name] ?? "")));
}

/** A number with the separators of the language. */
export const num = (language, value) => (isEmpty(value) ? "" : formatter(Intl.NumberFormat, language).format(value));

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** The size of a file, in the unit that fits. */
export function bytes(language, value) {
  if (isEmpty(value)) return "";
  const step = Math.min(Math.floor(Math.log10(Math.max(Number(value), 1)) / 3), SIZES.length - 1);
  const options = { style: "unit", unit: SIZES[step], maximumSignificantDigits: 3 };
  return formatter(Intl.NumberFormat, language, options).format(Number(value) / 1000 ** step);
}

/** An amount of money given in cents. */
export function money(language, cents, currency = "EUR") {
  if (isEmpty(cents)) return "";
  const whole = Number(cents) % 100 === 0;
  const options = { style: "currency", currency, minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: 2 };
  return formatter(Intl.NumberFormat, language, options).format(Number(cents) / 100);
}

/** A date; a moment is shown on the day it has where the reader is. */
export function day(language, value) {
  if (isEmpty(value)) return "";
  const dateOnly = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const options = { day: "2-digit", month: "short", year: "numeric", ...(dateOnly && { timeZone: "UTC" }) };
  return formatter(Intl.DateTimeFormat, language, options).format(new Date(value));
}

/** A date with its time. */
export function moment(language, value) {
  const options = { day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  return isEmpty(value) ? "" : formatter(Intl.DateTimeFormat, language, options).format(new Date(value));
}

const UNITS = [
  ["year", 31536e3],
  ["month", 2592e3],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** How long ago a moment was, or how soon it comes. */
export function ago(language, value) {
  if (isEmpty(value)) return "";
  const seconds = (new Date(value) - Date.now()) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS.at(-1);
  return formatter(Intl.RelativeTimeFormat, language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** The name of a country, language or currency from its code. */
export function nameOf(language, kind, code) {
  if (isEmpty(code)) return "";
  return formatter(Intl.DisplayNames, language, { type: kind, fallback: "code" }).of(String(code).toUpperCase());
}
