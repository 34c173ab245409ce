/**
 * What commands act on: a handle with its Name (Part 1 §16).
 *
 * @module
 */

import { concat, toHex } from "../../../core/bytes.ts";
import { hash } from "../hash.ts";
import { u16, u32 } from "./bytes_out.ts";
import { ALGORITHM, strongHashOf } from "./numbers.ts";

/** What a command acts on. */
export interface Entity {
  /** Handle in the TPM. */
  readonly handle: number;
  /** Name, by which authorizations are bound to it. */
  readonly name: Uint8Array;
}

/**
 * A hierarchy, a register or a session: its Name is the handle.
 *
 * @param handle The handle.
 */
export function entityOf(handle: number): Entity {
  return { handle, name: u32(handle) };
}

/**
 * The Name of an object or of an NV index: algorithm, then hash of its public area.
 *
 * @param nameAlgorithm TPM_ALG_ID of the area's `nameAlg`.
 * @param area TPMT_PUBLIC or TPMS_NV_PUBLIC.
 * @returns Null where the hash is not one that is computed here.
 */
export async function nameOf(
  nameAlgorithm: number,
  area: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const strong = nameAlgorithm === ALGORITHM.sha1 ? "sha1" : strongHashOf(nameAlgorithm);
  return strong === undefined ? null : concat(u16(nameAlgorithm), await hash(strong, area));
}

/**
 * A handle as people write it.
 *
 * @param handle The handle.
 */
export function handleText(handle: number): string {
  return `0x${toHex(u32(handle))}`;
}
