/**
 * What stands around answers: types, headers, methods, pages of other origins,
 * and the paths that say something about the service itself.
 *
 * @module
 */

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { toHex } from "../../src/core/bytes.ts";
import { challengeOf, envelopeOf, refused, verify } from "./asking.ts";
import type { ServiceCase, ServiceUnderTest } from "./service_case.ts";

const NONCE = new Uint8Array(32).fill(0x3c);

/** Paths that are read, and the type of what is there. */
const READ: readonly (readonly [path: string, type: string])[] = [
  ["/.well-known/jwks.json", "application/jwk-set+json"],
  ["/v1/policies", "application/json"],
  ["/openapi.json", "application/json"],
  ["/healthz", "text/plain; charset=utf-8"],
  ["/readyz", "text/plain; charset=utf-8"],
  ["/metrics", "text/plain; version=0.0.4; charset=utf-8"],
];

const [JSON_TYPE, JWT] = ["application/json", "application/eat+jwt"];

/** `Accept`, and the type of the answer; null where there is none. */
const ACCEPTED: readonly (readonly [accept: string, type: string | null])[] = [
  ["*/*", JSON_TYPE],
  ["", JSON_TYPE],
  ["application/*", JSON_TYPE],
  ["application/json", JSON_TYPE],
  ["APPLICATION/JSON", JSON_TYPE],
  [JWT, JWT],
  ["application/jwt", "application/jwt"],
  [`${JWT}, application/json`, JSON_TYPE],
  [`${JWT}, application/json;q=0.9`, JWT],
  [`${JWT};q=0.5, */*;q=0.1`, JWT],
  [`${JWT};q=0.1, */*;q=0.5`, JSON_TYPE],
  ["application/json;q=0, */*", JWT],
  [`application/json;q=0, ${JWT};q=0, */*`, "application/jwt"],
  ["text/html, application/xhtml+xml, */*;q=0.8", JSON_TYPE],
  ["application/json;q=0", null],
  ["text/html", null],
  ["application/json;q=2", null],
  ["application/json;q=nan", null],
  ["json", null],
  ["application/json, ".repeat(500), null],
];

async function bodyOf({ lab }: ServiceUnderTest): Promise<object> {
  const envelope = envelopeOf(await lab.mint(NONCE));
  return { envelope, nonce: toHex(NONCE), policy: { digest: lab.digest } };
}

function isToken(type: string | null): boolean {
  return type !== null && type !== JSON_TYPE;
}

