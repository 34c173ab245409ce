/**
 * Parts of an event's data that its digests may be the hash of instead of all
 * of it, by the type of the event.
 *
 * @module
 */

import type { Covered } from "../event_log.ts";

/** EV_IPL (PFP Table 27), which boot loaders use in ways of their own. */
const EV_IPL = 0x0d;
/** EV_EFI_VARIABLE_BOOT, EV_EFI_VARIABLE_BOOT2, EV_EFI_VARIABLE_AUTHORITY. */
const EFI_VARIABLES: readonly number[] = [0x8000_0002, 0x8000_000c, 0x8000_00e0];
/** What GRUB puts before a text that it measures: since 2.06, and what distributions had it put there before. */
const GRUB_PREFIXES: readonly Uint8Array[] = [
  "grub_cmd: ",
  "grub_cmd ",
  "kernel_cmdline: ",
  "kernel_cmdline ",
  "grub_kernel_cmdline ",
  "module_cmdline: ",
  "module_cmdline ",
].map((prefix) => new TextEncoder().encode(prefix));
/** UEFI_VARIABLE_DATA of the PFP up to its name: GUID, length of the name in characters, length of the value. */
const VARIABLE = { nameLength: 16, valueLength: 24, name: 32 } as const;

/** A part of the data. */
export interface Form {
  /** Which one. */
  readonly name: Exclude<Covered, null>;
  /** It. */
  readonly bytes: Uint8Array;
}

/**
 * What the digests of an event may be the hash of, most of it first.
 *
 * @param type Type of the event; null where it has none.
 * @param data Its data.
 */
export function formsOf(type: number | null, data: Uint8Array): readonly Form[] {
  const forms: Form[] = [{ name: "whole", bytes: data }];
  if (type === EV_IPL) {
    for (const bytes of textsOf(data)) forms.push({ name: "text", bytes });
    const name = nameOf(data);
    if (name !== undefined) forms.push({ name: "name", bytes: name });
  } else if (type !== null && EFI_VARIABLES.includes(type)) {
    const value = valueOf(data);
    if (value !== undefined) forms.push({ name: "value", bytes: value });
  }
  return forms;
}

/** The value of a variable; undefined where its sizes are not those of the data. */
function valueOf(data: Uint8Array): Uint8Array | undefined {
  if (data.length < VARIABLE.name) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const nameBytes = 2n * view.getBigUint64(VARIABLE.nameLength, true);
  const valueBytes = view.getBigUint64(VARIABLE.valueLength, true);
  if (BigInt(VARIABLE.name) + nameBytes + valueBytes !== BigInt(data.length)) return undefined;
  return data.subarray(VARIABLE.name + Number(nameBytes));
}

/**
 * The text that GRUB measured, without its prefix: without the NUL that ends it
 * in the log, or with it, as some distributions' commands.
 */
function textsOf(data: Uint8Array): readonly Uint8Array[] {
  const prefix = GRUB_PREFIXES.find((prefix) => prefix.every((byte, i) => byte === data[i]));
  const text = data.subarray(prefix?.length ?? 0);
  return text.at(-1) === 0 ? [text.subarray(0, -1), text] : [text];
}

/**
 * A name that systemd's stub measured in ASCII with the NUL that ends it, and
 * logged as UTF-16; undefined where the data are none.
 */
function nameOf(data: Uint8Array): Uint8Array | undefined {
  if (data.length < 4 || data.length % 2 !== 0) return undefined;
  const name = data.filter((_, i) => i % 2 === 0);
  const isAscii = data.every((byte, i) => i % 2 === 0 ? byte < 0x80 : byte === 0);
  return isAscii && name.indexOf(0) === name.length - 1 ? name : undefined;
}
