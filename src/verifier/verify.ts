/**
 * Verification that cannot be ignored: it resolves when the evidence is trusted and throws otherwise.
 *
 * @module
 */

import type { Engine } from "../core/crypto.ts";
import { RejectedError, UnavailableError } from "../core/errors.ts";
import { examineJob } from "./examine.ts";
import { readRequest, type Request } from "./request.ts";
import type { Result } from "../results/result.ts";

/** The evidence was examined and refused, or is not enough; carries the whole result. */
export class NotTrustedError extends RejectedError {
  /** What the examination said. */
  readonly result: Result;

  /**
   * Carries a result that is not to be trusted.
   *
   * @param result Its verdict is `rejected`, `platform-only` or an unwanted `lab-trusted`.
   */
  constructor(result: Result) {
    super(result.says, {
      code: result.code ?? "trust.root_not_accepted",
      fields: { verdict: verdictOf(result) },
    });
    this.result = result;
  }
}

/** Trust could not be examined; carries the whole result. */
export class NotExaminedError extends UnavailableError {
  /** What the examination said. */
  readonly result: Result;

  /**
   * Carries a result that could not be reached.
   *
   * @param result Its verdict is `unavailable`.
   */
  constructor(result: Result) {
    super(result.says, {
      // `unavailable` is always decided by a code's class; without one the mistake is ours.
      code: result.code ?? "engine.failed",
      fields: { verdict: verdictOf(result) },
      retryable: true,
    });
    this.result = result;
  }
}

function verdictOf(result: Result): string {
  return result.verdict ?? result.outcome ?? "none";
}

/**
 * Verifies evidence and resolves only when it is to be trusted.
 *
 * Resolves with the verdict `trusted`; with `lab-trusted` where the policy says
 * `allowLab: true`; with the outcome `genuine` where only that was asked for by
 * `profile: "crypto-only"`. Everything else throws.
 *
 * @param wasm The WASM module, as this host starts it; the request may ask for another engine, or for both.
 * @param request Evidence, expectation, policy and time.
 * @throws {NotTrustedError} verdicts `rejected` and `platform-only`, with the deciding code.
 * @throws {NotExaminedError} verdict `unavailable`, as without revocation list.
 * @throws {InputError} when the request itself is wrong.
 */
export async function verify(wasm: Engine, request: Request): Promise<Result> {
  // Read once and before anything is waited for: what its owner changes later counts for nothing.
  const job = readRequest(request);
  const result = await examineJob(wasm, job);
  switch (result.verdict) {
    case "trusted":
      return result;
    case "lab-trusted":
      if (job.policy.allowLab) return result;
      throw new NotTrustedError(result);
    case "unavailable":
      throw new NotExaminedError(result);
    case null:
      if (result.outcome === "genuine") return result;
      throw new NotTrustedError(result);
    case "platform-only":
    case "rejected":
      throw new NotTrustedError(result);
    default:
      return result.verdict satisfies never;
  }
}
