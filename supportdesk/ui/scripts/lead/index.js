// The lead's page: the chart of what came in, drawn from the table beside it, and updates that leave alone what somebody
// is reading. The page works without it. It holds no words.
import uPlot from "uplot";

const HEIGHT = 196, GAP = 300; // pixels; seconds between two columns

const cells = () => [...document.querySelectorAll("#lead_arrivals tbody tr")].reverse();
const number = (cell, name) => (cell?.dataset[name] === undefined ? null : Number(cell.dataset[name]));

function figures() {
  const rows = cells();
  const counts = rows.map((row) => number(row.querySelector("[data-count]"), "count"));
  const last = counts.length - 1;
  return {
    labels: new Map(rows.map((row) => [number(row.querySelector("[data-at]"), "at"), row.querySelector("[data-at]").textContent])),
    data: [
      rows.map((row) => number(row.querySelector("[data-at]"), "at")),
      counts.map((count, place) => (place < last ? count : null)),
      counts.map((count, place) => (place === last ? count : null)),
      rows.map((row) => number(row.querySelector("[data-expected]"), "expected")),
    ],
  };
}

function colours(at) {
  const style = getComputedStyle(at);
  return Object.fromEntries(["accent", "soft", "line", "mute", "warn"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

function options(at, labels) {
  const tone = colours(at), mirrored = getComputedStyle(at).direction === "rtl";
  const axis = { stroke: tone.mute, font: "12px system-ui, sans-serif", ticks: { show: false }, grid: { stroke: tone.line, width: 1 } };
  const bars = uPlot.paths.bars({ size: [0.8, 40] });
  return {
    width: at.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, dir: mirrored ? -1 : 1, range: (_, from, to) => [from - GAP / 2, to + GAP / 2] },
      y: { range: (_, from, to) => [0, Math.max(4, Math.ceil(to * 1.1))] },
    },
    axes: [
      { ...axis, size: 28, grid: { show: false }, splits: () => [...labels.keys()].filter((moment) => moment % 1800 === 0), values: (_, moments) => moments.map((moment) => labels.get(moment) ?? "") },
      { ...axis, side: mirrored ? 1 : 3, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000], values: (_, counts) => counts.map(String) },
    ],
    series: [
      {},
      { fill: tone.accent, width: 0, paths: bars, points: { show: false } },
      { fill: tone.soft, width: 0, paths: bars, points: { show: false } },
      { stroke: tone.warn, width: 2, dash: [5, 4], points: { show: false }, spanGaps: true },
    ],
  };
}

// Colours and sides are those of the moment at which a chart is made, so it is made anew whenever anything changes.
function chart() {
  const at = document.getElementById("lead_chart");
  let drawn = null;
  const draw = () => {
    const { labels, data } = figures();
    if (!at.clientWidth || !data[0].length) return;
    drawn?.destroy();
    drawn = new uPlot(options(at, labels), data, at);
    at.classList.add("drawn");
  };
  document.querySelectorAll("details[data-closes]").forEach((details) => { details.open = false; });
  draw();
  let width = at.clientWidth;
  new ResizeObserver(() => { if (at.clientWidth !== width) { width = at.clientWidth; draw(); } }).observe(at);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  document.body.addEventListener("htmx:oobAfterSwap", (event) => { if (event.detail.target.id === "lead_arrivals") draw(); });
}

// A part in which somebody points, reads on with the keyboard or has marked words keeps what it shows until they leave.
function inUse(part) {
  const marked = getSelection();
  if (marked && !marked.isCollapsed && part.contains(marked.anchorNode)) return true;
  return part.matches(":focus-within") || (matchMedia("(hover: hover)").matches && part.matches(":hover"));
}

document.addEventListener("DOMContentLoaded", () => {
  chart();
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const part = event.detail.target;
    const isHeld = part.matches(".panel, .kpis, .tall-table") && inUse(part);
    part.classList.toggle("held", isHeld);
    if (isHeld) event.detail.shouldSwap = false;
  });
});
