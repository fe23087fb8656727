// Builds page nodes without ever parsing HTML.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

const PATHS = {
  back: "M15 5l-7 7 7 7",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6",
  keyboard: "M3 7h18v10H3zM7 10h.1M11 10h.1M15 10h.1M8 14h8",
  list: "M5 7h14M5 12h14M5 17h14",
  voice: "M9 8a6 6 0 0 1 0 8M12 5a10 10 0 0 1 0 14M6 11a2 2 0 0 1 0 2",
  face: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 10h.1M15.500 10h.1M8 14c1 2 2 3 4 3s3-1 4-3",
  plus: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 8v8M8 12h8",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-2 4 4M15.500 9h.1",
  place: "M12 21c5-6 7-8 7-11a7 7 0 0 0-14 0c0 3 2 5 7 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  film: "M4 6h11v12H4zM15 10l5-3v10l-5-3",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  bell: "M6 17h12l-1-3V10a5 5 0 0 0-10 0v4zM10 20h4",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function clockText(seconds, withDay = false) {
  const parts = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" };
  const day = withDay ? { month: "numeric", day: "numeric" } : {};
  return new Intl.DateTimeFormat("zh-CN", { ...parts, ...day }).format(new Date(seconds * 1000));
}

export function part(title, ...children) {
  return h("section", { class: "part" }, h("h3", {}, title), children);
}

export function button(words, onclick, kind = "") {
  return h("button", { type: "button", onclick, class: kind }, words);
}
