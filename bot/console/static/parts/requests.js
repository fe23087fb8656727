// What surrounds a request of htmx: the thin line, questions before, faults and focus after.
import { ask, tell } from "./dialog.js";
import * as drafts from "./drafts.js";
import { unsaved } from "./guard.js";

const SHOWN_AFTER_MS = 120;
const underway = new Set();
let timer = 0;
let toldExpired = false;

export function start() {
  document.querySelector("main [aria-invalid=true]")?.focus();
  document.addEventListener("htmx:beforeSend", (event) => watch(event.detail.xhr));
  document.addEventListener("htmx:confirm", question);
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:beforeHistoryUpdate", keepAddress);
  document.addEventListener("htmx:afterSettle", settled);
  document.addEventListener("htmx:sendError", () => tell("网络不通，没有保存。请检查网络后再试。", "danger"));
  document.addEventListener("htmx:timeout", () => tell("服务器没有回应，请稍后再试。", "danger"));
}

function watch(xhr) {
  underway.add(xhr);
  xhr.addEventListener("loadend", () => {
    underway.delete(xhr);
    line();
  });
  line();
}

function line() {
  clearTimeout(timer);
  if (!underway.size) delete document.documentElement.dataset.busy;
  else timer = setTimeout(() => (document.documentElement.dataset.busy = ""), SHOWN_AFTER_MS);
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
  if (xhr.status === 401) return expired(event.detail.requestConfig);
  toldExpired = false;
  if (xhr.status < 400 || xhr.status === 422 || target === document.body) return;
  event.detail.shouldSwap = false; // a page about an error does not fit into a part of a page
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const sentence = page.querySelector("[data-error-sentence]")?.textContent.trim();
  tell(sentence || `没有成功（${xhr.status}）。`, "danger");
}

async function expired({ triggeringEvent }) {
  drafts.keepAll();
  if (document.querySelector("dialog[open]")) return;
  if (toldExpired && !triggeringEvent) return; // a live part asks again and again
  toldExpired = true;
  const text = "登录已过期，输入内容已保留。重新登录后会回到这一页。";
  const again = await ask({ title: "请重新登录", text, yes: "去登录", no: "先留在这页" });
  const here = location.pathname + location.search;
  if (again) location.assign(`/console/login?next=${encodeURIComponent(here)}`);
}

/** A form that came back with faults keeps the address: its own may know no GET. */
function keepAddress(event) {
  const { history, requestConfig, xhr } = event.detail;
  if (requestConfig.verb === "get" || xhr.status < 400) return;
  history.type = "replace";
  history.path = location.pathname + location.search;
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
