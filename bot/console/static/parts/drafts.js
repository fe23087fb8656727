// Forms with data-draft="key": what is typed is kept in this tab, and offered when the form comes back.
import { all, make, store } from "./dom.js";

const UNKEPT = new Set(["password", "hidden", "file", "submit", "button"]);
const PREFIX = "draft:";
const timers = new Map();

export function start() {
  document.addEventListener("input", (event) => later(event.target.closest?.("form[data-draft]")));
  document.addEventListener("htmx:afterRequest", (event) => {
    const { requestConfig, successful, xhr } = event.detail;
    const elt = requestConfig?.elt; // the event may come from elsewhere: the form is gone by now
    if (successful && xhr.status !== 422) forget(elt?.closest("form[data-draft]"));
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches('[action$="/logout"]')) forgetAll();
    else keepAll();
  });
  addEventListener("pagehide", keepAll);
}

export function prepare(root) {
  for (const form of all(root, "form[data-draft]")) {
    const draft = read(form);
    if (draft && draft.who === who() && !holds(form, draft)) offer(form, draft);
  }
}

/** Keep every form now: the session has ended, or the page is about to go. */
export function keepAll() {
  for (const [form, timer] of timers) {
    clearTimeout(timer);
    keep(form);
  }
}

function later(form) {
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(keep, 400, form));
}

function keep(form) {
  timers.delete(form);
  if (!form.isConnected) return;
  const draft = { at: new Date().toISOString(), who: who(), values: values(form) };
  store("sessionStorage").setItem(PREFIX + form.dataset.draft, JSON.stringify(draft));
}

function forget(form) {
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.delete(form);
  store("sessionStorage").removeItem(PREFIX + form.dataset.draft);
}

function forgetAll() {
  const drafts = store("sessionStorage");
  const names = Array.from({ length: drafts.length }, (_, n) => drafts.key(n));
  for (const name of names) if (name.startsWith(PREFIX)) drafts.removeItem(name);
  timers.clear();
}

function read(form) {
  try {
    return JSON.parse(store("sessionStorage").getItem(PREFIX + form.dataset.draft));
  } catch {
    return null;
  }
}

function who() {
  return document.querySelector("[data-actor]")?.dataset.actor ?? "";
}

function kept(form) {
  return [...form.elements].filter((field) => field.name && !UNKEPT.has(field.type));
}

function values(form) {
  return kept(form).map((field) => [field.name, valueOf(field)]);
}

function valueOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field.type === "select-multiple") return [...field.selectedOptions].map((o) => o.value);
  return field.value;
}

function holds(form, draft) {
  return JSON.stringify(values(form)) === JSON.stringify(draft.values);
}

function offer(form, draft) {
  if (form.previousElementSibling?.matches(".draft-offer")) return;
  const at = new Date(draft.at).toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short" });
  const take = make("button", { type: "button", class: "btn btn-sm" }, "恢复");
  const drop = make("button", { type: "button", class: "btn btn-sm btn-quiet" }, "不要了");
  const words = make("div", { class: "notice-text" }, `有一份没有提交的内容（${at}）。`);
  const note = make("div", { class: "notice tone tone-info draft-offer", role: "status" }, words, take, drop);
  take.addEventListener("click", () => {
    restore(form, draft);
    note.remove();
  });
  drop.addEventListener("click", () => {
    forget(form);
    note.remove();
  });
  form.before(note);
}

function restore(form, draft) {
  kept(form).forEach((field, n) => {
    const [name, value] = draft.values[n] ?? [];
    if (name !== field.name) return; // the form has changed since
    if (typeof value === "boolean") field.checked = value;
    else if (Array.isArray(value)) for (const o of field.options) o.selected = value.includes(o.value);
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  kept(form)[0]?.focus();
}
