// Small things that several views show.

import { h, newId } from "./dom.js";
import { number, percent } from "./format.js";

export const NEAR = 0.8;

const STATES = { ok: "ok", near: "near a limit", over: "over a limit" };

/** A state in a word; its colour only repeats it. */
export const badge = state => h("span", { class: `badge badge-${state}` }, STATES[state] ?? state);

/** How much of a limit is used: a bar with the numbers beside it. */
export function meter(name, limit, remaining) {
  const used = Math.max(0, limit - remaining);
  const share = limit > 0 ? Math.min(1, used / limit) : 1;
  const state = share >= 1 ? "over" : share >= NEAR ? "near" : "ok";
  return h("div", {
    class: `meter meter-${state}`, role: "meter", "aria-label": `${name}: used`,
    "aria-valuemin": 0, "aria-valuemax": limit, "aria-valuenow": Math.min(used, limit),
    "aria-valuetext": `${number(used)} of ${number(limit)}, ${percent(used, limit)}`,
  }, h("span", { css: { "--share": String(share) } }));
}

/** A figure with what it counts, and perhaps a line under it. */
export const figure = (label, value, below = null, tone = "") =>
  h("div", { class: `figure ${tone}`.trim() },
    h("dt", {}, label), h("dd", {}, h("span", { class: "figure-value" }, value),
      below ? h("span", { class: "figure-below" }, below) : null));

/** A choice of a few, as radio buttons that look like one control. */
export function choice(label, options, chosen, onchoose) {
  const name = newId("choice");
  return h("fieldset", { class: "choice" }, h("legend", { class: "visually-hidden" }, label),
    options.map(([value, text]) => h("label", {},
      h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onchoose(value) }),
      h("span", {}, text))));
}

/**
 * A table. Columns are { title, cell(row), numeric, narrow }: narrow false hides one on small screens.
 */
export function table(caption, columns, rows, { isCaptionShown = false } = {}) {
  const kind = column => [column.numeric ? "num" : "", column.narrow === false ? "wide" : ""].join(" ").trim() || null;
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `${caption}, table` },
    h("table", {},
      h("caption", { class: isCaptionShown ? null : "visually-hidden" }, caption),
      h("thead", {}, h("tr", {}, columns.map(one => h("th", { scope: "col", class: kind(one) }, one.title)))),
      h("tbody", {}, rows.map(row => h("tr", {}, columns.map((one, at) => at === 0
        ? h("th", { scope: "row", class: kind(one) }, one.cell(row))
        : h("td", { class: kind(one) }, one.cell(row))))))));
}

/** The same figures for those who cannot or would not read a drawing. Made when it is opened. */
export function asTable(make) {
  const details = h("details", { class: "as-table" }, h("summary", {}, "As a table"));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(make());
  });
  return details;
}

/** A bar of a share, beside a number in a table. */
export const share = (part, all) =>
  h("span", { class: "share", "aria-hidden": "true" },
    h("span", { css: { "--share": String(all > 0 ? part / all : 0) } }));

/** The greatest first; of equals by name. */
export const byCount = map => Object.entries(map ?? {}).filter(([, count]) => count > 0)
  .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
