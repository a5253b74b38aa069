// Which view is shown, by the address behind the number sign and by who reads.

import { h, say } from "./dom.js";
import { operatorView } from "./operator.js";
import { forget, key, takeLink, viewer } from "./session.js";
import { signIn } from "./signin.js";
import { tenantView } from "./tenant.js";
import { apply, themeSwitch } from "./theme.js";

const main = document.getElementById("main");
const where = document.getElementById("where");
const actions = document.getElementById("actions");
const TENANT = /^#\/tenant\/(.+)$/;

let current = new AbortController();
let reason = null;

function tenantOf(hash) {
  const found = TENANT.exec(hash);
  try {
    return found ? decodeURIComponent(found[1]) : null;
  } catch {
    return null;
  }
}

function leave() {
  forget(null);
}

const visitor = ({ tenant, name }) => [
  h("span", {}, name ? `${tenant}, for ${name}` : tenant), h("span", { class: "tag" }, "read-only"),
];

const path = tenant => [
  h("a", { href: "#/" }, "Overview"), h("span", { "aria-hidden": "true" }, "/"), h("span", {}, tenant),
];

function bar(seen, tenant) {
  const isSigned = key() !== null;
  where.replaceChildren(...!isSigned ? [] : seen ? visitor(seen) : tenant ? path(tenant) : []);
  actions.replaceChildren(themeSwitch(), ...isSigned
    ? [h("button", { class: "quiet", type: "button", onclick: leave }, "Forget the key")] : []);
}

function show() {
  current.abort();
  current = new AbortController();
  const seen = viewer();
  const tenant = seen ? seen.tenant : tenantOf(location.hash);
  bar(seen, tenant);
  const { signal } = current;
  const view = key() === null ? [signIn(reason, signal, show)]
    : tenant !== null ? tenantView(tenant, seen === null, signal) : operatorView(signal);
  reason = null;
  main.replaceChildren(...view.filter(Boolean));
  document.title = key() === null ? "Limiter" : `${tenant ?? "Overview"} · Limiter`;
  scrollTo(0, 0);
}

takeLink();
apply();
addEventListener("hashchange", () => {
  if (location.hash.startsWith("#lv_")) takeLink();
  else if (!location.hash.startsWith("#/") && location.hash !== "") return;
  show();
  main.focus({ preventScroll: true });
});
addEventListener("signedout", event => {
  // The form that tries a key says itself why one was not taken.
  if (main.querySelector(".signin")) return bar(null, null);
  reason = event.detail;
  show();
  if (reason) say(reason);
});
document.getElementById("skip").addEventListener("click", event => {
  event.preventDefault();
  main.focus();
});
show();
