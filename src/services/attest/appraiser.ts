/**
 * Judges evidence of peers under a manifest: its policy, its reference values,
 * its cluster.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import { InputError } from "../../core/errors.ts";
import { labelledHash, plainHash } from "../../core/labelled_hash.ts";
import type { Clock } from "../../core/ports.ts";
import { BATCH_AUDIENCE } from "../../channel/batch.ts";
import type { Appraised, Appraiser } from "../../channel/peer.ts";
import { openEnvelope } from "../../evidence/envelope/cmw.ts";
import type { AnyTechnology, FilesByRole, Verified } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import type { StatementExpectation } from "../../evidence/statement/expectation.ts";
import type { Statement } from "../../evidence/statement/statement.ts";
import { writeStatement } from "../../evidence/statement/read.ts";
import type { ManifestChain } from "../../manifest/chain.ts";
import { policyOf, type Standard, standardsOf } from "../../manifest/policy.ts";
import type { ManifestReferences } from "../../manifest/references.ts";
import type { Result } from "../../results/result.ts";
import { type EnvelopeTerms, requestOfEnvelope } from "../../verifier/envelope.ts";
import { examine } from "../../verifier/examine.ts";
import { ofBatch } from "../../verifier/expectation.ts";
import { NotExaminedError, NotTrustedError } from "../../verifier/verify.ts";
import { believedLabRoots } from "./lab_roots.ts";

/** What an appraiser judges by. */
export interface AppraiserParts {
  /** The chain as it is known now. */
  readonly chain: () => ManifestChain;
  /** The reference values of its newest manifest. */
  readonly references: () => ManifestReferences;
  /** What was given as a lab's roots, PEM or DER; believed where the manifest names them. */
  readonly labRoots: readonly Uint8Array[];
  /** The engine of verification. */
  readonly engine: Engine;
  /** Time, not below its floor (protocol §12). */
  readonly clock: Clock;
  /**
   * Gets what evidence needs of vendors; absent: what the envelope brings counts.
   *
   * @throws {UnavailableError} `collateral.*`
   */
  readonly complete?: (variant: string, files: FilesByRole) => Promise<FilesByRole>;
}

/**
 * An appraiser of peers of one cluster.
 *
 * Establishes that the evidence is trusted under the manifest in force (or
 * lab-trusted, in a lab's cluster), answers the nonce, and that its statement
 * names this cluster and whatever else is expected. Which machine and whose
 * account it is comes from verified evidence alone.
 *
 * @param parts What to judge by.
 */
export function createAppraiser(parts: AppraiserParts): Appraiser {
  return {
    appraise: (envelope, nonce, expected) => appraise(parts, { envelope, nonce, expected }),
  };
}

/** What is to be judged. */
interface Question {
  readonly envelope: Uint8Array;
  readonly nonce: Uint8Array;
  readonly expected: StatementExpectation;
}

async function appraise(parts: AppraiserParts, question: Question): Promise<Appraised> {
  // Taken once: while something is waited for, a newer manifest may come.
  const [chain, references] = [parts.chain(), parts.references()];
  const { newest, clusterId } = chain;
  const now = parts.clock.now();
  chain.requireInForce(now);
  requireCluster(question.expected, clusterId);
  const labRoots = believedLabRoots(newest, parts.labRoots);
  const { variant, files } = openEnvelope(question.envelope);
  const endorsements = replaced(files, await parts.complete?.(variant, files));
  const terms: EnvelopeTerms = {
    now,
    labRoots,
    endorsements,
    expect: { ...statedBy(question.expected), nonce: question.nonce, clusterId },
  };
  const standards = standardsOf(newest, references, variant);
  if (standards.length === 0) {
    // Of no admitted variant: the result says so, and what else is wrong with it.
    const policy = policyOf(newest, variant, "");
    throw refusal(await examineWith(parts, question, { ...terms, policy }));
  }
  return await held(parts, question, { terms, standards });
}

/** Who names a batch as the audience followed its path; the nonce is the root. */
function statedBy(expected: StatementExpectation): StatementExpectation {
  return expected.audience === BATCH_AUDIENCE ? ofBatch(expected) : expected;
}

