// The console's own behaviour on top of htmx: each part listens once and prepares new content.
import * as alarm from "./parts/alarm.js";
import * as charts from "./parts/charts.js";
import * as drafts from "./parts/drafts.js";
import * as fields from "./parts/fields.js";
import * as frame from "./parts/frame.js";
import * as guard from "./parts/guard.js";
import * as insert from "./parts/insert.js";
import * as keys from "./parts/keys.js";
import * as live from "./parts/live.js";
import * as requests from "./parts/requests.js";
import * as times from "./parts/times.js";

const parts = [frame, fields, guard, drafts, insert, keys, requests, times, charts, live, alarm];

function prepare(root) {
  for (const part of parts) part.prepare?.(root);
}

for (const part of parts) part.start?.();
prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
