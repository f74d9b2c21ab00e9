// Editing in a cell: the editor that fits the column; Enter or leaving keeps the value, Escape restores it.
import { useEffect, useRef } from "react";
import { labelOf } from "./cells.jsx";

const isChoice = (column) => ["choice", "option", "country", "language"].includes(column.cell);
const TYPES = { date: "date", number: "text", money: "text", percent: "text", email: "email", url: "url" };

export const isEditable = (column) =>
  column.editable && !column.title && (isChoice(column) || !["choices", "options", "reference", "moment", "file", "tags", "folders", "customers", "boolean", "none"].includes(column.cell));

/** The text the server reads a typed value from. */
export function sent(column, value) {
  if (value === null || value === undefined) return "";
  return isChoice(column) ? String(value.id ?? value) : String(value);
}

const typed = (column, value) => (column.cell === "money" && value != null ? (value / 100).toFixed(2) : (labelOf(value) ?? ""));

export function CellEditor({ value, onValueChange, colDef, stopEditing, eventKey }) {
  const column = colDef.context;
  const box = useRef(null);
  useEffect(() => {
    box.current?.focus();
    if (box.current?.select && eventKey !== "F2") box.current.select();
  }, []);
  if (isChoice(column)) {
    const options = column.options;
    const pick = (id) => onValueChange(options.find((option) => option.id === id) ?? null);
    return (
      <select
        ref={box}
        className="cg-edit"
        aria-label={colDef.headerName}
        defaultValue={value?.id ?? ""}
        onChange={(event) => {
          pick(event.target.value);
          setTimeout(() => stopEditing(), 0);
        }}
      >
        <option value="">–</option>
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      ref={box}
      className="cg-edit"
      aria-label={colDef.headerName}
      type={TYPES[column.kind] ?? TYPES[column.cell] ?? "text"}
      defaultValue={typed(column, value)}
      onChange={(event) => onValueChange(event.target.value || null)}
    />
  );
}
