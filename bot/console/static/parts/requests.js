// What surrounds a request of htmx: the thin line, questions before, faults and focus after.
import { ask, tell } from "./dialog.js";
import * as drafts from "./drafts.js";
import { unsaved } from "./guard.js";

const SHOWN_AFTER_MS = 120;
let under = 0;
let timer = 0;

export function start() {
  document.addEventListener("htmx:beforeRequest", () => busy(1));
  document.addEventListener("htmx:afterRequest", () => busy(-1));
  document.addEventListener("htmx:confirm", question);
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:afterSettle", settled);
  document.addEventListener("htmx:sendError", () => tell("网络不通，没有保存。请检查网络后再试。", "danger"));
  document.addEventListener("htmx:timeout", () => tell("服务器没有回应，请稍后再试。", "danger"));
}

function busy(change) {
  under = Math.max(0, under + change);
  clearTimeout(timer);
  if (under) timer = setTimeout(() => (document.documentElement.dataset.busy = ""), SHOWN_AFTER_MS);
  else delete document.documentElement.dataset.busy;
}

/** Ask before what cannot be undone (data-confirm, hx-confirm) and before leaving changes. */
async function question(event) {
  const { elt, target, triggeringEvent, issueRequest } = event.detail;
  const button = triggeringEvent?.submitter;
  const text = event.detail.question || button?.dataset.confirm || elt.dataset.confirm;
  const leaving = target === document.body && unsaved(elt);
  if (!text && !leaving) return;
  event.preventDefault();
  const agreed = text ? await sure(text, button) : await leave();
  if (!agreed) return;
  button?.focus(); // htmx sends the value of the button that has the focus
  issueRequest(true);
}

function sure(text, button) {
  const yes = button?.dataset.yes || button?.textContent.trim() || "确定";
  return ask({ title: "请确认", text, yes, kind: "danger" });
}

function leave() {
  const text = "这一页有没保存的内容，离开后需要重新填写。";
  return ask({ title: "还没有保存", text, yes: "仍然离开", no: "留在这页", kind: "danger" });
}

function beforeSwap(event) {
  const { xhr, target } = event.detail;
  if (xhr.status === 401) return expired();
  if (xhr.status < 400 || xhr.status === 422 || target === document.body) return;
  event.detail.shouldSwap = false; // a page about an error does not fit into a part of a page
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const sentence = page.querySelector("[data-error-sentence]")?.textContent.trim();
  tell(sentence || `没有成功（${xhr.status}）。`, "danger");
}

async function expired() {
  drafts.keepAll();
  if (document.querySelector("dialog[open]")) return;
  const text = "登录已过期，输入内容已保留。重新登录后会回到这一页。";
  const again = await ask({ title: "请重新登录", text, yes: "去登录", no: "先留在这页" });
  const here = location.pathname + location.search;
  if (again) location.assign(`/console/login?next=${encodeURIComponent(here)}`);
}

/** After a whole page: the first fault has the focus, or the text, so that readers start there. */
function settled(event) {
  if (event.detail.target !== document.body || event.detail.elt !== document.body) return;
  const place =
    document.querySelector("main [aria-invalid=true]") ??
    document.querySelector("main [autofocus]") ??
    document.querySelector("main");
  place?.focus({ preventScroll: place.tagName === "MAIN" });
}
