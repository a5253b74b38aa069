// Drawings by uPlot (vendor/), in the theme's colours, with a readout in words under the pointer.

import { h } from "./dom.js";
import { short } from "./format.js";
import { colour } from "./theme.js";

const HEIGHT = 200;
const AXIS_FONT = "12px system-ui, sans-serif";

/**
 * A chart over time.
 * @param label What it shows, for those who do not see it.
 * @param series [{ label, colour, kind: "bars" | "line", hidden }], the hindmost first.
 * @param data [seconds, ...values], as many as series and one more; values that are drawn.
 * @param lines [{ label, value }]: levels across the chart.
 * @param readout Given a place in the data, the words for it.
 * @param axisX How a time in seconds is written below.
 * @param step Seconds from one place to the next.
 * @param marks Steps in seconds that the axis below may take; null: any.
 */
export function chart({
  label, series, data, lines = [], readout, axisX, axisY = short, step = 1, marks = null, height = HEIGHT, signal,
}) {
  const host = h("div", { class: "chart", role: "img", "aria-label": label });
  const words = h("p", { class: "readout", "aria-hidden": "true" }, "\u00a0");
  let plot = null, drawn = data;

  const top = () => {
    const most = Math.max(1, ...drawn.slice(1).flatMap(values => values.filter(value => value !== null)));
    // A level far above everything would flatten what there is to see; it is named in the legend all the same.
    const reached = lines.map(line => line.value).filter(value => value <= most * 3);
    return Math.max(most, ...reached) * 1.08;
  };

  function options() {
    const grid = { stroke: colour("grid"), width: 1 };
    const axis = { stroke: colour("muted"), font: AXIS_FONT, ticks: { show: false } };
    return {
      width: Math.max(200, host.clientWidth), height, legend: { show: false },
      padding: [8, 18, 0, 0],
      cursor: { y: false, points: { show: false }, drag: { setScale: false, x: false, y: false } },
      scales: {
        x: { time: false, range: (_, from, to) => [from - step / 2, to + step / 2] },
        y: { range: () => [0, top()] },
      },
      axes: [
        {
          ...axis, grid: { show: false }, values: (_, at) => at.map(axisX), space: 56, size: 28,
          ...marks ? { incrs: marks } : {},
        },
        { ...axis, grid, values: (_, at) => at.map(levelOf), size: 48, space: 36 },
      ],
      series: [{}, ...series.map(seriesOf)],
      hooks: { draw: [drawLines], setCursor: [read] },
    };
  }

  // A scale of few is not cut into parts of one.
  const levelOf = value => Number.isInteger(value) ? axisY(value) : "";

  function seriesOf(one) {
    const stroke = colour(one.colour);
    if (one.kind !== "bars")
      return { stroke, width: 1.75, points: { show: false }, fill: one.fill ? colour(one.fill) : undefined };
    const paths = uPlot.paths.bars({ size: [0.78, 48, 1] });
    return { fill: stroke, stroke, width: 0, points: { show: false }, paths };
  }

  function drawLines(u) {
    const { ctx, bbox } = u;
    ctx.save();
    for (const line of lines) {
      const y = Math.round(u.valToPos(line.value, "y", true)) + 0.5;
      if (y < bbox.top) continue;
      ctx.strokeStyle = ctx.fillStyle = colour("limit");
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
      [ctx.textAlign, ctx.textBaseline] = ["right", "bottom"];
      ctx.fillText(line.label, bbox.left + bbox.width - 4, y - 2 * devicePixelRatio);
    }
    ctx.restore();
  }

  function read(u) {
    const at = u.cursor.idx;
    words.textContent = at === null || at === undefined ? "\u00a0" : readout(at);
  }

  function build() {
    plot?.destroy();
    plot = host.clientWidth > 0 ? new uPlot(options(), drawn, host) : null;
  }

  const sized = new ResizeObserver(() => {
    if (plot === null) build();
    else if (host.clientWidth > 0) plot.setSize({ width: Math.max(200, host.clientWidth), height });
  });
  sized.observe(host);
  addEventListener("themechange", build, { signal });
  signal.addEventListener("abort", () => {
    sized.disconnect();
    plot?.destroy();
  }, { once: true });

  const legend = h("ul", { class: "legend", "aria-hidden": "true" },
    series.filter(one => one.label).map(one =>
      h("li", {}, h("span", { class: `key key-${one.colour}` }), one.label)),
    lines.map(line => h("li", {}, h("span", { class: "key key-limit" }), line.label)));

  return {
    node: h("figure", { class: "chart-figure" }, host, h("div", { class: "chart-foot" }, legend, words)),
    update(next) {
      drawn = next;
      plot?.setData(drawn);
    },
  };
}
