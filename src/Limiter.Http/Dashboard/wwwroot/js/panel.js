// A part of a view that loads itself, says so, says what went wrong, and looks again from time to time.

import { Failure } from "./api.js";
import { h, newId } from "./dom.js";

/** What is shown until there is something to show. */
const waiting = () => h("p", { class: "muted" }, "Loading…");

/** Words in place of figures. */
export const notice = (title, ...words) =>
  h("div", { class: "notice" }, h("p", { class: "notice-title" }, title), words.length ? h("p", {}, ...words) : null);

/**
 * A titled section.
 * @param title Its heading.
 * @param load Given a signal, answers the node to show.
 * @param signal Aborted when the view goes.
 * @param every Seconds between two looks while the page is seen; 0 for one look.
 * @param controls What stands beside the heading.
 * @param note One line under it.
 */
export function panel({ title, load, signal, every = 0, controls = null, note = null, kind = "" }) {
  const id = newId("panel");
  const body = h("div", { class: "panel-body" }, waiting());
  const section = h("section", { class: `panel ${kind}`.trim(), "aria-labelledby": id },
    h("div", { class: "panel-head" }, h("h2", { id }, title), controls),
    note ? h("p", { class: "muted panel-note" }, note) : null, body);
  let running = null, timer = 0;

  async function look() {
    clearTimeout(timer);
    running?.abort();
    const own = running = new AbortController();
    const both = AbortSignal.any([signal, own.signal]);
    section.setAttribute("aria-busy", "true");
    try {
      show(await load(both));
    } catch (error) {
      if (both.aborted) return;
      if (!(error instanceof Failure)) console.error(error);
      body.replaceChildren(failed(error));
    }
    if (both.aborted) return;
    section.removeAttribute("aria-busy");
    if (every > 0) timer = setTimeout(again, every * 1000);
  }

  // What is being read or operated is not taken away, and nobody looks at a hidden page.
  function again() {
    if (document.hidden || body.contains(document.activeElement)) timer = setTimeout(again, every * 1000);
    else look();
  }

  function show(node) {
    const open = [...body.querySelectorAll("details")].map(one => one.open);
    body.replaceChildren(node);
    [...body.querySelectorAll("details")].forEach((one, at) => one.open = open[at] ?? false);
  }

  const failed = error => h("div", { class: "notice notice-bad" },
    h("p", { class: "notice-title" }, "This could not be loaded."),
    h("p", {}, error instanceof Failure ? error.message : "The answer could not be read."),
    h("button", { type: "button", onclick: look }, "Try again"));

  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  section.look = look;
  look();
  return section;
}
