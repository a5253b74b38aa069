// Makes a link by which somebody reads one tenant's view.

import { Failure, post } from "./api.js";
import { h, say } from "./dom.js";
import { date } from "./format.js";

const DAYS_DEFAULT = 30, DAYS_MAX = 90;

export function linkButton(tenant, signal) {
  const result = h("div", { class: "link-made", role: "status" });
  const name = h("input", { id: "link-name", name: "name", maxlength: 64, autocomplete: "off" });
  const days = h("input", {
    id: "link-days", name: "days", type: "number", min: 1, max: DAYS_MAX, value: DAYS_DEFAULT, required: true,
  });
  const form = h("form", { method: "dialog", onsubmit: make },
    h("h2", { id: "link-title" }, "A viewer's link"),
    h("p", {}, `Whoever has it reads the usage, limits and alerts of ${tenant}, and nothing else. `
      + "It cannot be taken back before it ends."),
    h("label", { for: "link-name" }, "For whom (may be left out)"), name,
    h("label", { for: "link-days" }, `Days until it ends, 1 to ${DAYS_MAX}`), days,
    h("div", { class: "dialog-end" },
      h("button", { type: "button", onclick: () => dialog.close() }, "Close"),
      h("button", { class: "strong", type: "submit" }, "Make a link")), result);
  const dialog = h("dialog", { "aria-labelledby": "link-title", onclose: () => result.replaceChildren() }, form);

  async function make(event) {
    event.preventDefault();
    try {
      const body = { days: Number(days.value), ...name.value.trim() ? { name: name.value.trim() } : {} };
      show(await post(["v1", "tenants", tenant, "links"], body, signal));
    } catch (error) {
      if (signal.aborted) return;
      result.replaceChildren(h("p", { class: "form-error" },
        error instanceof Failure ? error.message : "The answer could not be read."));
    }
  }

  function show(made) {
    const href = new URL(made.link, location.origin).href;
    const address = h("input", { readonly: true, "aria-label": "The link", value: href });
    const copy = h("button", { type: "button", onclick: take }, "Copy");
    async function take() {
      address.select();
      try {
        await navigator.clipboard.writeText(address.value);
        copy.textContent = "Copied";
        say("The link is copied.");
      } catch {
        copy.textContent = "Selected: copy it by hand";
      }
    }
    result.replaceChildren(h("p", {}, `Good until ${date(made.until)}. It is shown only here.`),
      h("div", { class: "copy" }, address, copy));
    address.select();
  }

  return [h("button", { type: "button", onclick: () => dialog.showModal() }, "Make a viewer's link"), dialog];
}
