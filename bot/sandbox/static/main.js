// Keeps the page in step with the sandbox.
import { call, get, listen, post } from "./api.js";
import { Bench } from "./bench.js";
import { hue } from "./bubble.js";
import { ask } from "./dialog.js";
import { h } from "./dom.js";
import { PhoneView } from "./phone.js";

const desk = document.getElementById("desk");
const tabs = document.getElementById("tabs");
const shade = document.getElementById("shade");
const bench = new Bench(document.getElementById("bench"));
const views = new Map();
const account = { name: "", menu: null, templates: {}, remove };
let current = "";

async function start() {
  await take(await get("/state"));
  document.body.dataset.ready = "yes";
}

function takeState(state) {
  account.name = state.account_name;
  account.templates = state.templates;
  account.menu = state.menu;
  document.getElementById("top-note").textContent = `${state.account_name} → ${state.settings.webhook_url}`;
  bench.setState(state);
}

async function take(state) {
  takeState(state);
  for (const view of views.values()) view.node.remove();
  views.clear();
  await showPhones(state.phones);
}

async function showPhones(phones) {
  const present = new Set(phones.map((phone) => phone.openid));
  for (const [openid, view] of views) {
    if (present.has(openid)) continue;
    view.node.remove();
    views.delete(openid);
  }
  for (const phone of phones) await putPhone(phone);
  if (!views.has(current)) current = phones.at(-1)?.openid ?? "";
  drawTabs();
}

async function showPhone(phone) {
  const isNew = !views.has(phone.openid);
  await putPhone(phone);
  if (isNew) select(phone.openid);
}

async function putPhone(phone) {
  if (views.has(phone.openid)) views.get(phone.openid).update(phone);
  else await addView(phone);
}

// The log comes first: a phone that is on the desk no longer moves under a finger.
async function addView(phone) {
  const entries = await get(`/phones/${phone.openid}/log`);
  const view = new PhoneView(phone, account);
  views.set(phone.openid, view);
  view.tick(bench.now());
  for (const entry of entries) view.upsert(entry);
  desk.append(view.node);
  drawTabs();
}

function drawTabs() {
  tabs.replaceChildren(...[...views.values()].map(({ phone, node }) => {
    const isCurrent = phone.openid === current;
    node.classList.toggle("current", isCurrent);
    const show = () => select(phone.openid);
    return h("button", { type: "button", "aria-pressed": String(isCurrent), onclick: show, style: `--hue:${hue(phone.name)}` }, phone.name);
  }));
  desk.classList.toggle("is-empty", views.size === 0);
  desk.querySelector(".empty")?.remove();
  if (views.size === 0) desk.append(emptyDesk());
}

function select(openid) {
  current = openid;
  drawTabs();
  views.get(openid)?.scrollDown();
}

function emptyDesk() {
  const people = ["妈妈", "爸爸", "外婆"].map((name) => h("button", { type: "button", class: "primary", onclick: () => addPhone(name) }, name));
  return h("div", { class: "empty" }, h("h2", {}, "桌上还没有手机"), h("p", {}, "添加一部手机，像家长一样关注公众号、提问、点菜单。"), h("div", {}, people));
}

async function addPhone(name) {
  await post("/phones", { name });
}

async function remove(openid) {
  await call("DELETE", `/phones/${openid}`);
}

async function askPhone() {
  const given = await ask("添加手机", [{ name: "name", label: "称呼", value: ["妈妈", "爸爸", "外婆", "老师"][views.size] ?? "" }], "添加");
  if (given) await addPhone(given.name);
}

function openBench(isOpen) {
  document.body.classList.toggle("bench-open", isOpen);
  shade.hidden = !isOpen;
  document.getElementById("open-bench").setAttribute("aria-expanded", String(isOpen));
}

// Events are handled one after another, so a chat is complete before its next line arrives.
let queue = Promise.resolve();
const inTurn = (work) => (data) => (queue = queue.then(() => work(data)).catch(console.error));

document.getElementById("add-phone").addEventListener("click", askPhone);
document.getElementById("open-bench").addEventListener("click", () => openBench(!document.body.classList.contains("bench-open")));
shade.addEventListener("click", () => openBench(false));
setInterval(() => {
  bench.tick();
  for (const view of views.values()) view.tick(bench.now());
}, 1000);

listen(
  {
    phones: inTurn(showPhones),
    phone: inTurn(showPhone),
    entry: inTurn(({ openid, entry }) => views.get(openid)?.upsert(entry)),
    menu: inTurn((menu) => {
      account.menu = menu;
      for (const view of views.values()) view.setMenu(menu);
    }),
    state: inTurn(takeState),
    reset: inTurn(take),
    clock: inTurn((clock) => bench.setClock(clock)),
    faults: inTurn((faults) => bench.setFaults(faults)),
    call: inTurn((line) => bench.addCall(line)),
    typing: inTurn(({ openid, seconds }) => views.get(openid)?.typing(seconds)),
  },
  inTurn(start),
);
