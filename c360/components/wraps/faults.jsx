// Faults: what a page says when it cannot go on by itself. Whether too many tabs are open comes from session.js.
import { useEffect, useState } from "react";
import { tr, useLanguage } from "../i18n/i18n.js";

/** True while the user has as many tabs open as he may. */
function useTabsFull() {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const note = ({ detail }) => setFull(detail);
    window.addEventListener("c360:full", note);
    return () => window.removeEventListener("c360:full", note);
  }, []);
  return full;
}

export function Connection({ lost }) {
  const language = useLanguage();
  const full = useTabsFull();
  if (!lost) return null;
  return (
    <div className="fault" role="status">
      <span className="dot" aria-hidden="true" />
      <span>
        <strong>{tr(language, full ? "fault.full.title" : "fault.lost.title")}</strong>{" "}
        {tr(language, full ? "fault.full" : "fault.lost")}
      </span>
    </div>
  );
}

export function Crash() {
  const language = useLanguage();
  return (
    <main className="empty crash" role="alert">
      <h1>{tr(language, "fault.crash.title")}</h1>
      <p className="text">{tr(language, "fault.crash")}</p>
      <p className="row">
        <button type="button" className="rt-reset rt-BaseButton rt-Button rt-r-size-2 rt-variant-solid" onClick={() => location.reload()}>
          {tr(language, "fault.reload")}
        </button>
        <a href="/">{tr(language, "shell.home")}</a>
      </p>
    </main>
  );
}
