// Small helpers to build and find elements.

/** Elements of the root that match, the root itself among them. */
export function all(root, selector) {
  const inside = [...root.querySelectorAll(selector)];
  return root.matches?.(selector) ? [root, ...inside] : inside;
}

/** make("p", { class: "x" }, "text", child…): an element with attributes and children. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Whether keys typed here are text. */
export function isTyping(element) {
  return Boolean(
    element?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select") ||
      element?.isContentEditable,
  );
}

/** localStorage or sessionStorage, where the browser allows it; otherwise forgetful. */
export function store(kind) {
  try {
    return window[kind];
  } catch {
    return { getItem: () => null, setItem() {}, removeItem() {}, length: 0, key: () => null };
  }
}
