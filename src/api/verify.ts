/**
 * `POST /v1/verify`: what a verification comes to, as JSON or as a token.
 *
 * A nonce of the service is spent by the request that could be read whole, just
 * before the evidence is looked at: whatever comes of it, nobody can try the
 * same nonce with other evidence. What cannot be read spends none, and learns
 * nothing about whether it was spent.
 *
 * @module
 */

import { type CasemateError, InputError, UnavailableError } from "../core/errors.ts";
import { signResult, type TokenOptions } from "../results/ear.ts";
import type { Result } from "../results/result.ts";
import { examineJob } from "../verifier/examine.ts";
import { preferredType } from "./accept.ts";
import { jsonAnswer, type Outcome } from "./answer.ts";
import type { ApiCode } from "./codes.ts";
import type { TokenKeys } from "./parts.ts";
import type { GivenToken, VerifyForm } from "./verify_form.ts";
import { bodyType, readVerifyForm } from "./verify_read.ts";
import { type RequestParts, type Wanted, wantedOf } from "./verify_request.ts";
import type { Bodies } from "./body.ts";
import type { Queue } from "./queue.ts";

/** What can be given: JSON where a client has no preference. */
export const ANSWER_TYPES = ["application/json", "application/eat+jwt", "application/jwt"] as const;

/** A nonce in a token, bytes (RFC 9711 §4.1). */
const TOKEN_NONCE = { min: 8, max: 64 };

/** What verifying takes beside the request. */
export interface VerifyParts extends RequestParts {
  /** Reads bodies. */
  readonly bodies: Bodies;
  /** How much is verified at once. */
  readonly queue: Queue;
}

/**
 * Answers one request.
 *
 * @param request The request.
 * @param url Its address.
 * @param made What it is answered with.
 * @throws {CasemateError} why it cannot be answered.
 */
export async function verifyFor(request: Request, url: URL, made: VerifyParts): Promise<Outcome> {
  const wanted = preferredType(request.headers.get("accept"), ANSWER_TYPES);
  const sent = { type: bodyType(request.headers.get("content-type")), query: url.searchParams };
  const outcome = await made.bodies.with(request, (body) => {
    const form = readVerifyForm(body, sent);
    const answer = (): Promise<Outcome> =>
      wanted === "application/json" ? asJson(form, made) : asToken(form, made, wanted);
    return made.queue.run(answer, request.signal);
  });
  outcome.response.headers.set("vary", "Accept");
  return outcome;
}

async function asJson(form: VerifyForm, made: VerifyParts): Promise<Outcome> {
  if (form.token !== undefined) {
    throw refuse("input.conflict", "a token was described, and JSON is accepted", "token");
  }
  const wanted = await wantedOf(form, made);
  const result = await examined(wanted, made);
  const { freshness } = wanted;
  return { ...outcomeOf(result, wanted), response: jsonAnswer({ ...result, freshness }) };
}

async function asToken(form: VerifyForm, made: VerifyParts, type: string): Promise<Outcome> {
  const keys = keysFor(form, made);
  const options = optionsFor(form.token, keys, made);
  const wanted = await wantedOf(form, made);
  refuseNonce(wanted);
  const result = await examined(wanted, made);
  if (result.verdict === "unavailable") throw new NotExamined(result, wanted);
  const { freshness, job: { policy } } = wanted;
  const { platformOnly } = policy.tokens;
  const token = await signResult(result, keys.signer, { ...options, platformOnly, freshness });
  const response = new Response(token, { headers: { "content-type": type } });
  return { ...outcomeOf(result, wanted), response, token: true };
}

/** There is no token; what is told of the verification is. */
export class NotExamined extends UnavailableError {
  /** What is told. */
  readonly outcome: Omit<Outcome, "response">;

  /**
   * @param result The result.
   * @param wanted What was verified.
   */
  constructor(result: Result, wanted: Wanted) {
    const code = result.code ?? "results.no_token";
    super(result.says, { code, retryable: true, fields: { verdict: "unavailable" } });
    this.outcome = outcomeOf(result, wanted);
  }
}

async function examined(
  { job, known }: Wanted,
  { parts, challenges }: VerifyParts,
): Promise<Result> {
  if (known !== null) await challenges.spend(known);
  return await examineJob(parts.engine, job);
}

function outcomeOf(result: Result, { policy }: Wanted): Omit<Outcome, "response"> {
  const { verdict, outcome, code, variant } = result;
  return { verdict: verdict ?? outcome, code, variant, policy };
}

/** What is wrong with the wish for a token is told before a nonce is spent for it. */
function keysFor({ policy, profile }: VerifyForm, { parts: { keys } }: VerifyParts): TokenKeys {
  if (keys === null) throw refuse("api.no_tokens", "this service signs none");
  if (policy?.digest === undefined) {
    throw refuse("api.unregistered", "the policy is not registered here", "policy.digest");
  }
  if (profile === "full") return keys;
  throw refuse("results.not_full", "only signatures would be examined", "profile");
}

function optionsFor(
  token: GivenToken | undefined,
  { issuer, profile: usual }: TokenKeys,
  { parts: { version } }: VerifyParts,
): TokenOptions {
  const profile = token?.profile ?? usual ?? "casemate";
  const audience = token?.audience;
  if (profile === "casemate" && audience === undefined) {
    throw refuse("input.missing", "it would be for nobody", "token.audience");
  }
  return {
    build: `casemate ${version}`,
    issuer,
    profile,
    ...(audience === undefined ? {} : { audience }),
  };
}

function refuseNonce({ job: { question } }: Wanted): void {
  const nonce = "nonce" in question ? question.nonce : "bytes" in question ? question.bytes : null;
  if (nonce === null || question.kind === "report-data") return;
  if (nonce.length >= TOKEN_NONCE.min && nonce.length <= TOKEN_NONCE.max) return;
  throw refuse("results.nonce_length", `the nonce has ${nonce.length} bytes`, "nonce");
}

function refuse(
  code: ApiCode | "input.conflict" | "input.missing" | "results.not_full" | "results.nonce_length",
  reason: string,
  field?: string,
): CasemateError {
  const fields = field === undefined ? {} : { field };
  return new InputError(`Cannot give a token: ${reason}`, { code, fields });
}
