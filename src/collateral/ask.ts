/**
 * Asks a service for one thing, in a bounded number of attempts and of time.
 *
 * @module
 */

import { UnavailableError } from "../core/errors.ts";
import type { Clock, Http, HttpResponse, Random, Timer } from "../core/ports.ts";
import type { CollateralAnswer, CollateralItem } from "../evidence/collateral.ts";
import { type Bases, urlOf } from "./bases.ts";
import { failureOf, isFailure } from "./failures.ts";
import { withHeaders } from "./keep.ts";
import { readRetryAfter } from "./retry_after.ts";
import { SERVICES } from "./services.ts";
import { DEFAULT_REST, type Throttle } from "./throttle.ts";

/** Most requests for one thing. */
const MAX_ATTEMPTS = 4;

/** Longest wait before the second attempt, ms; before each further one twice as long. */
const FIRST_WAIT = 500;

/** Failures of one attempt after which another may succeed. */
const PASSING = [
  "collateral.unreachable",
  "collateral.timeout",
  "collateral.cut_short",
  "collateral.server_error",
] as const;

/** What asking is made of. */
export interface AskParts {
  readonly http: Http;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly random: Random;
  readonly throttle: Throttle;
  readonly bases: Bases;
  /** Longest time for one request, ms. */
  readonly timeout: number;
}

/** What a service answered, and how old that is. */
export interface Asked {
  /** The answer. */
  readonly answer: CollateralAnswer;
  /** How long ago its origin gave it, ms: a cache on the way says so in `Age` (RFC 9111 §5.1), and makes nothing younger. */
  readonly age: number;
}

/** How hard it is tried. */
export interface Effort {
  /** Moment at which it must be over. */
  readonly until: Date;
  /** Whether one attempt is enough, since there is something to go on with. */
  readonly once: boolean;
}

/**
 * Asks for one thing.
 *
 * @param item What.
 * @param effort How hard.
 * @param parts Network, clock, throttle.
 * @returns What the service answered with status 200; nothing of it is authenticated.
 * @throws {UnavailableError} `collateral.*`
 */
export async function ask(
  item: CollateralItem,
  effort: Effort,
  parts: AskParts,
): Promise<Asked> {
  for (let attempt = 1;; attempt++) {
    try {
      return await askOnce(item, effort, parts);
    } catch (error) {
      if (!mayPass(error) || effort.once || attempt === MAX_ATTEMPTS) throw error;
      const wait = jittered(FIRST_WAIT * 2 ** (attempt - 1), parts.random);
      if (parts.clock.now().getTime() + wait >= effort.until.getTime()) throw error;
      if (!isFailure(error, "collateral.throttled")) await parts.timer.wait(wait);
    }
  }
}

/** Whether another attempt makes sense; of what asks for rest, the throttle knows when. */
function mayPass(error: unknown): boolean {
  return isFailure(error, "collateral.throttled")
    ? error.fields["status"] !== undefined
    : PASSING.some((code) => isFailure(error, code));
}

async function askOnce(
  item: CollateralItem,
  { until, once }: Effort,
  parts: AskParts,
): Promise<Asked> {
  const { http, clock, throttle, bases } = parts;
  const target = { service: item.service, base: bases[item.service] };
  await throttle.admit(target, once ? clock.now() : until);
  const left = Math.max(1, until.getTime() - clock.now().getTime());
  const request = http.get({
    url: urlOf(item, bases),
    headers: { ...item.headers, "user-agent": "casemate" },
    maxBytes: item.maxBytes,
    timeout: Math.min(parts.timeout, left),
  });
  const response = await named(item, request).catch(async (error: unknown) => {
    if (isFailure(error, "collateral.unreachable")) await throttle.giveBack(target, left);
    throw error;
  });
  if (response.status === 429 || response.status === 503) {
    const rest = readRetryAfter(response.headers["retry-after"], clock.now());
    await throttle.rest(target, rest ?? DEFAULT_REST);
  }
  return { answer: answerOf(item, response), age: ageOf(response) };
}

/** What is no number of seconds says nothing. */
function ageOf({ headers }: HttpResponse): number {
  const age = headers["age"] ?? "";
  return /^[0-9]{1,10}$/.test(age) ? Number(age) * 1000 : 0;
}

/** What the host says of an address says little to who asked for a certificate. */
async function named(
  item: CollateralItem,
  response: Promise<HttpResponse>,
): Promise<HttpResponse> {
  try {
    return await response;
  } catch (cause) {
    const code = [...PASSING, "collateral.too_large" as const].find((one) => isFailure(cause, one));
    if (code === undefined || !(cause instanceof UnavailableError)) throw cause;
    throw failureOf(item, { code, reason: cause.message, cause });
  }
}

function answerOf(item: CollateralItem, { status, headers, body }: HttpResponse): CollateralAnswer {
  const { title } = SERVICES[item.service];
  const failed = (code: Parameters<typeof failureOf>[1]["code"], reason: string): Error =>
    withStatus(failureOf(item, { code, reason: `${title} ${reason}` }), status);
  if (status === 200) {
    if (body.length > item.maxBytes) {
      throw failed("collateral.too_large", "answers at great length");
    }
    return withHeaders({ body, headers }, item.keepHeaders);
  }
  if (status === 404) throw failed("collateral.not_found", "has no such thing (404)");
  if (status === 429 || status === 503) {
    throw failed("collateral.throttled", `asks to be left alone (${status})`);
  }
  if (status >= 500) throw failed("collateral.server_error", `is out of order (${status})`);
  if (status >= 300 && status < 400) {
    throw failed("collateral.redirected", `points elsewhere (${status})`);
  }
  throw failed("collateral.refused", `refuses the request (${status})`);
}

function withStatus(error: UnavailableError, status: number): UnavailableError {
  const { code, fields, retryable, message } = error;
  return new UnavailableError(message, {
    code,
    fields: { ...fields, status: String(status) },
    retryable,
  });
}

/** From half of it to all of it, by chance. */
function jittered(milliseconds: number, random: Random): number {
  const [byte = 0] = random.bytes(1);
  return milliseconds * (0.5 + byte / 512);
}
