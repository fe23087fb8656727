// One phone: follow page, chat, input.
import { press } from "./api.js";
import { entryNode, hue } from "./bubble.js";
import { ask } from "./dialog.js";
import { clockText, h, icon } from "./dom.js";
import { menuBar } from "./menubar.js";
import { plusPanel } from "./plus.js";

export class PhoneView {
  constructor(phone, account) {
    this.phone = phone;
    this.account = account;
    this.entries = [];
    this.isTyping = false;
    this.mode = account.menu ? "menu" : "keys";
    this.time = h("span", { class: "status-time" });
    this.title = h("h2", { class: "chat-title" });
    this.log = h("ol", { class: "log", "aria-live": "polite", tabindex: "0" });
    this.foot = h("footer", { class: "foot" });
    this.screen = h("div", { class: "screen" });
    this.caption = h("div", { class: "caption" });
    this.node = h("section", { class: "phone", "aria-label": phone.name }, this.caption, h("div", { class: "case" }, this.screen));
    this.node.addEventListener("click", (event) => {
      if (event.target.closest("a[href]")) this.becomeReader();
    });
    this.draw();
  }

  // A web page that asks for a login sees the person whose phone opened it.
  becomeReader() {
    document.cookie = `sandbox_openid=${this.phone.openid}; path=/; SameSite=Lax`;
  }

  path(tail) {
    return `/phones/${this.phone.openid}/${tail}`;
  }

  update(phone) {
    const changed = phone.is_following !== this.phone.is_following;
    this.phone = phone;
    this.drawCaption();
    if (changed) this.draw();
  }

  setMenu(menu) {
    this.account.menu = menu;
    this.mode = menu ? "menu" : "keys";
    this.drawFoot();
  }

  draw() {
    this.drawCaption();
    const page = this.phone.is_following ? this.chatParts() : [this.followPage()];
    this.screen.replaceChildren(this.statusBar(), ...page);
    this.drawLog();
    this.drawFoot();
  }

  drawCaption() {
    const { name, is_following, remaining, window_ends_at } = this.phone;
    const left = !is_following ? "未关注" : remaining ? `客服消息余 ${remaining} 条，至 ${clockText(window_ends_at, true)}` : "客服消息窗口已关闭";
    this.caption.replaceChildren(
      h("span", { class: "dot", style: `--hue:${hue(name)}` }),
      h("strong", {}, name),
      h("span", { class: "left" }, left),
      h("button", { type: "button", class: "more", "aria-label": `${name}的更多操作`, onclick: () => this.more() }, "⋯"),
    );
  }

  statusBar() {
    return h("div", { class: "status" }, this.time, h("span", { class: "signal", "aria-hidden": "true" }, h("i"), h("i"), h("i"), h("i"), h("b")));
  }

  tick(now) {
    this.time.textContent = clockText(now);
  }

  chatParts() {
    this.title.textContent = this.account.name;
    const bar = h("div", { class: "bar" }, icon("back"), this.title, icon("user"));
    return [bar, this.log, this.foot];
  }

  followPage() {
    return h(
      "div",
      { class: "follow" },
      h("img", { src: "/sandbox/static/avatar.svg", alt: "" }),
      h("h2", {}, this.account.name),
      h("p", {}, "公众号 · 沙箱中的模拟账号"),
      h("button", { type: "button", class: "primary", onclick: () => press(this.path("follow")) }, "关注公众号"),
      h("button", { type: "button", class: "plain", onclick: () => this.scan() }, icon("scan"), "扫码关注"),
    );
  }

  upsert(entry) {
    const index = this.entries.findIndex((one) => one.id === entry.id);
    if (index < 0) this.entries.push(entry);
    else this.entries[index] = entry;
    const place = index < 0 ? this.entries.length - 1 : index;
    const node = this.entryNode(place);
    const old = this.log.querySelector(`[data-id="${entry.id}"]`);
    if (old) old.replaceWith(node);
    else this.log.append(node);
    if (entry.side === "account") this.typing(0);
    this.scrollDown();
  }

  entryNode(place) {
    return entryNode(this.entries[place], this.entries[place - 1], this.phone, (words, id) => this.say(words, id));
  }

