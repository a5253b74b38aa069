// What is decided this second: a streamed answer, opened again with growing pauses when it ends.

import { Failure, send } from "./api.js";
import { chart } from "./chart.js";
import { h, say } from "./dom.js";
import { number, plural, rate, seconds } from "./format.js";

const KEPT = 180;
const STALE_MS = 3_500;
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const LINE_MAX = 65_536;
const NAMES = ["allowed", "denied", "refused", "degraded"];
const DRAWN = NAMES.slice(0, 3);

/** Reads lines until the stream ends. */
async function read(signal, online) {
  const response = await send("/v1/live", { signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    if (rest.length > LINE_MAX) throw new Failure(0, "line", "A line of the live figures has no end.");
    for (const line of lines) if (line.trim()) online(JSON.parse(line));
  }
}

/** Keeps a stream open while the page is seen. States: "connecting", "live", "stale", "lost", "hidden". */
export function follow(signal, online, onstate) {
  let pauses = 0, last = 0, open = null, timer = 0;

  async function connect() {
    clearTimeout(timer);
    if (signal.aborted || document.hidden) return;
    open?.abort();
    const own = open = new AbortController();
    const both = AbortSignal.any([signal, own.signal]);
    if (pauses === 0) onstate("connecting");
    try {
      await read(both, line => {
        [pauses, last] = [0, Date.now()];
        onstate("live");
        online(line);
      });
    } catch (error) {
      if (both.aborted || error.status === 401 || error.status === 403) return;
    }
    if (both.aborted) return;
    const pause = PAUSES_MS[Math.min(pauses++, PAUSES_MS.length - 1)];
    onstate("lost", pause);
    timer = setTimeout(connect, pause);
  }

  const watch = setInterval(() => {
    if (last > 0 && Date.now() - last > STALE_MS && pauses === 0 && !document.hidden) onstate("stale", last);
  }, 1_000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return connect();
    open?.abort();
    onstate("hidden");
  }, { signal });
  signal.addEventListener("abort", () => {
    clearInterval(watch);
    clearTimeout(timer);
  }, { once: true });
  connect();
}

/** The panel: the last second in figures, three minutes in a chart. */
export function livePanel(signal, onpolicy) {
  const state = h("span", { class: "live-state", role: "status" });
  const values = Object.fromEntries(NAMES.map(name => [name, h("dd", { "data-live": name }, "–")]));
  const total = h("span", { class: "live-total", "data-live": "total" }, "–");
  const outage = h("p", { class: "notice notice-bad", role: "alert", hidden: true },
    "A store cannot be reached: requests are answered by the policy's choice, not by the limits.");
  const data = [
    Array.from({ length: KEPT }, (_, at) => at - KEPT + 1), ...DRAWN.map(() => Array(KEPT).fill(null)),
  ];
  const times = Array(KEPT).fill("");
  const drawing = chart({
    label: "Decisions a second over the last three minutes", signal, data, height: 230,
    marks: [10, 30, 60],
    series: [
      { label: "allowed", colour: "allowed", fill: "allowed-soft" },
      { label: "denied", colour: "denied" }, { label: "refused", colour: "refused" },
    ],
    axisX: second => second >= 0 ? "now" : `${-second} s`,
    readout: at => times[at] === "" ? "\u00a0"
      : `${times[at]} UTC: ${DRAWN.map((name, row) => `${number(data[row + 1][at])} ${name}`).join(", ")}`,
  });

  function online(line) {
    total.textContent = rate(DRAWN.reduce((sum, name) => sum + line[name], 0));
    for (const name of NAMES) values[name].textContent = number(line[name]);
    DRAWN.forEach((name, row) => {
      data[row + 1].push(line[name]);
      data[row + 1].shift();
    });
    times.push(seconds(line.at));
    times.shift();
    drawing.update(data);
    outage.hidden = !line.degradedNow;
    onpolicy(line);
  }

  let shown = "";
  function onstate(name, detail) {
    const words = {
      connecting: "connecting…", live: "live", hidden: "paused while the page is hidden",
      stale: `stale: nothing since ${plural(Math.round((Date.now() - detail) / 1000), "second")}`,
      lost: `stale: connection lost, trying again in ${Math.round(detail / 1000)} s`,
    }[name];
    state.textContent = words;
    state.dataset.state = name;
    if (name !== shown && (shown === "live" || name === "live")) say(`Live figures: ${words}`);
    shown = name;
  }

  follow(signal, online, onstate);
  return h("section", { class: "panel live", "aria-label": "Decisions a second" },
    h("div", { class: "panel-head" }, h("h2", {}, "Decisions a second"), state), outage,
    h("div", { class: "live-body" },
      h("div", {}, h("p", {}, total, h("span", { class: "muted" }, " a second, this process")),
        h("dl", { class: "live-split" }, NAMES.map(name =>
          h("div", {}, h("dt", {}, h("span", { class: `key key-${name}` }), name), values[name])))),
      drawing.node));
}
