/**
 * Asking servers, on Deno. Proxies are those of the environment
 * (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), certificates those that Deno trusts.
 *
 * @module
 */

import { concat } from "../core/bytes.ts";
import { UnavailableError } from "../core/errors.ts";
import type { Http, HttpRequest, HttpResponse } from "../core/ports.ts";

/** Why a request came to no answer. */
type Failure = "unreachable" | "timeout" | "too_large" | "cut_short";

/** Servers. */
export const denoHttp: Http = {
  async get(request) {
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), request.timeout);
    try {
      const response = await answer(request, ending.signal);
      return await read(request, response, ending);
    } finally {
      clearTimeout(timer);
    }
  },
};

async function answer(request: HttpRequest, signal: AbortSignal): Promise<Response> {
  try {
    const { url, headers } = request;
    return await fetch(url, { headers, signal, redirect: "manual", credentials: "omit" });
  } catch (cause) {
    throw failed(request, signal.aborted ? "timeout" : "unreachable", cause);
  }
}

async function read(
  request: HttpRequest,
  response: Response,
  ending: AbortController,
): Promise<HttpResponse> {
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > request.maxBytes) throw failed(request, "too_large");
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof UnavailableError) throw cause;
    throw failed(request, ending.signal.aborted ? "timeout" : "cut_short", cause);
  }
  return { status, headers, body: concat(...parts) };
}

function failed(request: HttpRequest, kind: Failure, cause?: unknown): UnavailableError {
  const { host } = new URL(request.url);
  const says = {
    unreachable: () => `${host} cannot be reached: ${reasonOf(cause)}`,
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

/** The last part says why; those before it repeat the address and that it was a request. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotCapable) {
    return "this program was started without permission for it";
  }
  let inner = cause;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const text = inner instanceof Error ? inner.message : String(inner);
  return text.split(": ").at(-1) ?? text;
}
