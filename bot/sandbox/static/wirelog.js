// The small line under an answer, and the wire behind it.
import { h } from "./dom.js";

const CHANNELS = { custom: "客服消息", template: "模板消息", bizsend: "订阅通知", mass: "群发", preview: "群发预览" };

export function deliveryLine(entry) {
  const delivery = entry.delivery;
  if (!delivery) return entry.side === "account" ? null : h("p", { class: "line busy" }, "推送中…");
  const findings = (delivery.findings ?? []).map((words) => h("p", { class: "finding" }, words));
  const wire = h("div", { class: "wire", hidden: true });
  const toggle = h("button", { type: "button", class: "wire-toggle", "aria-expanded": "false" }, "报文");
  toggle.addEventListener("click", () => {
    if (!wire.childNodes.length) wire.append(...wireNodes(delivery));
    wire.hidden = !wire.hidden;
    toggle.setAttribute("aria-expanded", String(!wire.hidden));
    wire.scrollIntoView({ block: "nearest" });
  });
  return h("div", { class: "delivery" }, h("p", { class: "line" }, words(delivery), toggle), findings, wire);
}

function words(delivery) {
  if (delivery.channel) return `${CHANNELS[delivery.channel]} · `;
  const silent = delivery.outcome === "silent" ? "无回复 · " : "";
  return `${silent}用时 ${Math.round(delivery.ms)} ms · ${delivery.attempts} 次推送 · `;
}

function wireNodes(delivery) {
  if (delivery.channel) return [block("接口请求", JSON.stringify(delivery.wire.request.body, null, 1))];
  return delivery.tries.flatMap((attempt, index) => attemptNodes(attempt, index, delivery.tries.length));
}

function attemptNodes(attempt, index, count) {
  const { request, response } = attempt;
  const nodes = [];
  if (count > 1) nodes.push(h("h4", {}, `第 ${index + 1} 次 · ${Math.round(attempt.ms)} ms`));
  const heads = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  nodes.push(block("请求", `POST ${request.url}\n${heads.join("\n")}\n\n${request.body}`));
  if (request.plain) nodes.push(block("请求（解密后）", request.plain));
  nodes.push(block(`响应 ${response.status || "无"}`, response.body || attempt.trouble || "（空）"));
  if (response.plain && response.plain !== response.body) nodes.push(block("响应（解密后）", response.plain));
  return nodes;
}

function block(title, text) {
  return h("figure", {}, h("figcaption", {}, title), h("pre", {}, text));
}
