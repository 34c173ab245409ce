/**
 * Handles and NV indices as a person writes them.
 *
 * @module
 */

import { flagError, type Given } from "../input/given.ts";

/** What a handle must be. */
export interface HandleKind {
  /** Its first byte (TPM_HT, Part 2 §7.2). */
  readonly first: number;
  /** What it is called, as `an NV index`. */
  readonly called: string;
  /** One of them. */
  readonly example: string;
}

/** An index of NV memory. */
export const NV_INDEX: HandleKind = { first: 0x01, called: "an NV index", example: "0x01c00002" };

/** A key that the TPM keeps. */
export const PERSISTENT: HandleKind = {
  first: 0x81,
  called: "the handle of a persistent key",
  example: "0x81000003",
};

/**
 * Reads a handle.
 *
 * @param given The flags.
 * @param flag Name of the flag without dashes.
 * @param kind What it must be.
 * @returns Undefined where the flag was not given.
 * @throws {InputError} `input.value`
 */
export function readHandleFlag(given: Given, flag: string, kind: HandleKind): number | undefined {
  const text = given.text(flag);
  if (text === undefined) return undefined;
  const handle = /^0x[0-9a-fA-F]{7,8}$/.test(text) ? Number(text) : Number.NaN;
  if (handle >>> 24 === kind.first) return handle;
  const message = `Cannot use --${flag} ${JSON.stringify(text)}: expected ${kind.called} in hex, ` +
    `as ${kind.example}`;
  throw flagError("input.value", message, `--${flag}`);
}
