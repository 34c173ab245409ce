/**
 * Refusals over HTTP: problem details of RFC 9457.
 *
 * @module
 */

import {
  type CasemateError,
  type ErrorFields,
  InputError,
  UnavailableError,
} from "../core/errors.ts";
import { API_CODES, type ApiCode } from "./codes.ts";
import { meaningOf } from "./meanings.ts";

/** Body of a refusal, `application/problem+json`. */
export interface ProblemBody {
  /** Kind of the problem: a tag of its code, which `casemate codes` explains. */
  readonly type: string;
  /** What the code means. */
  readonly title: string;
  /** Status of the answer. */
  readonly status: number;
  /** What happened this time. */
  readonly detail: string;
  /** The code. */
  readonly code: string;
  /** What explains it, as `field`, `expected` and `actual`; absent where there is nothing more to say. */
  readonly fields?: ErrorFields;
}

/** A refusal. */
export interface Problem {
  /** What it says. */
  readonly body: ProblemBody;
  /** Headers that go with it. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Status of each code whose class does not say it. */
const STATUSES: Readonly<Record<string, number>> = {
  "collateral.not_found": 404,
  // Nobody else is asked, so it is not there.
  "collateral.offline": 404,
  "collateral.timeout": 504,
  "collateral.unreachable": 504,
  "collateral.throttled": 503,
  "collateral.busy": 503,
  "collateral.cache_failed": 503,
};

/** Status where what a vendor answered is of no use. */
const BAD_GATEWAY = 502;

/** After how many seconds a client may ask again, where nothing else is known. */
const RETRY_AFTER = 10;

/** The longest that it is told to stay away, seconds; collateral itself obeys no longer rest. */
const LONGEST = 3600;

/** Status of each code of this folder. */
const OWN: Readonly<Record<ApiCode, number>> = {
  "api.not_found": 404,
  "api.method": 405,
  "api.too_long": 414,
  "api.busy": 503,
  "api.accept": 406,
  "api.body_too_large": 413,
  "api.body_type": 415,
  "api.body_encoding": 415,
  "api.body_timeout": 408,
  "api.body_incomplete": 400,
  "api.json": 400,
  "api.request": 400,
  "api.nonce_unknown": 403,
  "api.nonce_expired": 403,
  "api.nonce_used": 409,
  "api.nonces_full": 503,
  "api.nonces_unavailable": 503,
  "api.unregistered": 403,
  "api.policy_unknown": 403,
  "api.believed": 403,
  "api.no_tokens": 406,
  "api.rate": 429,
  // As nginx counts them; nobody receives it.
  "api.gone": 499,
  "api.misconfigured": 500,
  "api.failed": 500,
};

/** Statuses of the service's own codes, for its description. */
export const API_STATUSES: Readonly<Record<ApiCode, number>> = OWN;

/**
 * A refusal of the request itself.
 *
 * @param code Why.
 */
export function refusal(code: ApiCode): Problem {
  const { says } = API_CODES[code];
  const status = OWN[code];
  return { body: bodyOf(code, status, says), headers: headersOf(code, status, "GET, HEAD") };
}

/**
 * A refusal for what was not to be had.
 *
 * @param error Why.
 * @param now The current time.
 */
export function problemOf(error: CasemateError, now: Date): Problem {
  const status = STATUSES[error.code] ?? BAD_GATEWAY;
  const again = error instanceof UnavailableError && error.retryable && status !== 404;
  return {
    body: bodyOf(error.code, status, error.message),
    headers: again ? { "retry-after": String(secondsUntil(error, now)) } : {},
  };
}

/**
 * A refusal by the service of verification.
 *
 * @param error Why; `allow` of its fields goes into the header of that name, and no further.
 * @param now The current time.
 */
export function serviceProblem(error: CasemateError, now: Date): Problem {
  const { code, message, fields: { allow, ...fields } } = error;
  const own = Object.entries(OWN).find(([name]) => name === code)?.[1];
  const status = own ?? statusOf(error);
  const again = error instanceof UnavailableError && error.retryable;
  const until = again ? { "retry-after": String(secondsUntil(error, now)) } : {};
  return {
    body: { ...bodyOf(code, status, message), ...(isEmpty(fields) ? {} : { fields }) },
    // What the error itself says goes before what its code usually means.
    headers: fields["until"] === undefined
      ? { ...until, ...headersOf(code, status, allow ?? "") }
      : { ...headersOf(code, status, allow ?? ""), ...until },
  };
}

function statusOf(error: CasemateError): number {
  if (error.code === "input.too_large") return 413;
  if (error instanceof InputError) return 400;
  // What was examined and refused has a result; this was refused before.
  return error instanceof UnavailableError ? 503 : 422;
}

function isEmpty(fields: ErrorFields): boolean {
  return Object.keys(fields).length === 0;
}

/** Headers that a refusal of a code always has (RFC 9110 §15.5.6, §15.5.16; RFC 6585 §4). */
function headersOf(code: string, status: number, allow: string): Readonly<Record<string, string>> {
  if (status === 405) return { allow };
  if (code === "api.body_encoding") return { "accept-encoding": "identity" };
  return code === "api.busy" || code === "api.rate" ? { "retry-after": "1" } : {};
}

function bodyOf(code: string, status: number, detail: string): ProblemBody {
  const title = meaningOf(code) ?? "The request cannot be answered";
  return { type: `tag:casemate.dev,2026:code:${code}`, title, status, detail, code };
}

/** Where a service asks for rest, the error says until when. */
function secondsUntil({ fields }: CasemateError, now: Date): number {
  const seconds = Math.ceil((Date.parse(fields["until"] ?? "") - now.getTime()) / 1000);
  return Number.isNaN(seconds) ? RETRY_AFTER : Math.min(LONGEST, Math.max(1, seconds));
}
