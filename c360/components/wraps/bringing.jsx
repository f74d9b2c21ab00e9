// Bringing files to the server by our own routes: a page to drop them on with a queue, one field for one file, a
// button for a photo, and the picture of a file drawn anew.
import { createContext, useContext, useEffect, useRef, useState } from "react";
import { bytes, tr, useLanguage } from "../i18n/i18n.js";

const AT_ONCE = 2;
const MEGABYTE = 1e6;
const Queue = createContext(null);
let made = 0;

const Icon = ({ d, size = 14 }) => (
  <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.75" aria-hidden>
    <path d={d} strokeLinecap="round" strokeLinejoin="round" />
  </svg>
);
const UP = "M12 16V4m0 0L7 9m5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3";
const CROSS = "M6 6l12 12M18 6L6 18";
const CAMERA = "M4 8h3l2-3h6l2 3h3v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z";

/** What is wrong with a file before any of it is sent; empty when nothing is. */
function refusal(language, file, { most = 0, refused = [] }) {
  const ending = /\.[^.]+$/.exec(file.name)?.[0].toLowerCase();
  if (refused.includes(ending)) return tr(language, "file.refused", { file: file.name });
  if (!file.size) return tr(language, "file.empty");
  if (most && file.size > most) return tr(language, "file.large", { mb: Math.floor(most / MEGABYTE) });
  return "";
}

/** Send a file as it is; returns the request, to abort it. */
function send(address, params, file, { language, onShare, onDone, onError }) {
  const xhr = new XMLHttpRequest();
  const asked = new URLSearchParams({ name: file.name, ...params });
  xhr.open("POST", `${address}?${asked}`);
  xhr.setRequestHeader("Content-Type", "application/octet-stream");
  xhr.upload.onprogress = (event) => event.lengthComputable && onShare(event.loaded / event.total);
  xhr.onload = () => {
    let answer = {};
    try {
      answer = JSON.parse(xhr.responseText);
    } catch {
      answer = {}; // a proxy's own error page
    }
    if (xhr.status < 300 && answer.id) onDone(answer);
    else onError(Object.values(answer.fields ?? {})[0] ?? answer.error ?? tr(language, "files.failed"));
  };
  xhr.onerror = () => onError(tr(language, "files.failed"));
  xhr.send(file);
  return xhr;
}