export const ANSWER_CASES: readonly ServiceCase[] = [
  {
    name: "the answer is of the type that is accepted most",
    async run(service) {
      const body = await bodyOf(service);
      for (const [accept, type] of ACCEPTED) {
        const token = isToken(type) ? { token: { audience: "a" } } : {};
        const response = await verify(service, { ...body, ...token }, accept);
        if (type === null) await refused(response, 406, "api.accept");
        else {
          await response.bytes();
          deepEqual([response.status, response.headers.get("content-type")], [200, type], accept);
          match(response.headers.get("vary") ?? "", /\bAccept\b/);
        }
      }
    },
  },
  {
    name: "every path answers GET and HEAD alike, with the headers that keep it harmless",
    async run({ ask }) {
      for (const [path, type] of READ) {
        const [get, head] = [await ask(path), await ask(path, { method: "HEAD" })];
        const body = await get.bytes();
        equal(get.headers.get("content-type"), type);
        equal(get.headers.get("x-content-type-options"), "nosniff");
        equal(get.headers.get("referrer-policy"), "no-referrer");
        equal(get.headers.get("cross-origin-resource-policy"), "same-origin");
        match(get.headers.get("content-security-policy") ?? "", /default-src 'none'/);
        deepEqual([get.status, head.status, (await head.bytes()).length], [200, 200, 0], path);
        // Counters go on between the two.
        const length = path === "/metrics" ? body.length > 0 : head.headers.get("content-length");
        ok(
          length === true || length === null || Number(length) === body.length,
          `${path} ${length}`,
        );
        equal(head.headers.get("content-type"), type);
      }
    },
  },
  {
    name: "a method that a path has not is told which it has",
    async run({ ask }) {
      const wrong: readonly (readonly [string, string, string])[] = [
        ["GET", "/v1/verify", "POST, OPTIONS"],
        ["HEAD", "/v1/challenge", "POST, OPTIONS"],
        ["PUT", "/v1/verify", "POST, OPTIONS"],
        ["POST", "/metrics", "GET, HEAD, OPTIONS"],
        ["DELETE", "/openapi.json", "GET, HEAD, OPTIONS"],
        ["POST", "/v1/collateral/vcek/v1/Milan/crl", "GET, HEAD, OPTIONS"],
      ];
      for (const [method, path, allow] of wrong) {
        const response = await ask(path, { method });
        equal(response.headers.get("allow"), allow);
        if (method !== "HEAD") await refused(response, 405, "api.method");
        else deepEqual([response.status, (await response.bytes()).length], [405, 0]);
      }
    },
  },
  {
    name: "what is no path is none",
    async run({ ask }) {
      const paths = [
        "/v1",
        "/v1/verify/",
        "/V1/VERIFY",
        "/v1/collateral",
        "/index.php",
        "//verify.html",
      ];
      for (const path of [...paths, "/.well-known/", "/v1/collateral/etc/passwd"]) {
        await refused(await ask(path), 404, "api.not_found");
      }
    },
  },
  {
    name: "OPTIONS says what may be asked, and to a page what it may ask",
    async run({ ask }) {
      const plain = await ask("/v1/verify", { method: "OPTIONS" });
      deepEqual([plain.status, plain.headers.get("allow")], [204, "POST, OPTIONS"]);
      equal(plain.headers.get("access-control-allow-methods"), null);

      const headers = {
        "origin": "https://page.example.org",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      };
      const flight = await ask("/v1/verify", { method: "OPTIONS", headers });
      equal(flight.status, 204);
      equal(flight.headers.get("access-control-allow-methods"), "POST");
      equal(flight.headers.get("access-control-allow-headers"), "accept, content-type");
      equal(flight.headers.get("access-control-allow-credentials"), null);
      const inner = await ask("/metrics", { method: "OPTIONS", headers });
      equal(inner.headers.get("access-control-allow-methods"), null);
    },
  },
  {
    name: "the keys are those that sign, without their secret half",
    async run({ ask, lab }) {
      const response = await ask("/.well-known/jwks.json");
      const { keys } = await response.json();
      ok(keys.some(({ kid }: { kid: string }) => kid === lab.signer.publicKey.id));
      for (const key of keys) deepEqual(Object.keys(key).filter((name) => name === "d"), []);
      match(response.headers.get("cache-control") ?? "", /^public, max-age=[0-9]+$/);
    },
  },
  {
    name: "the registered policies are listed with their reference values",
    async run({ ask, lab }) {
      const { policies } = await (await ask("/v1/policies")).json();
      const [found] = policies.filter(({ digest }: { digest: string }) => digest === lab.digest);
      match(found.reference.digest, /^sha256:[0-9a-f]{64}$/);
      deepEqual(found.acceptRoots, ["amd", "intel"]);
      deepEqual(found.exceptions, ["allowLab"]);
    },
  },
  {
    name: "counters count, and name nothing that clients send",
    async run(service) {
      const { ask } = service;
      await (await ask("/no/such/path-of-mine", { method: "PURGE" })).bytes();
      await challengeOf(service);
      await (await verify(service, { "a-member-of-mine": 1 })).bytes();
      const text = await (await ask("/metrics")).text();

      match(
        text,
        /^casemate_http_requests_total\{route="other",method="other",status="404"\} [1-9]/m,
      );
      match(
        text,
        /^casemate_http_requests_total\{route="\/v1\/challenge",method="POST",status="200"\} [1-9]/m,
      );
      match(text, /^casemate_refusals_total\{route="\/v1\/verify",code="api.request"\} [1-9]/m);
      match(text, /^casemate_verifications_under_way 0$/m);
      ok(!/of-mine|PURGE/.test(text), text);
      for (const line of text.trimEnd().split("\n")) {
        match(
          line,
          /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="[^"\\]*"(?:,[a-z]+="[^"\\]*")*\})? [0-9.e+-]+)$/,
        );
      }
    },
  },
  {
    name: "the page, where there is one, comes with its digest and its own policy",
    async run({ ask }) {
      const response = await ask("/verify.html");
      if (response.status === 404) {
        return await refused(response, 404, "api.not_found").then(() => {});
      }
      const html = await response.bytes();
      const digest = createHash("sha256").update(html).digest("base64");
      equal(response.headers.get("repr-digest"), `sha-256=:${digest}:`);
      equal(response.headers.get("content-type"), "text/html; charset=utf-8");
      match(response.headers.get("content-security-policy") ?? "", /frame-ancestors 'none'$/);
      const etag = response.headers.get("etag") ?? "";
      const known = await ask("/", { headers: { "if-none-match": etag } });
      deepEqual([known.status, (await known.bytes()).length], [304, 0]);
    },
  },
];