  drawLog() {
    this.log.replaceChildren(...this.entries.map((_, place) => this.entryNode(place)));
    this.scrollDown();
  }

  scrollDown() {
    requestAnimationFrame(() => (this.log.scrollTop = this.log.scrollHeight));
  }

  typing(seconds) {
    clearTimeout(this.typingTimer);
    this.title.textContent = seconds ? "对方正在输入…" : this.account.name;
    if (seconds) this.typingTimer = setTimeout(() => this.typing(0), seconds * 1000);
  }

  say(content, id) {
    return press(this.path("text"), id ? { content, bizmsgmenuid: id } : { content });
  }

  drawFoot() {
    const menu = this.account.menu;
    const toggle = menu
      ? h("button", { type: "button", class: "tool toggle", "aria-label": "切换菜单和键盘", onclick: () => this.toggleMenu() }, icon(this.mode === "menu" ? "keyboard" : "list"))
      : null;
    const inside = menu && this.mode === "menu" ? [menuBar(menu, (button, path) => this.tap(button, path))] : this.keys();
    this.foot.className = `foot ${this.mode}`;
    this.foot.replaceChildren(h("div", { class: "inputbar" }, toggle, inside), this.panel ?? "");
    this.scrollDown();
  }

  keys() {
    const box = h("textarea", { class: "words", rows: "1", "aria-label": "输入消息", enterkeyhint: "send" });
    const send = h("button", { type: "button", class: "primary send", hidden: true }, "发送");
    const plus = h("button", { type: "button", class: "tool", "aria-label": "更多", onclick: () => this.togglePanel() }, icon("plus"));
    const submit = () => {
      if (!box.value) return;
      this.say(box.value);
      box.value = "";
      fit();
    };
    const fit = () => {
      send.hidden = !box.value;
      plus.hidden = Boolean(box.value);
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight, 100)}px`;
    };
    box.addEventListener("input", fit);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      submit();
    });
    send.addEventListener("click", submit);
    const voice = h("button", { type: "button", class: "tool", "aria-label": "语音", onclick: () => this.speak() }, icon("voice"));
    return [voice, box, plus, send];
  }

  toggleMenu() {
    this.mode = this.mode === "menu" ? "keys" : "menu";
    this.panel = null;
    this.drawFoot();
    this.foot.querySelector(".words")?.focus();
  }

  togglePanel() {
    this.panel = this.panel ? null : plusPanel((kind, values) => press(this.path(kind), values));
    this.drawFoot();
  }

  tap(button, path) {
    this.becomeReader();
    if (button.type === "view") window.open(button.url, "_blank", "noopener");
    return press(this.path("menu"), { path });
  }

  async speak() {
    const fields = [{ name: "recognition", label: "识别结果（留空 = 没有识别结果）", hint: "微信已于 2023 年起停止返回识别结果，默认应留空" }];
    const given = await ask("发送语音", fields, "发送");
    if (given) press(this.path("voice"), given.recognition ? given : {});
  }

  async scan() {
    const given = await ask("扫描带参数的二维码", [{ name: "scene", label: "场景值", value: "school-001" }], "扫码");
    if (given) press(this.path("scan"), given);
  }

  async more() {
    const { is_following } = this.phone;
    const options = [["scan", "扫描二维码"], ...(is_following ? [["unfollow", "取消关注"], ["accept", "接受订阅通知"], ["reject", "拒绝订阅通知"]] : []), ["remove", "移走这部手机"]];
    const given = await ask(this.phone.name, [{ name: "what", label: "操作", options }, { name: "openid", label: "OpenID", value: this.phone.openid }]);
    if (given) this.act(given.what);
  }

  async act(what) {
    if (what === "scan") return this.scan();
    if (what === "unfollow") return press(this.path("unfollow"));
    if (what === "remove") return this.account.remove(this.phone.openid);
    const owned = Object.entries(this.account.templates).filter(([, one]) => one.type !== 0);
    const options = owned.map(([id, one]) => [id, one.title]);
    const given = await ask("订阅通知", [{ name: "template_id", label: "模板", options }]);
    if (given) press(this.path("notice"), { ...given, accept: what === "accept" });
  }
}
