/**
 * TCB versions: eight bytes whose places hang on the generation of the processor (56860 §2.2).
 *
 * @module
 */

import { equal, toHex } from "../../core/bytes.ts";
import type { Tcb } from "./report.ts";

/** `milan`: Milan and Genoa. `turin`: Turin and later, with the FMC in front. */
export type Layout = "milan" | "turin";

/** The components of a TCB. */
export type TcbParts = Omit<Tcb, "raw">;

/** Which byte holds which component; the others are reserved. */
const PLACES: Readonly<Record<Layout, Readonly<Record<keyof TcbParts, number | null>>>> = {
  milan: { fmc: null, bootloader: 0, tee: 1, snp: 6, microcode: 7 },
  turin: { fmc: 0, bootloader: 1, tee: 2, snp: 3, microcode: 7 },
};

/**
 * Takes the eight bytes apart.
 *
 * @param raw The bytes.
 * @param layout Where the components stand.
 */
export function readTcb(raw: Uint8Array, layout: Layout): Tcb {
  const { fmc, bootloader, tee, snp, microcode } = PLACES[layout];
  const at = (place: number | null): number => place === null ? 0 : raw[place] ?? 0;
  return {
    fmc: fmc === null ? null : at(fmc),
    bootloader: at(bootloader),
    tee: at(tee),
    snp: at(snp),
    microcode: at(microcode),
    raw: toHex(raw),
  };
}

/**
 * The eight bytes of components; reserved ones are zero.
 *
 * @param parts The components.
 * @param layout Where they stand.
 */
export function tcbOf(parts: TcbParts, layout: Layout): Tcb {
  return readTcb(bytesOf(parts, layout), layout);
}

/**
 * Whether the bytes that a layout reserves are zero.
 *
 * @param raw The bytes.
 * @param layout The layout.
 */
export function isReservedZero(raw: Uint8Array, layout: Layout): boolean {
  return equal(raw, bytesOf(readTcb(raw, layout), layout));
}

function bytesOf(parts: TcbParts, layout: Layout): Uint8Array {
  const { fmc, bootloader, tee, snp, microcode } = PLACES[layout];
  const raw = new Uint8Array(8);
  const put = (place: number | null, value: number | null): void => {
    if (place !== null) raw[place] = value ?? 0;
  };
  put(fmc, parts.fmc);
  put(bootloader, parts.bootloader);
  put(tee, parts.tee);
  put(snp, parts.snp);
  put(microcode, parts.microcode);
  return raw;
}

/**
 * Components for a person: `bootloader 4, tee 0, snp 24, microcode 219`.
 *
 * @param parts The components.
 */
export function tcbText({ fmc, bootloader, tee, snp, microcode }: TcbParts): string {
  const first = fmc === null ? "" : `fmc ${fmc}, `;
  return `${first}bootloader ${bootloader}, tee ${tee}, snp ${snp}, microcode ${microcode}`;
}
