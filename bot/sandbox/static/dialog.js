// Asks the person at the page for a few words.
import { h } from "./dom.js";

// Each field is {name, label, value, hint, options}; resolves to the values, or null when cancelled.
export function ask(title, fields, action = "确定") {
  const dialog = document.getElementById("ask");
  return new Promise((resolve) => {
    const form = h(
      "form",
      { method: "dialog" },
      h("h2", {}, title),
      fields.map(fieldRow),
      h(
        "div",
        { class: "ask-buttons" },
        h("button", { type: "button", onclick: () => dialog.close() }, "取消"),
        h("button", { value: "yes", class: "primary" }, action),
      ),
    );
    dialog.returnValue = "";
    dialog.replaceChildren(form);
    dialog.onclose = () => {
      const values = Object.fromEntries(new FormData(form));
      resolve(dialog.returnValue === "yes" ? values : null);
    };
    dialog.showModal();
  });
}

function fieldRow({ name, label, value = "", hint, options }) {
  const box = options
    ? h("select", { name }, options.map(([key, words]) => h("option", { value: key }, words)))
    : h("input", { name, autocomplete: "off", value });
  return h("label", {}, h("span", {}, label), box, hint ? h("small", {}, hint) : null);
}

let timer = 0;

export function toast(words) {
  const box = document.getElementById("toast");
  box.textContent = words;
  box.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (box.hidden = true), 4000);
}
