// Asks who opens the page and goes on as that person.
import { h } from "./dom.js";

const phones = await (await fetch("/sandbox/api/phones")).json();
const people = document.getElementById("people");
const go = (openid) => {
  const address = new URL(location.href);
  address.searchParams.set("sandbox_openid", openid);
  location.replace(address);
};
people.append(...phones.map((one) => h("button", { type: "button", class: "primary", onclick: () => go(one.openid) }, one.name)));
if (!phones.length) people.append(h("p", {}, "请先在沙箱里添加一部手机。"));
