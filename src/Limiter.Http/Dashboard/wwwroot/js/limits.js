// What is left of each limit now. Limits per key are read key by key and added up.

import { Failure, get, usage } from "./api.js";
import { iso, now, observe, startOfMonth } from "./clock.js";
import { h } from "./dom.js";
import { number, percent, plural, span, windowOf } from "./format.js";
import { notice } from "./panel.js";
import { meter, table } from "./parts.js";

const KEYS_MAX = 20;
const AT_ONCE = 5;
const KEYS_KEPT_MS = 60_000;

// What was found of the tenant that is shown: which keys it uses changes slowly, and whether limits are per key never.
let known = { tenant: null, keys: null, until: 0 };

async function keptKeys(tenant, isOperator, signal) {
  if (known.tenant !== tenant || Date.now() > known.until)
    known = { tenant, keys: await keysOf(tenant, isOperator, signal), until: Date.now() + KEYS_KEPT_MS };
  return known.keys;
}

/** The keys that a tenant used most this month, and for an operator those it has when it used none. */
async function keysOf(tenant, isOperator, signal) {
  const used = await usage(tenant, { by: "month", split: "key", from: iso(startOfMonth()) }, signal);
  const counts = new Map();
  for (const item of used.items) if (item.key) counts.set(item.key, (counts.get(item.key) ?? 0) + item.checks);
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  if (names.length > 0 || !isOperator) return names;
  const listed = await get(["v1", "tenants", tenant, "keys"], { limit: KEYS_MAX }, signal);
  return listed.keys.map(one => one.key);
}

async function read(tenant, key, signal) {
  try {
    return await get(["v1", "limits"], { tenant, key }, signal);
  } catch (error) {
    // A key that was revoked has no limits any more; its counts stay.
    if (error instanceof Failure && error.code === "unknown_key") return null;
    throw error;
  }
}

async function readKeys(tenant, keys, signal) {
  const answers = [];
  for (let at = 0; at < keys.length; at += AT_ONCE)
    answers.push(...await Promise.all(keys.slice(at, at + AT_ONCE)
      .map(async key => ({ key, answer: await read(tenant, key, signal) }))));
  return answers.filter(one => one.answer !== null);
}

/** Puts the answers of several keys together, limit by limit. */
function combine(answers) {
  const limits = new Map();
  for (const { key, answer } of answers)
    for (const one of answer.limits) {
      const known = limits.get(one.name);
      if (!known) limits.set(one.name, { ...one, keys: [{ key, ...one }] });
      else if (one.per === "key") {
        known.keys.push({ key, ...one });
        known.limit += one.limit;
        known.remaining += one.remaining;
        if (one.resetsAt > known.resetsAt) known.resetsAt = one.resetsAt;
      }
    }
  return [...limits.values()];
}

/**
 * The limits in force: { plan, limits: [{ name, limit, remaining, resetsAt, per, windowSeconds, keys }], cut }.
 */
export async function readLimits(tenant, isOperator, signal) {
  if (known.tenant !== tenant) {
    try {
      const answer = await read(tenant, null, signal);
      observe(answer.now);
      return { plan: answer.plan, limits: combine([{ key: null, answer }]), cut: false };
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== "key_required") throw error;
    }
  }
  const keys = await keptKeys(tenant, isOperator, signal);
  const answers = await readKeys(tenant, keys.slice(0, KEYS_MAX), signal);
  if (answers.length > 0) observe(answers[0].answer.now);
  return { plan: answers[0]?.answer.plan, limits: combine(answers), cut: keys.length > KEYS_MAX };
}

const resetWords = one => one.remaining >= one.limit
  ? "nothing is used" : `all free in ${span(Date.parse(one.resetsAt) - now())}`;

function perKey(one) {
  return h("details", {}, h("summary", {}, `By key (${one.keys.length})`),
    table(`${one.name} by key`, [
      { title: "Key", cell: row => row.key },
      { title: "Used", cell: row => number(row.limit - row.remaining), numeric: true },
      { title: "Limit", cell: row => number(row.limit), numeric: true },
      { title: "Left", cell: row => meter(`${one.name} of ${row.key}`, row.limit, row.remaining) },
    ], one.keys));
}

function card(one) {
  const isPerKey = one.per === "key" && one.keys[0].key !== null;
  const across = isPerKey ? `, across ${plural(one.keys.length, "key")}` : "";
  return h("li", { class: "limit", "data-limit": one.name },
    h("div", { class: "limit-head" }, h("h3", {}, one.name),
      h("span", { class: "muted" }, one.windowSeconds ? `in ${windowOf(one.windowSeconds)}${across}` : across.slice(2)),
      one.shadow ? h("span", { class: "tag" }, "shadow: refuses nobody") : null),
    meter(one.name, one.limit, one.remaining),
    h("div", { class: "limit-words" },
      h("span", {}, h("b", {}, number(one.limit - one.remaining)), ` of ${number(one.limit)} used, `,
        `${percent(one.remaining, one.limit)} left`),
      h("span", { class: "muted" }, resetWords(one))),
    isPerKey && one.keys.length > 1 ? perKey(one) : null);
}

/** The node that shows them. */
export function showLimits(read) {
  if (read.limits.length === 0)
    return notice("No limit is counted for this tenant now.",
      "Its plan is unlimited, or its limits are per key and none of its keys was used this month.");
  return h("div", {}, h("ul", { class: "limits" }, read.limits.map(card)),
    read.cut ? h("p", { class: "muted" }, `Of the ${KEYS_MAX} keys used most this month.`) : null);
}
