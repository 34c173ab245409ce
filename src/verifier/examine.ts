/**
 * The assembly: verify, appraise, decide.
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import { CORE_CODES } from "../core/codes.ts";
import { STATEMENT_CODES } from "../evidence/statement/codes.ts";
import type { Engine } from "../core/crypto.ts";
import { RejectedError } from "../core/errors.ts";
import type { AnyTechnology, Check, Freshness, Rooted } from "../evidence/evidence.ts";
import type { Finding } from "../evidence/finding.ts";
import type { Policy } from "../policy/policy.ts";
import { REFERENCE_CODES } from "../policy/reference/codes.ts";
import { chooseEngine, type ChosenEngine } from "./engines.ts";
import { freshnessOf, type Question } from "./expectation.ts";
import { exceptionsFor, warningsOf } from "./exceptions.ts";
import type { Candidate } from "./reference.ts";
import { refusedFindings } from "./refused.ts";
import { type Job, readRequest, type Request } from "./request.ts";
import type { Result } from "../results/result.ts";
import { runtimeFindings } from "./runtime.ts";
import { saysOutcome, saysVerdict } from "./says.ts";
import {
  bestOf,
  type Judged,
  observedWarnings,
  setFindings,
  timeFindings,
  usedReference,
} from "./sets.ts";
import { STATEMENT_FORM, statementFindings } from "./statement.ts";
import { rootFinding, rootsNeeded, variantFindings, weakestNeeded } from "./trust.ts";
import { type Codes, decide } from "./verdict.ts";

/**
 * Examines evidence and says what came of it, whatever it is.
 *
 * Establishes what the result's findings say, and no more: a finding that is
 * `unchecked` was not checked. Show the result; to decide by it, use `verify`,
 * which cannot be ignored by mistake.
 *
 * @param wasm The WASM module, as this host starts it; the request may ask for another engine, or for both.
 * @param request Evidence, expectation, policy and time.
 * @throws {InputError} when the request itself is wrong: a missing file, an empty expectation, a policy with an unknown key.
 */
export async function examine(wasm: Engine, request: Request): Promise<Result> {
  return await examineJob(wasm, readRequest(request));
}

/**
 * Examines what a request was read to be.
 *
 * @param wasm The WASM module, as this host starts it.
 * @param job The request, read: who decides by its policy, too, reads it once.
 */
export async function examineJob(wasm: Engine, job: Job): Promise<Result> {
  const chosen = chooseEngine(job.engine, job.technology, wasm);
  try {
    const result = await judge(chosen, job);
    const found = chosen.disagreement();
    return found === undefined ? result : rejectedResult(job, found, []);
  } catch (caught) {
    // Who met a disagreement on the way may have told it as something else.
    const found = chosen.disagreement();
    if (found !== undefined) return rejectedResult(job, found, []);
    if (caught instanceof RejectedError) {
      return rejectedResult(job, caught, chosen.agreement("none"));
    }
    throw caught;
  }
}

async function judge({ engine, agreement }: ChosenEngine, job: Job): Promise<Result> {
  const context = { now: job.now, labRoots: job.labRoots };
  const proven = await job.technology.verify(engine, job.files, context);
  const rooted = job.technology.root(proven, {
    now: job.now,
    acceptCompromised: acceptedLines(job.policy),
  });
  const agreed = agreement(rooted.root);
  const examined = { proven, rooted, freshness: freshnessOf(job.question) };
  if (job.profile === "crypto-only") return cryptoResult(job, examined, agreed);
  return fullResult(job, examined, agreed);
}

function acceptedLines(policy: Policy): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(policy.acceptCompromised).flatMap(([line, until]) =>
      until === undefined ? [] : [[line, until]]
    ),
  );
}

/** What verified evidence was found to be. */
interface Examined {
  readonly proven: Proven;
  readonly rooted: Rooted;
  readonly freshness: Freshness;
}

type Proven = Parameters<AnyTechnology["appraise"]>[0];

