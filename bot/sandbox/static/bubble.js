// Draws one line of a chat.
import { clockText, h, icon } from "./dom.js";
import { richText } from "./rich.js";
import { deliveryLine } from "./wirelog.js";

const AVATAR = "/sandbox/static/avatar.svg";
const QUIET_S = 300;

export function entryNode(entry, before, phone, onSay) {
  const rows = [];
  if (!before || entry.at - before.at > QUIET_S || entry.at < before.at) {
    rows.push(h("time", { class: "when" }, clockText(entry.at, true)));
  }
  rows.push(row(entry, phone, onSay));
  const isAnswered = entry.side !== "account" && ["reply", "fault"].includes(entry.delivery?.outcome);
  const isFault = entry.bubble.type === "fault";
  if (!isAnswered || isFault) {
    const line = deliveryLine(entry);
    if (line) rows.push(line);
  }
  return h("li", { class: `entry ${entry.side}`, "data-id": entry.id }, rows);
}

function row(entry, phone, onSay) {
  const bubble = entry.bubble;
  if (entry.side === "notice") return h("p", { class: `system ${bubble.type}` }, bubble.content);
  if (bubble.type === "system") return h("p", { class: "system" }, bubble.content);
  const face =
    entry.side === "own"
      ? h("span", { class: "face own-face", style: `--hue:${hue(phone.name)}` }, [...phone.name][0])
      : h("img", { class: "face", src: AVATAR, alt: "" });
  return h("div", { class: "row" }, face, content(bubble, onSay));
}

export function hue(name) {
  return ([...name].reduce((sum, letter) => sum * 31 + letter.codePointAt(0), 0) * 137) % 360;
}

function content(bubble, onSay) {
  const draw = { text, news, msgmenu, template, image, voice, location, link }[bubble.type];
  return draw ? draw(bubble, onSay) : plain(bubble);
}

function text(bubble, onSay) {
  return h("div", { class: "bubble" }, richText(bubble.content, onSay));
}

function news(bubble) {
  const [first, ...rest] = bubble.articles;
  return h("div", { class: "card news" }, article(first, true), rest.map((one) => article(one, false)));
}

function article(one, isFirst) {
  const image = one.picurl ? h("img", { src: one.picurl, alt: "", loading: "lazy" }) : null;
  const words = h("div", {}, h("strong", {}, one.title), isFirst && one.description ? h("p", {}, one.description) : null);
  const safe = /^https?:\/\//i.test(one.url) ? one.url : undefined;
  return h("a", { class: isFirst ? "first" : "more", href: safe, target: "_blank", rel: "noopener noreferrer" }, image, words);
}

function msgmenu(bubble, onSay) {
  const items = bubble.items.map((item) =>
    h("button", { type: "button", class: "say", onclick: () => onSay(item.content, item.id) }, item.content),
  );
  return h(
    "div",
    { class: "bubble msgmenu" },
    h("p", {}, richText(bubble.head, onSay)),
    items,
    bubble.tail ? h("p", {}, richText(bubble.tail, onSay)) : null,
  );
}

function template(bubble) {
  const rows = bubble.fields.map(([label, value]) => [h("dt", {}, label), h("dd", {}, value)]);
  const safe = /^https?:\/\//i.test(bubble.url) ? bubble.url : null;
  const more = safe ? h("a", { class: "go", href: safe, target: "_blank", rel: "noopener noreferrer" }, "详情") : null;
  return h("div", { class: "card template" }, h("strong", {}, bubble.title), h("dl", {}, rows), more);
}

function image(bubble) {
  return h("img", { class: "photo", src: bubble.url, alt: "图片" });
}

function voice(bubble) {
  const seconds = bubble.seconds ? `${bubble.seconds}″` : "语音";
  const words = bubble.content ? h("small", { class: "heard" }, `识别结果：${bubble.content}`) : null;
  return h("div", { class: "voice-box" }, h("div", { class: "bubble voice" }, icon("voice"), seconds), words);
}

function location(bubble) {
  return h("div", { class: "card place" }, h("strong", {}, bubble.title), h("div", { class: "map" }, icon("place")));
}

function link(bubble) {
  return h("div", { class: "card shared" }, h("strong", {}, bubble.title), h("p", {}, bubble.description), icon("link"));
}

const KINDS = { video: "视频", shortvideo: "小视频", music: "音乐", file: "文件", card: "卡片" };

function plain(bubble) {
  const name = KINDS[bubble.type] ?? bubble.type;
  const picture = ["video", "shortvideo"].includes(bubble.type) ? "film" : "file";
  const under = bubble.description || (bubble.title ? name : "");
  return h("div", { class: "card shared" }, h("strong", {}, bubble.title || name), h("p", {}, under), icon(picture));
}
