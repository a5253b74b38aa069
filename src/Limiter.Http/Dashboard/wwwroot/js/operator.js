// The operator's view: is all well, who is near a limit, who asks most.

import { get } from "./api.js";
import { now, observe } from "./clock.js";
import { h } from "./dom.js";
import { number, rate, span } from "./format.js";
import { livePanel } from "./live.js";
import { notice, panel } from "./panel.js";
import { badge, byCount, figure, meter } from "./parts.js";
import { tenantLink, tenantsPanel, tightest } from "./tenants.js";

const NEAR_SHOWN = 6;
const EVERY_S = 5;

function nearRow(row) {
  const tight = tightest(row.limits);
  return h("li", {},
    h("div", { class: "near-name" }, tenantLink(row.tenant), badge(row.state)),
    tight ? meter(tight.name, tight.limit, tight.remaining) : null,
    h("div", { class: "near-words muted" }, tight
      ? [h("span", {}, `${tight.name}: ${number(Math.max(0, tight.remaining))} of ${number(tight.limit)} left`),
        h("span", {}, `resets in ${span(Date.parse(tight.resetsAt) - now())}`)]
      : "no limit"));
}

async function near(signal) {
  const answer = await get(["v1", "overview"], { order: "near", take: NEAR_SHOWN }, signal);
  observe(answer.now);
  const rows = answer.tenants.filter(row => row.state !== "ok");
  return rows.length === 0
    ? notice("Nobody is near a limit.", "A tenant appears here from four fifths of a limit on.")
    : h("ol", { class: "near" }, rows.map(nearRow));
}

/** What shadow limits would have denied, of the tenants that are listed. */
const shadows = counts => figure("Shadow limits would deny", number(counts.reduce((all, [, count]) => all + count, 0)),
  `below: ${counts.map(([name, count]) => `${name} ${number(count)}`).join(", ")}`);

/** What the figures of the overview say besides the table. */
function summary() {
  const list = h("dl", { class: "figures" });
  const show = answer => {
    const minute = answer.perSecond;
    const shadowed = byCount(answer.tenants.reduce((all, row) => {
      for (const [name, count] of Object.entries(row.shadowedBy ?? {})) all[name] = (all[name] ?? 0) + count;
      return all;
    }, {}));
    list.replaceChildren(
      figure("Active tenants", number(answer.active), "in the last five whole minutes"),
      figure("Near a limit", number(answer.near), "now", answer.near > 0 ? "tone-near" : ""),
      figure("Over a limit", number(answer.over), "now", answer.over > 0 ? "tone-over" : ""),
      figure("Last minute, all edges", `${rate(minute.allowed + minute.denied + minute.refused)}/s`,
        `${rate(minute.allowed)} allowed, ${rate(minute.denied)} denied`),
      figure("Store", answer.degraded.now ? "out of reach" : "in reach",
        answer.degraded.seconds > 0
          ? `out of reach for ${span(answer.degraded.seconds * 1000)} so far` : "since the start",
        answer.degraded.now ? "tone-over" : ""),
      figure("Policy in force", answer.policy.name, `version ${answer.policy.version}`),
      shadowed.length > 0 ? shadows(shadowed) : "");
  };
  return { list, show };
}

/** A field that opens any tenant by its name. */
function opener() {
  const input = h("input", {
    id: "open-tenant", name: "tenant", autocomplete: "off", spellcheck: "false", maxlength: 64, placeholder: "acme",
  });
  const go = event => {
    event.preventDefault();
    const name = input.value.trim();
    if (name) location.hash = `#/tenant/${encodeURIComponent(name)}`;
  };
  return h("form", { class: "opener", role: "search", onsubmit: go },
    h("label", { for: "open-tenant" }, "Tenant"), input, h("button", { type: "submit" }, "Open"));
}

export function operatorView(signal) {
  const figures = summary();
  return [
    h("div", { class: "title" }, h("h1", {}, "Overview"), opener()),
    h("section", { class: "panel plain", "aria-label": "Now" }, figures.list),
    h("div", { class: "columns columns-live" },
      livePanel(signal, () => {}),
      panel({ title: "Near or over a limit", signal, every: EVERY_S, load: near })),
    tenantsPanel(signal, figures.show),
  ];
}
