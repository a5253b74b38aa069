// The two smaller drawings of the history: bursts, and how much was denied.

import { chart } from "./chart.js";
import { number, percent, period, time } from "./format.js";

const HEIGHT = 130;

const times = rows => rows.map(row => Date.parse(row.start) / 1000);

/** The most requests that came within one minute, against the limits of a minute. */
export function busiest({ by, rows, total, signal, axisX, steps }, lines) {
  // Limits count tokens: requests that cost several cannot be held against them.
  const comparable = total.cost === total.allowed ? lines : [];
  return chart({
    label: `Requests in the busiest minute of each ${by}`,
    series: [{ label: "requests in the busiest minute", colour: "peak", kind: "bars" }],
    data: [times(rows), rows.map(row => row.peakMinute?.checks ?? 0)],
    lines: comparable, signal, axisX, ...steps, height: HEIGHT,
    readout: at => rows[at].peakMinute
      ? `${period(rows[at].start, by)}: ${number(rows[at].peakMinute.checks)} at ${time(rows[at].peakMinute.start)}`
      : `${period(rows[at].start, by)}: no request`,
  }).node;
}

/** Denied requests in percent of all. */
export function deniedShare({ by, rows, total, signal, axisX, steps }) {
  return chart({
    label: `Share of requests denied in each ${by}: ${percent(total.denied, total.checks)} over all`,
    series: [{ label: "denied, in percent of requests", colour: "denied", kind: "bars" }],
    data: [times(rows), rows.map(row => row.checks > 0 ? row.denied * 100 / row.checks : 0)],
    signal, axisX, ...steps, axisY: value => `${value}%`, height: HEIGHT,
    readout: at => `${period(rows[at].start, by)}: ${percent(rows[at].denied, rows[at].checks)}`
      + ` (${number(rows[at].denied)} of ${number(rows[at].checks)})`,
  }).node;
}
