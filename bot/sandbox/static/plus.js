// The panel behind the plus: what a phone can send besides words.
import { ask } from "./dialog.js";
import { h, icon } from "./dom.js";

const ITEMS = [
  ["image", "图片", "image", [{ name: "url", label: "图片地址（留空用示例图片）" }]],
  ["location", "位置", "place", [{ name: "label", label: "地点", value: "广州市越秀区解放北路 988 号" }, { name: "latitude", label: "纬度", value: "23.13171" }, { name: "longitude", label: "经度", value: "113.26627" }]],
  ["link", "链接", "link", [{ name: "title", label: "标题", value: "家庭教育促进法知识问答" }, { name: "url", label: "地址", value: "https://mp.weixin.qq.com/s/sandbox" }]],
  ["video", "视频", "film", null],
  ["shortvideo", "小视频", "film", null],
  ["file", "文件", "file", null],
];

export function plusPanel(onSend) {
  return h("div", { class: "plus" }, ITEMS.map((item) => button(item, onSend)));
}

function button([kind, name, picture, fields], onSend) {
  const press = async () => {
    const given = fields ? await ask(`发送${name}`, fields, "发送") : {};
    if (given) onSend(kind, given);
  };
  return h("button", { type: "button", onclick: press }, h("span", {}, icon(picture)), name);
}
