// Who reads: an operator with a key, or a viewer with a link. Kept in this tab alone, never in the address.

const KEY = "limiter.key";
const LINK = /^#(lv_[A-Za-z0-9_-]+)$/;

/** Takes a viewer's token out of the address, before anything else can see it there. */
export function takeLink() {
  const found = LINK.exec(location.hash);
  if (!found) return;
  sessionStorage.setItem(KEY, found[1]);
  history.replaceState(null, "", location.pathname + "#/");
}

export const key = () => sessionStorage.getItem(KEY);

export const keep = value => sessionStorage.setItem(KEY, value);

/** Forgets the key and says why; whoever shows the page asks for another. */
export function forget(reason) {
  sessionStorage.removeItem(KEY);
  dispatchEvent(new CustomEvent("signedout", { detail: reason }));
}

/**
 * What a viewer's token says of itself: { tenant, until, name }; null for an operator's key. The server alone judges
 * whether it is true.
 */
export function viewer() {
  const token = key();
  if (!token?.startsWith("lv_")) return null;
  try {
    const text = atob(token.slice(3).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, letter => letter.charCodeAt(0));
    const until = Number(new DataView(bytes.buffer).getBigInt64(1, true));
    const read = at => new TextDecoder().decode(bytes.subarray(at + 1, at + 1 + bytes[at]));
    return { tenant: read(17), until, name: read(18 + bytes[17]) };
  } catch {
    return { tenant: "", until: 0, name: "" };
  }
}
