/**
 * Data of events by their type, for a person. Whether they may be believed stands elsewhere.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { tellDevicePath } from "./device_path.ts";
import { VENDOR } from "./guid.ts";
import { readSignatureLists } from "./signature_lists.ts";
import { readAscii, readUtf16, utf16Units } from "./text.ts";
import { readVariableData, type VariableData } from "./variable_data.ts";

/** Data of an event. */
type Data = Uint8Array<ArrayBuffer>;

/** Bytes that are shown of data that nothing explains. */
const SHOWN_BYTES = 16;

/** Tells data; null where they do not have the form of their type. */
export type Teller = (data: Data) => string | null;

/** How data are told, by type (PFP Table 27). Types that are not here are told by {@linkcode tellAny}. */
export const TELLERS: ReadonlyMap<number, Teller> = new Map<number, Teller>([
  [0x06, tellTagged],
  [0x80000001, tellVariable],
  [0x80000002, tellVariable],
  [0x80000003, tellImage],
  [0x80000004, tellImage],
  [0x80000005, tellImage],
  [0x80000006, tellPartitions],
  [0x8000000a, tellNamed],
  [0x8000000b, tellNamed],
  [0x8000000c, tellVariable],
  [0x800000e0, tellVariable],
  [0x800000e3, tellVariable],
  [0x800000e4, tellVariable],
]);

/**
 * Any data: as text where they are text, else the first bytes.
 *
 * @param data Data of an event.
 */
export function tellAny(data: Data): string {
  if (data.length === 0) return "no data";
  const ascii = readAscii(data);
  if (ascii !== null && ascii !== "") return JSON.stringify(ascii);
  const wide = readUtf16(data);
  // Two bytes of anything are a character; text has more.
  if (wide !== null && /^[\x20-\x7e]{2,}$/.test(wide)) return JSON.stringify(wide);
  const more = data.length > SHOWN_BYTES ? `… (${data.length} bytes)` : "";
  return `${toHex(data.subarray(0, SHOWN_BYTES))}${more}`;
}

/** EFI_IMAGE_LOAD_EVENT (PFP §10.2.3): place, length and link address, then the device path. */
function tellImage(data: Data): string | null {
  const head = 4 * 8;
  if (data.length < head) return null;
  const length = viewOf(data).getBigUint64(24, true);
  if (length === 0n && data.length === head) return "an image from memory";
  // Versions of shim before 15.3 append a byte.
  const path = data.subarray(head, head + Number(length));
  return length > BigInt(data.length - head) ? null : tellDevicePath(path);
}

function tellVariable(data: Data): string | null {
  const variable = readVariableData(data);
  if (variable === null) return null;
  const { vendor, name, value } = variable;
  if (vendor === VENDOR.global && name === "SecureBoot") return `SecureBoot = ${tellSwitch(value)}`;
  if (vendor === VENDOR.global && name === "BootOrder") return `BootOrder = ${tellOrder(value)}`;
  if (vendor === VENDOR.global && /^Boot[0-9A-F]{4}$/.test(name)) {
    return `${name} = ${tellLoadOption(value) ?? `${value.length} bytes`}`;
  }
  return `${name} = ${tellSignatures(variable) ?? tellAny(value)}`;
}

function tellSwitch(value: Data): string {
  if (value.length === 0) return "not set";
  return toHex(value) === "01" ? "on" : toHex(value) === "00" ? "off" : toHex(value);
}

function tellOrder(value: Data): string {
  const entries = Array.from(
    utf16Units(value),
    (unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"),
  );
  return entries.join(", ") || "empty";
}

/** EFI_LOAD_OPTION (UEFI 2.10 §3.1.3): attributes, length of the path, description, path. */
function tellLoadOption(value: Data): string | null {
  const head = 4 + 2;
  if (value.length < head) return null;
  const length = viewOf(value).getUint16(4, true);
  const description = utf16Units(value.subarray(head)).split("\0", 1)[0] ?? "";
  const start = head + 2 * (description.length + 1);
  const path = tellDevicePath(value.subarray(start, start + length));
  return `${JSON.stringify(description)}${path === null ? "" : `, ${path}`}`;
}

function tellSignatures({ vendor, name, value }: VariableData): string | null {
  const database = vendor === VENDOR.imageSecurity || name === "PK" || name === "KEK";
  const lists = database ? readSignatureLists(value) : null;
  if (lists === null) return database ? `one signature, ${value.length} bytes` : null;
  if (lists.length === 0) return "not set";
  const counts = new Map<string, number>();
  for (const { type, signatures } of lists) {
    counts.set(type, (counts.get(type) ?? 0) + signatures.length);
  }
  return [...counts].map(([type, count]) => `${count} × ${type}`).join(", ");
}

/** UEFI_GPT_DATA (PFP §10.2.5): header of 92 bytes, count, entries. */
function tellPartitions(data: Data): string | null {
  const header = 92;
  if (data.length < header + 8) return null;
  return `partition table, ${viewOf(data).getBigUint64(header, true)} partitions`;
}

/** A length of one byte, then a description; what follows is told by nobody (PFP §10.2.1, §10.2.2). */
function tellNamed(data: Data): string | null {
  const [length = 0] = data;
  const name = length === 0 || length >= data.length
    ? null
    : readAscii(data.subarray(1, 1 + length));
  return name === null ? null : JSON.stringify(name.replace(/\0+$/, ""));
}

/** TCG_PCClientTaggedEvent (PFP §10.4.2.1): id, length, data. */
function tellTagged(data: Data): string | null {
  const head = 4 + 4;
  if (data.length < head || viewOf(data).getUint32(4, true) !== data.length - head) return null;
  const id = viewOf(data).getUint32(0, true).toString(16).padStart(8, "0");
  return `tag ${id}: ${tellAny(data.subarray(head))}`;
}

function viewOf({ buffer, byteOffset, byteLength }: Data): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
