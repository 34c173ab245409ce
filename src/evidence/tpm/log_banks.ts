/**
 * Which banks a firmware's log has digests for, read from its first event alone
 * (TCG PC Client Platform Firmware Profile §10.4.5.1, TCG_EfiSpecIdEvent).
 *
 * @module
 */

import { bankOf } from "./device/numbers.ts";
import type { PcrBank } from "./report.ts";

/** Where the signature, the count of algorithms and these stand in a log. */
const PLACE = { signature: 32, count: 56, algorithms: 60 } as const;

/** Signature of logs with digests for several banks. */
const SIGNATURE = "Spec ID Event03";

/** No TPM has more banks. */
const MAX_BANKS = 16;

/**
 * Banks of a log; none where it is of another form, as those with SHA-1 alone.
 *
 * @param log The log; nothing of it is verified.
 */
export function banksOfLog(log: Uint8Array): readonly PcrBank[] {
  const end = PLACE.signature + SIGNATURE.length;
  const signature = String.fromCharCode(...log.subarray(PLACE.signature, end));
  if (signature !== SIGNATURE || log.length < PLACE.algorithms) return [];
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  const count = Math.min(view.getUint32(PLACE.count, true), MAX_BANKS);
  return Array.from({ length: count }, (_, i) => PLACE.algorithms + 4 * i)
    .filter((at) => at + 2 <= log.length)
    .flatMap((at) => bankOf(view.getUint16(at, true)) ?? []);
}
