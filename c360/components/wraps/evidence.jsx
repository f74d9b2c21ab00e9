// A file as a field of a form: it goes to the store at once, the form carries its id.
import { useRef, useState } from "react";
import { tr, useLanguage } from "../i18n/i18n.js";

export function FileField({ name, inputId, invalid }) {
  const language = useLanguage();
  const [file, setFile] = useState(null);
  const [error, setError] = useState("");
  const [share, setShare] = useState(-1);
  const request = useRef(null);

  function send(chosen) {
    if (!chosen) return;
    const body = new FormData();
    body.append("file", chosen);
    const xhr = new XMLHttpRequest();
    request.current = xhr;
    setError("");
    setShare(0);
    xhr.upload.onprogress = (event) => event.lengthComputable && setShare(event.loaded / event.total);
    xhr.onload = () => {
      setShare(-1);
      let answer = {};
      try {
        answer = JSON.parse(xhr.responseText);
      } catch {
        answer = {};
      }
      if (xhr.status === 201) setFile(answer);
      else setError(Object.values(answer.fields ?? {})[0] ?? answer.error ?? tr(language, "consent.file.failed"));
    };
    xhr.onerror = () => {
      setShare(-1);
      setError(tr(language, "consent.file.failed"));
    };
    xhr.onabort = () => setShare(-1);
    xhr.open("POST", "/api/files");
    xhr.send(body);
  }

  return (
    <div className="row wrap gap8">
      <input type="hidden" name={name} value={file?.id ?? ""} />
      {file ? (
        <>
          <span className="tag">{file.name}</span>
          <button type="button" className="btn gh" onClick={() => setFile(null)}>
            {tr(language, "consent.file.drop")}
          </button>
        </>
      ) : (
        <input
          type="file"
          id={inputId}
          className="inp"
          aria-invalid={invalid || error !== ""}
          aria-describedby={`${inputId}-told`}
          onChange={(event) => send(event.target.files[0])}
        />
      )}
      {share >= 0 && (
        <>
          <progress value={share} max="1" aria-label={tr(language, "consent.file.sending")} />
          <button type="button" className="btn" onClick={() => request.current?.abort()}>
            {tr(language, "consent.file.stop")}
          </button>
        </>
      )}
      <span id={`${inputId}-told`} className="err" role={error ? "alert" : undefined}>
        {error}
      </span>
    </div>
  );
}
