// Elements with data-live="/console/…/events" fetch themselves anew when that stream says so.
// data-live-refresh="/console/…" is what to fetch; without it the element has hx-get and
// hx-trigger="refresh". data-live-event names the event, "message" unless said.
import { all, isTyping } from "./dom.js";

const GATHER_MS = 300;
const AGAIN_MS = [1000, 2000, 5000, 15_000, 30_000];
const streams = new Map();
const waiting = new WeakMap();

export function start() {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) for (const url of [...streams.keys()]) close(url);
    else for (const element of elements()) open(element.dataset.live).then(() => refresh(element));
  });
  addEventListener("pagehide", () => [...streams.keys()].forEach(close));
}

export function prepare(root) {
  const wanted = new Set([...elements()].map((element) => element.dataset.live));
  for (const url of [...streams.keys()]) if (!wanted.has(url)) close(url);
  if (!document.hidden) for (const element of all(root, "[data-live]")) open(element.dataset.live);
}

function elements() {
  return document.querySelectorAll("[data-live]");
}

async function open(url, tries = 0) {
  if (streams.has(url)) return;
  const stream = { source: new EventSource(url), timer: 0, heard: new Set() };
  streams.set(url, stream);
  stream.source.addEventListener("open", () => (tries = 0));
  stream.source.addEventListener("error", () => {
    if (stream.source.readyState !== EventSource.CLOSED) return; // the browser tries again itself
    stream.timer = setTimeout(again, AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)], url, tries + 1);
  });
  for (const element of elements()) listen(stream, url, element.dataset.liveEvent ?? "message");
}

function again(url, tries) {
  close(url);
  if ([...elements()].some((element) => element.dataset.live === url)) open(url, tries);
}

function listen(stream, url, name) {
  if (stream.heard.has(name)) return;
  stream.heard.add(name);
  stream.source.addEventListener(name, () => {
    for (const element of elements()) {
      const wants = element.dataset.liveEvent ?? "message";
      if (element.dataset.live === url && wants === name) soon(element);
    }
  });
}

function close(url) {
  const stream = streams.get(url);
  clearTimeout(stream?.timer);
  stream?.source.close();
  streams.delete(url);
}

/** Many messages make one request. */
function soon(element) {
  if (waiting.has(element)) return;
  waiting.set(element, setTimeout(refresh, GATHER_MS, element));
}

function refresh(element) {
  waiting.delete(element);
  if (!element.isConnected || document.hidden) return;
  const active = document.activeElement;
  if (element.contains(active) && isTyping(active)) {
    active.addEventListener("blur", () => soon(element), { once: true }); // not under someone's hands
    return;
  }
  const url = element.dataset.liveRefresh;
  if (url) htmx.ajax("GET", url, { source: element, target: element, swap: "innerHTML" });
  else htmx.trigger(element, "refresh");
}
