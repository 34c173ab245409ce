/**
 * How the cases of services ask, and read answers.
 *
 * @module
 */

import { deepEqual, equal, ok } from "node:assert/strict";
import { fromHex } from "../../src/core/bytes.ts";
import type { Result } from "../../src/results/result.ts";
import type { MintedVariant } from "../../src/lab/mod.ts";
import type { ServiceUnderTest } from "./service_case.ts";

/** A nonce of the service. */
export interface Issued {
  readonly nonce: string;
  readonly cookie: string;
  readonly expires: string;
  readonly freshness: string;
}

/** Asks for a nonce. */
export async function challengeOf({ ask }: ServiceUnderTest): Promise<Issued> {
  const response = await ask("/v1/challenge", { method: "POST" });
  equal(response.status, 200);
  return await response.json();
}

/** The part of a nonce that goes into a request. */
export function answering({ nonce, cookie }: Issued): object {
  return { nonce, cookie };
}

/** A nonce with evidence that answers it. */
export async function answered(
  service: ServiceUnderTest,
): Promise<{ readonly issued: Issued; readonly minted: MintedVariant }> {
  const issued = await challengeOf(service);
  return { issued, minted: await service.lab.mint(fromHex(issued.nonce)) };
}

/** The envelope as an object of JSON. */
export function envelopeOf({ envelope }: MintedVariant): object {
  return JSON.parse(new TextDecoder().decode(envelope));
}

/** Asks to verify, in JSON. */
export async function verify(
  { ask }: ServiceUnderTest,
  body: unknown,
  accept = "application/json",
): Promise<Response> {
  return await ask("/v1/verify", {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify(body),
  });
}

/** A result as a service gives it. */
export type ServiceResult = Result & { readonly freshness: string };

/** The result, which must be one. */
export async function resultOf(response: Response): Promise<ServiceResult> {
  const body = await response.json();
  equal(response.status, 200, JSON.stringify(body));
  equal(response.headers.get("content-type"), "application/json");
  equal(response.headers.get("cache-control"), "no-store");
  return body;
}

/** The refusal, which must be one of RFC 9457 with this status and code. */
export async function refused(
  response: Response,
  status: number,
  code: string,
): Promise<Readonly<Record<string, unknown>>> {
  const body = await response.json();
  deepEqual([response.status, body.code], [status, code], JSON.stringify(body));
  equal(body.status, status);
  equal(body.type, `tag:casemate.dev,2026:code:${code}`);
  equal(response.headers.get("content-type"), "application/problem+json");
  equal(response.headers.get("cache-control"), "no-store");
  ok(typeof body.detail === "string" && typeof body.title === "string");
  return body;
}
