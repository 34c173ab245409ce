/**
 * Asks the public library about evidence of Azure that an attacker had in hand.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, type Request, type Result } from "../../mod.ts";
import { toHex } from "../../src/core/bytes.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import type { Statement } from "../../src/evidence/statement/statement.ts";
import {
  mintAzureSnp,
  type MintAzureSnpOptions,
  mintAzureTdx,
  type MintAzureTdxOptions,
  type MintedAzureSnp,
  type MintedAzureTdx,
} from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { shown } from "../result.ts";
import { OF_JOINER } from "../statements.ts";

export { NOW } from "../lab_authority.ts";

/** The verifier's nonce. */
export const NONCE = new Uint8Array(32).fill(0x5a);

/** What a node of a variant states when it wants to join. */
export const joining = (variant: string): Statement => ({ ...OF_JOINER, variant });

/** What whoever lets it join expects. */
export const JOIN = { purpose: "join", requestDigest: OF_JOINER.requestDigest } as const;

/** Mints evidence of SEV-SNP on Azure, right unless bent. */
export async function mintSnp(
  changes: Partial<MintAzureSnpOptions> = {},
): Promise<MintedAzureSnp> {
  const statement = joining("azure-sev-snp");
  return await mintAzureSnp(await labAuthority(), {
    now: NOW,
    nonce: NONCE,
    statement,
    ...changes,
  });
}

/** Mints evidence of TDX on Azure, right unless bent. */
export async function mintTdx(
  changes: Partial<MintAzureTdxOptions> = {},
): Promise<MintedAzureTdx> {
  const statement = joining("azure-tdx");
  const authority = await intelAuthority();
  return await mintAzureTdx(authority, { now: NOW, nonce: NONCE, statement, ...changes });
}

/** Evidence of either TEE. */
export type Minted = MintedAzureSnp | MintedAzureTdx;

/** What differs from a plain question. */
export interface Changes {
  /** Variant that the evidence is verified as; default that of its TEE. */
  readonly variant?: string;
  /** Files in place of the minted ones; undefined leaves one out. */
  readonly files?: FilesByRole;
  /** What is expected in place of joining. */
  readonly expect?: object;
  /** Statement in place of the minted one; null gives none. */
  readonly statement?: Uint8Array | null;
  /** Keys of the section of the policy, beside those that pin what runs. */
  readonly section?: object;
  /** Other keys of the policy. */
  readonly policy?: object;
}

/** Registers that say what was booted, in the bank of SHA-256. */
export function pinsOf({ vtpm }: Minted): object {
  const { sha256 = {} } = vtpm.pcrs;
  return { registers: { sha256: { 4: [sha256["4"]], 11: [sha256["11"]] } }, notInLog: [15] };
}

/** The section of a policy that evidence meets. */
export function sectionOf(minted: Minted): { readonly tee: object; readonly vtpm: object } {
  const tee = "snp" in minted
    ? { idKeyDigests: [toHex(minted.idKeyDigest)] }
    : { mrTd: [toHex(minted.tdx.mrTd)] };
  return { tee, vtpm: pinsOf(minted) };
}

/** The whole question: evidence with its statement, what runs and whose the paravisor is pinned. */
export function requestFor(minted: Minted, changes: Changes = {}): Request {
  const own = "snp" in minted ? "azure-sev-snp" : "azure-tdx";
  const { variant = own, files = {}, section = {}, policy = {} } = changes;
  const given = Object.entries({ ...minted.files, ...files });
  const statement = changes.statement === undefined ? minted.statement : changes.statement;
  const { root } = "snp" in minted ? minted.snp : minted.tdx;
  const request: unknown = {
    variant,
    evidence: Object.fromEntries(given.filter(([, file]) => file !== undefined)),
    ...(statement === null ? {} : { statement }),
    expect: { nonce: NONCE, ...(statement === null ? {} : changes.expect ?? JOIN) },
    policy: {
      version: 1,
      allowLab: true,
      ...policy,
      [variant]: { ...sectionOf(minted), ...section },
    },
    now: NOW,
    labRoots: [new TextEncoder().encode(root)],
  };
  // Tests name variants and files that there are not, too.
  return request as Request;
}

/** Asks about minted evidence. */
export function ask(minted: Minted, changes: Changes = {}): Promise<Result> {
  return examine(requestFor(minted, changes));
}

/** Asserts that evidence is right, before something of it is changed. */
export async function assertGood(minted: Minted, changes: Changes = {}): Promise<Result> {
  const result = await ask(minted, changes);
  assert.deepEqual([result.verdict, result.code], ["lab-trusted", null], shown(result));
  return result;
}
