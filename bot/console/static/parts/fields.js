// Conveniences of fields and buttons: copy, print, show a password, count characters.
import { tell } from "./dialog.js";
import { all } from "./dom.js";

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-print], [data-reveal]");
    if (!button) return;
    if ("copy" in button.dataset) copy(button);
    else if ("print" in button.dataset) print();
    else reveal(button);
  });
  document.addEventListener("input", (event) => {
    if (event.target.dataset?.counter) count(event.target);
  });
}

export function prepare(root) {
  for (const area of all(root, "[data-counter]")) count(area);
}

async function copy(button) {
  const done = await written(button.dataset.copy);
  tell(done ? "已复制" : "浏览器不允许复制，请手工选择文字", done ? "success" : "warning");
}

async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writtenByHand(text); // without https there is no clipboard
  }
}

function writtenByHand(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

function reveal(button) {
  const input = document.getElementById(button.dataset.reveal);
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
}

function count(area) {
  const output = document.getElementById(area.dataset.counter);
  if (!output) return;
  const used = [...area.value].length;
  const most = area.maxLength > 0 ? area.maxLength : null;
  output.textContent = most ? `${used} / ${most} 字` : `${used} 字`;
  output.classList.toggle("is-near", most !== null && used > most * 0.9);
}
