/**
 * A service of verification: from a request to an answer, on any host.
 *
 * @module
 */

import { CasemateError, InputError, UnavailableError } from "../core/errors.ts";
import { jwkOf } from "../results/jwks.ts";
import { jsonAnswer, type Outcome, problemAnswer, textAnswer } from "./answer.ts";
import { Bodies } from "./body.ts";
import { Challenges } from "./challenge.ts";
import { collateralAnswer } from "./collateral.ts";
import { guard, optionsAnswer } from "./guard.ts";
import { Metrics, METRICS_TYPE } from "./metrics.ts";
import { openapiDocument } from "./openapi.ts";
import { pageAnswer } from "./page_answer.ts";
import { DEFAULT_LIMITS, type ServiceParts } from "./parts.ts";
import { serviceProblem } from "./problem.ts";
import { Queue } from "./queue.ts";
import { policyEntries, registerPolicies } from "./registered.ts";
import { type Route, type RouteName, routeOf } from "./routes.ts";
import { NotExamined, verifyFor } from "./verify.ts";

/** Longest path and query: members beside an envelope take some 3,000 characters. */
const MAX_TARGET = 8192;

/** How long clients keep public keys, seconds: the next key is published before it signs, for longer than this. */
const KEYS_AGE = 300;

type Handler = (request: Request, url: URL) => Outcome | Promise<Outcome>;

/** What a request asks for. */
interface Asked {
  readonly request: Request;
  readonly url: URL | null;
  readonly route: Route | null;
}

/**
 * Makes a service.
 *
 * @param parts What it is made of.
 * @returns Answers a request; throws only mistakes of the program, and those only where nobody is told of them.
 * @throws {InputError} where a registered policy cannot be used.
 * @throws {RangeError} where the secret for nonces is short.
 */
export function createService(parts: ServiceParts): (request: Request) => Promise<Response> {
  const metrics = new Metrics();
  const handlers = handlersOf(parts, metrics);
  const { clock, origins, told } = parts;
  return async (request) => {
    const started = clock.now().getTime();
    const asked = askedOf(request);
    const outcome = await answered(asked, handlers, parts);
    const { response, code = null, verdict = null, variant = null, policy = null } = outcome;
    const { method } = request;
    const route = asked.route?.name === undefined ? "other" : asked.route.path;
    // Clocks are set back; what counters add up never goes down.
    const took = Math.max(0, clock.now().getTime() - started);
    const { status } = response;
    const line = { method, route, status, code, verdict, variant, policy, took };
    metrics.count(line, outcome.token === true);
    told?.(line);
    const caller = { origin: request.headers.get("origin"), route: asked.route };
    return withoutBody(guard(response, caller, origins), method);
  };
}

/** The `Host` of a request is its sender's to write, and can make an address that is none. */
function askedOf(request: Request): Asked {
  const url = URL.canParse(request.url) ? new URL(request.url) : null;
  return { request, url, route: url === null ? null : routeOf(url.pathname) };
}

type Handlers = Readonly<Record<RouteName, Handler>>;

async function answered(asked: Asked, handlers: Handlers, parts: ServiceParts): Promise<Outcome> {
  try {
    return await handled(asked, handlers, parts);
  } catch (error) {
    return refusalOf(error, parts);
  }
}

async function handled(
  { request, url, route }: Asked,
  handlers: Handlers,
  { admit }: ServiceParts,
): Promise<Outcome> {
  if (url === null || route === null) throw refuse("api.not_found", "there is nothing here");
  if (url.pathname.length + url.search.length > MAX_TARGET) {
    throw refuse("api.too_long", `it has more than ${MAX_TARGET} characters`);
  }
  const { method } = request;
  if (method === "OPTIONS") return { response: optionsAnswer(request, route) };
  if (route.methods.some((one) => one === method)) {
    await admit?.(request, route.path);
    return await handlers[route.name](request, url);
  }
  const allow = [...route.methods, "OPTIONS"].join(", ");
  throw refuse("api.method", `it takes ${allow}`, { allow });
}

function refuse(
  code: "api.not_found" | "api.too_long" | "api.method",
  reason: string,
  fields: Readonly<Record<string, string>> = {},
): InputError {
  return new InputError(`Cannot answer this path: ${reason}`, { code, fields });
}

function refusalOf(error: unknown, { clock, failed }: ServiceParts): Outcome {
  const known = error instanceof CasemateError ? error : mistakeOf(error, failed);
  const outcome = known instanceof NotExamined ? known.outcome : {};
  const response = problemAnswer(serviceProblem(known, clock.now()));
  return { ...outcome, code: known.code, response };
}

/** Whoever asks learns that there was a mistake, and nothing about it. */
function mistakeOf(error: unknown, failed: ServiceParts["failed"]): CasemateError {
  if (failed === undefined) throw error;
  failed(error);
  return new UnavailableError("Cannot answer: the service made a mistake", {
    code: "api.failed",
    retryable: false,
  });
}

/** RFC 9110 §9.3.2: the same head, and nothing after it. */
function withoutBody(response: Response, method: string): Response {
  if (method !== "HEAD") return response;
  const { status, headers } = response;
  return new Response(null, { status, headers });
}

function handlersOf(parts: ServiceParts, metrics: Metrics): Handlers {
  const { clock, version, limits = DEFAULT_LIMITS } = parts;
  const challenges = new Challenges(parts);
  const registered = registerPolicies(parts.policies);
  const queue = new Queue(limits);
  const bodies = new Bodies(limits.bodyTimeout, clock);
  const made = { parts, challenges, registered, queue, bodies };
  return {
    challenge: async () => ({ response: jsonAnswer(await challenges.issue()) }),
    verify: (request, url) => verifyFor(request, url, made),
    policies: () => ({
      response: jsonAnswer({ policies: policyEntries(registered, clock.now()) }),
    }),
    collateral: collateralAnswer(parts),
    keys: () => ({ response: keysAnswer(parts) }),
    openapi: onceOf(() => openapiDocument(version)),
    health: () => ({ response: textAnswer("ok\n") }),
    ready: () => ready(queue),
    metrics: () => ({
      response: textAnswer(
        metrics.text({ underWay: queue.underWay, waiting: queue.waiting, version }),
        METRICS_TYPE,
      ),
    }),
    page: pageOf(parts),
  };
}

/** Where none are signed the set is empty, so that a consumer learns that and not that a path is wrong. */
function keysAnswer({ keys }: ServiceParts): Response {
  const all = keys === null ? [] : [keys.signer.publicKey, ...keys.others];
  const distinct = new Map(all.map((key) => [key.id, jwkOf(key)]));
  return jsonAnswer({ keys: [...distinct.values()] }, {
    type: "application/jwk-set+json",
    headers: { "cache-control": `public, max-age=${KEYS_AGE}` },
  });
}

function onceOf(make: () => unknown): Handler {
  let document: unknown;
  return () => {
    document ??= make();
    const headers = { "cache-control": "public, max-age=3600" };
    return { response: jsonAnswer(document, { headers }) };
  };
}

function ready(queue: Queue): Outcome {
  if (!queue.isFull) return { response: textAnswer("ready\n") };
  const message = "Cannot take requests: as many wait as may";
  throw new UnavailableError(message, { code: "api.busy", retryable: true });
}

function pageOf({ page }: ServiceParts): Handler {
  if (page === null) {
    return () => {
      throw refuse("api.not_found", "the page is not there");
    };
  }
  const answer = pageAnswer(page);
  return (request) => ({ response: answer(request) });
}
