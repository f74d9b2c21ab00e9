// Hotkeys: matched in the browser, so that only real shortcuts reach the server.
// "mod+k" is Ctrl or Cmd and k, "g c" one key after the other, "/" and "?" single keys.
import { useEffect, useRef } from "react";
import { tr, useLanguage } from "../i18n/i18n.js";
import { useNavigate } from "react-router";

const SEQUENCE_MS = 900;

function isTyping(element) {
  return element?.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? "");
}

function nameOf(event) {
  const named = event.key.length > 1;
  return [
    (event.ctrlKey || event.metaKey) && "mod",
    event.altKey && "alt",
    event.shiftKey && named && "shift",
    event.key.toLowerCase(),
  ]
    .filter(Boolean)
    .join("+");
}

export function Hotkeys({ keys = [], onHotkey }) {
  const latest = useRef({});
  latest.current = { keys, onHotkey };
  const navigate = useNavigate();
  useEffect(() => {
    let sequence = "";
    let pressedAt = 0;
    function act(hotkey) {
      if (hotkey.href) navigate(hotkey.href);
      else if (hotkey.focus) document.querySelector(hotkey.focus)?.focus();
      else if (hotkey.emit) window.dispatchEvent(new CustomEvent(hotkey.emit));
      else latest.current.onHotkey?.(hotkey.id);
    }
    function listen(event) {
      if (event.defaultPrevented || event.isComposing || document.querySelector("[role=dialog], [role=alertdialog], dialog[open]")) return;
      const key = nameOf(event);
      const typing = isTyping(event.target);
      sequence = Date.now() - pressedAt < SEQUENCE_MS && !key.includes("+") ? `${sequence} ${key}`.trim() : key;
      pressedAt = Date.now();
      const fits = (hotkey) => hotkey.keys === sequence || hotkey.keys === key;
      const hotkey = latest.current.keys.find((one) => one.keys === sequence) ?? latest.current.keys.find(fits);
      if (!hotkey || (typing && !hotkey.keys.startsWith("mod+"))) return;
      event.preventDefault();
      sequence = "";
      act(hotkey);
    }
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  return <Help keys={keys} />;
}

function Help({ keys }) {
  const language = useLanguage();
  const dialog = useRef(null);
  useEffect(() => {
    const show = () => dialog.current?.showModal();
    window.addEventListener("c360:shortcuts", show);
    return () => window.removeEventListener("c360:shortcuts", show);
  }, []);
  const close = () => dialog.current.close();
  return (
    <dialog ref={dialog} className="ask" aria-labelledby="shortcuts-title" onClick={({ target }) => target === dialog.current && close()}>
      <h2 id="shortcuts-title" className="h2">
        {tr(language, "shell.shortcuts")}
      </h2>
      <dl className="shortcuts">
        {[{ id: "palette", keys: "ctrl k", label: tr(language, "palette.title") }, ...keys]
          .filter((one) => one.label)
          .map((one) => (
            <div key={one.id}>
              <dt>{one.label}</dt>
              <dd>
                {one.keys.split(/[ +]/).map((key, at) => (
                  <kbd key={at} className="kbd">
                    {key}
                  </kbd>
                ))}
              </dd>
            </div>
          ))}
      </dl>
      <div className="row end">
        <button type="button" className="btn" onClick={close}>
          {tr(language, "shell.close")}
        </button>
      </div>
    </dialog>
  );
}
