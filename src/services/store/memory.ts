/**
 * A store in the memory of this process, for tests and for a lab of one
 * control plane. It ends with the process.
 *
 * @module
 */

import { checkChange, checkKey, checkPrefix } from "./change.ts";
import type { Store, StoreChange, StoreRecord } from "./store.ts";

/** A store in memory; who shares the object shares the state. */
export class MemoryStore implements Store {
  readonly #records = new Map<string, StoreRecord>();
  #revision = 0;

  /**
   * Reads a record.
   *
   * @param key Key.
   */
  async read(key: string): Promise<StoreRecord | null> {
    checkKey(key);
    await Promise.resolve();
    const record = this.#records.get(key);
    return record === undefined ? null : copied(record);
  }

  /**
   * Reads records by prefix.
   *
   * @param prefix Prefix.
   */
  async list(prefix: string): Promise<readonly StoreRecord[]> {
    checkPrefix(prefix);
    await Promise.resolve();
    return [...this.#records.values()]
      .filter(({ key }) => key.startsWith(prefix))
      .sort((a, b) => a.key < b.key ? -1 : 1)
      .map(copied);
  }

  /**
   * Makes a change.
   *
   * @param change The change.
   */
  async commit(change: StoreChange): Promise<boolean> {
    checkChange(change);
    await Promise.resolve();
    const holds = change.expect.every(({ key, revision }) =>
      (this.#records.get(key)?.revision ?? null) === revision
    );
    if (!holds) return false;
    const revision = String(++this.#revision);
    for (const { key, value } of change.put) {
      this.#records.set(key, { key, value: value.slice(), revision });
    }
    for (const key of change.remove) this.#records.delete(key);
    return true;
  }
}

function copied({ key, value, revision }: StoreRecord): StoreRecord {
  return { key, value: value.slice(), revision };
}
