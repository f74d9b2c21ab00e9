// Inbox: what the server asks of the page beside its state. It sends an act and its data, never a script, so that
// the content policy can forbid eval: Reflex sets the value of a ref, and ours acts on what it is given.
import { eventLoop } from "$/utils/context-registry";
import { ReflexEvent, refs } from "$/utils/state";

const STEP_MS = 40;
const TRIES = 25;

const send = ({ name, payload }, more = {}) => eventLoop.addEvents([ReflexEvent(name, { ...payload, ...more })]);

/** Do something with an element as soon as it is there; some come a moment after their form. */
function once(selector, work, tries = TRIES) {
  const found = document.querySelector(selector);
  if (found) work(found);
  else if (tries) setTimeout(() => once(selector, work, tries - 1), STEP_MS);
}

const ACTS = {
  toast({ level, text, action, ...options }) {
    const button = action && { label: action.label, onClick: () => send(action.event) };
    refs.__toast?.[level](text, { ...options, action: button });
  },
  emit({ name, detail }) {
    window.dispatchEvent(new CustomEvent(name, { detail }));
  },
  focus({ id, select, unless }) {
    once(`#${id}`, (field) => {
      if (unless && document.activeElement?.matches(unless)) return;
      field.focus();
      if (select) field.select();
    });
  },
  insert({ id, text }) {
    once(`#${id}`, (field) => {
      field.focus();
      field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  },
  reveal({ selector }) {
    once(selector, (element) => element.scrollIntoView({ block: "center" }));
  },
  submit({ id, name, value }) {
    once(`#${id}`, (form) => {
      const more = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      form.append(more);
      form.requestSubmit();
      more.remove();
    });
  },
  clock({ event }) {
    send(event, { offset: -new Date().getTimezoneOffset() });
  },
};

refs.ref_inbox = {
  current: {
    set value({ act, ...data }) {
      ACTS[act]?.(data);
    },
  },
};

export const Inbox = () => null;
