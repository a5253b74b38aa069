// Numbers and times as they are shown. All times are UTC: limits reset by it.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

const COMPACT_FROM = 10_000_000;
const MINUTE = 60, HOUR = 3_600, DAY = 86_400;

export const number = value => value >= COMPACT_FROM ? compact.format(value) : whole.format(value);

export const short = value => value >= 10_000 ? compact.format(value) : whole.format(value);

export const rate = value => value >= 100 ? whole.format(value) : tenths.format(value);

/** A share of a whole in percent: never "0%" of something, never "100%" of less than all. */
export function percent(part, all) {
  if (all <= 0 || part <= 0) return "0%";
  if (part >= all) return "100%";
  const share = part * 100 / all;
  if (share < 0.1) return "<0.1%";
  return share < 10 ? `${tenths.format(share)}%` : `${Math.min(99, Math.round(share))}%`;
}

const inUtc = options => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const timeOf = inUtc({ hour: "2-digit", minute: "2-digit" });
const secondOf = inUtc({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayOf = inUtc({ weekday: "short", day: "numeric", month: "short" });
const monthOf = inUtc({ month: "short", year: "numeric" });
const dateOf = inUtc({ day: "numeric", month: "short", year: "numeric" });

export const time = at => timeOf.format(new Date(at));
export const seconds = at => secondOf.format(new Date(at));
export const day = at => dayOf.format(new Date(at));
export const date = at => dateOf.format(new Date(at));
export const month = at => monthOf.format(new Date(at));
export const moment = at => `${day(at)}, ${time(at)}`;

/** How a period's start is written, by its length. */
export function period(at, by) {
  if (by === "month") return month(at);
  return by === "day" ? day(at) : moment(at);
}

/** A stretch of time in its two largest units: "3 h 20 min". Rounded up, as a wait must be. */
export function span(milliseconds) {
  const total = Math.max(0, Math.ceil(milliseconds / 1000));
  if (total < MINUTE) return `${total} s`;
  if (total < 10 * MINUTE) return `${Math.floor(total / MINUTE)} min ${total % MINUTE} s`;
  if (total < HOUR) return `${Math.ceil(total / MINUTE)} min`;
  if (total < DAY) return `${Math.floor(total / HOUR)} h ${Math.floor(total % HOUR / MINUTE)} min`;
  return `${Math.floor(total / DAY)} d ${Math.floor(total % DAY / HOUR)} h`;
}

/** A limit's window in words: "a minute", "6 h". */
export function windowOf(seconds) {
  if (seconds === MINUTE) return "a minute";
  if (seconds === HOUR) return "an hour";
  if (seconds === DAY) return "a day";
  if (seconds >= 28 * DAY && seconds <= 31 * DAY && seconds % DAY === 0) return "a month";
  return span(seconds * 1000).replace(/ 0 (s|min|h)$/, "");
}

export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
