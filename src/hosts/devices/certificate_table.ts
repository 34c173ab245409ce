/**
 * Writes the table of certificates that hypervisors give beside a report of
 * SEV-SNP (GHCB specification, revision 2.03, §4.1.8.1), for who plays one.
 *
 * @module
 */

import { concat, fromHex } from "../../core/bytes.ts";

/** Certificates of a table, DER; a machine has a VCEK, or a VLEK of its provider's. */
export interface TableCertificates {
  /** VCEK. */
  readonly vcek?: Uint8Array;
  /** VLEK. */
  readonly vlek?: Uint8Array;
  /** ASK. */
  readonly ask: Uint8Array;
  /** ARK. */
  readonly ark: Uint8Array;
}

const GUIDS: Readonly<Record<keyof TableCertificates, string>> = {
  vcek: "63da758de6644564adc5f4b93be8accd",
  vlek: "a8074bc2a25a483eaae639c045a0b8a1",
  ask: "4ab7b379bbac4fe4a02f05aef327c782",
  ark: "c0b406a4a803495297433fb6014cd0ae",
};

const ENTRY_BYTES = 24;

/**
 * Writes a table.
 *
 * @param certificates What stands in it.
 */
export function writeCertificateTable(certificates: TableCertificates): Uint8Array {
  const { vcek, vlek, ask, ark } = certificates;
  const all = [[GUIDS.vcek, vcek], [GUIDS.vlek, vlek], [GUIDS.ask, ask], [GUIDS.ark, ark]] as const;
  const parts = all.flatMap(([guid, bytes]) => bytes === undefined ? [] : [{ guid, bytes }]);
  let offset = ENTRY_BYTES * (parts.length + 1);
  const entries = parts.map(({ guid, bytes }) => {
    const entry = concat(fromHex(guid), new Uint8Array(8));
    const view = new DataView(entry.buffer);
    view.setUint32(16, offset, true);
    view.setUint32(20, bytes.length, true);
    offset += bytes.length;
    return entry;
  });
  // An entry of zeros ends the table.
  return concat(...entries, new Uint8Array(ENTRY_BYTES), ...parts.map(({ bytes }) => bytes));
}