/** What completing left out was older than what was seen: it must not come back from the envelope. */
function replaced(files: FilesByRole, completed: FilesByRole | undefined): FilesByRole {
  if (completed === undefined) return {};
  const none = Object.keys(files).map((role) => [role, undefined]);
  return { ...Object.fromEntries(none), ...completed };
}

/** Holds evidence against each standard in turn; of several refusals the one that got furthest is told. */
async function held(
  parts: AppraiserParts,
  question: Question,
  { terms, standards }: {
    readonly terms: EnvelopeTerms;
    readonly standards: readonly Standard[];
  },
): Promise<Appraised> {
  const refused: Result[] = [];
  for (const { policy, reference, account } of standards) {
    const result = await examineWith(parts, question, { ...terms, policy, reference });
    if (isTrusted(result, terms)) return appraised(question.envelope, result, account);
    refused.push(result);
  }
  throw refusal(furthest(refused));
}

async function examineWith(
  { engine }: AppraiserParts,
  { envelope }: Question,
  terms: EnvelopeTerms,
): Promise<Result> {
  return await examine(engine, requestOfEnvelope(envelope, terms));
}

/** A lab's roots are among the terms where the manifest names them, and only then can this be. */
function isTrusted({ verdict }: Result, { labRoots = [] }: EnvelopeTerms): boolean {
  return verdict === "trusted" || (verdict === "lab-trusted" && labRoots.length > 0);
}

/** From worst to best; what a lab's root alone says of a real cluster is none of its. */
const ORDER: readonly Result["verdict"][] = ["rejected", "unavailable", "platform-only"];

function furthest([first, ...more]: readonly Result[]): Result {
  if (first === undefined) throw new RangeError("Cannot tell a refusal: nothing was examined");
  return more.reduce((best, one) => isFurther(one, best) ? one : best, first);
}

/** Of equal verdicts that with fewer mismatches: who meets one account's standard but for a register is no stranger of another's. */
function isFurther(one: Result, than: Result): boolean {
  const ahead = ORDER.indexOf(one.verdict) - ORDER.indexOf(than.verdict);
  return ahead > 0 || (ahead === 0 && mismatchesIn(one) < mismatchesIn(than));
}

function mismatchesIn({ findings }: Result): number {
  return findings.filter(({ kind, required }) => required && kind === "mismatch").length;
}

function refusal(result: Result): NotTrustedError | NotExaminedError {
  return result.verdict === "unavailable"
    ? new NotExaminedError(result)
    : new NotTrustedError(result);
}

/** Who asks about another cluster asks the wrong appraiser. */
function requireCluster({ clusterId }: StatementExpectation, own: string): void {
  if (clusterId === undefined || clusterId.toLowerCase() === own) return;
  const fields = { field: "expect.clusterId", expected: own, actual: clusterId };
  const message = `Cannot judge evidence of cluster ${clusterId}: the manifest is of ${own}`;
  throw new InputError(message, { code: "input.conflict", fields });
}

function appraised(envelope: Uint8Array, result: Result, account: string): Appraised {
  const { statement, verdict, variant, roots } = result;
  if (statement === null || (verdict !== "trusted" && verdict !== "lab-trusted")) {
    throw new TypeError("Cannot tell whose evidence it is: a trusted result has no statement");
  }
  return {
    statement,
    statementDigest: toHex(plainHash("sha256", writeStatement(statement))),
    evidenceDigest: toHex(plainHash("sha256", envelope)),
    variant,
    verdict,
    roots,
    account,
    machine: machineOf(variant, result.claims, statement),
  };
}

/**
 * What tells this machine from others. Chips are shared by all guests of a
 * host, so where no key or instance is named each boot counts as a machine.
 */
function machineOf(variant: string, claims: unknown, { bootId }: Statement): string {
  const technology: AnyTechnology | undefined = technologies.find(({ id }) => id === variant);
  // Claims of a trusted result are what this technology's own `verify` established.
  const named = technology?.machine?.(claims as Verified<object>) ?? `boot ${bootId}`;
  const text = new TextEncoder();
  const fields = [text.encode(variant), text.encode(named)];
  return toHex(labelledHash("sha256", "casemate/machine/v1", ...fields));
}
