// What was sent because a limit came near.

import { Failure, get } from "./api.js";
import { h } from "./dom.js";
import { moment } from "./format.js";
import { notice } from "./panel.js";
import { table } from "./parts.js";

const TAKE = 20;

const WORDS = {
  threshold: row => `${row.threshold}% of ${row.limit} used`,
  exceeded: row => `${row.limit} exceeded`,
  summary: () => "Daily summary",
  test: () => "Test",
};

const stateWords = row => [
  h("span", { class: `badge badge-${row.state === "dead" ? "over" : row.state === "waiting" ? "near" : "ok"}` },
    { waiting: "waiting", delivered: "delivered", dead: "given up" }[row.state] ?? row.state),
  row.error ? h("span", { class: "muted" }, ` ${row.error}`) : null,
];

export async function alertsSent(tenant, signal) {
  let answer;
  try {
    answer = await get(["v1", "tenants", tenant, "alerts", "sent"], { take: TAKE }, signal);
  } catch (error) {
    if (error instanceof Failure && error.code === "not_found") return notice("This limiter sends no alerts.");
    throw error;
  }
  return answer.items.length === 0
    ? notice("No alerts were sent.", "They are sent when a limit comes near, is exceeded, or a day ends.")
    : table("Alerts sent", [
      { title: "Alert", cell: row => WORDS[row.kind]?.(row) ?? row.kind },
      { title: "At (UTC)", cell: row => moment(row.at) },
      { title: "Delivery", cell: stateWords },
      { title: "Attempts", cell: row => row.attempts, numeric: true, narrow: false },
    ], answer.items);
}
