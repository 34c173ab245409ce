/**
 * Events as firmware, boot loaders and kernels log them, and such as nearly are:
 * what their digests are the hash of is chosen apart from what their data are.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { concat } from "../../src/core/bytes.ts";
import type { Dice } from "./dice.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** An event before it is written. */
export interface MadeEvent {
  /** Number of the register that it is logged under. */
  readonly index: number;
  /** Type. */
  readonly type: number;
  /** Data. */
  readonly data: Uint8Array;
  /** What is hashed. */
  readonly hashed: Uint8Array;
}

/** Data, and the parts of them that firmware or somebody else hashes. */
type MadeData = readonly [type: number, data: Uint8Array, ...hashed: readonly Uint8Array[]];

const HASHES: Readonly<Record<number, string>> = {
  0x04: "sha1",
  0x0b: "sha256",
  0x0c: "sha384",
  0x0d: "sha512",
};

/** Algorithms with a name, and two without. */
export const ALGORITHMS: readonly number[] = [0x04, 0x0b, 0x0c, 0x0d, 0x12, 0x27];

/** Digest by TPM_ALG_ID; of what has no name here, 32 bytes of another hash. */
export function digestOf(algorithm: number, bytes: Uint8Array): Bytes {
  return new Uint8Array(
    createHash(HASHES[algorithm] ?? "sha3-256").update(bytes).digest(),
  );
}

/** Text in UTF-8. */
export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function utf16(text: string): Bytes {
  return Uint8Array.from([...text].flatMap((letter) => [letter.charCodeAt(0), 0]));
}

/** A number, little-endian. */
export function little(value: number, size: number): Bytes {
  return Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 0xff);
}

const VARIABLES = [0x8000_0001, 0x8000_0002, 0x8000_000c, 0x8000_00e0];

/** UEFI_VARIABLE_DATA, of which a size may be wrong. */
function variable(dice: Dice): MadeData {
  const name = dice.pick(["SecureBoot", "db", "Boot0000", "", "BootOrder"]);
  const value = dice.pick([Uint8Array.of(1), new Uint8Array(), dice.bytes(9), new Uint8Array(4)]);
  const wrong = (size: number): number => size + (dice.once(8) ? dice.pick([-1, 1, 2 ** 32]) : 0);
  const sizes = [little(wrong(name.length), 8), little(wrong(value.length), 8)];
  const tail = dice.once(10) ? dice.bytes(1) : new Uint8Array();
  const data = concat(dice.bytes(16), ...sizes, utf16(name), value, tail);
  return [dice.pick(VARIABLES), data, value, value];
}

const PREFIXES = [
  ...["grub_cmd: ", "grub_cmd ", "kernel_cmdline: ", "kernel_cmdline ", "grub_kernel_cmdline "],
  ...["module_cmdline: ", "module_cmdline ", "grub_cmd:", "Grub_cmd ", "kernel_cmdline", ""],
];

/** EV_IPL of GRUB. */
function loaderText(dice: Dice): MadeData {
  const [prefix, end] = [dice.pick(PREFIXES), dice.pick(["", "\0", "\0\0"])];
  const text = dice.pick(["set a=b", "", "/vmlinuz root=/dev/sda", "grub_cmd set"]);
  const hashed = [text, `${text}\0`, `${text}${end}`, `${prefix}${text}`].map(utf8);
  return [0x0d, utf8(prefix + text + end), ...hashed];
}

/** EV_IPL of systemd-stub. */
function sectionName(dice: Dice): MadeData {
  const name = dice.pick([".linux", ".cmdline", "a", "", "\u0080b", "a\0b"]);
  const data = utf16(`${name}${dice.pick(["\0", "\0", "\0", "", "\0\0"])}`);
  return [0x0d, dice.once(10) ? data.subarray(1) : data, utf8(`${name}\0`), utf8(name)];
}

function separator(dice: Dice): MadeData {
  const data = [0, 0, 1, 0xffff_ffff].map((value) => little(value, 4));
  return [4, dice.pick(data), dice.pick(data)];
}

function locality(dice: Dice): MadeData {
  const value = dice.pick([0, 1, 3, 3, 3, 4, 5, 255]);
  const tail = dice.once(6) ? dice.bytes(1) : new Uint8Array();
  return [3, concat(utf8("StartupLocality\0"), Uint8Array.of(value), tail)];
}

const TYPES: readonly number[] = [
  ...[0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 0x0c, 0x0d, 0x0d, 0x0e, 0x11, 0x12, 0x13, 0xffff_ffff],
  ...[0x8000_0000, 0x8000_0001, 0x8000_0003, 0x8000_0006, 0x8000_0007, 0x8000_0008, 0x8000_000d],
  ...[0x8000_0010, 0x8000_00e0, 0x8000_00e1],
];

function anything(dice: Dice): MadeData {
  const text = utf8(dice.pick(["Calling EFI Application from Boot Option", "StartupLocality", ""]));
  return [dice.pick(TYPES), dice.once(2) ? text : dice.bytes(dice.below(40))];
}

const MAKERS = [variable, variable, loaderText, sectionName, separator, locality, anything];

/** An event, whose digests are mostly of what they should be of. */
export function anyEvent(dice: Dice): MadeEvent {
  const [type, data, ...parts] = dice.pick(MAKERS)(dice);
  const hashed = dice.pick([data, data, ...parts, ...parts, dice.once(4) ? dice.bytes(3) : data]);
  return { index: anyIndex(dice), type, data, hashed };
}

/** Number of a register, of any kind of log or none. */
export function anyIndex(dice: Dice): number {
  return dice.pick([0, 0, 1, 1, 1, 2, 3, 4, 4, 5, 7, 11, 16, 17, 22, 23, 24, 0xff, 0xffff_ffff]);
}

/** A type of event, or a number near one. */
export function anyType(dice: Dice): number {
  return dice.pick(TYPES);
}
