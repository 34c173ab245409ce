/**
 * What a relying party makes of a token that answers its question.
 *
 * @module
 */

import { RejectedError, UnavailableError } from "../core/errors.ts";
import type { Root } from "../evidence/finding.ts";
import type { Appraisal, TokenClaims } from "./claims.ts";
import type { ResultsCode } from "./codes.ts";
import type { TokenVerdict } from "./private_claims.ts";
import { LAB_TAG } from "./profile.ts";
import { type CheckedToken, checkToken, rootsAccepted, type TokenExpectation } from "./read.ts";
import type { Verdict } from "./result.ts";
import { isBetter, type Status, tierOf, worstStatus } from "./tier.ts";

/** What a token came to. */
export interface TokenResult {
  /** Version of this form. */
  readonly v: 1;
  /** The relying party's own verdict. */
  readonly verdict: Verdict;
  /** Code that decided a verdict other than `trusted` and `lab-trusted`, else null. */
  readonly code: ResultsCode | null;
  /** Worst status of all appraisals. */
  readonly status: Status;
  /** Whose word all of it is: `verifier:` and SHA-256 of the SubjectPublicKeyInfo of the key that signed, hex. */
  readonly by: string;
  /** Weakest root that the verifier names; null where it names none. */
  readonly weakestRoot: Root | null;
  /** Roots that are accepted here. */
  readonly acceptRoots: readonly Root[];
  /** Whether the token answers a nonce that was asked with. */
  readonly fresh: boolean;
  /** Claims. */
  readonly claims: TokenClaims;
}

/**
 * Examines a token and says what came of it.
 *
 * @param token JWT in compact form.
 * @param expected What is expected of it.
 * @throws {RejectedError} `results.*` where it is no answer to this question: signature, profile, times, audience, issuer, nonce or policy.
 * @throws {TypeError | RangeError} where an expectation is missing or empty.
 */
export async function examineToken(
  token: string,
  expected: TokenExpectation,
): Promise<TokenResult> {
  return judgeToken(await checkToken(token, expected), expected);
}

/** A token that is not to be relied on, with all that came of it. */
export class TokenNotTrustedError extends RejectedError {
  /** What came of it. */
  readonly result: TokenResult;

  /**
   * Says what came of a token that is not to be relied on.
   *
   * @param code What decided.
   * @param result What came of it.
   */
  constructor(code: ResultsCode, result: TokenResult) {
    super(`Cannot rely on the token: ${result.verdict} (${code})`, { code });
    this.result = result;
  }
}

/**
 * Verifies a token: resolves only when it is to be relied on.
 *
 * @param token JWT in compact form.
 * @param expected What is expected of it.
 * @throws {TokenNotTrustedError} where it answers this question, but not with trust; `results.*`
 * @throws {UnavailableError} `results.not_appraised`
 * @throws {RejectedError} `results.*` where it is no answer to this question.
 */
export async function verifyToken(
  token: string,
  expected: TokenExpectation,
): Promise<TokenResult> {
  const result = await examineToken(token, expected);
  if (result.verdict === "trusted") return result;
  if (result.verdict === "lab-trusted" && expected.allowLab === true) return result;
  const code = result.code ?? "results.contraindicated";
  if (result.verdict !== "unavailable") throw new TokenNotTrustedError(code, result);
  throw new UnavailableError("Cannot rely on the token: the verifier did not appraise all of it", {
    code,
    retryable: true,
  });
}

function judgeToken({ claims, by }: CheckedToken, expected: TokenExpectation): TokenResult {
  refuseInconsistent(claims);
  const [verdict, code] = decide(claims, expected);
  return {
    v: 1,
    verdict,
    code,
    status: statusOf(claims),
    by: `verifier:${by.id}`,
    weakestRoot: claims.own?.weakestRoot ?? null,
    acceptRoots: rootsAccepted(expected),
    fresh: expected.nonce !== null,
    claims,
  };
}

function statusOf({ appraisals, status }: TokenClaims): Status {
  const own = appraisals.map((appraisal) => appraisal.status);
  return worstStatus(status === null ? own : [status, ...own]);
}

function decide(
  claims: TokenClaims,
  expected: TokenExpectation,
): readonly [Verdict, ResultsCode | null] {
  const status = statusOf(claims);
  const { own } = claims;
  if (isLab(claims) && expected.allowLab !== true) return ["rejected", "results.lab"];
  const enough = own?.verdict !== "platform-only";
  if (status === "contraindicated" && enough) return ["rejected", "results.contraindicated"];
  // What was not appraised is not affirmed, whatever the other parts are.
  if (claims.appraisals.some((one) => one.status === "none") || claims.status === "none") {
    return ["unavailable", "results.not_appraised"];
  }
  if (status !== "affirming") return ["platform-only", "results.not_enough"];
  if (isLab(claims)) return ["lab-trusted", null];
  const roots: readonly Root[] = own === null ? ["none"] : [own.weakestRoot, ...own.roots];
  const accepted = roots.every((root) => rootsAccepted(expected).includes(root));
  return accepted ? ["trusted", null] : ["platform-only", "results.root_not_accepted"];
}

function isLab({ profile, own }: TokenClaims): boolean {
  return profile === LAB_TAG || own?.verdict === "lab-trusted" || own?.weakestRoot === "lab" ||
    own?.roots.includes("lab") === true;
}

/** Statuses that go with a verdict (design §3). */
const STATUSES: Readonly<Record<TokenVerdict, readonly Status[]>> = {
  "trusted": ["affirming"],
  // Contraindicated where the profile has no word for labs.
  "lab-trusted": ["affirming", "contraindicated"],
  "platform-only": ["warning", "contraindicated"],
  "rejected": ["contraindicated"],
};

/** A status that is better than what stands below it is nobody's honest word. */
function refuseInconsistent(claims: TokenClaims): void {
  for (const appraisal of claims.appraisals) refuseBetter(appraisal);
  const { own, profile, status } = claims;
  const parts = worstStatus(claims.appraisals.map((one) => one.status));
  if (status !== null && isBetter(status, parts)) {
    throw inconsistent(`the whole is ${status}, a part of it ${parts}`);
  }
  if (own === null) return;
  if (!STATUSES[own.verdict].includes(parts)) {
    throw inconsistent(`the verdict is ${own.verdict}, the status ${parts}`);
  }
  const lab = own.roots.includes("lab") || own.weakestRoot === "lab";
  if (lab && profile !== LAB_TAG && parts !== "contraindicated") {
    throw inconsistent("it is about lab evidence, and its profile is not");
  }
  if (own.verdict === "lab-trusted" && !lab || own.verdict === "trusted" && lab) {
    throw inconsistent(`the verdict is ${own.verdict}, the weakest root ${own.weakestRoot}`);
  }
}

function refuseBetter({ name, status, vector }: Appraisal): void {
  const claimed = worstStatus(Object.values(vector).map(tierOf));
  if (isBetter(status, claimed)) {
    throw inconsistent(`${name} is ${status}, one of its claims ${claimed}`);
  }
}

function inconsistent(actual: string): RejectedError {
  return new RejectedError(`Cannot accept the token: ${actual}`, {
    code: "results.inconsistent",
    fields: { actual },
  });
}
