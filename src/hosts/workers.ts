/**
 * The machine as Cloudflare Workers give it: clock, chance, waiting, servers,
 * and a namespace of Workers KV as a cache.
 *
 * Bindings are described here as far as they are used, so that nothing needs to
 * be installed to check their types.
 *
 * @module
 */

import { UnavailableError } from "../core/errors.ts";
import type { CacheFile, CacheFiles, Clock, Http, Random, Timer } from "../core/ports.ts";
import { fetchHttp, innermostReason } from "./fetch_http.ts";

/** A namespace of Workers KV. */
export interface KvNamespace {
  /** A value; null where there is none. */
  get(key: string, type: "arrayBuffer"): Promise<ArrayBuffer | null>;
  /** Puts a value, which other places may see a minute later. */
  put(key: string, value: Uint8Array, options: KvPutOptions): Promise<void>;
  /** Removes a value. */
  delete(key: string): Promise<void>;
  /** Lists keys by pages. */
  list(options: { readonly prefix: string; readonly cursor?: string }): Promise<KvPage>;
}

/** What goes with a value. */
export interface KvPutOptions {
  /** When it was written, ms since 1970, and its bytes. */
  readonly metadata: KvMetadata;
  /** After how many seconds it goes; at least 60. */
  readonly expirationTtl?: number;
}

/** What is known of a value without reading it. */
interface KvMetadata {
  readonly modified: number;
  readonly size: number;
}

/** A page of keys. */
export interface KvPage {
  /** Keys with what goes with them. */
  readonly keys: readonly { readonly name: string; readonly metadata?: unknown }[];
  /** Whether it is the last one. */
  readonly list_complete: boolean;
  /** Where the next one begins. */
  readonly cursor?: string;
}

/** What names look like; nothing else becomes a key. */
const NAME = /^[a-z]+\/[a-z0-9-]+$/;

/** Entries and bodies that nobody wrote again go after this, seconds: 90 days. Each is asked for again where it is needed. */
const KEPT = 90 * 24 * 3600;

/** Folders that stay: what was seen guards against what is older. */
const STAYS = /^seen\//;

/** What is written several times a second, more than KV takes of one key: kept in this isolate alone. */
const NOTES = /^notes\//;

/** KV takes one write of a key a second, from everywhere; a second one waits this long, ms. */
const AGAIN_AFTER = 1100;

/** Longest time that work under a lock goes on, ms: a request whose client left is ended 30 s later (Workers, `waitUntil`). */
const LONGEST_WORK = 45_000;

/** Time. While no answer of anybody is waited for it stands still, so that nobody can measure by it. */
export const workersClock: Clock = { now: () => new Date() };

/** Randomness. */
export const workersRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

/** Waiting. */
export const workersTimer: Timer = {
  wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
};

/** Servers; a Worker sends no credentials unless told to. */
export const workersHttp: Http = fetchHttp({ init: {}, reasonOf: innermostReason });

/**
 * A cache in a namespace of Workers KV.
 *
 * KV is the same everywhere after a minute or so, and has no locks: work is
 * alone under its name in this isolate only, and notes, as when a vendor may be
 * asked again, are of this isolate. Whoever reads a value that was overtaken does
 * again what somebody did elsewhere; nothing is believed on reading either way.
 *
 * Values go by themselves: give the store over this cache no size.
 *
 * @param namespace The namespace; nothing else is to be kept in it.
 * @param clock When values are written.
 * @param timer Waiting between two writes.
 */
