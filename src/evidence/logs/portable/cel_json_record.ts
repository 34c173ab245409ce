/**
 * One record of a canonical event log in JSON (CEL §5.2).
 *
 * @module
 */

import { list, type Members, number, object, readObject } from "../../../core/portable/json.ts";
import type { JsonScanner } from "../../../core/portable/json_scanner.ts";
import { Malformed } from "../../../core/malformed.ts";
import { ALGORITHMS } from "./banks.ts";
import { readContent } from "./cel_json_content.ts";
import { hexOf, MAX_NUMBER } from "./json_values.ts";
import { addDigest, type NamedDigest } from "./record_digests.ts";
import type { Index } from "./record_numbers.ts";
import type { CelRecord } from "./records.ts";

/** Names of registers. */
const INDEXES = ["pcr", "ccmr", "nv_index"] as const satisfies readonly Index["kind"][];

/**
 * Reads a record: all that it is written as first, then its digests.
 *
 * @param text Its text.
 * @param event Its number in the log.
 * @throws {Malformed} where it is no record.
 * @throws {RejectedError} `logs.digests`
 */
export function readRecord(text: string, event: number): CelRecord {
  const { named, ...record } = readObject(text, (members) => ({
    recordNumber: bigOf(members.may("recnum", number(Number.MAX_SAFE_INTEGER))),
    index: takeIndex(members),
    named: members.need("digests", list(digestOf, 0, Number.POSITIVE_INFINITY)),
    content: readContent(members),
  }));
  const digests = new Map<string, Uint8Array>();
  for (const digest of named) addDigest(digests, digest, event);
  return { ...record, digests };
}

function bigOf(value: number | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt(value);
}

function takeIndex(members: Members): Index {
  const [kind, ...more] = INDEXES.filter((name) => members.has(name));
  if (kind === undefined || more.length > 0) throw new Malformed("it does not name one register");
  return { kind, number: members.need(kind, number(MAX_NUMBER)) };
}

function digestOf(scanner: JsonScanner): NamedDigest {
  return object((members): NamedDigest => [
    members.need("hashAlg", algorithmOf),
    members.need("digest", hexOf),
  ])(scanner);
}

function algorithmOf(scanner: JsonScanner): string {
  const text = scanner.string();
  if (ALGORITHMS.some(({ name }) => name === text)) return text;
  throw new Malformed("an algorithm is not known");
}
