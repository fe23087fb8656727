// <div data-duty="/console/duty/events" data-duty-banner="/console/duty/banner">: alarms on every page
// of whoever answers them. Unlike data-live it listens in a hidden tab, too: sound and title call.
const PAUSE_MS = 5000;
const BEEPS = 3;
let source = null;
let calling = 0;

export function start() {
  addEventListener("pagehide", close);
}

export function prepare() {
  const box = document.querySelector("[data-duty]");
  if (!box) return close();
  if (!source) open(box.dataset.duty);
  if (box.dataset.isReady) return;
  box.dataset.isReady = "yes";
  show();
}

function open(url) {
  source = new EventSource(url);
  source.addEventListener("message", (event) => heard(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again itself
    close();
    setTimeout(prepare, PAUSE_MS);
  });
}

function close() {
  source?.close();
  source = null;
}

function heard(state) {
  if (state.mine > calling) beep();
  calling = state.mine;
  show();
}

function show() {
  const plain = document.title.replace(/^（\d+ 条危机）/, "");
  document.title = calling ? `（${calling} 条危机）${plain}` : plain;
  const box = document.querySelector("[data-duty]");
  if (box) htmx.ajax("GET", box.dataset.dutyBanner, { source: box, target: box, swap: "innerHTML" });
}

/** Three short tones; a browser that nobody has touched yet stays silent. */
function beep() {
  try {
    const sound = new AudioContext();
    for (let n = 0; n < BEEPS; n += 1) {
      const tone = sound.createOscillator();
      tone.frequency.value = 880;
      tone.connect(sound.destination);
      tone.start(sound.currentTime + n * 0.4);
      tone.stop(sound.currentTime + n * 0.4 + 0.2);
    }
    setTimeout(() => sound.close(), 2000);
  } catch {
    // no sound here: title and banner call all the same
  }
}
