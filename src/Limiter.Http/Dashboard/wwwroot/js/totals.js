// Today and this month in figures, and which limits refused.

import { usage } from "./api.js";
import { iso, startOfDay, startOfMonth } from "./clock.js";
import { h } from "./dom.js";
import { number, percent, time } from "./format.js";
import { notice } from "./panel.js";
import { byCount, figure, table } from "./parts.js";

/** Both totals, each whole: { today, month }, with today's busiest minute. */
export async function readTotals(tenant, signal) {
  const [today, month] = await Promise.all([
    usage(tenant, { by: "day", from: iso(startOfDay()) }, signal),
    usage(tenant, { by: "month", from: iso(startOfMonth()) }, signal),
  ]);
  return { today: today.total, month: month.total, peak: today.items.at(-1)?.peakMinute ?? null };
}

export function showTotals({ today, month, peak }) {
  const hasCost = today.cost !== today.allowed || month.cost !== month.allowed;
  return h("dl", { class: "figures" },
    figure("Requests today", number(today.checks), `${number(today.allowed)} allowed`),
    figure("Requests this month", number(month.checks), `${number(month.allowed)} allowed`),
    figure("Denied today (429)", number(today.denied), `${percent(today.denied, today.checks)} of requests`,
      today.denied > 0 ? "tone-near" : ""),
    figure("Denied this month", number(month.denied), `${percent(month.denied, month.checks)} of requests`),
    hasCost ? figure("Tokens today", number(today.cost), `${number(month.cost)} this month`) : null,
    figure("Busiest minute today",
      peak ? number(peak.checks) : "–", peak ? `at ${time(peak.start)} UTC` : "no request yet"),
    today.refused + month.refused > 0
      ? figure("Refused today", number(today.refused), `${number(month.refused)} this month`) : null,
    today.degraded + month.degraded > 0
      ? figure("Degraded today", number(today.degraded), "answered without the store") : null);
}

const shadowTag = () => h("span", { class: "tag" }, "shadow: would deny");

/** Which limit denied how often, and what shadow limits would have denied. */
export function showRefusals({ today, month }) {
  const names = [
    ...byCount(month.deniedBy).map(([name]) => ({ name, isShadow: false, map: "deniedBy" })),
    ...byCount(month.shadowedBy).map(([name]) => ({ name, isShadow: true, map: "shadowedBy" })),
  ];
  if (names.length === 0) return notice("No limit refused anything this month.");
  return table("Denials by limit", [
    { title: "Limit", cell: row => [row.name, row.isShadow ? [" ", shadowTag()] : null] },
    { title: "Today", cell: row => number(today[row.map]?.[row.name] ?? 0), numeric: true },
    { title: "This month", cell: row => number(month[row.map][row.name]), numeric: true },
    {
      title: "Of requests", cell: row => percent(month[row.map][row.name], month.checks),
      numeric: true, narrow: false,
    },
  ], names);
}
