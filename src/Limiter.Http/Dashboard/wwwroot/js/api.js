// The calls, with the key in their header.

import { forget, key } from "./session.js";

const PATIENCE_MS = 20_000;
const PAGES_MAX = 10;

/** An answer that is none: what went wrong in words, with the server's code where it gave one. */
export class Failure extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

const isAboutKey = failure => failure.status === 401 || (failure.status === 403 && failure.code === "forbidden");

async function failureOf(response) {
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // Something between here and the server answered in its own words.
  }
  const words = problem.detail ?? `The server answered ${response.status}.`;
  return new Failure(response.status, problem.code ?? "", words);
}

/** Sends a request. A key that is not taken is forgotten, with the server's reason. */
export async function send(path, options = {}) {
  const used = key();
  let response;
  try {
    response = await fetch(path, {
      cache: "no-store",
      credentials: "omit",
      ...options,
      headers: { ...options.headers, Authorization: `Bearer ${used}` },
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Failure(0, "unreachable", "The limiter cannot be reached.");
  }
  if (response.ok) return response;
  const failure = await failureOf(response);
  // An answer that was under way when another key came says nothing of that one.
  if (isAboutKey(failure) && used === key()) forget(failure.message);
  throw failure;
}

const within = signal => AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);

async function json(path, options, signal) {
  try {
    return await (await send(path, { ...options, signal: within(signal) })).json();
  } catch (error) {
    if (error instanceof Failure || signal.aborted) throw error;
    throw new Failure(0, "timeout", `The limiter did not answer within ${PATIENCE_MS / 1000} s.`);
  }
}

/** Builds a path; what is null or undefined in the query is left out. */
export function pathOf(parts, query = {}) {
  const path = "/" + parts.map(encodeURIComponent).join("/");
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path;
}

export const get = (parts, query, signal) => json(pathOf(parts, query), {}, signal);

export const post = (parts, body, signal) => json(pathOf(parts), {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
}, signal);

/** A tenant's usage with all its pages, ten at most. */
export async function usage(tenant, query, signal) {
  const first = await get(["v1", "usage", tenant], { take: 1000, ...query }, signal);
  for (let page = first, pages = 1; page.next && pages < PAGES_MAX; pages++) {
    page = await get(["v1", "usage", tenant], { take: 1000, ...query, after: page.next }, signal);
    first.items.push(...page.items);
  }
  return first;
}
