/**
 * Headers that every answer has, and who may read it.
 *
 * @module
 */

import type { ServiceParts } from "./parts.ts";
import type { Route } from "./routes.ts";

/** Where an answer says nothing else. */
const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  // Nothing but the page runs anything, and that says so itself.
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Headers of requests beyond the plain ones that pages may send. */
const REQUEST_HEADERS = "accept, content-type";

/** How long browsers keep what they were told about this, seconds: most keep it for two hours at most. */
const PREFLIGHT_AGE = 7200;

/** Who asks, and what for. */
export interface Caller {
  /** Header `Origin`; null where no page asks. */
  readonly origin: string | null;
  /** What is asked; null where that is nothing. */
  readonly route: Route | null;
}

/**
 * Adds the headers.
 *
 * @param response The answer.
 * @param caller Who asks.
 * @param origins Origins whose pages may read answers.
 */
export function guard(
  response: Response,
  caller: Caller,
  origins: ServiceParts["origins"],
): Response {
  const { headers } = response;
  for (const [name, value] of Object.entries(HEADERS)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  const allowed = allowedOrigin(caller, origins);
  if (allowed !== null) {
    headers.set("access-control-allow-origin", allowed);
    headers.set("access-control-expose-headers", "retry-after");
  }
  // Caches must not give the answer for one origin to another.
  if (origins !== "*" && caller.route?.shared === true) headers.append("vary", "Origin");
  return response;
}

function allowedOrigin({ origin, route }: Caller, origins: ServiceParts["origins"]): string | null {
  // A problem may be read wherever an answer may, else nobody learns what is wrong.
  if (route !== null && !route.shared) return null;
  if (origins === "*") return "*";
  return origin !== null && origins.includes(origin) ? origin : null;
}

/**
 * Answers OPTIONS: what may be asked, and to browsers what pages may ask.
 *
 * @param request The request.
 * @param route Its route.
 */
export function optionsAnswer(request: Request, { methods, shared }: Route): Response {
  const allow = [...methods, "OPTIONS"].join(", ");
  const isPreflight = request.headers.has("access-control-request-method") && shared;
  return new Response(null, {
    status: 204,
    headers: {
      allow,
      ...(isPreflight
        ? {
          "access-control-allow-methods": methods.join(", "),
          "access-control-allow-headers": REQUEST_HEADERS,
          "access-control-max-age": String(PREFLIGHT_AGE),
        }
        : {}),
    },
  });
}
