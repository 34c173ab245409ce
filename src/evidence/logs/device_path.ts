/**
 * Device paths (UEFI 2.10 §10.3), for a person. Nothing signs them in an event log.
 *
 * @module
 */

import { readGuid } from "./guid.ts";
import { utf16Units } from "./text.ts";

/** Most nodes that are told. Real paths have some six. */
const MAX_NODES = 32;

/** Bytes of a node before its own data: type, subtype, length. */
const HEAD_BYTES = 4;

/** Tells a node by its own data; null where they are too short. */
type Teller = (data: Uint8Array<ArrayBuffer>) => string | null;

const TELLERS: Readonly<Record<string, Teller>> = {
  "1.1": (data) => data.length < 2 ? null : `Pci(${data[1]},${data[0]})`,
  "2.1": (data) => data.length < 8 ? null : `Acpi(${data[4]})`,
  "3.2": (data) => data.length < 4 ? null : `Scsi(${data[0]},${data[2]})`,
  "3.23": (data) => data.length < 4 ? null : `NVMe(${data[0]})`,
  "4.1": (data) => data.length < 38 ? null : `Partition(${data[0]})`,
  "4.3": (data) => data.length < 16 ? null : `Vendor(${readGuid(data)})`,
  "4.4": (data) => utf16Units(data).replace(/\0+$/, ""),
  "4.6": (data) => data.length < 16 ? null : `FvFile(${readGuid(data)})`,
  "4.7": (data) => data.length < 16 ? null : `Fv(${readGuid(data)})`,
};

/** Type of the node that ends a path, or one of several. */
const END = 0x7f;

/**
 * A device path as text.
 *
 * @param path Its bytes.
 * @returns Null where they are none.
 */
export function tellDevicePath(path: Uint8Array<ArrayBuffer>): string | null {
  const told: string[] = [];
  let rest = path;
  while (rest.length >= HEAD_BYTES && told.length < MAX_NODES) {
    const [type = 0, subtype = 0, low = 0, high = 0] = rest;
    const length = low + 256 * high;
    if (length < HEAD_BYTES || length > rest.length) return null;
    if (type === END) return told.join("/").replaceAll("/\\", "\\") || null;
    const name = `${type}.${subtype}`;
    told.push(TELLERS[name]?.(rest.subarray(HEAD_BYTES, length)) ?? `Path(${name})`);
    rest = rest.subarray(length);
  }
  return null;
}
