/**
 * The assembly: verify, appraise, decide.
 *
 * @module
 */

import { CORE_CODES } from "../core/codes.ts";
import type { Engine } from "../core/crypto.ts";
import { InputError, RejectedError } from "../core/errors.ts";
import type { AnyTechnology, Check, Freshness, Rooted, Technology } from "../evidence/evidence.ts";
import type { Finding, Root } from "../evidence/finding.ts";
import { technologies, type TechnologyId } from "../evidence/registry.ts";
import { type Policy, readPolicy } from "../policy/policy.ts";
import type { Profile, Result } from "./result.ts";
import { saysOutcome, saysVerdict } from "./says.ts";
import { type Codes, decide } from "./verdict.ts";

/** What ties the evidence to a question, as a caller states it. */
export type Expectation =
  /** The report data, whole. */
  | { readonly reportData: Uint8Array }
  /** A nonce, which the attester zero-padded to the length of the report data. */
  | { readonly nonce: Uint8Array }
  /** Nothing; the verdict is then at most `platform-only`. */
  | { readonly freshness: "none" };

/** Files that a technology takes. */
type FilesOf<T> = T extends Technology<string, infer Files, infer _Proven, infer _Policy> ? Files
  : never;

/** What is to be verified, for one technology. */
export interface RequestFor<T extends { readonly id: string }> {
  /** Technology of the evidence. */
  readonly variant: T["id"];
  /** The evidence and its endorsements. */
  readonly evidence: FilesOf<T>;
  /** What the evidence must answer; may be left out with the profile `crypto-only` alone. */
  readonly expect?: Expectation;
  /** A policy as plain data, in the form of a policy file; absent means the strict defaults. */
  readonly policy?: unknown;
  /** Moment at which everything must be valid. */
  readonly now: Date;
  /** How much is examined; default `full`. */
  readonly profile?: Profile;
  /** Lab roots, PEM or DER; with them, lab evidence can end in `lab-trusted`. */
  readonly labRoots?: readonly Uint8Array[];
}

/** What is to be verified. */
export type Request = {
  [I in TechnologyId]: RequestFor<Extract<(typeof technologies)[number], { readonly id: I }>>;
}[TechnologyId];

/** What `examine` has in hand after the input was read. */
interface Job {
  readonly technology: AnyTechnology;
  readonly files: object;
  readonly freshness: Freshness;
  readonly policy: Policy;
  readonly now: Date;
  readonly labRoots: readonly Uint8Array[];
  readonly profile: Profile;
}

/**
 * Examines evidence and says what came of it, whatever it is.
 *
 * Establishes what the result's findings say, and no more: a finding that is
 * `unchecked` was not checked. Show the result; to decide by it, use `verify`,
 * which cannot be ignored by mistake.
 *
 * @param engine Verification engine.
 * @param request Evidence, expectation, policy and time.
 * @throws {InputError} when the request itself is wrong: a missing file, an empty expectation, a policy with an unknown key.
 */
export async function examine(engine: Engine, request: Request): Promise<Result> {
  const job = readRequest(request);
  try {
    const context = { now: job.now, labRoots: job.labRoots };
    const proven = await job.technology.verify(engine, job.files, context);
    const rooted = job.technology.root(proven, {
      now: job.now,
      acceptCompromised: acceptedLines(job.policy),
    });
    if (job.profile === "crypto-only") return cryptoResult(job, proven, rooted);
    return fullResult(job, proven, rooted);
  } catch (error) {
    if (error instanceof RejectedError) return rejectedResult(job, error);
    throw error;
  }
}

function readRequest(request: Request): Job {
  const technology = technologyOf(request.variant);
  if (!(request.now instanceof Date) || Number.isNaN(request.now.getTime())) {
    throw new RangeError("Cannot verify: `now` is not a valid Date");
  }
  const profile = request.profile ?? "full";
  return {
    technology,
    files: technology.readFiles(Object.fromEntries(Object.entries(request.evidence))),
    freshness: readExpectation(request.expect, technology.reportDataBytes, profile),
    policy: readPolicy(request.policy, technologies, "given"),
    now: request.now,
    labRoots: request.labRoots ?? [],
    profile,
  };
}

function technologyOf(id: string): AnyTechnology {
  const technology = technologies.find((candidate) => candidate.id === id);
  if (technology !== undefined) return technology;
  const known = technologies.map((candidate) => candidate.id).join(", ");
  throw new InputError(`Cannot verify ${id}: known are ${known}`, {
    code: "input.unknown",
    fields: { variant: id },
  });
}

