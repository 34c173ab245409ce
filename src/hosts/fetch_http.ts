/**
 * Asking servers by `fetch`, within limits of time and size, for any runtime that has it.
 *
 * @module
 */

import { concat } from "../core/bytes.ts";
import { UnavailableError } from "../core/errors.ts";
import type { Http, HttpRequest, HttpResponse } from "../core/ports.ts";

/** What differs between runtimes. */
export interface FetchOptions {
  /** What goes with each request, beside what it says itself. */
  readonly init: Pick<RequestInit, "credentials">;
  /**
   * Why a request came to no answer, in words.
   *
   * @param cause What `fetch` threw.
   */
  reasonOf(cause: unknown): string;
}

/** Why a request came to no answer. */
type Failure = "unreachable" | "timeout" | "too_large" | "cut_short";

/** A request under way. */
interface Asked {
  readonly request: HttpRequest;
  readonly options: FetchOptions;
  /** Ends it. */
  readonly ending: AbortController;
}

/**
 * Servers, by `fetch`.
 *
 * @param options What differs between runtimes.
 */
export function fetchHttp(options: FetchOptions): Http {
  return {
    async get(request) {
      const ending = new AbortController();
      const timer = setTimeout(() => ending.abort(), request.timeout);
      const asked = { request, options, ending };
      try {
        return await read(asked, await answer(asked));
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

async function answer(asked: Asked): Promise<Response> {
  const { request: { url, headers }, options: { init }, ending: { signal } } = asked;
  try {
    return await fetch(url, { ...init, headers, signal, redirect: "manual" });
  } catch (cause) {
    throw failed(asked, signal.aborted ? "timeout" : "unreachable", cause);
  }
}

async function read(asked: Asked, response: Response): Promise<HttpResponse> {
  const { request: { maxBytes }, ending } = asked;
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > maxBytes) throw failed(asked, "too_large");
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof UnavailableError) throw cause;
    throw failed(asked, ending.signal.aborted ? "timeout" : "cut_short", cause);
  }
  return { status, headers, body: concat(...parts) };
}

function failed({ request, options }: Asked, kind: Failure, cause?: unknown): UnavailableError {
  const { host } = new URL(request.url);
  const says = {
    unreachable: () => `${host} cannot be reached: ${options.reasonOf(cause)}`,
    timeout: () => `${host} did not answer within ${request.timeout / 1000} s`,
    too_large: () => `${host} answers with more than ${request.maxBytes} bytes`,
    cut_short: () => `the answer of ${host} broke off`,
  };
  return new UnavailableError(says[kind](), {
    code: `collateral.${kind}`,
    fields: { host },
    retryable: kind !== "too_large",
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * The last part of what an error says: why. Those before it repeat the address, and that it was a request.
 *
 * @param cause What was thrown.
 */
export function innermostReason(cause: unknown): string {
  let inner = cause;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const text = inner instanceof Error ? inner.message : String(inner);
  return text.split(": ").at(-1) ?? text;
}
