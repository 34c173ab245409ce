/**
 * TPM2_Quote (Part 3 §18.4).
 *
 * @module
 */

import { equal } from "../../../core/bytes.ts";
import type { Selection, StrongHash } from "../report.ts";
import { type Authorization, password } from "./authorization.ts";
import { FieldReader } from "./bytes_in.ts";
import { sized, u16 } from "./bytes_out.ts";
import { execute } from "./command.ts";
import type { TpmDevice } from "./device.ts";
import type { Entity } from "./entity.ts";
import { ALGORITHM, strongHashOf } from "./numbers.ts";
import { badAnswer } from "./refused.ts";
import { readSelections, selectionBytes } from "./selection.ts";

/** A quote as the TPM gave it. */
export interface DeviceQuote {
  /** TPMS_ATTEST. */
  readonly attest: Uint8Array;
  /** TPMT_SIGNATURE. */
  readonly signature: Uint8Array;
  /** Hash of the signature, and of the digest over the registers. */
  readonly hash: StrongHash;
  /** Digest over the registers, as the quote has it. */
  readonly pcrDigest: Uint8Array;
}

/** What is quoted. */
export interface QuoteOptions {
  /** Key, restricted to sign, with a scheme of its own. */
  readonly key: Entity;
  /** What the quote answers; most TPMs take 64 bytes, those without SHA-512 take 48. */
  readonly qualifyingData: Uint8Array;
  /** Registers. */
  readonly selections: readonly Selection[];
  /** Authorization of the key; default the empty password. */
  readonly by?: Authorization;
}

/**
 * Lets a key sign the values of registers, and looks whether the answer is to this question.
 *
 * @param device The TPM.
 * @param options Key, question and registers.
 */
export async function quote(
  device: TpmDevice,
  { key, qualifyingData, selections, by = password() }: QuoteOptions,
): Promise<DeviceQuote> {
  // No scheme of the caller's: an attestation key has its own.
  const parameters = [sized(qualifyingData), u16(ALGORITHM.null), selectionBytes(selections)];
  const command = { name: "Quote", on: [key], by: [by], parameters } as const;
  const answer = await execute(device, command, (reader) => ({
    attest: reader.sized(),
    signature: reader.rest(),
  }));
  return {
    ...answer,
    hash: signatureHash(answer.signature),
    ...readAttest(answer.attest, qualifyingData),
  };
}

/** TPMT_SIGNATURE (Part 2 §11.3.4): algorithm, then hash. */
function signatureHash(signature: Uint8Array): StrongHash {
  const reader = new FieldReader(signature, (reason) => badAnswer("Quote", reason));
  const algorithm = reader.u16();
  const hash = strongHashOf(reader.u16());
  const known: readonly number[] = [ALGORITHM.rsassa, ALGORITHM.rsapss, ALGORITHM.ecdsa];
  if (!known.includes(algorithm) || hash === undefined) {
    return reader.refuse("it is signed with an algorithm that no verifier takes");
  }
  return hash;
}

/** TPMS_ATTEST (Part 2 §10.12.8), as far as it must answer what was asked. */
function readAttest(
  attest: Uint8Array,
  qualifyingData: Uint8Array,
): Pick<DeviceQuote, "pcrDigest"> {
  const reader = new FieldReader(attest, (reason) => badAnswer("Quote", reason));
  if (reader.u32() !== 0xff544347 || reader.u16() !== 0x8018) reader.refuse("it is no quote");
  reader.sized();
  if (!equal(reader.sized(), qualifyingData)) reader.refuse("it answers another question");
  // TPMS_CLOCK_INFO and the version of the firmware.
  reader.bytes(17 + 8);
  readSelections(reader);
  const pcrDigest = reader.sized();
  reader.end();
  return { pcrDigest };
}
