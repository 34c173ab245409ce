/**
 * How a mirror hands on what a vendor gave.
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import type { Obtained } from "../collateral/collateral.ts";
import type { CollateralItem } from "../evidence/collateral.ts";
import { plainForm } from "../evidence/tdx/files.ts";
import type { Form } from "./mirror_route.ts";

/** Media types of what is handed on. */
const TYPES: Readonly<Record<CollateralItem["kind"], string>> = {
  "certificate": "application/pkix-cert",
  "chain": "application/x-pem-file",
  "crl": "application/pkix-crl",
  "tcb-info": "application/json",
  "qe-identity": "application/json",
};

/** Longest time, seconds, for which caches on the way keep what can change; the mirror itself asks again after 12 hours. */
const KEEP_CHANGING = 3600;

/** The same of what never changes. */
const KEEP_IMMUTABLE = 86_400;

/** How an answer is made. */
export interface AnswerOptions {
  /** What it is. */
  readonly item: CollateralItem;
  /** The current time. */
  readonly now: Date;
  /** How the body goes out. */
  readonly form: Form;
  /** Whether it has a body. */
  readonly withBody: boolean;
}

/**
 * Makes the answer.
 *
 * @param got What was obtained.
 * @param options How.
 */
export function answerWith(got: Obtained, options: AnswerOptions): Response {
  const { item, now, form, withBody } = options;
  const { headers } = got.answer;
  // A list that came from a PCCS may be in hexadecimal already.
  const body = item.kind === "crl" ? plainForm(got.answer.body) : got.answer.body;
  const sent = form === "hex" ? new TextEncoder().encode(toHex(body)) : new Uint8Array(body);
  return new Response(withBody ? sent : null, {
    headers: {
      ...headers,
      "content-type": form === "hex" ? "text/plain" : TYPES[item.kind],
      "content-length": String(sent.length),
      "x-content-type-options": "nosniff",
      ...ageHeaders(got, item, now),
    },
  });
}

/** RFC 9111 §5.1: how long ago the vendor was asked, so that no mirror makes anything younger than it is. */
function ageHeaders(
  { confirmed, content }: Obtained,
  item: CollateralItem,
  now: Date,
): HeadersInit {
  const age = secondsBetween(confirmed, now);
  const left = secondsBetween(now, content.expires);
  const keep = Math.min(item.immutable ? KEEP_IMMUTABLE : KEEP_CHANGING, left);
  return { "age": String(age), "cache-control": `public, max-age=${age + keep}` };
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));
}
