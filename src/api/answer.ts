/**
 * What comes of a request, and how it is written.
 *
 * @module
 */

import type { Problem } from "./problem.ts";

/** What came of a request. */
export interface Outcome {
  /** The answer. */
  readonly response: Response;
  /** Code of the refusal, or that decided the verdict; null where there was none. */
  readonly code?: string | null;
  /** Verdict, or outcome where only signatures were examined. */
  readonly verdict?: string | null;
  /** Variant of the evidence. */
  readonly variant?: string | null;
  /** Digest of the registered policy. */
  readonly policy?: string | null;
  /** Whether a token was signed. */
  readonly token?: boolean;
}

/** How JSON goes out. */
export interface JsonOptions {
  /** Media type; default `application/json`. */
  readonly type?: string;
  /** Status; default 200. */
  readonly status?: number;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * An answer in JSON.
 *
 * @param value What it says.
 * @param options How it goes out.
 */
export function jsonAnswer(value: unknown, options: JsonOptions = {}): Response {
  const { type = "application/json", status = 200, headers = {} } = options;
  const body = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
  return new Response(body, {
    status,
    headers: { "content-type": type, "content-length": String(body.length), ...headers },
  });
}

/**
 * An answer in plain text.
 *
 * @param text What it says.
 * @param type Media type with charset.
 */
export function textAnswer(text: string, type = "text/plain; charset=utf-8"): Response {
  const body = new TextEncoder().encode(text);
  return new Response(body, {
    headers: { "content-type": type, "content-length": String(body.length) },
  });
}

/**
 * A refusal.
 *
 * @param problem What it says.
 */
export function problemAnswer({ body, headers }: Problem): Response {
  return jsonAnswer(body, { type: "application/problem+json", status: body.status, headers });
}
