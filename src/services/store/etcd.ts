/**
 * The cluster's state in etcd, below `/casemate/<cluster id>/`, over its JSON
 * gateway. Reads are linearizable; a change is one transaction.
 *
 * The gateway ignores whose certificate the client shows: certificates let a
 * client connect, user and password say what it may do.
 *
 * @module
 */

import type { EtcdHttp } from "../../core/node_ports.ts";
import type { StoreAccess } from "../../protocol/store_access.ts";
import { checkChange, checkKey, checkPrefix } from "./change.ts";
import { asStoreError, EtcdCalls, isCompacted } from "./etcd_calls.ts";
import {
  behindKey,
  clusterPrefix,
  endOfPrefix,
  keyText,
  type Page,
  readPage,
  readSucceeded,
  transaction,
} from "./etcd_wire.ts";
import type { Store, StoreChange, StoreRecord } from "./store.ts";

/** Records of a page: with the largest of records, an answer stays below the 16 MiB that are read. */
const PAGE_RECORDS = 64;

/** How often a listing begins anew because etcd threw away the revision that it showed. */
const LISTINGS = 3;

/** What a store on etcd is made of. */
export interface EtcdParts {
  /** Client with the certificate of `access`. */
  readonly http: EtcdHttp;
  /** Addresses, user and password. */
  readonly access: Pick<StoreAccess, "endpoints" | "user" | "password">;
  /** Id of the cluster, 32 bytes in hex. */
  readonly clusterId: string;
  /** A clock that only goes on, ms. */
  readonly monotonic: () => number;
}

/** A store on etcd. */
export class EtcdStore implements Store {
  readonly #calls: EtcdCalls;
  readonly #prefix: string;
  readonly #page: number;

  /**
   * Opens a store; nothing is asked yet.
   *
   * @param parts What it is made of.
   * @param page Records that one call lists.
   */
  constructor({ http, access, clusterId, monotonic }: EtcdParts, page: number = PAGE_RECORDS) {
    const user = { name: access.user, password: access.password };
    this.#calls = new EtcdCalls({ http, endpoints: access.endpoints, user, monotonic });
    this.#prefix = clusterPrefix(clusterId);
    this.#page = page;
  }

  /**
   * Reads a record.
   *
   * @param key Key.
   * @throws {UnavailableError} `store.unreachable`, `store.denied`
   * @throws {OperationError} `store.refused`
   */
  async read(key: string): Promise<StoreRecord | null> {
    checkKey(key);
    const { records } = await this.#range({ key: keyText(this.#prefix + key) }).catch(restate);
    return records[0] ?? null;
  }

  /**
   * Reads records by prefix, all as they were at one moment.
   *
   * @param prefix Prefix.
   * @throws {UnavailableError} `store.unreachable`, `store.denied`
   * @throws {OperationError} `store.refused`
   */
  async list(prefix: string): Promise<readonly StoreRecord[]> {
    checkPrefix(prefix);
    for (let left = LISTINGS;; left--) {
      try {
        return await this.#listOnce(this.#prefix + prefix);
      } catch (cause) {
        if (left <= 1 || !isCompacted(cause)) throw asStoreError(cause);
      }
    }
  }

  /**
   * Makes a change.
   *
   * @param change The change.
   * @throws {UnavailableError} `store.unreachable`, and whether it was made is unknown; `store.denied`, `store.full`
   * @throws {OperationError} `store.refused`
   */
  async commit(change: StoreChange): Promise<boolean> {
    checkChange(change);
    const body = transaction(this.#prefix, change);
    return readSucceeded(await this.#calls.call("kv/txn", body, false).catch(restate));
  }

  /** Later pages are of the revision that the first one showed. */
  async #listOnce(prefix: string): Promise<readonly StoreRecord[]> {
    const records: StoreRecord[] = [];
    const range = { range_end: endOfPrefix(prefix), limit: String(this.#page) };
    let page = await this.#range({ ...range, key: keyText(prefix) });
    const { revision } = page;
    records.push(...page.records);
    while (page.more) {
      const key = behindKey(this.#prefix + (page.records.at(-1)?.key ?? ""));
      page = await this.#range({ ...range, key, revision });
      records.push(...page.records);
    }
    return records;
  }

  async #range(body: Readonly<Record<string, string>>): Promise<Page> {
    return readPage(await this.#calls.call("kv/range", body, true), this.#prefix);
  }
}

function restate(cause: unknown): never {
  throw asStoreError(cause);
}
