// The frame of the page: side menu on a phone, pop-up menus, rows that open as a whole.

const wide = matchMedia("(min-width: 992px)");

export function start() {
  document.addEventListener("click", (event) => {
    const side = event.target.closest("[data-side]");
    if (side) return setSide(side.dataset.side === "open");
    closePops(event.target.closest("[data-pop]"));
    openRow(event);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    const open = document.querySelector("[data-pop][open]");
    closePops(null);
    open?.querySelector("summary").focus();
    if (document.documentElement.dataset.menu === "open") setSide(false);
  });
  wide.addEventListener("change", () => setSide(false));
}

export function prepare(root) {
  if (root === document) return;
  if (root.matches(".shell")) setSide(false); // a new page, the menu has done its work
}

function setSide(open) {
  const root = document.documentElement;
  const was = root.dataset.menu === "open";
  if (open) root.dataset.menu = "open";
  else delete root.dataset.menu;
  const button = document.querySelector(".side-open");
  button?.setAttribute("aria-expanded", String(open));
  for (const part of document.querySelectorAll(".frame")) part.inert = open;
  if (open) document.querySelector(".side-close")?.focus();
  else if (was) button?.focus();
}

function closePops(except) {
  for (const pop of document.querySelectorAll("[data-pop][open]")) {
    if (pop !== except) pop.removeAttribute("open");
  }
}

/** A click anywhere in tr[data-href] is a click on its first link. */
function openRow(event) {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, select, textarea, label, summary")) return;
  if (String(getSelection())) return; // somebody marks text
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
  else (row.querySelector("a[href]") ?? row).click();
}
