/**
 * `verify` and `examine` over the engine that ships inside the program.
 *
 * @module
 */

import { inlineEngine } from "../core/crypto_inline.ts";
import { type EnvelopeTerms, requestOfEnvelope } from "./envelope.ts";
import { examine as examineWith } from "./examine.ts";
import type { Request } from "./request.ts";
import type { Result } from "../results/result.ts";
import { verify as verifyWith } from "./verify.ts";

/**
 * Verifies evidence and resolves only when it is to be trusted.
 *
 * Established when it resolves with the verdict `trusted`: every required
 * finding matches, under a root that the policy accepts. Not established: that
 * nothing broke into the machine after what was measured.
 *
 * @example Verify a SEV-SNP report, minted by the lab, and read what it claims
 * ```ts
 * import { verify } from "@casemate/casemate";
 * import { createAmdAuthority, mintSnp } from "@casemate/casemate/lab";
 *
 * const now = new Date();
 * const nonce = crypto.getRandomValues(new Uint8Array(32));
 * // In earnest these files come from the node and from AMD's Key Distribution Service.
 * const authority = await createAmdAuthority({ line: "Genoa", now });
 * const minted = await mintSnp(authority, { now, reportData: nonce });
 * const bytes = (pem: string) => new TextEncoder().encode(pem);
 * const launchDigest = Array.from(minted.measurement, (b) => b.toString(16).padStart(2, "0")).join("");
 *
 * const result = await verify({
 *   variant: "sev-snp",
 *   evidence: {
 *     report: minted.report,
 *     leaf: bytes(minted.leaf),
 *     chainAskArk: bytes(minted.chain),
 *     crls: [bytes(minted.crl)],
 *   },
 *   expect: { nonce },
 *   policy: { version: 1, allowLab: true, "sev-snp": { measurements: [launchDigest] } },
 *   now,
 *   labRoots: [bytes(minted.root)],
 * });
 * if (result.verdict !== "lab-trusted") throw new Error(result.says);
 * ```
 *
 * @param request Evidence, expectation, policy and time.
 * @throws {NotTrustedError} verdicts `rejected` and `platform-only`, with the deciding code.
 * @throws {NotExaminedError} verdict `unavailable`, as without revocation list.
 * @throws {InputError} when the request itself is wrong.
 */
export function verify(request: Request): Promise<Result> {
  return verifyWith(inlineEngine, request);
}

/**
 * Examines evidence and says what came of it, whatever it is. For showing; to
 * decide, use {@linkcode verify}.
 *
 * @param request Evidence, expectation, policy and time.
 * @throws {InputError} when the request itself is wrong.
 */
export function examine(request: Request): Promise<Result> {
  return examineWith(inlineEngine, request);
}

/**
 * Verifies evidence with its statement, as a node sends it, and resolves only
 * when it is to be trusted, as {@linkcode verify} does.
 *
 * @example Verify what a node of the lab answers
 * ```ts
 * import { verifyEnvelope } from "@casemate/casemate";
 * import { LAB_STATEMENT, labAuthorities, mintVariant } from "@casemate/casemate/lab";
 *
 * const now = new Date();
 * const nonce = crypto.getRandomValues(new Uint8Array(32));
 * // In earnest the envelope comes from the node, and the reference values from who built its image.
 * const question = { now, nonce, statement: LAB_STATEMENT };
 * const { envelope, reference, roots } = await mintVariant("qemu-vtpm", labAuthorities(now), question);
 *
 * const { says, statement } = await verifyEnvelope(envelope, {
 *   expect: { nonce, clusterId: LAB_STATEMENT.clusterId },
 *   policy: { version: 1, allowLab: true, admitVariants: ["qemu-vtpm"] },
 *   reference: { version: 1, "qemu-vtpm": reference },
 *   now,
 *   labRoots: [new TextEncoder().encode(roots)],
 * });
 * console.log(says, statement?.nodeName);
 * ```
 *
 * @param envelope An envelope, or a CMW record of one (RFC 9999).
 * @param terms Question, policy, reference values, time, endorsements.
 * @throws {NotTrustedError} verdicts `rejected` and `platform-only`, with the deciding code.
 * @throws {NotExaminedError} verdict `unavailable`, as without revocation list.
 * @throws {InputError} when the envelope is none, or the terms are wrong.
 */
export async function verifyEnvelope(envelope: Uint8Array, terms: EnvelopeTerms): Promise<Result> {
  return await verify(requestOfEnvelope(envelope, terms));
}

/**
 * Examines evidence with its statement and says what came of it, whatever it
 * is. For showing; to decide, use {@linkcode verifyEnvelope}.
 *
 * @param envelope An envelope, or a CMW record of one.
 * @param terms Question, policy, reference values, time, endorsements.
 * @throws {InputError} when the envelope is none, or the terms are wrong.
 */
export async function examineEnvelope(
  envelope: Uint8Array,
  terms: EnvelopeTerms,
): Promise<Result> {
  return await examine(requestOfEnvelope(envelope, terms));
}
