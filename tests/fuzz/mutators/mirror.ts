/**
 * Requests to a mirror: each is answered, by what vendors hand out or by a
 * problem of its own form, and makes it ask for nothing but collateral.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { createMirror, type Served } from "../../../src/api/mirror.ts";
import type { Obtained } from "../../../src/collateral/collateral.ts";
import { toHex } from "../../../src/core/bytes.ts";
import { RejectedError, UnavailableError } from "../../../src/core/errors.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import type { CollateralItem } from "../../../src/evidence/collateral.ts";
import { itemOfKey } from "../../../src/evidence/collateral_items.ts";
import { allCodes } from "../../../src/cli/code_table.ts";
import { NOW } from "../../lab_authority.ts";
import { type Kind, kindOf } from "../kind.ts";
import { timed } from "../properties.ts";
import { someSteps, type Step, takeSteps } from "../steps.ts";
import { ADDRESS_STEPS, assertOwnAddress, KEYS } from "./item_key.ts";

const BODY = new Uint8Array([0x30, 0x03, 0x02, 0x01, 0x05]);
const CODES = allCodes();

/** How the source behind the mirror answers. */
const SOURCES = ["has it", "cannot be reached", "is throttled", "has none", "was forged"] as const;
type Source = typeof SOURCES[number];

function obtained({ key, title }: CollateralItem): Obtained {
  const content = {
    files: {},
    issued: new Date(NOW.getTime() - 1000),
    expires: new Date(NOW.getTime() + 1_000_000),
    sequence: "7",
    root: "00".repeat(32),
  };
  const headers = { "tcb-info-issuer-chain": "PEM%0A" };
  const answer = { body: BODY, headers };
  const confirmed = new Date(NOW.getTime() - 500);
  return { key, title, answer, content, confirmed, from: "cache", source: "vendor", stale: null };
}

function unavailable(code: string, fields: Readonly<Record<string, string>> = {}): Error {
  return new UnavailableError("no", { code, fields, retryable: true });
}

const ERRORS: Readonly<Record<Exclude<Source, "has it">, () => Error>> = {
  "cannot be reached": () => unavailable("collateral.unreachable"),
  "is throttled": () => unavailable("collateral.throttled", { until: NOW.toISOString() }),
  "has none": () => unavailable("collateral.not_found"),
  "was forged": () => new RejectedError("no", { code: "snp.crl_signature", fields: { path: "/" } }),
};

interface Given {
  readonly key: number;
  readonly steps: readonly Step[];
  readonly method: string;
  readonly host: string;
  readonly source: Source;
}

async function asked(url: string, { method, source }: Given): Promise<string> {
  const [items, told]: [CollateralItem[], Served[]] = [[], []];
  const handle = createMirror({
    collateral: {
      get: (item) => {
        items.push(item);
        if (source === "has it") return Promise.resolve(obtained(item));
        return Promise.reject(ERRORS[source]());
      },
    },
    itemOfKey,
    context: { engine: inlineEngine, labRoots: [] },
    clock: { now: () => NOW },
    told: (served) => void told.push(served),
  });
  // Of the request it looks at these two alone, and a server's `url` may be none.
  const response = await handle({ method, url } as Request);
  items.forEach(assertOwnAddress);
  for (const { target, status } of told) {
    assert.ok(target.length <= 1024, "what is told is no longer than an address");
    assert.equal(status, response.status);
  }
  const end = await checked(response, method, items);
  assert.ok(told.length === 1 || end === "healthy", "each request is told of once");
  return end;
}

async function checked(
  response: Response,
  method: string,
  items: readonly CollateralItem[],
): Promise<string> {
  const body = new Uint8Array(await response.arrayBuffer());
  if (response.status !== 200) {
    if (method !== "HEAD") assertProblem(response, new TextDecoder().decode(body));
    return `${response.status}`;
  }
  if (items.length === 0) return "healthy";
  assert.match(method, /^(GET|HEAD)$/);
  assert.equal(items.length, 1, "one thing is asked for");
  const hex = response.headers.get("content-type") === "text/plain";
  const sent = hex ? toHex(new TextEncoder().encode(toHex(BODY))) : toHex(BODY);
  assert.equal(toHex(body), method === "HEAD" ? "" : sent);
  return hex ? "hex" : "answered";
}

function assertProblem(response: Response, text: string): void {
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const { type, status, code } = JSON.parse(text);
  assert.equal(status, response.status);
  assert.ok(CODES.has(code), code);
  assert.equal(type, `tag:casemate.dev,2026:code:${code}`);
}

/** Requests. */
export const mirror: Kind = kindOf<Given>({
  id: "mirror",
  says: "requests to a mirror",
  given: () =>
    Promise.resolve(fc.record({
      key: fc.nat(KEYS.length),
      steps: someSteps(ADDRESS_STEPS, { "as it is": 3 }),
      method: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom("GET", "HEAD") },
        { weight: 1, arbitrary: fc.constantFrom("POST", "get", "OPTIONS", "TRACE", "") },
      ),
      host: fc.constantFrom("http://mirror", "http://[::1]:8080", "https://a@b", "http://", ""),
      source: fc.constantFrom("has it", "has it", ...SOURCES),
    })),
  async judge(given) {
    const key = KEYS[given.key]?.replace(/^[a-z-]+/, "") ?? "/healthz";
    const url = given.host + await takeSteps(ADDRESS_STEPS, key, given.steps);
    return await timed(() => asked(url, given), { url: new TextEncoder().encode(url) });
  },
});
