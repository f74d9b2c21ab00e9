// FormGuard: knows whether the form inside was changed, saves on Ctrl/Cmd+S, and asks before changes are lost
// to a link, the back button or a closed tab.
import { useEffect, useRef, useState } from "react";
import { useBlocker } from "react-router";
import { tr, useLanguage } from "../i18n/i18n.js";

const SETTLE_MS = 60;
const ACTS = ["beforeinput", "keydown", "pointerdown"];

const snapshot = (form) => JSON.stringify([...new FormData(form)].filter(([key]) => !key.startsWith("_")));

export function FormGuard({ children, version = 0, enabled = true, onDirtyChange }) {
  const language = useLanguage();
  const box = useRef(null);
  const baseline = useRef(null);
  const wasDirty = useRef(false);
  const touched = useRef(false); // until the person acts, late controls only move the baseline
  const dialog = useRef(null);
  const notify = useRef();
  notify.current = onDirtyChange;
  const [dirty, setDirty] = useState(false);
  const form = () => box.current?.querySelector("form");

  function check() {
    const current = form();
    if (!current) return;
    if (!touched.current) baseline.current = snapshot(current);
    const now = snapshot(current) !== baseline.current;
    if (now === wasDirty.current) return;
    wasDirty.current = now;
    setDirty(now);
    notify.current?.(now);
  }

  useEffect(() => {
    touched.current = false;
    const timer = setTimeout(check, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [version]);

  useEffect(() => {
    const node = box.current;
    const later = () => setTimeout(check, 0);
    const act = (event) => {
      if (event.isTrusted && form()?.contains(event.target)) touched.current = true;
    };
    const save = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      form()?.requestSubmit();
    };
    ACTS.forEach((name) => node.addEventListener(name, act, true));
    ["input", "change"].forEach((name) => node.addEventListener(name, later));
    window.addEventListener("keydown", save);
    const observer = new MutationObserver(later);
    observer.observe(node, { subtree: true, childList: true, attributes: true, attributeFilter: ["value"] });
    return () => {
      ACTS.forEach((name) => node.removeEventListener(name, act, true));
      ["input", "change"].forEach((name) => node.removeEventListener(name, later));
      window.removeEventListener("keydown", save);
      observer.disconnect();
    };
  }, []);

  const guarding = enabled && dirty;
  useEffect(() => {
    if (!guarding) return undefined;
    const ask = (event) => {
      event.preventDefault();
      event.returnValue = "";
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [guarding]);

  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => guarding && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state === "blocked") dialog.current?.showModal();
    else dialog.current?.close();
  }, [blocker.state]);

  return (
    <div ref={box} className="guard" data-dirty={dirty || undefined}>
      {children}
      <dialog ref={dialog} className="ask" aria-labelledby="guard-title" onCancel={() => blocker.reset?.()}>
        <h2 id="guard-title" className="h2">
          {tr(language, "guard.title")}
        </h2>
        <p className="mut">{tr(language, "guard.body")}</p>
        <div className="row end">
          <button type="button" className="btn" onClick={() => blocker.reset?.()}>
            {tr(language, "guard.stay")}
          </button>
          <button type="button" className="btn pri" onClick={() => blocker.proceed?.()}>
            {tr(language, "guard.leave")}
          </button>
        </div>
      </dialog>
    </div>
  );
}
