/**
 * What every store demands of a change, so that a change which one takes is
 * taken by each.
 *
 * @module
 */

import type { StoreChange } from "./store.ts";

/** Most conditions, and most writes, of one change: etcd takes 128 of each (`--max-txn-ops`). */
export const MAX_OPERATIONS = 128;

/** Most bytes that a change writes: etcd takes 1.5 MiB (`--max-request-bytes`) with keys and framing. */
export const MAX_CHANGE_BYTES = 1024 * 1024;

const KEY = /^[a-z0-9][a-z0-9.-]*(?:\/[a-z0-9][a-z0-9.-]*){0,3}$/;

/** Longest key. */
const MAX_KEY = 200;

/**
 * Refuses a change that no store takes.
 *
 * @param change The change.
 * @throws {RangeError} on keys of another form, a key that is written twice, and on too much at once.
 */
export function checkChange({ expect, put, remove }: StoreChange): void {
  const written = [...put.map(({ key }) => key), ...remove];
  if (written.length === 0) throw refuse("nothing is changed");
  if (written.length > MAX_OPERATIONS || expect.length > MAX_OPERATIONS) {
    throw refuse(`more than ${MAX_OPERATIONS} records`);
  }
  if (new Set(written).size !== written.length) throw refuse("a record is written twice");
  for (const key of [...written, ...expect.map(({ key }) => key)]) checkKey(key);
  const bytes = put.reduce((sum, { value }) => sum + value.length, 0);
  if (bytes > MAX_CHANGE_BYTES) throw refuse(`${bytes} bytes`);
}

/**
 * Refuses what is no key.
 *
 * @param key A key.
 * @throws {RangeError} on any other text.
 */
export function checkKey(key: string): void {
  if (key.length > MAX_KEY || !KEY.test(key)) throw refuse(`${JSON.stringify(key)} is no key`);
}

/**
 * Refuses what is no prefix: a key that ends with a slash.
 *
 * @param prefix A prefix.
 * @throws {RangeError} on any other text.
 */
export function checkPrefix(prefix: string): void {
  if (!prefix.endsWith("/")) throw refuse(`${JSON.stringify(prefix)} is no prefix`);
  checkKey(prefix.slice(0, -1));
}

function refuse(reason: string): RangeError {
  return new RangeError(`Cannot use the store so: ${reason}`);
}
