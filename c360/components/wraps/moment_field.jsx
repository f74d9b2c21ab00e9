// MomentField: a day and a time by the reader's own clock; the form gets them in UTC.
import { useState } from "react";

const two = (n) => String(n).padStart(2, "0");

function local(iso) {
  if (!iso) return "";
  const at = new Date(iso);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function MomentField({ name, value = "", inputId, invalid = false, describedBy }) {
  const [typed, setTyped] = useState(local(value));
  const utc = typed ? new Date(typed).toISOString() : "";
  return (
    <>
      <input
        type="datetime-local"
        id={inputId}
        className="inp"
        value={typed}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        onChange={(event) => setTyped(event.target.value)}
      />
      <input type="hidden" name={name} value={typed === local(value) ? value : utc} />
    </>
  );
}