export function FilesDrop({ address, most, refused, enabled = true, onAttached, children }) {
  const language = useLanguage();
  const [jobs, setJobs] = useState([]);
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const live = useRef(new Map());
  const done = useRef();
  done.current = onAttached;
  const change = (key, what) => setJobs((now) => now.map((job) => (job.key === key ? { ...job, ...what } : job)));
  const forget = (key) => setJobs((now) => now.filter((job) => job.key !== key));

  const add = (files, to = "") => {
    const fresh = [...files].map((file) => {
      const error = refusal(language, file, { most, refused });
      return { key: ++made, file, name: file.name, to, address, share: 0, error, state: error ? "failed" : "waiting" };
    });
    setJobs((now) => [...now, ...fresh]);
  };

  useEffect(() => {
    const free = AT_ONCE - live.current.size;
    const next = jobs.filter((job) => job.state === "waiting" && !live.current.has(job.key)).slice(0, Math.max(free, 0));
    for (const job of next) {
      const gone = () => live.current.delete(job.key);
      const xhr = send(job.address, job.to ? { to: job.to } : {}, job.file, {
        language,
        onShare: (share) => change(job.key, { share }),
        onDone: ({ name, number }) => (gone(), forget(job.key), done.current?.(name, number)),
        onError: (error) => (gone(), change(job.key, { state: "failed", error })),
      });
      live.current.set(job.key, xhr);
      change(job.key, { state: "sending" });
    }
  }, [jobs]);
  useEffect(() => () => live.current.forEach((xhr) => xhr.abort()), [address]);

  const busy = jobs.some((job) => job.state !== "failed");
  useEffect(() => {
    if (!busy) return undefined;
    const ask = (event) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [busy]);

  const cancel = (job) => {
    live.current.get(job.key)?.abort();
    live.current.delete(job.key);
    forget(job.key);
  };
  const holdsFiles = (event) => enabled && [...event.dataTransfer.types].includes("Files");
  const drag = (step) => (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth.current += step;
    setOver(depth.current > 0);
  };
  return (
    <Queue.Provider value={enabled ? add : null}>
      <div
        className={over ? "fdrop over" : "fdrop"}
        onDragEnter={drag(1)}
        onDragLeave={drag(-1)}
        onDragOver={(event) => holdsFiles(event) && event.preventDefault()}
        onDrop={(event) => {
          if (!holdsFiles(event)) return;
          event.preventDefault();
          depth.current = 0;
          setOver(false);
          add(event.dataTransfer.files);
        }}
      >
        {over && <div className="fdrop-here">{tr(language, "files.drop_here")}</div>}
        {jobs.length > 0 && (
          <ul className="card uploads" aria-label={tr(language, "files.uploads")}>
            {jobs.map((job) => (
              <li key={job.key} className="upload">
                <span className="trunc grow" title={job.name}>
                  {job.name}
                </span>
                {job.state === "failed" ? (
                  <span className="err" role="alert">
                    {job.error}
                  </span>
                ) : (
                  <>
                    <progress
                      max="1"
                      value={job.state === "waiting" ? 0 : job.share < 1 ? job.share : undefined}
                      aria-label={tr(language, "files.progress", { name: job.name })}
                    />
                    <span className="mut num">{bytes(language, job.file.size)}</span>
                  </>
                )}
                <button
                  type="button"
                  className="btn gh ic"
                  aria-label={tr(language, job.state === "failed" ? "files.dismiss" : "files.cancel", { name: job.name })}
                  onClick={() => cancel(job)}
                >
                  <Icon d={CROSS} />
                </button>
              </li>
            ))}
          </ul>
        )}
        {children}
      </div>
    </Queue.Provider>
  );
}

/** A button that chooses files for the queue around it; `to` makes them the next version of a file. */
export function FilesPick({ label, kind = "", to = "", quiet = false }) {
  const add = useContext(Queue);
  const input = useRef(null);
  if (!add) return null;
  return (
    <>
      <button
        type="button"
        className={`btn ${kind} ${quiet ? "ic" : ""}`}
        aria-label={quiet ? label : undefined}
        title={quiet ? label : undefined}
        onClick={() => input.current.click()}
      >
        <Icon d={UP} />
        {!quiet && label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple={!to}
        tabIndex={-1}
        aria-hidden
        onChange={(event) => {
          add(event.target.files, to);
          event.target.value = "";
        }}
      />
    </>
  );
}

/** A form's field for one file: it is brought at once, the form sends only its id. */
export function FileField({ name, inputId, value = "", shown = "", most, refused, invalid, describedBy, label }) {
  const language = useLanguage();
  const input = useRef(null);
  const request = useRef(null);
  const [kept, setKept] = useState({ id: value, name: shown });
  const [share, setShare] = useState(-1);
  const [error, setError] = useState("");
  useEffect(() => () => request.current?.abort(), []);
  const bring = (file) => {
    if (!file) return;
    const wrong = refusal(language, file, { most, refused });
    setError(wrong);
    if (wrong) return;
    setShare(0);
    request.current = send("/api/files", {}, file, {
      language,
      onShare: setShare,
      onDone: ({ id, name: called }) => (setShare(-1), setKept({ id, name: called })),
      onError: (said) => (setShare(-1), setError(said)),
    });
  };
  const stop = () => {
    request.current?.abort();
    setShare(-1);
  };
  return (
    <div
      className="filefield"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        bring(event.dataTransfer.files[0]);
      }}
    >
      <input type="hidden" name={name} value={kept.id} />
      <input ref={input} type="file" hidden tabIndex={-1} aria-hidden onChange={(e) => (bring(e.target.files[0]), (e.target.value = ""))} />
      {kept.id && (
        <a href={`/api/files/${kept.id}`} className="trunc" download>
          {kept.name || tr(language, "files.file")}
        </a>
      )}
      {share >= 0 && <progress max="1" value={share < 1 ? share : undefined} aria-label={tr(language, "files.progress", { name: label })} />}
      <button
        id={inputId}
        type="button"
        className="btn"
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        aria-label={`${label}: ${tr(language, kept.id ? "files.replace" : "files.choose")}`}
        disabled={share >= 0}
        onClick={() => input.current.click()}
      >
        <Icon d={UP} />
        {tr(language, kept.id ? "files.replace" : "files.choose")}
      </button>
      {share >= 0 && (
        <button type="button" className="btn gh" onClick={stop}>
          {tr(language, "form.cancel")}
        </button>
      )}
      {kept.id && share < 0 && (
        <button
          type="button"
          className="btn gh ic"
          aria-label={tr(language, "files.clear", { name: kept.name })}
          onClick={() => setKept({ id: "", name: "" })}
        >
          <Icon d={CROSS} />
        </button>
      )}
      {error && (
        <span className="err" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

/** A button over a face that brings a photo; a photo can be dropped on it too. */
export function PhotoPick({ address, most, label, onHung, children }) {
  const language = useLanguage();
  const input = useRef(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const bring = (file) => {
    if (!file) return;
    const wrong = refusal(language, file, { most });
    setError(wrong);
    if (wrong) return;
    setBusy(true);
    send(address, {}, file, {
      language,
      onShare: () => {},
      onDone: () => (setBusy(false), onHung?.()),
      onError: (said) => (setBusy(false), setError(said)),
    });
  };
  return (
    <div
      className={busy ? "photo busy" : "photo"}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        bring(event.dataTransfer.files[0]);
      }}
    >
      {children}
      <button type="button" className="photo-btn" aria-label={label} title={label} disabled={busy} onClick={() => input.current.click()}>
        <Icon d={CAMERA} size={16} />
      </button>
      <input
        ref={input}
        type="file"
        hidden
        tabIndex={-1}
        aria-hidden
        accept="image/jpeg,image/png,image/webp,image/gif"
        onChange={(event) => (bring(event.target.files[0]), (event.target.value = ""))}
      />
      {error && (
        <span className="err photo-err" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

/** A file as a picture the server has drawn anew, page by page. */
export function FilePicture({ address, label }) {
  const language = useLanguage();
  const [page, setPage] = useState(1);
  const [pages, setPages] = useState(1);
  const [shown, setShown] = useState("");
  const [error, setError] = useState("");
  useEffect(() => setPage(1), [address]);
  useEffect(() => {
    let dropped = false;
    let url = "";
    setError("");
    (async () => {
      const answer = await fetch(`${address}?page=${page}`, { credentials: "include" }).catch(() => null);
      if (dropped) return;
      if (!answer?.ok) {
        const told = await answer?.json().catch(() => ({}));
        setError(Object.values(told?.fields ?? {})[0] ?? told?.error ?? tr(language, "preview.bad"));
        return;
      }
      setPages(Number(answer.headers.get("x-pages")) || 1);
      url = URL.createObjectURL(await answer.blob());
      dropped ? URL.revokeObjectURL(url) : setShown(url);
    })();
    return () => {
      dropped = true;
      if (url) URL.revokeObjectURL(url);
      setShown("");
    };
  }, [address, page]);
  const turn = (by) => setPage((now) => Math.min(Math.max(now + by, 1), pages));
  return (
    <div
      className="look"
      role="group"
      aria-label={label}
      tabIndex={0}
      onKeyDown={(event) => {
        const by = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
        if (by) (event.preventDefault(), turn(by));
      }}
    >
      {error && (
        <p className="note" role="alert">
          {error}
        </p>
      )}
      {!error && (shown ? <img src={shown} alt={label} /> : <div className="skel look-wait" aria-busy />)}
      {pages > 1 && (
        <div className="row look-pages">
          <button type="button" className="btn" disabled={page === 1} onClick={() => turn(-1)}>
            {tr(language, "files.page.before")}
          </button>
          <span className="mut num" role="status">
            {tr(language, "files.page.of", { page, pages })}
          </span>
          <button type="button" className="btn" disabled={page === pages} onClick={() => turn(1)}>
            {tr(language, "files.page.after")}
          </button>
        </div>
      )}
    </div>
  );
}
