// Shows a text as WeChat does: line breaks, links, menu links; everything else stays as written.
import { h } from "./dom.js";

const LINK = /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([\s\S]*?)<\/a>/gi;
const BARE = /https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/gi;

export function richText(text, onSay) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    nodes.push(...bareLinks(text.slice(end, match.index)));
    nodes.push(link(match[1] ?? match[2], match[3], onSay));
    end = match.index + match[0].length;
  }
  nodes.push(...bareLinks(text.slice(end)));
  return nodes;
}

function bareLinks(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(BARE)) {
    nodes.push(text.slice(end, match.index), outward(match[0], match[0]));
    end = match.index + match[0].length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

function link(address, label, onSay) {
  const href = address.replaceAll("&amp;", "&").trim();
  if (/^https?:\/\//i.test(href)) return outward(href, label);
  const said = menuWords(href);
  if (!said) return label;
  return h("button", { type: "button", class: "say", onclick: () => onSay(said.content, said.id) }, label);
}

function menuWords(href) {
  if (!/^weixin:\/\/bizmsgmenu\?/i.test(href)) return null;
  const query = new URLSearchParams(href.slice(href.indexOf("?") + 1));
  return { content: query.get("msgmenucontent") ?? "", id: query.get("msgmenuid") ?? "" };
}

function outward(href, label) {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, label);
}
