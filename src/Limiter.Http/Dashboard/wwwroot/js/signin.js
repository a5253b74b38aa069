// Asks for the key.

import { Failure, get } from "./api.js";
import { h, newId } from "./dom.js";
import { forget, keep } from "./session.js";

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The form. A key is tried before the page is shown; one that is not taken is not kept. */
export function signIn(reason, signal, onsigned) {
  const field = newId("key"), wrong = newId("wrong");
  const error = h("p", { class: "form-error", id: wrong, role: "alert", hidden: !reason }, reason ?? "");
  const input = h("input", {
    id: field, type: "password", name: "key", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    required: true, "aria-describedby": wrong,
  });
  const button = h("button", { class: "strong", type: "submit" }, "Show the figures");

  async function submit(event) {
    event.preventDefault();
    const text = input.value.trim();
    if (text === "") return fail("Type the admin key first.");
    button.disabled = true;
    button.textContent = "Asking…";
    keep(text);
    try {
      await get(["v1", "overview"], { take: 1 }, signal);
      return onsigned();
    } catch (failure) {
      if (signal.aborted) return;
      forget(null);
      fail(failure instanceof Failure ? failure.message : "The answer could not be read.");
    } finally {
      button.disabled = false;
      button.textContent = "Show the figures";
    }
  }

  function fail(words) {
    error.textContent = words;
    error.hidden = false;
    input.setAttribute("aria-invalid", "true");
    input.focus();
    input.select();
  }

  queueMicrotask(() => input.focus());
  return h("form", { class: "signin", onsubmit: submit, novalidate: true },
    h("h1", {}, "Usage and limits"),
    h("p", {}, "This page holds no data. It asks for the admin key and fetches with it; "
      + "the key stays in this tab until the tab is closed."),
    h("label", { for: field }, "Admin key"), input, error, button,
    LOCAL.has(location.hostname)
      ? h("p", { class: "muted" }, "A server in Development takes the key ", h("code", {}, "dev"), ".")
      : h("p", { class: "muted" }, "Looking for your own usage? Ask the API's operator for a viewer's link."));
}
