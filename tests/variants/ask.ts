/**
 * Asks about evidence of any variant that an attacker had in hand.
 *
 * @module
 */

import { examine, type Request, type Result } from "../../mod.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import type { VariantId } from "../../src/evidence/variants/facts.ts";
import {
  LAB_STATEMENT,
  labAuthorities,
  type MintedVariant,
  mintVariant,
} from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { tpmAuthority } from "../tpm_authority.ts";

export { NOW } from "../lab_authority.ts";

/** The verifier's nonce. */
export const NONCE: Uint8Array = new Uint8Array(32).fill(0x6e);

/** Nonce of a question that was asked before. */
export const OLD_NONCE: Uint8Array = new Uint8Array(32).fill(0x0d);

/** The lab's authorities, made when they are needed. */
export const AUTHORITIES: ReturnType<typeof labAuthorities> = {
  ...labAuthorities(NOW, { amd: await labAuthority(), intel: await intelAuthority() }),
  tpm: () => tpmAuthority(),
};

const minted = new Map<string, Promise<MintedVariant>>();

/**
 * Evidence of a machine of a variant, minted once.
 *
 * @param variant The variant.
 * @param machine Tells machines, boots and questions apart.
 * @param said What differs in the statement, and another nonce.
 */
export function mintedOf(
  variant: VariantId,
  machine = "one",
  said: Partial<Statement> & { readonly nonce?: Uint8Array } = {},
): Promise<MintedVariant> {
  const name = `${variant} ${machine}`;
  const { nonce = NONCE, ...stated } = said;
  const question = { now: NOW, nonce, statement: { ...LAB_STATEMENT, ...stated } };
  const made = minted.get(name) ?? mintVariant(variant, AUTHORITIES, question);
  minted.set(name, made);
  return made;
}

/** What differs from a plain question. */
export interface Changes {
  /** Variant that the evidence is verified as; default its own. */
  readonly variant?: string;
  /** Files in place of the minted ones; undefined leaves one out. */
  readonly files?: FilesByRole;
  /** Statement in place of the minted one; null gives none. */
  readonly statement?: Uint8Array | null;
  /** What is expected in place of the nonce; null leaves it out. */
  readonly expect?: object | null;
  /** Section of the policy in place of what the lab says; reference values are then none. */
  readonly section?: object;
  /** Other keys of the policy. */
  readonly policy?: object;
  /** Lab roots in place of the minted ones. */
  readonly labRoots?: readonly Uint8Array[];
  /** How much is examined. */
  readonly profile?: "full" | "crypto-only";
}

/** A policy's section that evidence of the lab meets: what runs is pinned, as a reference would. */
export function sectionOf({ policy, reference }: MintedVariant): object {
  return { ...policy, ...reference };
}

/** The whole question. */
export function requestFor(evidence: MintedVariant, changes: Changes = {}): Request {
  const { variant = evidence.variant, files = {}, labRoots, profile } = changes;
  const given = Object.entries({ ...evidence.files, ...files });
  const statement = changes.statement === undefined ? evidence.statement : changes.statement;
  const expect = changes.expect === undefined ? { nonce: NONCE } : changes.expect;
  const section = changes.section ?? sectionOf(evidence);
  const request: unknown = {
    variant,
    evidence: Object.fromEntries(given.filter(([, file]) => file !== undefined)),
    ...(statement === null ? {} : { statement }),
    ...(expect === null ? {} : { expect }),
    policy: {
      version: 1,
      // Every root by name: what is refused here is refused for another reason.
      acceptRoots: ["amd", "intel", "paravisor", "provider", "none"],
      allowLab: true,
      ...changes.policy,
      [variant]: section,
    },
    now: NOW,
    labRoots: labRoots ?? [new TextEncoder().encode(evidence.roots)],
    ...(profile === undefined ? {} : { profile }),
  };
  // Tests name variants and files that there are not, too.
  return request as Request;
}

/** Asks. */
export async function ask(evidence: MintedVariant, changes: Changes = {}): Promise<Result> {
  return await examine(requestFor(evidence, changes));
}

/** What came of a question in few words: verdict and code, or the code of what was wrong with it. */
export async function outcomeOf(evidence: MintedVariant, changes: Changes = {}): Promise<string> {
  try {
    const { verdict, outcome, code } = await ask(evidence, changes);
    return `${verdict ?? outcome}: ${code}`;
  } catch (error) {
    const code: unknown = Object(error).code;
    if (typeof code === "string") return `input: ${code}`;
    throw error;
  }
}
