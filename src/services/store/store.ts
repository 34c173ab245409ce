/**
 * The cluster's state, behind as little as all who use it need: etcd today, a
 * Kubernetes API later.
 *
 * @module
 */

/** A record. */
export interface StoreRecord {
  /** Key, as `lease/worker-1`. */
  readonly key: string;
  /** Value. */
  readonly value: Uint8Array;
  /** Changes with every write of this record, and never returns. */
  readonly revision: string;
}

/** A change that is made whole or not at all. */
export interface StoreChange {
  /** What must still be so: revision of a record, null for one that must not be there. */
  readonly expect: readonly { readonly key: string; readonly revision: string | null }[];
  /** Records to write. */
  readonly put: readonly { readonly key: string; readonly value: Uint8Array }[];
  /** Keys of records to remove. */
  readonly remove: readonly string[];
}

/** State that several control planes share. Every read sees every change that was made before it. */
export interface Store {
  /**
   * Reads a record; null where there is none.
   *
   * @param key Key.
   * @throws {UnavailableError} `store.unreachable`
   */
  read(key: string): Promise<StoreRecord | null>;
  /**
   * Reads all records whose keys begin so, by key.
   *
   * @param prefix Prefix, as `lease/`.
   * @throws {UnavailableError} `store.unreachable`
   */
  list(prefix: string): Promise<readonly StoreRecord[]>;
  /**
   * Makes a change where what it expects is so.
   *
   * @param change The change.
   * @returns Whether it was made.
   * @throws {UnavailableError} `store.unreachable`; whether it was made is then unknown, and must be looked at.
   */
  commit(change: StoreChange): Promise<boolean>;
}
