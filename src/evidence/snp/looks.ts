/**
 * By what reports and certificate tables are known.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";

/** Size of an ATTESTATION_REPORT, bytes (56860 Table 23). */
export const REPORT_BYTES = 1184;

/** Offset of SIGNATURE_ALGO; 1 there, little-endian, marks what was meant as a report. */
const SIGNATURE_ALGO_OFFSET = 0x34;

/** GUIDs that a certificate table may start with (GHCB specification, extended guest request). */
const TABLE_GUIDS: readonly string[] = [
  "c0b406a4-a803-4952-9743-3fb6014cd0ae",
  "4ab7b379-bbac-4fe4-a02f-05aef327c782",
  "63da758d-e664-4564-adc5-f4b93be8accd",
  "a8074bc2-a25a-483e-aae6-39c045a0b8a1",
  "92f81bc3-5811-4d3d-97ff-d19f88dc67ea",
];

/**
 * Whether a file is meant as a report; it may still be damaged.
 *
 * @param bytes The file.
 */
export function looksLikeReport(bytes: Uint8Array): boolean {
  const signatureAlgorithm = toHex(
    bytes.subarray(SIGNATURE_ALGO_OFFSET, SIGNATURE_ALGO_OFFSET + 4),
  );
  const smallVersion = toHex(bytes.subarray(1, 4)) === "000000";
  return bytes.length === REPORT_BYTES || (smallVersion && signatureAlgorithm === "01000000");
}

/**
 * Whether a file is meant as a certificate table.
 *
 * @param bytes The file.
 */
export function looksLikeTable(bytes: Uint8Array): boolean {
  const hex = toHex(bytes.subarray(0, 16));
  return TABLE_GUIDS.some((guid) => mixedEndian(guid) === hex);
}

/** A GUID as UEFI stores it: the first three groups little-endian. */
function mixedEndian(guid: string): string {
  const [a = "", b = "", c = "", ...rest] = guid.split("-");
  const reversed = (group: string): string => (group.match(/../g) ?? []).reverse().join("");
  return reversed(a) + reversed(b) + reversed(c) + rest.join("");
}
