/**
 * Which nonces were used, in the memory of one process.
 *
 * @module
 */

import { UnavailableError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import type { NonceLedger } from "./parts.ts";

/** Most nonces: 1,600 a second for as long as one holds, in some 70 MB. */
const LIMIT = 500_000;

/** Width of what is forgotten together, ms. */
const BUCKET = 1000;

/**
 * Remembers nonces in this process until they run out. With several processes
 * behind one address each has its own memory, so that a nonce could be used
 * once in each: give them different secrets, or a ledger that they share.
 *
 * @param clock Time.
 * @param limit Most nonces at once; further ones are refused, none is forgotten early.
 */
export function memoryLedger(clock: Clock, limit: number = LIMIT): NonceLedger {
  const buckets = new Map<number, Set<string>>();
  let size = 0;
  const forget = (): void => {
    const now = clock.now().getTime();
    for (const [end, nonces] of buckets) {
      if (end > now) continue;
      size -= nonces.size;
      buckets.delete(end);
    }
  };
  const spend = (nonce: Uint8Array, until: Date): boolean => {
    forget();
    const end = (Math.floor(until.getTime() / BUCKET) + 1) * BUCKET;
    const nonces = buckets.get(end) ?? new Set();
    const name = String.fromCharCode(...nonce);
    if (nonces.has(name)) return false;
    if (size >= limit) throw full(limit);
    buckets.set(end, nonces.add(name));
    size++;
    return true;
  };
  return { spend: (nonce, until) => Promise.resolve().then(() => spend(nonce, until)) };
}

function full(limit: number): UnavailableError {
  return new UnavailableError(`Cannot take the nonce: ${limit} are remembered already`, {
    code: "api.nonces_full",
    fields: { limit: String(limit) },
    retryable: true,
  });
}
