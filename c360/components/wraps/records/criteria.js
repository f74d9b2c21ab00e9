// Filter trees: {join, of} groups, {field, op, value} tests, {related, via, has, n, where} tests on other records.

export const EMPTY = { join: "all", of: [] };
const NEEDED = { nothing: 0, two: 2, two_days: 2 };

export const isGroup = (part) => part && "of" in part;
export const isRelated = (part) => part && "related" in part;
export const asList = (value) => (Array.isArray(value) ? value : value ? [value] : []);

/** Whether a test has all the values its operator takes; half-typed ones are marked and not run. */
export function isComplete(part, columns) {
  if (isGroup(part)) return part.of.length > 0 && part.of.every((one) => isComplete(one, columns));
  if (isRelated(part)) return true;
  if (!part.field || !part.op) return false;
  const operator = operatorOf(columnOf(columns, part.field), part.op);
  const filled = asList(part.value).filter((one) => String(one).trim());
  return filled.length >= (NEEDED[operator?.takes] ?? 1);
}

/** A column by its name, or by a path over references: employer_id.parent_id.city. */
export function columnOf(columns, path) {
  const at = path.indexOf(".");
  const found = columns.find((column) => column.name === (at < 0 ? path : path.slice(0, at)));
  if (at < 0 || !found) return found;
  const inner = columnOf(found.hops ?? [], path.slice(at + 1));
  return inner && { ...inner, name: path, label: `${found.label} › ${inner.label}` };
}
export const operatorOf = (column, key) => column?.operators.find((operator) => operator.key === key);

/** The operator a quick filter of a field starts with. */
export function firstOperator(column) {
  const wanted = ["is_any_of", "has_any_of", "contains", "within", "between", "is_yes"];
  const found = wanted.find((key) => operatorOf(column, key));
  return found ?? column.operators[0]?.key ?? "";
}

/** What is to be asked: without half-typed tests and empty groups. */
export function runnable(criteria, columns) {
  const keep = (part) => {
    if (isGroup(part)) {
      const of = part.of.map(keep).filter(Boolean);
      return of.length ? { ...part, of } : null;
    }
    if (isRelated(part)) return { ...part, where: keep(part.where ?? EMPTY) ?? EMPTY };
    return isComplete(part, columns) ? part : null;
  };
  return keep(criteria ?? EMPTY) ?? EMPTY;
}

/** How many tests a tree holds. */
export const sizeOf = (part) =>
  isGroup(part) ? part.of.reduce((sum, one) => sum + sizeOf(one), 0) : isRelated(part) ? 1 + sizeOf(part.where ?? EMPTY) : 1;

export const replaceAt = (list, index, item) => list.map((one, at) => (at === index ? item : one));
export const removeAt = (list, index) => list.filter((_, at) => at !== index);

/** The tests a bar of chips can show: the direct tests of an "all" group. */
export const chipsOf = (criteria) => (criteria.join === "all" ? criteria.of : [criteria]);
