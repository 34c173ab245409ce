/**
 * Certificate tables, as the host hands them to a guest beside the report
 * (GHCB specification, publication 56421, SNP Extended Guest Request).
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import type { CasemateError, ErrorFields } from "../../../core/errors.ts";
import { argumentsOf } from "../../../core/portable/frame.ts";
import { refuseCore } from "../../../core/portable/refuse.ts";
import { refuseSnp } from "./refuse.ts";

/** Largest table, bytes. Linux takes 16 KiB from the host. */
const MAX_TABLE_BYTES = 64 * 1024;
/** GUID, offset and length. */
const ENTRY_BYTES = 24;
/** Most entries: five kinds are defined, some hosts add their own. */
const MAX_ENTRIES = 32;

/** GUIDs with a published meaning. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["c0b406a4-a803-4952-9743-3fb6014cd0ae", "ARK"],
  ["4ab7b379-bbac-4fe4-a02f-05aef327c782", "ASK"],
  ["63da758d-e664-4564-adc5-f4b93be8accd", "VCEK"],
  ["a8074bc2-a25a-483e-aae6-39c045a0b8a1", "VLEK"],
  ["92f81bc3-5811-4d3d-97ff-d19f88dc67ea", "CRL"],
]);

/** An entry. */
export interface TableEntry {
  /** GUID as text. */
  readonly guid: string;
  /** `VCEK`, `VLEK`, `ASK`, `ARK`, `CRL` or `unknown`. */
  readonly name: string;
  /** Where its content starts, bytes from the start of the table. */
  readonly offset: number;
  /** Bytes of its content. */
  readonly length: number;
}

/**
 * Reads a table and refuses one that can be read in two ways: the operation `snp_certificate_table`.
 *
 * @param parts The table.
 * @throws {RejectedError} `snp.certificate_table`: no entry of zeros ends it; an
 * entry is repeated, empty, outside of the table, over the header or over
 * another; bytes that belong to no entry are not zero.
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export function snpCertificateTable(
  parts: readonly Uint8Array[],
): { readonly entries: readonly TableEntry[] } {
  const [table = new Uint8Array()] = argumentsOf(parts, 1);
  const input = "certificate table";
  if (table.length === 0) throw refuseCore("input.empty", { input });
  if (table.length > MAX_TABLE_BYTES) {
    const fields = { limit: `${MAX_TABLE_BYTES} bytes`, actual: `${table.length} bytes` };
    throw refuseCore("input.too_large", { input, ...fields });
  }
  const entries = readEntries(table);
  checkRepeated(entries);
  checkPlaces(entries, table);
  return { entries };
}

function readEntries(table: Uint8Array): readonly TableEntry[] {
  const entries: TableEntry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= table.length; at += ENTRY_BYTES) {
    const raw = table.subarray(at, at + ENTRY_BYTES);
    if (isZero(raw)) return entries;
    if (entries.length === MAX_ENTRIES) throw refuse(`more than ${MAX_ENTRIES} entries`);
    entries.push(readEntry(raw));
  }
  throw refuse("no entry of zeros ends it");
}

function readEntry(raw: Uint8Array): TableEntry {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const guid = guidText(raw);
  return {
    guid,
    name: NAMES.get(guid) ?? "unknown",
    offset: view.getUint32(16, true),
    length: view.getUint32(20, true),
  };
}

/** A GUID's text; its first three groups are little-endian in memory (UEFI specification, appendix A). */
function guidText(raw: Uint8Array): string {
  const swapped = (start: number, end: number): string => toHex(raw.slice(start, end).reverse());
  const groups = [swapped(0, 4), swapped(4, 6), swapped(6, 8)];
  return [...groups, toHex(raw.subarray(8, 10)), toHex(raw.subarray(10, 16))].join("-");
}

function checkRepeated(entries: readonly TableEntry[]): void {
  const guids = entries.map(({ guid }) => guid);
  // The first entry that comes again, whichever comes again first.
  const repeated = guids.find((guid, at) => guids.lastIndexOf(guid) !== at);
  if (repeated !== undefined) throw refuse("an entry is repeated", { entry: repeated });
}

/** Contents lie one after the other behind the header; what lies between and behind them is padding. */
function checkPlaces(entries: readonly TableEntry[], table: Uint8Array): void {
  let reached = (entries.length + 1) * ENTRY_BYTES;
  for (const { guid, offset, length } of entries.toSorted((a, b) => a.offset - b.offset)) {
    const entry = { entry: guid };
    if (length === 0) throw refuse("an entry is empty", entry);
    if (offset < reached) throw refuse("an entry lies over the header or over another", entry);
    if (offset + length > table.length) {
      throw refuse("an entry lies outside of the table", entry);
    }
    checkPadding(table.subarray(reached, offset));
    reached = offset + length;
  }
  checkPadding(table.subarray(reached));
}

function checkPadding(padding: Uint8Array): void {
  if (!isZero(padding)) throw refuse("bytes that belong to no entry are not zero");
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function refuse(reason: string, more: ErrorFields = {}): CasemateError {
  return refuseSnp("snp.certificate_table", { reason, ...more });
}
