/**
 * The table of certificates that a hypervisor gives beside a report of SEV-SNP
 * (GHCB specification, revision 2.03, §4.1.8.1). Nothing in it is verified here.
 *
 * @module
 */

import { concat, fromHex, toHex } from "../../core/bytes.ts";
import type { FilesByRole } from "../files_by_role.ts";
import { deviceError } from "./refused.ts";

/** Bytes of an entry: GUID, offset, length. */
const ENTRY_BYTES = 24;

/** No table has more: five kinds of certificates are known, and vendors have some of their own. */
const MAX_ENTRIES = 32;

/** What stands in the table, by GUID. */
const GUIDS = {
  vcek: "63da758de6644564adc5f4b93be8accd",
  vlek: "a8074bc2a25a483eaae639c045a0b8a1",
  ask: "4ab7b379bbac4fe4a02f05aef327c782",
  ark: "c0b406a4a803495297433fb6014cd0ae",
  crl: "92f81bc358114d3d97ffd19f88dc67ea",
} as const;

/** One part of the table. */
interface Entry {
  readonly guid: string;
  readonly bytes: Uint8Array;
}

/**
 * The certificates of a table by the roles of verification: leaf, chain and
 * revocation list, each where it is there.
 *
 * @param table The table.
 * @throws {UnavailableError} `device.answer`
 */
export function filesOfCertificateTable(table: Uint8Array): FilesByRole {
  const entries = entriesOf(table);
  const find = (name: keyof typeof GUIDS): Uint8Array | undefined =>
    entries.find(({ guid }) => guid === GUIDS[name] || guid === swapped(GUIDS[name]))?.bytes;
  const leaf = find("vlek") ?? find("vcek");
  const [ask, ark, crl] = [find("ask"), find("ark"), find("crl")];
  return {
    ...(leaf === undefined ? {} : { leaf }),
    ...(ask === undefined || ark === undefined ? {} : { chainAskArk: concat(ask, ark) }),
    ...(crl === undefined ? {} : { crls: [crl] }),
  };
}

function entriesOf(table: Uint8Array): readonly Entry[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const entries: Entry[] = [];
  for (let at = 0;; at += ENTRY_BYTES) {
    // Hypervisors that have no certificates give an empty table, or zeros.
    if (at === 0 && table.length === 0) return entries;
    if (at + ENTRY_BYTES > table.length) throw malformed("it has no end");
    const guid = toHex(table.subarray(at, at + 16));
    if (/^0+$/.test(guid)) return entries;
    if (entries.length === MAX_ENTRIES) throw malformed(`it has more than ${MAX_ENTRIES} entries`);
    const [offset, length] = [view.getUint32(at + 16, true), view.getUint32(at + 20, true)];
    if (offset + length > table.length) throw malformed(`the entry ${guid} reaches past its end`);
    const bytes = table.slice(offset, offset + length);
    if (length > 0) entries.push({ guid, bytes });
  }
}

/** Some hypervisors write the GUID as UEFI does: its first three parts with the last byte first. */
function swapped(guid: string): string {
  const bytes = fromHex(guid);
  const part = (from: number, to: number): Uint8Array => bytes.slice(from, to).reverse();
  return toHex(concat(part(0, 4), part(4, 6), part(6, 8), bytes.subarray(8)));
}

function malformed(reason: string): Error {
  const message = `Cannot read the certificates beside the report: ${reason}`;
  return deviceError("device.answer", message, { reason });
}
