/**
 * Asks the technology about minted evidence, over the portable engine.
 *
 * @module
 */

import { createPortableEngine } from "../../src/core/portable/engine.ts";
import { CORE_CODES } from "../../src/core/codes.ts";
import { RejectedError } from "../../src/core/errors.ts";
import type { FilesByRole, Verified } from "../../src/evidence/evidence.ts";
import type { Finding } from "../../src/evidence/finding.ts";
import { tpm } from "../../src/evidence/tpm/mod.ts";
import type { TpmEvidence } from "../../src/evidence/tpm/report.ts";
import type { MintedTpm } from "../../src/lab/mod.ts";
import { decide } from "../../src/verifier/verdict.ts";

/** The engine. */
export const engine = createPortableEngine(await tpm.portable?.() ?? {});

/** Moment of all that is minted here. */
export const NOW = new Date("2026-11-21T12:00:00Z");

/** Nonce of all that is minted here. */
export const NONCE = new TextEncoder().encode("a nonce of the tests");

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** The files of minted evidence. */
export function filesOf(minted: MintedTpm): FilesByRole {
  return {
    tpmQuoteMsg: minted.quote,
    tpmQuoteSig: minted.signature,
    akPub: minted.akPublic,
    pcrs: text(JSON.stringify(minted.pcrs)),
    eventLog: minted.eventLog,
    akCert: text(minted.akCertificate),
    akCertIssuers: [text(minted.issuers)],
    akCertCrls: minted.crls.map(text),
  };
}

/** A policy that pins what runs as the evidence has it. */
export function policyFor({ pcrs }: MintedTpm): object {
  const { "4": four, "11": eleven } = pcrs["sha256"] ?? {};
  return { registers: { sha256: { "4": [four], "11": [eleven] } } };
}

/** What is asked about evidence. */
export interface Question {
  /** The files. */
  readonly files: FilesByRole;
  /** Lab roots. */
  readonly labRoots: readonly Uint8Array[];
  /** The `tpm` section. */
  readonly policy: object;
}

/** The question that minted evidence is made for. */
export function questionFor(minted: MintedTpm, policy: object = policyFor(minted)): Question {
  return { files: filesOf(minted), labRoots: [text(minted.root)], policy };
}

/** Verifies. */
export function verified({ files, labRoots }: Question): Promise<Verified<TpmEvidence>> {
  return tpm.verify(engine, tpm.readFiles(files), { now: NOW, labRoots });
}

/** Verifies and appraises. */
export async function findings(question: Question): Promise<readonly Finding[]> {
  const section = tpm.policy.decode(question.policy, "tpm");
  return tpm.appraise(await verified(question), section, {
    now: NOW,
    freshness: { kind: "nonce", bytes: NONCE },
    acceptCompromised: {},
  });
}

/** What decides: the code of a refusal or of the worst finding; null where nothing is wrong. */
export async function outcome(question: Question): Promise<string | null> {
  try {
    const found = await findings(question);
    return decide(found, { ...CORE_CODES, ...tpm.codes }).decisive?.code ?? null;
  } catch (error) {
    if (error instanceof RejectedError) return error.code;
    throw error;
  }
}
