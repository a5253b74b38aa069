// When the peaks are: four weeks, weekday by hour.

import { usage } from "./api.js";
import { DAY, iso, startOfDay } from "./clock.js";
import { h } from "./dom.js";
import { number, rate } from "./format.js";
import { notice } from "./panel.js";

const WEEKS = 4;
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

const two = hour => String(hour).padStart(2, "0");
const slot = (row, hour) => `${DAYS[row]}, ${two(hour)}:00 to ${two((hour + 1) % 24)}:00`;

/** Requests an hour on average over the weeks that there are figures of. */
export async function readHeat(tenant, signal) {
  const from = startOfDay() - (WEEKS * 7 - 1) * DAY;
  const answer = await usage(tenant, { by: "hour", from: iso(from) }, signal);
  const cells = DAYS.map(() => HOURS.map(() => 0));
  let first = Infinity;
  for (const item of answer.items) {
    const at = new Date(item.start);
    cells[(at.getUTCDay() + 6) % 7][at.getUTCHours()] += item.checks;
    first = Math.min(first, at.getTime());
  }
  // A tenant of two weeks is not half as busy as one of four.
  const weeks = Math.max(1, Math.ceil((startOfDay() + DAY - first) / (7 * DAY)));
  return { cells: cells.map(row => row.map(count => count / weeks)), total: answer.total };
}

export function showHeat({ cells, total }) {
  const most = Math.max(...cells.flat());
  if (most === 0) return notice("No requests in four weeks.");
  const row = cells.findIndex(hours => hours.includes(most));
  const peak = `Busiest: ${slot(row, cells[row].indexOf(most))} UTC, ${rate(most)} requests on average; `
    + `${number(total.checks)} in four weeks.`;
  const words = h("p", { class: "readout" }, peak);
  const cell = (count, row, hour) => {
    const said = `${slot(row, hour)} UTC: ${rate(count)} requests`;
    return h("td", {
      css: { "--heat": String(Math.sqrt(count / most)) },
      onpointerenter: () => words.textContent = said, onpointerleave: () => words.textContent = peak,
    }, h("span", { class: "visually-hidden" }, rate(count)));
  };
  return h("div", {},
    h("table", { class: "heat" },
      h("caption", { class: "visually-hidden" }, "Requests an hour on average, by weekday and hour (UTC)"),
      h("thead", {}, h("tr", {}, h("td", {}), HOURS.map(hour =>
        h("th", { scope: "col" }, h("span", { class: hour % 3 === 0 ? null : "visually-hidden" }, two(hour)))))),
      h("tbody", {}, cells.map((hours, row) => h("tr", {},
        h("th", { scope: "row" },
          h("span", { class: "wide" }, DAYS[row].slice(0, 3)), h("span", { class: "thin" }, DAYS[row][0])),
        hours.map((count, hour) => cell(count, row, hour)))))),
    h("div", { class: "heat-foot" }, words,
      h("p", { class: "heat-scale", "aria-hidden": "true" }, "fewer ", h("span"), " more")));
}