/** The steps of `verify`, and that of reading the statement. */
function stepsOf({ technology, question }: Job): readonly Check[] {
  return question.kind === "statement" ? [...technology.checks, STATEMENT_FORM] : technology.checks;
}

/** Findings of the steps of `verify` that appraisal does not report on its own. */
function verifiedFindings(
  job: Job,
  { rooted }: Examined,
  judged: readonly Finding[],
): readonly Finding[] {
  const known = new Set(judged.map((finding) => finding.id));
  return stepsOf(job).filter((check) => !known.has(check.id)).map((check): Finding => ({
    ...check,
    kind: "match",
    required: true,
    expected: null,
    actual: null,
    root: rooted.of?.(check.id) ?? rooted.root,
    code: null,
  }));
}

function appraised(
  job: Job,
  { proven, rooted, freshness }: Examined,
  section: unknown,
): readonly Finding[] {
  const { technology, policy, now } = job;
  const acceptCompromised = acceptedLines(policy);
  return [
    ...technology.appraise(proven, section, { now, freshness, acceptCompromised }),
    ...statementFindings(technology, proven, rooted, freshness),
    ...variantFindings(technology, policy, rooted.root),
  ];
}

/** The variant's section of the policy, without reference values. */
function plainCandidate({ policy, technology }: Job): Candidate {
  return { set: null, section: policy.sections[technology.id], runtime: null, origins: [] };
}

/** Findings that hang on reference values, beside those of the section that they went into. */
function referenceFindings(
  job: Job,
  examined: Examined,
  candidate: Candidate,
  withSet: readonly Finding[],
): readonly Finding[] {
  const { technology, reference, now } = job;
  if (reference === null) return [];
  const { proven, rooted, freshness } = examined;
  const { runtime, set } = candidate;
  const extended = runtimeFindings(technology, proven, rooted, { runtime, freshness });
  const without = set === null ? [] : appraised(job, examined, plainCandidate(job).section);
  const findings = { withSet: [...withSet, ...extended], without };
  return [
    ...extended,
    ...setFindings(reference, candidate, findings, rooted.root),
    ...timeFindings(reference, now, rooted.root),
  ];
}

/** All that is found where evidence is held against one set of reference values. */
function judgedWith(job: Job, examined: Examined, agreed: readonly Finding[]) {
  return (candidate: Candidate): Judged => {
    const { rooted } = examined;
    const judged = appraised(job, examined, candidate.section);
    const further = referenceFindings(job, examined, candidate, judged);
    const found = [...agreed, ...verifiedFindings(job, examined, judged), ...judged, ...further];
    const findings = [...found, rootFinding(job, rootsNeeded(found, rooted.root))];
    return { candidate, findings, decision: decide(findings, codesOf(job.technology)) };
  };
}

function fullResult(job: Job, examined: Examined, agreed: readonly Finding[]): Result {
  const { technology, reference } = job;
  const { rooted, proven } = examined;
  const [first, ...more] = reference?.candidates ?? [plainCandidate(job)];
  const judge = judgedWith(job, examined, agreed);
  const { candidate, findings, decision } = bestOf([judge(first), ...more.map(judge)]);
  const code = decision.decisive?.code ?? null;
  return {
    ...frameOf(job),
    verdict: decision.verdict,
    weakestRoot: decision.root,
    roots: rootsNeeded(findings, rooted.root),
    code,
    says: saysVerdict(decision, codesOf(technology), technology),
    warnings: [...warnings(job, rooted), ...observedWarnings(candidate)],
    reference: usedReference(reference, candidate),
    findings,
    // What refused evidence is bound to is nobody's word.
    statement: decision.verdict === "rejected" ? null : statementOf(examined.freshness),
    claims: proven,
  };
}

function statementOf(freshness: Freshness): Result["statement"] {
  return freshness.kind === "statement" ? freshness.statement : null;
}

