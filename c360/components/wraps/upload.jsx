// A place to drop a file: it goes to the server as it is, by our own route, and only its id comes back.
import { useEffect, useRef, useState } from "react";
import { tr, useLanguage } from "../i18n/i18n.js";

const ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xls,.ods,.vcf,.vcard";

export function FileDrop({ entity = "contact", onUploaded }) {
  const language = useLanguage();
  const input = useRef(null);
  const request = useRef(null);
  const [over, setOver] = useState(false);
  const [share, setShare] = useState(-1);
  const [error, setError] = useState("");
  const [pasting, setPasting] = useState(false);
  const [text, setText] = useState("");
  useEffect(() => () => request.current?.abort(), []);

  const send = (body, name) => {
    setError("");
    setShare(0);
    const xhr = new XMLHttpRequest();
    request.current = xhr;
    xhr.open("POST", `/api/imports/${entity}?name=${encodeURIComponent(name)}`);
    xhr.setRequestHeader("Content-Type", "application/octet-stream");
    xhr.upload.onprogress = (event) => event.lengthComputable && setShare(event.loaded / event.total);
    xhr.onload = () => {
      setShare(-1);
      let answer = {};
      try {
        answer = JSON.parse(xhr.responseText);
      } catch {
        answer = {}; // a proxy's own error page
      }
      if (xhr.status < 300 && answer.id) onUploaded(answer.id);
      else setError(Object.values(answer.fields ?? {})[0] ?? answer.error ?? tr(language, "import.upload.failed"));
    };
    xhr.onerror = () => {
      setShare(-1);
      setError(tr(language, "import.upload.failed"));
    };
    xhr.onabort = () => setShare(-1);
    xhr.send(body);
  };
  const choose = (files) => files?.[0] && send(files[0], files[0].name);
  const busy = share >= 0;

  return (
    <div className="drop-area">
      <div
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          choose(event.dataTransfer.files);
        }}
      >
        <label className="drop-label">
          <span className="h2">{tr(language, "import.upload.drop")}</span>
          <span className="mut">{tr(language, "import.upload.kinds")}</span>
          <input
            ref={input}
            type="file"
            className="drop-input"
            accept={ACCEPTED}
            disabled={busy}
            aria-label={tr(language, "import.upload.choose")}
            onChange={(event) => {
              choose(event.target.files);
              event.target.value = "";
            }}
          />
        </label>
        {busy && (
          <div className="row drop-progress">
            <progress value={share < 1 ? share : undefined} max="1" aria-label={tr(language, "import.upload.sending")} />
            <span className="mut" role="status">
              {tr(language, share < 1 ? "import.upload.sending" : "import.upload.reading")}
            </span>
            <button type="button" className="btn gh" onClick={() => request.current?.abort()}>
              {tr(language, "import.cancel")}
            </button>
          </div>
        )}
      </div>
      {error && (
        <p className="err" role="alert">
          {error}
        </p>
      )}
      {pasting ? (
        <div className="col gap8">
          <textarea
            className="inp"
            rows="6"
            value={text}
            aria-label={tr(language, "import.upload.paste")}
            onChange={(event) => setText(event.target.value)}
          />
          <div className="row">
            <button
              type="button"
              className="btn pri"
              disabled={busy || !text.trim()}
              onClick={() => send(new Blob([text]), `${tr(language, "import.upload.pasted")}.tsv`)}
            >
              {tr(language, "import.upload.take")}
            </button>
            <button type="button" className="btn gh" onClick={() => setPasting(false)}>
              {tr(language, "import.cancel")}
            </button>
          </div>
        </div>
      ) : (
        <button type="button" className="btn gh" disabled={busy} onClick={() => setPasting(true)}>
          {tr(language, "import.upload.paste")}
        </button>
      )}
    </div>
  );
}

export function Ticker({ every = 800, onTick }) {
  const tick = useRef(onTick);
  tick.current = onTick;
  useEffect(() => {
    const timer = setInterval(() => document.hidden || tick.current(), every);
    return () => clearInterval(timer);
  }, [every]);
  return null;
}
