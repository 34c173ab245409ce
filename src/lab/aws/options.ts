/**
 * What evidence of AWS's instances is minted by.
 *
 * @module
 */

import { bindingOf, runtimeRegisterOf } from "../../evidence/statement/binding.ts";
import { writeStatement } from "../../evidence/statement/read.ts";
import type { Statement } from "../../evidence/statement/statement.ts";
import { labRegisters, type NitroBends, type NitroRegisterValues } from "../nitro/mod.ts";
import type { IdentityBends } from "./identity.ts";

/** Changes to evidence before it is written and signed. */
export interface AwsBends {
  /** Changes to the attestation document. */
  readonly document?: NitroBends;
  /** Changes to the identity document. */
  readonly instance?: IdentityBends;
}

/** What evidence is minted by. */
export interface MintAwsOptions {
  /** Moment of issue. */
  readonly now: Date;
  /** The verifier's nonce, 32 bytes; without a statement what the document answers. */
  readonly nonce: Uint8Array;
  /** What the node states; default nothing. */
  readonly statement?: Statement;
  /** Registers of the NitroTPM; default those of a boot that never was, in the statement's phase. */
  readonly registers?: NitroRegisterValues;
}

/** What evidence answers. */
export interface Answered {
  /** Bytes of the statement; null where there is none. */
  readonly statement: Uint8Array | null;
  /** The binding; without a statement the nonce. */
  readonly binding: Uint8Array;
  /** Registers, that of the phase among them. */
  readonly registers: NitroRegisterValues;
}

/** PCR that holds the phase of the boot (protocol §3). */
const RUNTIME_REGISTER = 15;

/**
 * What evidence answers, and the registers of the boot.
 *
 * @param options Nonce and statement.
 */
export async function answerOf(
  { nonce, statement, registers }: MintAwsOptions,
): Promise<Answered> {
  const booted = registers ?? await labRegisters("tpm");
  if (statement === undefined) return { statement: null, binding: nonce, registers: booted };
  const bytes = writeStatement(statement);
  const phase = runtimeRegisterOf("sha384", statement);
  return {
    statement: bytes,
    binding: bindingOf(nonce, bytes),
    registers: booted.map(([register, value]) =>
      register === RUNTIME_REGISTER ? [register, phase] : [register, value]
    ),
  };
}
