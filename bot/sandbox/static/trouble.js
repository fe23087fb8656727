// Faults on demand and hostile cases.
import { call, press, post } from "./api.js";
import { button, h, part } from "./dom.js";

const PATHS = ["*", "/cgi-bin/stable_token", "/cgi-bin/message/custom/send", "/cgi-bin/message/template/send", "/cgi-bin/message/subscribe/bizsend", "/cgi-bin/menu/create"];
const KINDS = [["error", "返回 -1"], ["status", "HTTP 502"], ["slow", "慢 30 秒"], ["drop", "执行后丢弃应答"]];
const INBOUND = [["", "推送一次"], ["duplicate", "重复推送"], ["concurrent", "两次同时推送"]];

export function faultsPart(faults) {
  const path = select("接口", PATHS.map((one) => [one, one === "*" ? "全部接口" : one.replace("/cgi-bin/", "")]));
  const kind = select("故障", KINDS);
  const times = h("input", { value: "1", inputmode: "numeric", "aria-label": "次数", class: "short" });
  const inbound = select("推送方式", INBOUND);
  const shown = h("ul", { class: "faults" });
  const list = (now) => {
    inbound.value = now.inbound;
    shown.replaceChildren(...now.api.map((one) => h("li", {}, `${one.path} · ${words(one)} · ${one.times ? `${one.times} 次` : "一直"}`)));
  };
  inbound.addEventListener("change", () => press("/faults", { inbound: inbound.value }));
  const add = () => press("/faults", { path: path.value, kind: kind.value, times: Number(times.value) || 0 });
  const node = part(
    "故障",
    h("div", { class: "line-of" }, path, kind),
    h("div", { class: "line-of" }, h("label", { class: "inline" }, times, "次"), button("加上", add), button("全部关闭", () => call("DELETE", "/faults"))),
    shown,
    h("div", { class: "line-of" }, button("令牌立即失效", () => press("/faults", { kill_tokens: true })), inbound),
  );
  list(faults);
  return { node, list };
}

function words(fault) {
  return KINDS.find(([kind]) => kind === fault.kind)[1];
}

function select(label, options) {
  return h("select", { "aria-label": label }, options.map(([value, text]) => h("option", { value }, text)));
}

export function hostilePart(cases) {
  const rows = cases.map(hostileRow);
  const summary = h("span", { class: "result" });
  const all = async () => {
    let passed = 0;
    for (const row of rows) {
      passed += Number(await row.fire());
      summary.textContent = `${passed} / ${rows.length} 通过`;
    }
    summary.className = `result ${passed === rows.length ? "good" : "bad"}`;
  };
  return part("恶意用例", h("div", { class: "line-of" }, button("全部运行", all), summary), h("ul", { class: "cases" }, rows.map((row) => row.node)));
}

function hostileRow(one) {
  const mark = h("b", {});
  const fire = async () => {
    const done = await post(`/hostile/${one.name}`);
    mark.className = done.passed ? "good" : "bad";
    mark.textContent = `${done.passed ? "✓" : "✗"} ${done.status || "无应答"}`;
    return done.passed;
  };
  const node = h("li", {}, h("button", { type: "button", onclick: fire }, one.title), mark);
  return { node, fire };
}
