// Countdowns: <time datetime="…" data-countdown> says how long is left.

const NEAR_MS = 5 * 60_000;
let timer = 0;

export function prepare() {
  if (!timer && document.querySelector("[data-countdown]")) tick();
}

function tick() {
  const clocks = document.querySelectorAll("[data-countdown]");
  for (const clock of clocks) write(clock);
  timer = clocks.length ? setTimeout(tick, 1000 - (Date.now() % 1000)) : 0;
}

function write(clock) {
  const left = Date.parse(clock.dateTime) - Date.now();
  if (Number.isNaN(left)) return;
  clock.classList.toggle("is-near", left < NEAR_MS);
  clock.classList.toggle("is-over", left <= 0);
  const text = left > 0 ? `剩 ${spell(Math.ceil(left / 1000))}` : "已到期";
  if (clock.textContent !== text) clock.textContent = text;
}

function spell(seconds) {
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24];
  const minutes = Math.floor(seconds / 60) % 60;
  if (days) return `${days} 天 ${hours} 小时`;
  if (hours) return `${hours} 小时 ${minutes} 分`;
  return `${minutes} 分 ${String(seconds % 60).padStart(2, "0")} 秒`;
}
