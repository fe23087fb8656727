// Forms with data-guard: nobody leaves them changed without being asked.
import { all } from "./dom.js";

const before = new WeakMap();
const sent = new WeakSet();

export function start() {
  addEventListener("beforeunload", (event) => {
    if (unsaved(null)) event.preventDefault();
  });
  document.addEventListener("submit", (event) => sent.add(event.target));
  document.addEventListener("htmx:afterRequest", (event) => sent.delete(event.detail.requestConfig?.elt));
}

export function prepare(root) {
  for (const form of all(root, "form[data-guard]")) {
    if (!before.has(form)) before.set(form, written(form));
  }
}

/** Whether a guarded form other than the given element holds changes. */
export function unsaved(except) {
  return [...document.querySelectorAll("form[data-guard]")].some(
    (form) => form !== except && !sent.has(form) && changed(form),
  );
}

function changed(form) {
  // a form that came back with faults holds what was typed, and is not saved
  return Boolean(form.querySelector("[aria-invalid=true]")) || written(form) !== before.get(form);
}

function written(form) {
  return JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
}
