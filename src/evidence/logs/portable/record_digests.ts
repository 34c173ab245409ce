/**
 * Digests of one record of a Canonical Event Log (CEL §4.2.4, TPML_DIGEST_VALUES).
 *
 * @module
 */

import { isDigestLength } from "./banks.ts";
import { refuseEvent } from "./refuse.ts";

/** A digest with the name of its algorithm. */
export type NamedDigest = readonly [name: string, digest: Uint8Array];

/**
 * Adds a digest to those of a record.
 *
 * @param digests Digests of the record so far.
 * @param digest The digest.
 * @param event Number of the record.
 * @throws {RejectedError} `logs.digests`
 */
export function addDigest(
  digests: Map<string, Uint8Array>,
  [name, digest]: NamedDigest,
  event: number,
): void {
  const refuse = (reason: string): Error => refuseEvent("logs.digests", event, reason);
  if (digests.has(name)) throw refuse(`${name} is there twice`);
  if (!isDigestLength(name, digest.length)) throw refuse(`${name} has not ${digest.length} bytes`);
  digests.set(name, digest);
}
