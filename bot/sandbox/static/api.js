// Talks to the sandbox's control interface.
import { toast } from "./dialog.js";

const BASE = "/sandbox/api";

export async function call(method, path, body) {
  const answer = await fetch(BASE + path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const data = await answer.json();
  if (!answer.ok) {
    toast(data.error || `HTTP ${answer.status}`);
    throw new Error(data.error);
  }
  return data;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);

// Answers of pushes also arrive as events, so a button only needs to start the work.
export function press(path, body = {}) {
  return post(path, body).catch((error) => console.warn(path, error.message));
}

export function listen(handlers, onOpen) {
  const source = new EventSource(BASE + "/events");
  source.addEventListener("open", onOpen);
  for (const [kind, handle] of Object.entries(handlers)) {
    source.addEventListener(kind, (event) => handle(JSON.parse(event.data)));
  }
}
