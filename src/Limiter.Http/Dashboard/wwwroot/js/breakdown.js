// Which endpoints and which keys.

import { usage } from "./api.js";
import { iso, startOfDay, startOfMonth } from "./clock.js";
import { h } from "./dom.js";
import { number, percent } from "./format.js";
import { notice } from "./panel.js";
import { share, table } from "./parts.js";

const SHOWN = 15;

export const SPANS = [["today", "Today"], ["month", "This month"]];

const COUNTS = ["checks", "allowed", "denied", "cost"];

/** The lines of a split, added up over its periods, the greatest first. */
async function read(tenant, split, chosen, signal) {
  const query = chosen === "today"
    ? { by: "day", from: iso(startOfDay()) } : { by: "month", from: iso(startOfMonth()) };
  const answer = await usage(tenant, { ...query, split }, signal);
  const lines = new Map();
  for (const item of answer.items) {
    const name = split === "key" ? item.key : `${item.group}\n${item.template}`;
    const line = lines.get(name) ?? { ...item, checks: 0, allowed: 0, denied: 0, cost: 0 };
    for (const count of COUNTS) line[count] += item[count];
    lines.set(name, line);
  }
  return { total: answer.total, lines: [...lines.values()].sort((a, b) => b.checks - a.checks) };
}

const endpoint = line => h("span", { class: "endpoint" },
  h("code", {}, line.template || "other"), h("span", { class: "muted" }, line.group));

const shareOf = (line, total) => h("span", { class: "one-line" },
  share(line.checks, total.checks), percent(line.checks, total.checks));

export async function breakdown(tenant, split, chosen, signal) {
  const { total, lines } = await read(tenant, split, chosen, signal);
  if (lines.length === 0) return notice("No requests in this time.");
  const hasCost = total.cost !== total.allowed;
  const shown = lines.slice(0, SHOWN);
  const node = table(split === "key" ? "Requests by key" : "Requests by endpoint", [
    split === "key"
      ? { title: "Key", cell: line => line.key || "without a key" } : { title: "Endpoint", cell: endpoint },
    { title: "Requests", cell: line => number(line.checks), numeric: true },
    { title: "Share", cell: line => shareOf(line, total), narrow: false },
    { title: "Denied", cell: line => number(line.denied), numeric: true },
    { title: "Denied share", cell: line => percent(line.denied, line.checks), numeric: true, narrow: false },
    hasCost ? { title: "Tokens", cell: line => number(line.cost), numeric: true } : null,
  ].filter(Boolean), shown);
  return lines.length <= SHOWN ? node : h("div", {}, node,
    h("p", { class: "muted" }, `and ${number(lines.length - SHOWN)} more with ${number(
      lines.slice(SHOWN).reduce((all, line) => all + line.checks, 0))} requests`));
}
