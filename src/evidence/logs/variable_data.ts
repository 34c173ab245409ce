/**
 * UEFI_VARIABLE_DATA (PFP §10.2.6): a variable, as an event has it.
 *
 * @module
 */

import { GUID_BYTES, readGuid } from "./guid.ts";
import { utf16Units } from "./text.ts";

/** Bytes before the name: GUID, and two lengths of eight bytes. */
const HEADER_BYTES = GUID_BYTES + 8 + 8;

/** What identifies a variable. */
export interface VariableName {
  /** GUID of whoever defined it. */
  readonly vendor: string;
  /** Name, without a terminator. */
  readonly name: string;
}

/** A variable. */
export interface VariableData extends VariableName {
  /** Value. */
  readonly value: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a variable.
 *
 * @param data Data of an event.
 * @returns Null where they are none, to the last byte.
 */
export function readVariableData(data: Uint8Array<ArrayBuffer>): VariableData | null {
  if (data.length < HEADER_BYTES) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const units = view.getBigUint64(GUID_BYTES, true);
  const bytes = view.getBigUint64(GUID_BYTES + 8, true);
  // As big integers, which do not wrap.
  if (BigInt(HEADER_BYTES) + 2n * units + bytes !== BigInt(data.length)) return null;
  const value = HEADER_BYTES + 2 * Number(units);
  return {
    vendor: readGuid(data),
    name: utf16Units(data.subarray(HEADER_BYTES, value)),
    value: data.subarray(value),
  };
}
