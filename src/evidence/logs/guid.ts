/**
 * GUIDs (UEFI 2.10 Appendix A).
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";

/** Bytes of a GUID. */
export const GUID_BYTES = 16;

/** GUIDs by which variables are named. */
export const VENDOR = {
  /** Secure Boot's own variables, boot variables (UEFI 2.10 §3.3). */
  global: "8be4df61-93ca-11d2-aa0d-00e098032b8c",
  /** db, dbx and their like (UEFI 2.10 §32.6.1). */
  imageSecurity: "d719b2cb-3d3a-4596-a3bc-dad00e67656f",
  /** Variables of shim. */
  shim: "605dab50-e046-4300-abb6-3dd810dd8b23",
} as const;

/**
 * Reads a GUID as UEFI stores it: the first three groups little-endian.
 *
 * @param bytes At least 16 bytes; the first 16 are read.
 * @returns Lowercase text.
 */
export function readGuid(bytes: Uint8Array): string {
  const hex = toHex(bytes.subarray(0, GUID_BYTES));
  const pair = (at: number): string => hex.slice(2 * at, 2 * at + 2);
  const first = pair(3) + pair(2) + pair(1) + pair(0);
  const [second, third] = [pair(5) + pair(4), pair(7) + pair(6)];
  return `${first}-${second}-${third}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
