// Hits by day, as bars over time.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const holder = document.querySelector("[data-chart]");
  if (!holder || !window.uPlot) return;
  const counts = holder.dataset.days.split(",").map(Number);
  const start = Date.parse(`${holder.dataset.start}T00:00:00Z`) / 1000;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const written = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short", timeZone: "UTC" });
  const half = 43200; // a day's bar stands over its midnight: half of the last one would be cut off
  const draw = () => {
    holder.replaceChildren();
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") } };
    new uPlot({
      width: holder.clientWidth, height: 190, legend: { show: false }, cursor: { y: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
      series: [{}, { label: holder.dataset.label, fill: colour("--accent"), stroke: colour("--accent"), width: 0, paths: uPlot.paths.bars({ size: [0.8, 40] }), points: { show: false } }],
      axes: [{ ...axis, incrs: [1, 2, 7, 14, 30].map((days) => days * 86400), values: (_plot, days) => days.map((day) => written.format(day * 1000)) }, { ...axis, size: 42, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] }],
      scales: { x: { range: (_plot, first, last) => [first - half, last + half] }, y: { range: (_plot, _low, high) => [0, Math.max(high, 1)] } },
    }, [counts.map((_, day) => start + day * 86400), counts], holder);
  };
  draw();
  addEventListener("resize", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
});
