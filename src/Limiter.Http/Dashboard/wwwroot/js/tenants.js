// The tenants, a page at a time: ten thousand rows would be a list for nobody.

import { get } from "./api.js";
import { observe } from "./clock.js";
import { h, say } from "./dom.js";
import { number, percent, plural } from "./format.js";
import { notice, panel } from "./panel.js";
import { badge, byCount, choice, meter, table } from "./parts.js";

export const tenantLink = name => h("a", { href: `#/tenant/${encodeURIComponent(name)}` }, name);

/** Of a tenant's limits the one with the least left. */
export const tightest = limits => limits.filter(one => one.limit > 0 && !one.shadow)
  .reduce((least, one) => !least || one.remaining / one.limit < least.remaining / least.limit ? one : least, null);

const sum = map => Object.values(map ?? {}).reduce((all, count) => all + count, 0);

function tightCell(row) {
  const tight = tightest(row.limits);
  if (!tight) return h("span", { class: "muted" }, "no limit");
  return h("div", { class: "tight" }, meter(tight.name, tight.limit, tight.remaining),
    h("span", { class: "tight-words" },
      `${tight.name}: ${number(Math.max(0, tight.limit - tight.remaining))} of ${number(tight.limit)}`));
}

const columns = [
  { title: "Tenant", cell: row => [tenantLink(row.tenant), h("span", { class: "thin" }, badge(row.state))] },
  { title: "Plan", cell: row => row.plan, narrow: false },
  { title: "State", cell: row => badge(row.state), narrow: false },
  { title: "Checks, 5 min", cell: row => number(row.checks), numeric: true },
  { title: "Denied", cell: row => number(row.denied), numeric: true },
  { title: "Denied share", cell: row => percent(row.denied, row.checks), numeric: true, narrow: false },
  {
    title: "Shadow would deny", numeric: true, narrow: false,
    cell: row => sum(row.shadowedBy) === 0 ? "–" : h("span", {
      title: byCount(row.shadowedBy).map(([name, count]) => `${name}: ${number(count)}`).join(", "),
    }, number(sum(row.shadowedBy))),
  },
  { title: "Tightest limit", cell: tightCell, narrow: false },
];

const TAKE = 50;
const EVERY_S = 5;

/** The table with its order and its pages. */
export function tenantsPanel(signal, onoverview) {
  let order = "load", page = 0, next = null;
  const cursors = [undefined];
  const back = h("button", { type: "button", disabled: true, onclick: () => turn(-1) }, "Previous");
  const forth = h("button", { type: "button", disabled: true, onclick: () => turn(1) }, "Next");
  const place = h("span", { class: "muted" });
  const pager = h("div", { class: "pager", hidden: true }, back, forth, place);

  function turn(by) {
    page += by;
    if (by > 0) cursors[page] = next;
    look();
  }

  function reorder(value) {
    [order, page] = [value, 0];
    cursors.length = 1;
    look();
  }

  // A press on a button gave it the focus; what it asked for is shown all the same.
  function look() {
    section.look().then(() => say(place.textContent));
  }

  async function load(both) {
    const answer = await get(["v1", "overview"], { order, take: TAKE, after: cursors[page] }, both);
    observe(answer.now);
    onoverview(answer);
    next = answer.next ?? null;
    [back.disabled, forth.disabled] = [page === 0, next === null];
    pager.hidden = page === 0 && answer.tenants.length === 0;
    const from = page * TAKE;
    place.textContent = answer.tenants.length === 0 ? ""
      : `${number(from + 1)}–${number(from + answer.tenants.length)} of ${plural(answer.active, "active tenant")}`;
    return answer.tenants.length === 0 ? empty() : table("Tenants", columns, answer.tenants);
  }

  const empty = () => page > 0
    ? notice("No more tenants.", "They have grown quiet since the last page was shown.")
    : notice("Nothing was counted in the last five minutes.",
      "A tenant appears about a minute after its first check. Try one: ", h("code", {}, "POST /v1/check"), ".");

  const section = panel({
    title: "Tenants", signal, every: EVERY_S, load, kind: "tenants",
    controls: choice("Order", [["load", "By load"], ["near", "Nearest to a limit"]], order, reorder),
  });
  section.append(pager);
  return section;
}
