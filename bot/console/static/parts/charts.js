// Charts: an ECharts option from the JSON block beside each; the library comes with the first one.
import { all } from "./dom.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const drawn = new Map();
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.get(target)?.resize();
});
let library = null;

export function start() {
  document.addEventListener("console:theme", () => {
    const areas = [...drawn.keys()];
    for (const area of areas) drop(area);
    for (const area of areas) draw(area);
  });
}

export async function prepare(root) {
  for (const area of drawn.keys()) if (!area.isConnected) drop(area);
  const areas = all(root, "[data-chart]").filter((area) => !drawn.has(area));
  if (!areas.length) return;
  await loaded();
  for (const area of areas) if (area.isConnected && !drawn.has(area)) draw(area);
}

function loaded() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.querySelector("meta[name=echarts]").content;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

function draw(area) {
  const option = JSON.parse(document.getElementById(area.dataset.chart).textContent);
  const chart = window.echarts.init(area, look(), { locale: "ZH" });
  chart.setOption(dressed(option));
  drawn.set(area, chart);
  sizes.observe(area);
}

function drop(area) {
  sizes.unobserve(area);
  drawn.get(area)?.dispose();
  drawn.delete(area);
}

/** The option with what every chart has: a tooltip drawn on the canvas (CSP), quiet movement. */
function dressed(option) {
  const tooltip = {
    trigger: option.xAxis ? "axis" : "item",
    confine: true,
    ...option.tooltip,
    renderMode: "richText",
  };
  const grid = { left: 8, right: 16, top: option.legend ? 44 : 20, bottom: 8 };
  const axes = option.xAxis ? { grid: { ...grid, ...option.grid } } : {};
  return { animation: !still.matches, animationDuration: 350, ...option, ...axes, tooltip };
}

/** ECharts' theme, from the colours of the page. */
function look() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const [ink, quiet, line] = [token("--ink"), token("--ink-2"), token("--line")];
  const axis = {
    axisLine: { lineStyle: { color: line } },
    axisTick: { show: false },
    axisLabel: { color: quiet, fontSize: 12 },
    splitLine: { lineStyle: { color: line } },
    nameTextStyle: { color: quiet },
  };
  return {
    color: [1, 2, 3, 4, 5, 6].map((n) => token(`--chart-${n}`)),
    textStyle: { fontFamily: token("--font"), color: ink },
    legend: { textStyle: { color: quiet }, icon: "roundRect", itemWidth: 12, itemHeight: 8, top: 4, left: 4 },
    title: { textStyle: { color: ink, fontSize: 14 }, subtextStyle: { color: quiet } },
    tooltip: {
      backgroundColor: token("--surface"),
      borderColor: line,
      textStyle: { color: ink, fontSize: 13 },
      axisPointer: { lineStyle: { color: quiet }, crossStyle: { color: quiet } },
    },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: axis,
    line: { symbolSize: 6, lineStyle: { width: 2.5 } },
    bar: { itemStyle: { borderRadius: [4, 4, 0, 0] }, barMaxWidth: 36 },
    pie: { label: { color: ink }, itemStyle: { borderColor: token("--surface"), borderWidth: 2 } },
  };
}
