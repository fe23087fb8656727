// Questions and notes to the person at the screen: native dialogs, and short messages at the foot.
import { make } from "./dom.js";

/** Ask; resolves to true for yes. kind: how the yes button looks. */
export function ask({ title, text, yes, no = "取消", kind = "primary" }) {
  const agree = make("button", { class: `btn btn-${kind}`, value: "yes" }, yes);
  const refuse = make("button", { class: "btn", value: "no", autofocus: "" }, no);
  const box = frame(title, make("p", {}, text), make("div", { class: "btn-row" }, agree, refuse));
  return shown(box).then(() => box.returnValue === "yes");
}

/** Show content under a title until it is closed. */
export function show(title, ...content) {
  const close = make("button", { class: "btn", value: "no", autofocus: "" }, "关闭");
  return shown(frame(title, ...content, make("div", { class: "btn-row" }, close)));
}

/** Tell in passing; read aloud by screen readers. */
export function tell(text, kind = "info") {
  const note = make("div", { class: `toast-note tone tone-${kind}`, role: "status" });
  shelf().append(note);
  note.textContent = text; // after it is in the page: only changes are read aloud
  setTimeout(() => note.remove(), 6000);
}

function shelf() {
  const there = document.querySelector(".toast-shelf");
  if (there) return there;
  const made = make("div", { class: "toast-shelf", "aria-live": "polite" });
  document.body.append(made);
  return made;
}

function frame(title, ...content) {
  const heading = make("h2", { class: "ask-title", id: "ask-title" }, title);
  const form = make("form", { method: "dialog", class: "ask-form" }, heading, ...content);
  return make("dialog", { class: "ask", "aria-labelledby": "ask-title" }, form);
}

function shown(box) {
  document.querySelector("dialog.ask")?.remove();
  document.body.append(box);
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener("close", () => {
      box.remove();
      resolve();
    });
  });
}
