// Keys: `/` searches, `?` helps, `g e` and the like follow data-hotkey, Ctrl+Enter submits.
import { show } from "./dialog.js";
import { isTyping, make, store } from "./dom.js";

const PAUSE_MS = 1500;
const OFF = "keys-off";
let typed = { keys: "", at: 0 };

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return submit(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]") || isOff()) return;
    if (act(event.key, event.timeStamp)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) help();
  });
}

function submit(event) {
  const form = event.target.closest?.("form");
  if (!form || !event.target.matches("textarea, input, select")) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[type=submit]") ?? undefined);
}

function act(key, at) {
  if (key === "/") return focusSearch();
  if (key === "?") return help();
  const keys = at - typed.at < PAUSE_MS && typed.keys ? `${typed.keys} ${key}` : key;
  const links = [...document.querySelectorAll("[data-hotkey]")];
  typed = { keys: links.some((l) => l.dataset.hotkey.startsWith(`${keys} `)) ? keys : "", at };
  const target = links.find((link) => link.dataset.hotkey === keys);
  target?.click();
  return Boolean(target);
}

function focusSearch() {
  const field = [...document.querySelectorAll("#find-q, [data-search]")].find((e) => e.offsetParent);
  field?.focus();
  field?.select();
  return Boolean(field);
}

function help() {
  const rows = [["/", "搜索"], ["?", "显示这个说明"], ["Ctrl Enter", "提交正在填写的表单"], ["Esc", "关闭弹出的内容"]];
  for (const link of document.querySelectorAll("[data-hotkey]")) {
    rows.push([link.dataset.hotkey, link.querySelector(".side-label")?.textContent ?? name(link)]);
  }
  const list = make("dl", { class: "keys" });
  for (const [keys, text] of rows) {
    const caps = keys.split(" ").map((key) => make("kbd", {}, key));
    list.append(make("div", {}, make("dt", {}, ...caps), make("dd", {}, text)));
  }
  show("键盘快捷键", list, toggle());
  return true;
}

function name(link) {
  if (link.classList.contains("brand")) return "首页";
  return link.getAttribute("aria-label") ?? link.textContent.trim();
}

function isOff() {
  return store("localStorage").getItem(OFF) === "1";
}

/** Single keys can be switched off: voice control types them by accident. */
function toggle() {
  const box = make("input", { type: "checkbox", class: "form-check-input" });
  box.checked = !isOff();
  box.addEventListener("change", () => store("localStorage").setItem(OFF, box.checked ? "0" : "1"));
  return make("label", { class: "form-check" }, box, make("span", { class: "form-check-label" }, "使用单键快捷键"));
}
