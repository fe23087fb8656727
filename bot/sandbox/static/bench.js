// The developer's panel: address, mode, clock, faults, hostile cases, counters.
import { call, get, post, press } from "./api.js";
import { faultsPart, hostilePart } from "./trouble.js";
import { button, clockText, h, part } from "./dom.js";

const MODES = [["plain", "明文"], ["compatible", "兼容"], ["safe", "安全"]];
const FORMATS = [["xml", "XML"], ["json", "JSON"]];

export class Bench {
  constructor(node) {
    this.node = node;
    this.clock = { now: 0, is_frozen: false, at: 0 };
    this.time = h("strong", { class: "now" });
    this.counters = h("div", { class: "counters" });
  }

  setState(state) {
    this.state = state;
    this.setClock(state.clock);
    const faults = faultsPart(state.faults);
    this.faultList = faults.list;
    this.node.replaceChildren(
      this.webhookPart(), this.pushPart(), this.clockPart(),
      faults.node, hostilePart(state.hostile), this.countersPart(), this.resetPart(),
    );
    this.drawCounters(state.calls, state.counters);
  }

  setClock(clock) {
    this.clock = { ...clock, at: performance.now() };
    this.tick();
  }

  now() {
    const passed = this.clock.is_frozen ? 0 : (performance.now() - this.clock.at) / 1000;
    return this.clock.now + passed;
  }

  tick() {
    this.time.textContent = clockText(this.now(), true) + (this.clock.is_frozen ? "（停）" : "");
  }

  setFaults(faults) {
    this.faultList(faults);
  }

  async addCall(line) {
    this.state.calls.push(line);
    this.drawCounters(this.state.calls, await get("/counters"));
  }

  webhookPart() {
    const url = h("input", { value: this.state.settings.webhook_url, "aria-label": "服务器地址", spellcheck: "false" });
    const result = h("p", { class: "result" });
    const check = async (token) => {
      const done = await post("/verify", token ? { token } : {});
      const good = token ? !done.ok : done.ok;
      result.className = `result ${good ? "good" : "bad"}`;
      result.textContent = verifyWords(done, token);
    };
    return part(
      "服务器地址",
      h("div", { class: "line-of" }, url, button("保存", () => press("/settings", { webhook_url: url.value }))),
      h("div", { class: "line-of" }, button("验证 URL", () => check(""), "primary"), button("用错误 Token 验证", () => check("wrongtoken0"))),
      result,
    );
  }

  pushPart() {
    const { mode, data_format, token, aes_key } = this.state.settings;
    const key = h("input", { value: aes_key, placeholder: "43 位 EncodingAESKey", "aria-label": "EncodingAESKey", spellcheck: "false" });
    const word = h("input", { value: token, "aria-label": "Token", spellcheck: "false" });
    const withKey = (value) => ({ mode: value, ...(value !== "plain" && !aes_key ? { aes_key: key.value || newKey() } : {}) });
    return part(
      "消息推送",
      choice("模式", MODES, mode, (value) => press("/settings", withKey(value))),
      choice("格式", FORMATS, data_format, (value) => press("/settings", { data_format: value })),
      h("label", {}, "Token", word),
      h("label", {}, "密钥", key),
      h("div", { class: "line-of" }, button("保存", () => press("/settings", { token: word.value, aes_key: key.value })), button("随机密钥", () => (key.value = newKey()))),
    );
  }

  clockPart() {
    const move = (seconds) => press("/clock", { move_s: seconds });
    const hold = () => press("/clock", this.clock.is_frozen ? { thaw: true } : { freeze: true });
    return part(
      "时钟（北京时间）",
      this.time,
      h("div", { class: "line-of" }, button("+1 分", () => move(60)), button("+1 时", () => move(3600)), button("+1 天", () => move(86400)), button("停 / 走", hold)),
    );
  }

  countersPart() {
    return part("接口调用", this.counters);
  }

  drawCounters(calls, counters) {
    const rows = Object.entries(counters.used).map(([path, count]) => h("li", {}, h("code", {}, path.replace("/cgi-bin/", "")), h("b", {}, count)));
    const last = calls.slice(-6).reverse().map((line) =>
      h("li", { class: line.errcode ? "bad" : "" }, h("code", {}, line.path.replace("/cgi-bin/", "")), h("b", {}, line.errcode || "ok")),
    );
    const empty = h("p", { class: "quiet" }, "服务还没有调用过接口");
    const lists = [h("h4", {}, `今天（${counters.day}）`), h("ul", {}, rows), h("h4", {}, "最近"), h("ul", {}, last)];
    this.counters.replaceChildren(...(calls.length || rows.length ? lists : [empty]));
  }

  resetPart() {
    const seed = h("input", { value: this.state.settings.seed, inputmode: "numeric", "aria-label": "随机种子" });
    return part("重新开始", h("div", { class: "line-of" }, seed, button("重置", () => call("POST", "/reset", { seed: Number(seed.value) }))));
  }
}

function verifyWords(done, token) {
  if (token) return done.ok ? "错误的 Token 也通过了验证！" : `已拒绝（HTTP ${done.status}）`;
  if (done.ok) return "验证成功，echostr 原样返回";
  return `验证失败：${done.trouble || `HTTP ${done.status}，收到「${done.received.slice(0, 40)}」`}`;
}

function choice(label, options, present, onPick) {
  const buttons = options.map(([value, words]) =>
    h("button", { type: "button", "aria-pressed": String(value === present), onclick: () => onPick(value) }, words),
  );
  return h("div", { class: "choice", role: "group", "aria-label": label }, h("span", {}, label), h("div", {}, buttons));
}

function newKey() {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const drawn = crypto.getRandomValues(new Uint32Array(42));
  // The last character carries four bits only; these sixteen decode without loss.
  return [...drawn].map((n) => letters[n % letters.length]).join("") + "AEIMQUYcgkosw048"[drawn[0] % 16];
}
