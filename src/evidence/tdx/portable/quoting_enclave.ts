/**
 * Whether a quoting enclave is the one that the QE identity describes, and the
 * level that it reaches (PCS, "Get TDX QE Identity").
 *
 * @module
 */

import { equal, fromHex, toHex } from "../../../core/bytes.ts";
import type { EnclaveReport } from "../report.ts";
import { type EnclaveTcb, findLevel, leastOf, type Level } from "./level.ts";
import type { QeIdentity } from "./qe_identity.ts";
import { refuseTdx } from "./refuse.ts";

/**
 * Compares an enclave with the identity and finds its level.
 *
 * @param identity The identity.
 * @param report The enclave's report.
 * @throws {RejectedError} `tdx.qe_mismatch`, `tdx.qe_level_not_found`
 */
export function judgeQuotingEnclave(
  identity: QeIdentity,
  report: EnclaveReport,
): Level<EnclaveTcb> {
  // Whoever debugs an enclave reads its keys, so no mask may let that pass.
  if (report.debug) throw mismatch("debug", "off", "on");
  checkMasked("miscselect", fromHex(report.miscSelect), {
    expected: identity.miscSelect,
    mask: identity.miscSelectMask,
  });
  checkMasked("attributes", fromHex(report.attributes), {
    expected: identity.attributes,
    mask: identity.attributesMask,
  });
  check("mrsigner", toHex(identity.mrSigner), report.mrSigner);
  check("isvprodid", `${identity.isvProdId}`, `${report.isvProdId}`);
  const level = findLevel(identity.levels, report.isvSvn);
  if (level !== undefined) return level;
  throw refuseTdx("tdx.qe_level_not_found", {
    expected: leastOf(identity.levels),
    actual: `${report.isvSvn}`,
  });
}

/** Values and masks stand in the document as in memory. */
function checkMasked(
  field: string,
  value: Uint8Array,
  { expected, mask }: { readonly expected: Uint8Array; readonly mask: Uint8Array },
): void {
  const actual = masked(value, mask);
  if (!equal(actual, expected)) throw mismatch(field, toHex(expected), toHex(actual));
}

/**
 * A value under a mask. Intel gives the expected value with the mask applied,
 * so one that has other bits fits nothing.
 *
 * @param value The value.
 * @param mask The mask, of the same length.
 */
export function masked(value: Uint8Array, mask: Uint8Array): Uint8Array {
  return value.map((byte, i) => byte & (mask[i] ?? 0));
}

function check(field: string, expected: string, actual: string): void {
  if (expected !== actual) throw mismatch(field, expected, actual);
}

function mismatch(field: string, expected: string, actual: string): Error {
  return refuseTdx("tdx.qe_mismatch", { field, expected, actual });
}
