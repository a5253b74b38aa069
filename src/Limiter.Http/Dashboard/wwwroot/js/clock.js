// The server's time, as it was last told. A browser's own clock may be wrong, and a server's may be moved by hand.

let offset = 0;
let doubt = Infinity;

/** Takes a time of the server's. A rougher one does not replace a finer one. */
export function observe(iso, doubtMs = 1_000) {
  if (!iso || doubtMs > doubt) return;
  offset = Date.parse(iso) - Date.now();
  doubt = doubtMs;
}

export const now = () => Date.now() + offset;

const floor = (at, length) => Math.floor(at / length) * length;

export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export const startOfHour = () => floor(now(), HOUR);
export const startOfDay = () => floor(now(), DAY);

/** The start of a UTC month, so many months before this one. */
export function startOfMonth(back = 0) {
  const today = new Date(now());
  return Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1);
}

export const iso = at => new Date(at).toISOString().slice(0, 19) + "Z";
