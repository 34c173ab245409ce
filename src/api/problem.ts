/**
 * Refusals over HTTP: problem details of RFC 9457.
 *
 * @module
 */

import { COLLATERAL_CODES } from "../collateral/codes.ts";
import type { CodeEntry } from "../core/code_entry.ts";
import { type CasemateError, UnavailableError } from "../core/errors.ts";
import { API_CODES, type ApiCode } from "./codes.ts";

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

const TABLE: ReadonlyMap<string, CodeEntry> = new Map(
  Object.entries({ ...API_CODES, ...COLLATERAL_CODES }),
);

const OWN: Readonly<Record<ApiCode, { readonly status: number }>> = {
  "api.not_found": { status: 404 },
  "api.method": { status: 405 },
  "api.too_long": { status: 414 },
  "api.busy": { status: 503 },
};

/**
 * A refusal of the request itself.
 *
 * @param code Why.
 */
export function refusal(code: ApiCode): Problem {
  const { says } = API_CODES[code];
  const { status } = OWN[code];
  const headers = status === 405
    ? { "allow": "GET, HEAD" }
    : status === 503
    ? { "retry-after": "1" }
    : undefined;
  return { body: bodyOf(code, status, says), headers: headers ?? {} };
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

function bodyOf(code: string, status: number, detail: string): ProblemBody {
  const title = TABLE.get(code)?.says ?? "The request cannot be answered";
  return { type: `tag:casemate.dev,2026:code:${code}`, title, status, detail, code };
}

/** Where a service asks for rest, the error says until when. */
function secondsUntil({ fields }: CasemateError, now: Date): number {
  const seconds = Math.ceil((Date.parse(fields["until"] ?? "") - now.getTime()) / 1000);
  return Number.isNaN(seconds) ? RETRY_AFTER : Math.min(LONGEST, Math.max(1, seconds));
}
