// How usage went: what was decided in each period, against the plan's numbers.

import { usage } from "./api.js";
import { chart } from "./chart.js";
import { DAY, HOUR, iso, startOfDay, startOfHour, startOfMonth } from "./clock.js";
import { h } from "./dom.js";
import { day, month, number, percent, period, time } from "./format.js";
import { notice } from "./panel.js";
import { asTable, table } from "./parts.js";
import { busiest, deniedShare } from "./rates.js";

export const RANGES = [
  ["1d", "24 hours"], ["7d", "7 days"], ["28d", "28 days"], ["60d", "60 days"], ["1y", "12 months"],
];

const HOUR_S = 3_600, DAY_S = 86_400, MONTH_S = 28 * DAY_S;

const starts = (first, length, count) => Array.from({ length: count }, (_, at) => first + at * length);

/** The periods of a range: their grain and starts. */
function periodsOf(range) {
  if (range === "1y") return { by: "month", at: Array.from({ length: 12 }, (_, back) => startOfMonth(11 - back)) };
  const days = Number.parseInt(range, 10);
  return days <= 7
    ? { by: "hour", at: starts(startOfHour() - (days * 24 - 1) * HOUR, HOUR, days * 24) }
    : { by: "day", at: starts(startOfDay() - (days - 1) * DAY, DAY, days) };
}

/**
 * The plan's number that a chart of this grain can be held against. Of several limits over the same time the greatest
 * counts every request, the others count some.
 */
function linesOf(by, limits) {
  const isOfGrain = {
    hour: seconds => seconds === HOUR_S,
    day: seconds => seconds === DAY_S,
    month: seconds => seconds >= MONTH_S,
    minute: seconds => seconds === 60,
  }[by];
  return limits.filter(one => isOfGrain(one.windowSeconds) && !one.shadow && one.per !== "ip")
    .sort((a, b) => b.limit - a.limit).slice(0, 1)
    .map(one => ({ value: one.limit, label: `${one.name} limit ${number(one.limit)}` }));
}

/** A period without any request is left out of the answer, and drawn as none. */
async function read(tenant, range, signal) {
  const { by, at } = periodsOf(range);
  const answer = await usage(tenant, { by, from: iso(at[0]) }, signal);
  const found = new Map(answer.items.map(item => [Date.parse(item.start), item]));
  const empty = { checks: 0, allowed: 0, denied: 0, refused: 0, degraded: 0, cost: 0, deniedBy: {} };
  return { by, total: answer.total, rows: at.map(start => found.get(start) ?? { start: iso(start), ...empty }) };
}

const axis = by => second => {
  const at = second * 1000;
  if (by === "month") return month(at).slice(0, 3);
  return by === "day" || at % DAY === 0 ? day(at).replace(/^\w+,? /, "") : time(at);
};

// Where a chart's marks may stand: whole hours, days, weeks. Months differ, and are all marked where there is room.
const STEPS = {
  hour: { step: HOUR_S, marks: [1, 2, 3, 6, 12, 24, 48, 168].map(hours => hours * HOUR_S) },
  day: { step: DAY_S, marks: [1, 2, 4, 7, 14].map(days => days * DAY_S) },
  month: { step: MONTH_S, marks: [1, 2, 3, 6].map(months => months * 30.4 * DAY_S) },
};

/** Where the limits count tokens and requests cost several, tokens are what can be held against them. */
function decisions({ by, total, rows }, limits, signal) {
  const lines = linesOf(by, limits);
  const inTokens = lines.length > 0 && total.cost !== total.allowed;
  const data = [rows.map(row => Date.parse(row.start) / 1000)];
  if (inTokens) data.push(rows.map(row => row.cost));
  else data.push(rows.map(row => row.allowed + row.denied), rows.map(row => row.allowed));
  return chart({
    label: `${inTokens ? "Tokens spent" : "Requests"} in each ${by}: `
      + `${number(total.checks)} requests, ${number(total.denied)} denied`,
    series: inTokens
      ? [{ label: "tokens spent", colour: "allowed", kind: "bars" }]
      : [
        { label: "denied", colour: "denied", kind: "bars" },
        { label: "allowed", colour: "allowed", kind: "bars" },
      ],
    data, lines, signal, axisX: axis(by), ...STEPS[by], height: 220,
    readout: at => `${period(rows[at].start, by)}: ${number(rows[at].allowed)} allowed, `
      + `${number(rows[at].denied)} denied`
      + (inTokens ? `, ${number(rows[at].cost)} tokens` : ""),
  }).node;
}

const rowsTable = ({ by, rows }) => () => table("History", [
  { title: "From (UTC)", cell: row => period(row.start, by) },
  { title: "Requests", cell: row => number(row.checks), numeric: true },
  { title: "Allowed", cell: row => number(row.allowed), numeric: true },
  { title: "Denied", cell: row => number(row.denied), numeric: true },
  { title: "Denied share", cell: row => percent(row.denied, row.checks), numeric: true },
  {
    title: "Busiest minute", cell: row => row.peakMinute ? number(row.peakMinute.checks) : "–",
    numeric: true, narrow: false,
  },
  { title: "Tokens", cell: row => number(row.cost), numeric: true, narrow: false },
], rows.filter(row => row.checks > 0).reverse());

/** Loads and draws one range. A drawing goes when the next takes its place. */
export function historyLoader(tenant, limitsRead, viewSignal) {
  let drawings = new AbortController();
  viewSignal.addEventListener("abort", () => drawings.abort(), { once: true });
  return async (range, signal) => {
    const [found, limits] = await Promise.all([read(tenant, range, signal), limitsRead()]);
    drawings.abort();
    drawings = new AbortController();
    if (found.total.checks === 0)
      return notice("No requests in this time.", "Choose a longer one, or come back after the first request.");
    const parts = { ...found, limits, axisX: axis(found.by), steps: STEPS[found.by], signal: drawings.signal };
    return h("div", {},
      h("h3", { class: "chart-title" }, `Requests in each ${found.by}`), decisions(found, limits, drawings.signal),
      h("div", { class: "columns" },
        h("div", {}, h("h3", { class: "chart-title" }, `Busiest minute of each ${found.by}`),
          busiest(parts, linesOf("minute", limits))),
        h("div", {}, h("h3", { class: "chart-title" }, "Share denied (429)"), deniedShare(parts))),
      asTable(rowsTable(found)));
  };
}
