/**
 * Asks the public library about evidence of AWS that an attacker had in hand.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, type Request, type Result } from "../../mod.ts";
import { readEnvelope } from "../../src/evidence/envelope/envelope.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import {
  createAwsSnpAuthority,
  mintAwsNitroTpm,
  type MintAwsNitroTpmOptions,
  mintAwsSevSnp,
  type MintAwsSevSnpOptions,
  type MintedAws,
  type MintedAwsSnp,
} from "../../src/lab/mod.ts";
import { toHex } from "../../src/core/bytes.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { OF_MEMBER } from "../statements.ts";

export { NOW } from "../lab_authority.ts";

/** The verifier's nonce. */
export const NONCE = new Uint8Array(32).fill(0x5a);

/** The authorities that questions trust. */
export const authority = await createAwsSnpAuthority(NOW, await labAuthority());

/** Variants of AWS. */
export type AwsVariant = "aws-nitro-tpm" | "aws-sev-snp";

/** What a node of a variant states. */
export const stated = (variant: string): Statement => ({ ...OF_MEMBER, variant });

/** Mints evidence of an instance with NitroTPM, right unless bent. */
export function mintTpm(changes: Partial<MintAwsNitroTpmOptions> = {}): Promise<MintedAws> {
  const statement = stated("aws-nitro-tpm");
  return mintAwsNitroTpm(authority, { now: NOW, nonce: NONCE, statement, ...changes });
}

/** Mints evidence of an instance with SEV-SNP, right unless bent. */
export function mintSnp(changes: Partial<MintAwsSevSnpOptions> = {}): Promise<MintedAwsSnp> {
  const statement = stated("aws-sev-snp");
  return mintAwsSevSnp(authority, { now: NOW, nonce: NONCE, statement, ...changes });
}

/** What differs from a plain question. */
export interface Changes {
  /** Variant that the evidence is verified as; default that of its envelope. */
  readonly variant?: string;
  /** Files in place of the minted ones; undefined leaves one out. */
  readonly files?: FilesByRole;
  /** The section of the policy in place of one that pins what runs. */
  readonly section?: object;
  /** Other keys of the policy. */
  readonly policy?: object;
  /** Lab roots in place of the minted ones. */
  readonly labRoots?: readonly Uint8Array[];
}

/** Registers that say what runs, as a document has them. */
export function pinsOf(
  { document: { payload } }: MintedAws,
  registers: readonly number[] = [4, 11],
): Readonly<Record<string, readonly string[]>> {
  const pinned = payload.registers.filter(([register]) => registers.includes(register));
  return Object.fromEntries(pinned.map(([register, value]) => [String(register), [toHex(value)]]));
}

/** The whole question: an envelope's evidence with what the verifier has, registers pinned, nonce expected. */
export function requestFor(minted: MintedAws, changes: Changes = {}): Request {
  assert.ok(minted.envelope !== null && minted.statement !== null, "the evidence is stated");
  const envelope = readEnvelope(minted.envelope);
  const variant = changes.variant ?? envelope.variant;
  const given = { ...minted.files, ...changes.files };
  const evidence = Object.entries(given).filter(([, file]) => file !== undefined);
  const request: unknown = {
    variant,
    evidence: Object.fromEntries(evidence),
    statement: minted.statement,
    expect: { nonce: NONCE },
    policy: {
      version: 1,
      ...changes.policy,
      [variant]: changes.section ?? { vtpm: { registers: pinsOf(minted) } },
    },
    now: NOW,
    labRoots: changes.labRoots ?? [new TextEncoder().encode(minted.root)],
  };
  // Tests name variants and files that there are not, too.
  return request as Request;
}

/** Asks about minted evidence. */
export function ask(minted: MintedAws, changes: Changes = {}): Promise<Result> {
  return examine(requestFor(minted, changes));
}