export function kvCache(
  namespace: KvNamespace,
  clock: Clock,
  timer: Timer = workersTimer,
): CacheFiles {
  const notes = new Map<string, Uint8Array<ArrayBuffer>>();
  const put = (name: string, bytes: Uint8Array): Promise<void> => {
    const metadata = { modified: clock.now().getTime(), size: bytes.length };
    const expiry = STAYS.test(name) ? {} : { expirationTtl: KEPT };
    return namespace.put(keyOf(name), bytes, { metadata, ...expiry });
  };
  return {
    async read(name) {
      if (NOTES.test(name)) return notes.get(keyOf(name))?.slice() ?? null;
      return await telling(() => read(namespace, keyOf(name)));
    },
    async write(name, bytes) {
      if (NOTES.test(name)) return void notes.set(keyOf(name), Uint8Array.from(bytes));
      await telling(() => twice(() => put(name, bytes), timer));
    },
    async remove(name) {
      if (NOTES.test(name)) return void notes.delete(keyOf(name));
      await telling(() => namespace.delete(keyOf(name)));
    },
    list: (folder) => telling(() => list(namespace, `${folder}/`)),
    lock: workersLocks(clock),
  };
}

/** Once more where it failed, as where somebody wrote the same a moment ago. */
async function twice(work: () => Promise<void>, timer: Timer): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof TypeError) throw error;
    await timer.wait(AGAIN_AFTER);
    await work();
  }
}

async function read(
  namespace: KvNamespace,
  key: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = await namespace.get(key, "arrayBuffer");
  return bytes === null ? null : new Uint8Array(bytes);
}

async function list(namespace: KvNamespace, prefix: string): Promise<readonly CacheFile[]> {
  const found: CacheFile[] = [];
  let at: { readonly cursor?: string } | null = {};
  while (at !== null) {
    const page: KvPage = await namespace.list({ prefix, ...at });
    for (const { name, metadata } of page.keys) found.push(fileOf(name, metadata));
    at = page.list_complete || page.cursor === undefined ? null : { cursor: page.cursor };
  }
  return found;
}

/** What another program wrote has no time and counts as old. */
function fileOf(name: string, metadata: unknown): CacheFile {
  const { modified, size }: { modified?: unknown; size?: unknown } = Object(metadata);
  const number = (value: unknown): number => typeof value === "number" ? value : 0;
  return { name, size: number(size), modified: new Date(number(modified)) };
}

function keyOf(name: string): string {
  if (!NAME.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name in a cache`);
  return name;
}

/** Who is at something. */
interface Holder {
  /** Since when, ms since 1970. */
  readonly since: number;
  /** Ends with the work. */
  readonly done: Promise<void>;
}

/**
 * Locks of one isolate. Whoever waits does so by a time of its own: a request
 * that waits for nothing but another one counts as hung and is ended, and one
 * that was ended, as where its client left, gives nothing back. What it held is
 * then nobody's.
 *
 * @param clock Time.
 */
export function workersLocks(clock: Clock): CacheFiles["lock"] {
  const holders = new Map<string, Holder>();
  const heldUntil = ({ since }: Holder): number => since + LONGEST_WORK;
  return async (name, patience, work) => {
    const end = clock.now().getTime() + patience;
    for (let holder = holders.get(name); holder !== undefined; holder = holders.get(name)) {
      const now = clock.now().getTime();
      if (heldUntil(holder) <= now) break;
      if (end <= now) throw busy(patience);
      await Promise.race([holder.done, workersTimer.wait(Math.min(end, heldUntil(holder)) - now)]);
    }
    const { promise: done, resolve } = whenever();
    const mine = { since: clock.now().getTime(), done };
    holders.set(name, mine);
    try {
      return await work();
    } finally {
      if (holders.get(name) === mine) holders.delete(name);
      resolve();
    }
  };
}

function whenever(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => void (resolve = done));
  return { promise, resolve };
}

function busy(patience: number): UnavailableError {
  const reason = "another request is at the same thing";
  return new UnavailableError(`Cannot wait for longer than ${patience / 1000} s: ${reason}`, {
    code: "collateral.busy",
    fields: { reason },
    retryable: true,
  });
}

async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof TypeError) throw cause;
    const reason = innermostReason(cause);
    throw new UnavailableError(`Cannot use the cache in Workers KV: ${reason}`, {
      code: "collateral.cache_failed",
      fields: { folder: "Workers KV", reason },
      retryable: true,
      cause,
    });
  }
}
