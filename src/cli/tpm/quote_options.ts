/**
 * What is quoted, read from the flags.
 *
 * @module
 */

import type { AttestationKey } from "../../evidence/tpm/issue.ts";
import type { Selection } from "../../evidence/tpm/report.ts";
import type { AttestationKeyName } from "../../evidence/tpm/device/templates.ts";
import { readHexFlag } from "../input/expectation.ts";
import { flagError, type Given } from "../input/given.ts";
import { NV_INDEX, PERSISTENT, readHandleFlag } from "./handle.ts";
import { readSelectionFlag } from "./selection.ts";

/** Registers that are quoted without `--pcrs`: those of the boot, not those of a debugger or a late launch. */
const DEFAULT_PCRS = "sha256:0-15";

/** Most bytes that a quote answers (TPM2B_DATA with SHA-512). */
const MAX_NONCE_BYTES = 64;

const KEY_NAMES: readonly AttestationKeyName[] = ["rsa", "rsa-pss", "ecc", "ecc-p384"];

/** Flags of which at most one says the key. */
const KEY_FLAGS: readonly string[] = ["key", "key-handle", "key-template"];

/** What is quoted. */
export interface QuoteFlags {
  /** What the quote answers. */
  readonly nonce: Uint8Array;
  /** Registers. */
  readonly selections: readonly Selection[];
  /** Attestation key. */
  readonly key: AttestationKey;
  /** NV index of its certificate. */
  readonly certificateIndex: number | undefined;
  /** Event log that was named. */
  readonly eventLog: string | undefined;
}

/**
 * Reads the flags.
 *
 * @param given The flags.
 * @throws {InputError} naming the flag.
 */
export function readQuoteFlags(given: Given): QuoteFlags {
  const nonce = given.text("nonce");
  if (nonce === undefined) {
    const message =
      "Cannot quote without the question that the quote answers: give --nonce HEX, fresh each time";
    throw flagError("input.missing", message, "--nonce");
  }
  return {
    nonce: readHexFlag(nonce, "--nonce", { min: 1, max: MAX_NONCE_BYTES }),
    selections: readSelectionFlag(given.text("pcrs") ?? DEFAULT_PCRS),
    key: readKey(given),
    certificateIndex: readHandleFlag(given, "ak-cert-index", NV_INDEX),
    eventLog: given.text("event-log"),
  };
}

function readKey(given: Given): AttestationKey {
  const named = KEY_FLAGS.filter((flag) => given.has(flag)).map((flag) => `--${flag}`);
  if (named.length > 1) {
    const message = `Cannot use ${named.join(" and ")} together: one key signs`;
    throw flagError("input.conflict", message, named.join(", "));
  }
  const handle = readHandleFlag(given, "key-handle", PERSISTENT);
  if (handle !== undefined) return { kind: "persistent", handle };
  const index = readHandleFlag(given, "key-template", NV_INDEX);
  if (index !== undefined) return { kind: "nv-template", index };
  // The flag itself refuses other words.
  const name = KEY_NAMES.find((known) => known === given.text("key")) ?? "rsa";
  return { kind: "template", name };
}
