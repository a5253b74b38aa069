// One tenant's view: an operator's, and with a link the tenant's own.

import { alertsSent } from "./alerts.js";
import { Failure, get } from "./api.js";
import { breakdown, SPANS } from "./breakdown.js";
import { now, observe } from "./clock.js";
import { h } from "./dom.js";
import { seconds } from "./format.js";
import { readHeat, showHeat } from "./heatmap.js";
import { historyLoader, RANGES } from "./history.js";
import { readLimits, showLimits } from "./limits.js";
import { linkButton } from "./link.js";
import { notice, panel } from "./panel.js";
import { choice } from "./parts.js";
import { readTotals, showRefusals, showTotals } from "./totals.js";

const MINUTE_MS = 60_000;
const LIMITS_S = 5, TOTALS_S = 15, SLOW_S = 60;

/** A panel with a choice in its head that loads anew when another is chosen. */
function chosenPanel({ title, label, options, chosen, load, ...rest }) {
  let value = chosen;
  const section = panel({
    title, ...rest,
    controls: choice(label, options, chosen, next => {
      value = next;
      section.look();
    }),
    load: signal => load(value, signal),
  });
  return section;
}

function panels(tenant, isOperator, signal, onplan) {
  // The lines of the history and the meters are the same limits, asked for once.
  let limits = null;
  const look = async own => {
    const read = await readLimits(tenant, isOperator, own);
    limits = read.limits;
    onplan(read.plan);
    return read;
  };
  // A history without lines is still a history.
  const known = async () => {
    try {
      return limits ?? (await look(signal)).limits;
    } catch {
      return [];
    }
  };
  let totals = null;
  const readBoth = async own => totals = await readTotals(tenant, own);
  const history = historyLoader(tenant, known, signal);
  const split = (title, name) => chosenPanel({
    title, signal, every: SLOW_S, label: `${title}: time`, options: SPANS, chosen: "today",
    load: (value, own) => breakdown(tenant, name, value, own),
  });
  return [
    panel({ title: "Limits now", signal, every: LIMITS_S, load: async own => showLimits(await look(own)) }),
    panel({
      title: "Today and this month", signal, every: TOTALS_S, load: async own => showTotals(await readBoth(own)),
    }),
    chosenPanel({
      title: "History", signal, every: SLOW_S, label: "History: range", options: RANGES, chosen: "1d",
      load: history, note: "Periods of UTC. Dashed: the number of the plan now.", kind: "history",
    }),
    h("div", { class: "columns" }, split("By endpoint", "endpoint"), split("By key", "key")),
    panel({
      title: "Peak hours", signal, every: SLOW_S * 5, note: "Requests an hour on average over four weeks, UTC.",
      load: async own => showHeat(await readHeat(tenant, own)),
    }),
    h("div", { class: "columns" },
      panel({
        title: "Denials by limit", signal, every: SLOW_S,
        load: async own => showRefusals(totals ?? await readBoth(own)),
      }),
      panel({ title: "Alerts sent", signal, every: SLOW_S, load: own => alertsSent(tenant, own) })),
  ];
}

const unknown = isOperator => notice("There is no tenant of this name.", "Names are told apart by case. ",
  isOperator ? h("a", { href: "#/" }, "Back to the overview") : "");

/** Asks whether there is such a tenant before ten parts ask for its figures. */
export function tenantView(tenant, isOperator, signal) {
  const plan = h("span", { class: "tag", hidden: true });
  const clock = h("span", { class: "muted clock" });
  const head = h("div", { class: "title" }, h("h1", {}, tenant), plan, clock,
    h("div", { class: "title-end" }, isOperator ? linkButton(tenant, signal) : null));
  const body = h("div", { class: "stack" }, h("p", { class: "muted" }, "Loading…"));
  const tick = setInterval(() => clock.textContent = `${seconds(now())} UTC`, 1_000);
  signal.addEventListener("abort", () => clearInterval(tick), { once: true });
  const onplan = name => {
    plan.hidden = !name;
    plan.textContent = name ? `plan ${name}` : "";
  };

  async function open() {
    try {
      const answer = await get(["v1", "usage", tenant], { by: "minute", take: 1 }, signal);
      // The end of the range is now, rounded up to the minute.
      observe(answer.to, MINUTE_MS);
      onplan(answer.plan);
      body.replaceChildren(...panels(tenant, isOperator, signal, onplan));
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof Failure;
      if (!known) console.error(error);
      body.replaceChildren(known && error.code === "unknown_tenant" ? unknown(isOperator)
        : h("div", { class: "notice notice-bad", role: "alert" },
          h("p", { class: "notice-title" }, "The figures could not be loaded."),
          h("p", {}, known ? error.message : "The answer could not be read."),
          h("button", { type: "button", onclick: open }, "Try again")));
    }
  }
  open();
  return [head, body];
}
