/**
 * Requests and answers of etcd's JSON gateway (etcd 3.4 and 3.5, `/v3/`): bytes
 * in base64, 64-bit numbers as text, members that are zero left out.
 *
 * @module
 */

import { concat, fromBase64, toBase64 } from "../../core/bytes.ts";
import { UnavailableError } from "../../core/errors.ts";
import type { StoreChange, StoreRecord } from "./store.ts";

/** A page of records. */
export interface Page {
  /** Records by key, without the cluster's prefix. */
  readonly records: readonly StoreRecord[];
  /** Revision of the whole store that the page shows. */
  readonly revision: string;
  /** Whether there are further ones. */
  readonly more: boolean;
}

/** Prefix of a cluster's keys. */
export function clusterPrefix(clusterId: string): string {
  if (!/^[0-9a-f]{64}$/.test(clusterId)) throw new RangeError("Cannot use the store: no cluster");
  return `/casemate/${clusterId}/`;
}

/**
 * A text as etcd takes keys.
 *
 * @param key Key, ASCII.
 */
export function keyText(key: string): string {
  return toBase64(new TextEncoder().encode(key));
}

/**
 * The first key behind all of a prefix, as etcd takes it.
 *
 * @param prefix Prefix that ends with a slash.
 */
export function endOfPrefix(prefix: string): string {
  return keyText(`${prefix.slice(0, -1)}0`);
}

/**
 * The first key behind another, as etcd takes it.
 *
 * @param key Key, ASCII.
 */
export function behindKey(key: string): string {
  return toBase64(concat(new TextEncoder().encode(key), new Uint8Array(1)));
}

/**
 * A change as a transaction.
 *
 * @param prefix Prefix of the cluster's keys.
 * @param change The change.
 */
export function transaction(
  prefix: string,
  change: StoreChange,
): Readonly<Record<string, unknown>> {
  return {
    compare: change.expect.map(({ key, revision }) => ({
      target: "MOD",
      result: "EQUAL",
      key: keyText(prefix + key),
      mod_revision: revision ?? "0",
    })),
    success: [
      ...change.put.map(({ key, value }) => ({
        request_put: { key: keyText(prefix + key), value: toBase64(value) },
      })),
      ...change.remove.map((key) => ({ request_delete_range: { key: keyText(prefix + key) } })),
    ],
    failure: [],
  };
}

/**
 * Reads a page.
 *
 * @param answer Answer of `kv/range`.
 * @param prefix Prefix of the cluster's keys.
 * @throws {UnavailableError} `store.unreachable` where it is none.
 */
export function readPage(answer: unknown, prefix: string): Page {
  const { kvs = [], more = false, header } = members(answer);
  const { revision } = members(header);
  if (!Array.isArray(kvs) || !isNumber(revision) || typeof more !== "boolean") throw malformed();
  // A listing goes on behind the last record: without one it would never end.
  if (more && kvs.length === 0) throw malformed();
  return { records: kvs.map((kv) => readRecord(kv, prefix)), revision, more };
}

/**
 * Whether a transaction was made.
 *
 * @param answer Answer of `kv/txn`.
 * @throws {UnavailableError} `store.unreachable` where it is none.
 */
export function readSucceeded(answer: unknown): boolean {
  const { succeeded = false, header } = members(answer);
  if (typeof succeeded !== "boolean" || typeof header !== "object") throw malformed();
  return succeeded;
}

/**
 * Reads a token.
 *
 * @param answer Answer of `auth/authenticate`.
 * @throws {UnavailableError} `store.unreachable` where it is none.
 */
export function readToken(answer: unknown): string {
  const { token } = members(answer);
  if (typeof token !== "string" || !/^[!-~]{1,4096}$/.test(token)) throw malformed();
  return token;
}

function readRecord(kv: unknown, prefix: string): StoreRecord {
  const { key, value = "", mod_revision: revision } = members(kv);
  if (typeof key !== "string" || typeof value !== "string" || !isNumber(revision)) {
    throw malformed();
  }
  try {
    const name = new TextDecoder("utf-8", { fatal: true }).decode(fromBase64(key));
    if (!name.startsWith(prefix)) throw malformed();
    return { key: name.slice(prefix.length), value: fromBase64(value), revision };
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError) throw malformed(cause);
    throw cause;
  }
}

/** Numbers of 64 bits stay texts: they are compared and given back, never counted with. */
function isNumber(value: unknown): value is string {
  return typeof value === "string" && /^[1-9][0-9]{0,18}$/.test(value);
}

/**
 * Members of an object; of what is none, none.
 *
 * @param value Anything.
 */
export function members(value: unknown): Readonly<Record<string, unknown>> {
  // What has members can be asked for any of them.
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

function malformed(cause?: unknown): UnavailableError {
  return new UnavailableError("Cannot read the store: its answer is not etcd's", {
    code: "store.unreachable",
    fields: { sent: "maybe" },
    retryable: true,
    cause,
  });
}