/** Signatures and chain alone: everything that a policy or a question would ask stands there as not examined. */
function cryptoResult(job: Job, examined: Examined, agreed: readonly Finding[]): Result {
  const { proven, rooted } = examined;
  const undone = job.technology.undone(job.files);
  const aside = (finding: Finding): Finding => ({
    ...finding,
    kind: "unchecked",
    required: false,
    code: null,
  });
  const steps = verifiedFindings(job, examined, []);
  const known = steps.map((finding) => finding.id);
  const { section } = job.reference?.candidates[0] ?? plainCandidate(job);
  const asked = appraised(job, examined, section).filter((finding) => !known.includes(finding.id));
  // A step that was passed by must not look like a pass.
  const findings = [
    ...agreed,
    ...steps.map((finding) => undone.includes(finding.id) ? aside(finding) : finding),
    ...asked.map(aside),
  ];
  const chained = !job.technology.checks.some(({ id, link }) =>
    link === "root" && undone.includes(id)
  );
  const roots = rootsNeeded(findings, rooted.root);
  return {
    ...frameOf(job),
    outcome: "genuine",
    weakestRoot: weakestNeeded(roots),
    roots,
    code: null,
    says: saysOutcome(null, weakestNeeded(roots), codesOf(job.technology), chained),
    warnings: rooted.warnings,
    findings,
    // Nobody held against the evidence what ties it to either.
    binding: "caller-supplied",
    statement: null,
    claims: proven,
  };
}

/** A refusal by `verify`: the steps before it hold, the step itself does not, the rest was not reached. */
function rejectedResult(job: Job, error: RejectedError, agreed: readonly Finding[]): Result {
  const codes = codesOf(job.technology);
  const { undone } = job.technology;
  const failed = codes[error.code]?.check ?? null;
  const steps = refusedFindings(stepsOf(job), error, { failed, undone: undone(job.files) });
  const findings = [...agreed, ...steps];
  const decisive = findings.find((finding) => finding.kind === "mismatch") ?? null;
  const crypto = job.profile === "crypto-only";
  return {
    ...frameOf(job),
    verdict: crypto ? null : "rejected",
    outcome: crypto ? "not-genuine" : null,
    weakestRoot: "none",
    roots: [],
    code: error.code,
    says: crypto ? saysOutcome(error.code, "none", codes) : saysVerdict(
      { verdict: "rejected", decisive, root: "none", roots: [] },
      codes,
      job.technology,
    ),
    warnings: crypto ? [] : warnings(job, { warnings: [] }),
    findings,
    statement: null,
    claims: null,
  };
}

/** With signatures and chains alone, nothing of the policy matters. */
function exceptionsOf({ policy, technology, profile }: Job): Result["exceptions"] {
  return profile === "crypto-only" ? [] : exceptionsFor(policy, technology);
}

function warnings(job: Job, rooted: Pick<Rooted, "warnings">): Result["warnings"] {
  return warningsOf(exceptionsOf(job), rooted, job.labRoots.length > 0);
}

/** The nonce that was asked with. */
function nonceOf(question: Question): string | null {
  return "nonce" in question
    ? toHex(question.nonce)
    : question.kind === "nonce"
    ? toHex(question.bytes)
    : null;
}

function codesOf(technology: AnyTechnology): Codes {
  return { ...CORE_CODES, ...STATEMENT_CODES, ...REFERENCE_CODES, ...technology.codes };
}

function frameOf(
  job: Job,
): Pick<
  Result,
  | "v"
  | "variant"
  | "profile"
  | "verdict"
  | "outcome"
  | "acceptRoots"
  | "exceptions"
  | "digests"
  | "nonce"
  | "reference"
  | "collateral"
  | "binding"
  | "time"
> {
  return {
    v: 1,
    variant: job.technology.id,
    profile: job.profile,
    verdict: null,
    outcome: null,
    acceptRoots: job.policy.acceptRoots,
    exceptions: exceptionsOf(job),
    digests: job.digests,
    nonce: nonceOf(job.question),
    reference: null,
    collateral: job.collateral,
    binding: job.question.kind === "statement" ? "nonce" : "caller-supplied",
    time: job.now.toISOString(),
  };
}
