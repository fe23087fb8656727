// The menu at the bottom of a chat, from what the account has published.
import { h, icon } from "./dom.js";

export function menuBar(menu, onTap) {
  const bar = h("div", { class: "menubar" });
  bar.append(...menu.button.map((button, index) => column(bar, button, index, onTap)));
  return bar;
}

function column(bar, button, index, onTap) {
  const below = button.sub_button ?? [];
  if (!below.length) {
    return h("div", { class: "column" }, h("button", { type: "button", onclick: () => onTap(button, [index]) }, button.name));
  }
  const list = h("div", { class: "below", hidden: true });
  list.append(
    ...below.map((item, place) =>
      h("button", { type: "button", onclick: () => (close(bar), onTap(item, [index, place])) }, item.name),
    ),
  );
  const top = h("button", { type: "button", class: "has-below", "aria-haspopup": "true" }, icon("list"), button.name);
  top.addEventListener("click", () => {
    const wasHidden = list.hidden;
    close(bar);
    list.hidden = !wasHidden;
  });
  return h("div", { class: "column" }, list, top);
}

export function close(bar) {
  for (const list of bar.querySelectorAll(".below")) list.hidden = true;
}
