/**
 * What the doubles of vendors' services have in common: they write down what
 * they are asked, and can be made to fail in the ways in which services fail.
 *
 * @module
 */

import { UnavailableError } from "../../src/core/errors.ts";
import type { Http, HttpRequest, HttpResponse } from "../../src/core/ports.ts";

/** How a service fails. */
export type Fault =
  /** Another status; with 429 and 503 perhaps when to come again, in seconds or as an HTTP date (RFC 9110 §10.2.3). */
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  /** No answer at all. */
  | { readonly kind: "hang" }
  /** The connection ends in the middle of the body. */
  | { readonly kind: "cut" }
  /** Half of the content, as if it were all. */
  | { readonly kind: "half" }
  /** Nothing, as if it were all. */
  | { readonly kind: "empty" }
  /** Something else, as a page of a proxy. */
  | { readonly kind: "garbage" }
  /** More bytes than anything has. */
  | { readonly kind: "oversized" }
  /** Somewhere else. */
  | { readonly kind: "redirect"; readonly to: string };

/** A double of a service. */
export interface VendorDouble {
  /** Paths with their queries, in the order in which they were asked for. */
  readonly asked: string[];
  /** How it fails now; null where it does not. */
  fault: Fault | null;
  /** Answers a request; can be given to `Deno.serve`. */
  handle(request: Request): Promise<Response>;
}

/** Larger than any limit of an item. */
const OVERSIZED_BYTES = 4 * 1024 * 1024;

/**
 * Makes a double.
 *
 * @param answer What it answers where it does not fail.
 */
export function vendorDouble(
  answer: (url: URL, request: Request) => Promise<Response>,
): VendorDouble {
  const double: VendorDouble = {
    asked: [],
    fault: null,
    async handle(request) {
      const url = new URL(request.url);
      double.asked.push(`${url.pathname}${url.search}`);
      if (request.method !== "GET") return new Response(null, { status: 405 });
      return double.fault === null
        ? await answer(url, request)
        : await failing(double.fault, () => answer(url, request));
    },
  };
  return double;
}

async function failing(fault: Fault, good: () => Promise<Response>): Promise<Response> {
  switch (fault.kind) {
    case "status": {
      const { status, retryAfter } = fault;
      const headers = retryAfter === undefined ? {} : { "Retry-After": retryAfter };
      return new Response(null, { status, headers });
    }
    case "hang":
      return await new Promise<Response>(() => {});
    case "cut":
      return await changed(good, (body) => endingEarly(body));
    case "half":
      return await changed(good, (body) => body.slice(0, body.length / 2));
    case "empty":
      return await changed(good, () => new Uint8Array());
    case "garbage":
      return new Response("<html><body>Please sign in</body></html>", {
        headers: { "Content-Type": "text/html" },
      });
    case "oversized":
      return await changed(good, () => new Uint8Array(OVERSIZED_BYTES).fill(0x30));
    case "redirect":
      return new Response(null, { status: 302, headers: { "Location": fault.to } });
    default:
      return fault satisfies never;
  }
}

/** The good answer with another body. */
async function changed(
  good: () => Promise<Response>,
  change: (body: Uint8Array<ArrayBuffer>) => BodyInit,
): Promise<Response> {
  const response = await good();
  const body = new Uint8Array(await response.arrayBuffer());
  return new Response(change(body), { status: response.status, headers: response.headers });
}

function endingEarly(body: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(body.slice(0, body.length / 2));
      controller.error(new Error("the connection ended"));
    },
  });
}

/** Doubles by what addresses start with, as `https://kdsintf.amd.com`. */
export type Doubles = Readonly<Record<string, VendorDouble>>;

/** A network on which there is nothing else but doubles. */
export interface FakeNetwork extends Http {
  /** Each host that was asked, whether it was there or not. */
  readonly origins: Set<string>;
}

/**
 * A network of doubles without sockets, as the host's adapter shows it: what
 * hangs is a time out at once.
 *
 * @param doubles The services.
 */
export function networkOf(doubles: Doubles): FakeNetwork {
  const origins = new Set<string>();
  return {
    origins,
    async get(request) {
      const { origin } = new URL(request.url);
      origins.add(origin);
      const double = doubles[origin];
      if (double === undefined) throw trouble("collateral.unreachable", `${origin} is not there`);
      if (double.fault?.kind === "hang") {
        double.asked.push(new URL(request.url).pathname);
        throw trouble("collateral.timeout", "no answer");
      }
      const { url, headers } = request;
      return await read(await double.handle(new Request(url, { headers })), request);
    },
  };
}

async function read(response: Response, { maxBytes }: HttpRequest): Promise<HttpResponse> {
  const body = await response.arrayBuffer().catch((cause: unknown) => {
    throw trouble("collateral.cut_short", String(cause));
  });
  if (body.byteLength > maxBytes) throw trouble("collateral.too_large", `over ${maxBytes} bytes`);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(body),
  };
}

function trouble(code: string, reason: string): UnavailableError {
  return new UnavailableError(`Cannot ask: ${reason}`, {
    code,
    fields: { reason },
    retryable: true,
  });
}
