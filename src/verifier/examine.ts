/**
 * The assembly: verify, appraise, decide.
 *
 * @module
 */

import { CORE_CODES } from "../core/codes.ts";
import type { Engine } from "../core/crypto.ts";
import { RejectedError } from "../core/errors.ts";
import type { AnyTechnology, Rooted } from "../evidence/evidence.ts";
import type { Finding, Root } from "../evidence/finding.ts";
import type { Policy } from "../policy/policy.ts";
import { chooseEngine, type ChosenEngine } from "./engines.ts";
import { refusedFindings } from "./refused.ts";
import { type Job, readRequest, type Request } from "./request.ts";
import type { Result } from "./result.ts";
import { saysOutcome, saysVerdict } from "./says.ts";
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
  const job = readRequest(request);
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
  if (job.profile === "crypto-only") return cryptoResult(job, proven, rooted, agreed);
  return fullResult(job, proven, rooted, agreed);
}

function acceptedLines(policy: Policy): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(policy.acceptCompromised).flatMap(([line, until]) =>
      until === undefined ? [] : [[line, until]]
    ),
  );
}

/** Findings of the steps of `verify` that appraisal does not report on its own. */
function verifiedFindings(job: Job, root: Root, judged: readonly Finding[]): readonly Finding[] {
  const known = new Set(judged.map((finding) => finding.id));
  return job.technology.checks.filter((check) => !known.has(check.id)).map((check): Finding => ({
    ...check,
    kind: "match",
    required: true,
    expected: null,
    actual: null,
    root,
    code: null,
  }));
}

type Proven = Parameters<AnyTechnology["appraise"]>[0];

function appraised(job: Job, proven: Proven): readonly Finding[] {
  const { technology, policy, now, freshness } = job;
  const section = policy.sections[technology.id];
  const acceptCompromised = acceptedLines(policy);
  return technology.appraise(proven, section, { now, freshness, acceptCompromised });
}

function fullResult(
  job: Job,
  proven: Proven,
  rooted: Rooted,
  agreed: readonly Finding[],
): Result {
  const { technology } = job;
  const judged = appraised(job, proven);
  const findings = [
    ...agreed,
    ...verifiedFindings(job, rooted.root, judged),
    ...judged,
    rootFinding(job, rooted.root),
  ];
  const decision = decide(findings, codesOf(technology));
  const code = decision.decisive?.code ?? null;
  return {
    ...frameOf(job),
    verdict: decision.verdict,
    weakestRoot: decision.root,
    code,
    says: saysVerdict(decision, codesOf(technology), technology.trustedMeans),
    warnings: rooted.warnings,
    findings,
    claims: proven,
  };
}

/** Signatures and chain alone: everything that a policy or a question would ask stands there as not examined. */
function cryptoResult(
  job: Job,
  proven: Proven,
  rooted: Rooted,
  agreed: readonly Finding[],
): Result {
  const undone = job.technology.undone(job.files);
  const aside = (finding: Finding): Finding => ({
    ...finding,
    kind: "unchecked",
    required: false,
    code: null,
  });
  const steps = verifiedFindings(job, rooted.root, []);
  const known = steps.map((finding) => finding.id);
  const asked = appraised(job, proven).filter((finding) => !known.includes(finding.id));
  // A step that was passed by must not look like a pass.
  const findings = [
    ...agreed,
    ...steps.map((finding) => undone.includes(finding.id) ? aside(finding) : finding),
    ...asked.map(aside),
  ];
  const chained = !job.technology.checks.some(({ id, link }) =>
    link === "root" && undone.includes(id)
  );
  return {
    ...frameOf(job),
    outcome: "genuine",
    weakestRoot: rooted.root,
    code: null,
    says: saysOutcome(null, rooted.root, codesOf(job.technology), chained),
    warnings: rooted.warnings,
    findings,
    claims: proven,
  };
}

/** A refusal by `verify`: the steps before it hold, the step itself does not, the rest was not reached. */
function rejectedResult(job: Job, error: RejectedError, agreed: readonly Finding[]): Result {
  const codes = codesOf(job.technology);
  const { checks, undone } = job.technology;
  const failed = codes[error.code]?.check ?? null;
  const steps = refusedFindings(checks, error, { failed, undone: undone(job.files) });
  const findings = [...agreed, ...steps];
  const decisive = findings.find((finding) => finding.kind === "mismatch") ?? null;
  const crypto = job.profile === "crypto-only";
  return {
    ...frameOf(job),
    verdict: crypto ? null : "rejected",
    outcome: crypto ? "not-genuine" : null,
    weakestRoot: "none",
    code: error.code,
    says: crypto ? saysOutcome(error.code, "none", codes) : saysVerdict(
      { verdict: "rejected", decisive, root: "none" },
      codes,
      job.technology.trustedMeans,
    ),
    warnings: [],
    findings,
    claims: null,
  };
}

function rootFinding(job: Job, root: Root): Finding {
  const { acceptRoots } = job.policy;
  const accepted = acceptRoots.includes(root) || (root === "lab" && job.labRoots.length > 0);
  return {
    id: "trust.root",
    title: "Root of trust",
    link: "root",
    kind: accepted ? "match" : "mismatch",
    required: true,
    expected: acceptRoots.join(" or "),
    actual: root,
    root,
    source: "policy",
    code: accepted ? null : "trust.root_not_accepted",
  };
}

function codesOf(technology: AnyTechnology): Codes {
  return { ...CORE_CODES, ...technology.codes };
}

function frameOf(
  job: Job,
): Pick<
  Result,
  "v" | "variant" | "profile" | "verdict" | "outcome" | "acceptRoots" | "binding" | "time"
> {
  return {
    v: 1,
    variant: job.technology.id,
    profile: job.profile,
    verdict: null,
    outcome: null,
    acceptRoots: job.policy.acceptRoots,
    binding: "caller-supplied",
    time: job.now.toISOString(),
  };
}