/** An expectation that is absent, empty or of the wrong length is an error, never a wish to skip the check. */
function readExpectation(
  expect: Expectation | undefined,
  length: number,
  profile: Profile,
): Freshness {
  if (expect === undefined) {
    if (profile === "crypto-only") return { kind: "none" };
    throw new InputError(
      'Cannot verify: give `expect` as reportData, nonce or {freshness: "none"}',
      { code: "input.missing" },
    );
  }
  if ("freshness" in expect) return { kind: "none" };
  const [kind, bytes] = "nonce" in expect
    ? ["nonce", expect.nonce] as const
    : ["report-data", expect.reportData] as const;
  const wanted = kind === "nonce" ? `1 to ${length} bytes` : `${length} bytes`;
  const fits = bytes instanceof Uint8Array && bytes.length <= length &&
    bytes.length >= (kind === "nonce" ? 1 : length);
  if (fits) return { kind, bytes };
  const fields = {
    expected: wanted,
    actual: bytes instanceof Uint8Array ? `${bytes.length} bytes` : "no bytes",
  };
  throw new InputError(`Cannot verify: ${kind} must have ${wanted}, got ${fields.actual}`, {
    code: "input.value",
    fields,
  });
}

function acceptedLines(policy: Policy): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(policy.acceptCompromised).flatMap(([line, until]) =>
      until === undefined ? [] : [[line, until]]
    ),
  );
}

/** Findings of the steps of `verify` that appraisal does not report on its own. */
function verifiedFindings(job: Job, root: Root, appraised: readonly Finding[]): readonly Finding[] {
  const known = new Set(appraised.map((finding) => finding.id));
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

function fullResult(job: Job, proven: Proven, rooted: Rooted): Result {
  const { technology, policy, now, freshness } = job;
  const section = policy.sections[technology.id];
  const appraised = technology.appraise(proven, section, {
    now,
    freshness,
    acceptCompromised: acceptedLines(policy),
  });
  const findings = [
    ...verifiedFindings(job, rooted.root, appraised),
    ...appraised,
    rootFinding(job, rooted.root),
  ];
  const decision = decide(findings, codesOf(technology));
  const code = decision.decisive?.code ?? null;
  return {
    ...frameOf(job),
    verdict: decision.verdict,
    weakestRoot: decision.root,
    code,
    says: saysVerdict(decision, codesOf(technology)),
    warnings: rooted.warnings,
    findings,
    claims: proven,
  };
}

function cryptoResult(job: Job, proven: Proven, rooted: Rooted): Result {
  const undone = job.technology.undone(proven);
  // A step that was passed by must not look like a pass.
  const findings = verifiedFindings(job, rooted.root, []).map((finding): Finding =>
    undone.includes(finding.id) ? { ...finding, kind: "unchecked", required: false } : finding
  );
  return {
    ...frameOf(job),
    outcome: "genuine",
    weakestRoot: rooted.root,
    code: null,
    says: saysOutcome(null, rooted.root, codesOf(job.technology)),
    warnings: rooted.warnings,
    findings,
    claims: proven,
  };
}

/** A refusal by `verify`: the steps before it hold, the step itself does not, the rest was not reached. */
function rejectedResult(job: Job, error: RejectedError): Result {
  const codes = codesOf(job.technology);
  const findings = refusedFindings(job.technology.checks, error, codes[error.code]?.check ?? null);
  const decisive = findings.find((finding) => finding.kind === "mismatch") ?? null;
  const crypto = job.profile === "crypto-only";
  return {
    ...frameOf(job),
    verdict: crypto ? null : "rejected",
    outcome: crypto ? "not-genuine" : null,
    weakestRoot: "none",
    code: error.code,
    says: crypto
      ? saysOutcome(error.code, "none", codes)
      : saysVerdict({ verdict: "rejected", decisive, root: "none" }, codes),
    warnings: [],
    findings,
    claims: null,
  };
}

/** A file that could not be read as what it should be is refused before the first step. */
const ENCODING: Check = {
  id: "evidence.encoding",
  title: "Files well formed",
  source: "X.690, RFC 7468",
};

function refusedFindings(
  checks: readonly Check[],
  error: RejectedError,
  failed: string | null,
): readonly Finding[] {
  const steps = checks.some((check) => check.id === failed) ? checks : [ENCODING, ...checks];
  const at = Math.max(0, steps.findIndex((check) => check.id === failed));
  return steps.map((check, i): Finding => {
    const open = {
      ...check,
      required: true,
      expected: null,
      actual: null,
      root: "none",
      code: null,
    } as const;
    if (i !== at) return { ...open, kind: i < at ? "match" : "unchecked" };
    return {
      ...open,
      kind: "mismatch",
      expected: error.fields["expected"] ?? null,
      actual: actualOf(error),
      code: error.code,
    };
  });
}

function actualOf(error: RejectedError): string {
  const others = Object.entries(error.fields).filter(([name]) => name !== "expected");
  const parts = others.map(([name, value]) => name === "actual" ? value : `${name} ${value}`);
  return parts.length === 0 ? error.message : parts.join(", ");
}

function rootFinding(job: Job, root: Root): Finding {
  const { acceptRoots } = job.policy;
  const accepted = acceptRoots.includes(root) || (root === "lab" && job.labRoots.length > 0);
  return {
    id: "trust.root",
    title: "Root of trust",
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
