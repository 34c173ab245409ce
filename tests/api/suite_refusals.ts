/**
 * Requests that are none: each has its status, its code, and nothing else.
 *
 * @module
 */

import { deepEqual, equal, ok } from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { challengeOf, envelopeOf, refused, resultOf, verify } from "./asking.ts";
import type { ServiceCase, ServiceUnderTest } from "./service_case.ts";

const NONCE = new Uint8Array(32).fill(0x3c);
const KNOWN_PROBLEM = ["type", "title", "status", "detail", "code", "fields"];
const JSON_TYPE = { "content-type": "application/json" };

/** A request that would be verified. */
async function goodBody({ lab }: ServiceUnderTest): Promise<Readonly<Record<string, unknown>>> {
  const envelope = envelopeOf(await lab.mint(NONCE));
  return { envelope, nonce: toHex(NONCE), policy: { digest: lab.digest } };
}

/** Asks with a body of any kind. */
async function post(
  { ask }: ServiceUnderTest,
  body: BodyInit,
  headers: Readonly<Record<string, string>> = JSON_TYPE,
): Promise<Response> {
  return await ask("/v1/verify", { method: "POST", headers, body });
}

export const REFUSAL_CASES: readonly ServiceCase[] = [
  {
    name: "members that are unknown, missing, of the wrong form or against each other are named",
    async run(service) {
      const good = await goodBody(service);
      const { nonce, cookie } = await challengeOf(service);
      const challenge = { nonce, cookie };
      const wrong: readonly (readonly [object, string, string])[] = [
        [{ ...good, policies: [] }, "api.request", "policies"],
        [{ ...good, policy: {} }, "api.request", "policy"],
        [
          { ...good, policy: { digest: service.lab.digest.slice(7) } },
          "api.request",
          "policy.digest",
        ],
        [{ ...good, policy: { digest: service.lab.digest, inline: {} } }, "api.request", "policy"],
        [{ ...good, nonce: "3C".repeat(32) }, "api.request", "nonce"],
        [{ ...good, expect: { cluster: "00" } }, "api.request", "expect.cluster"],
        [{ ...good, evidence: { report: "no base64" } }, "api.request", "evidence.report"],
        [{ ...good, profile: "lax" }, "api.request", "profile"],
        [{ ...good, freshness: "none" }, "input.conflict", "nonce, freshness"],
        [{ ...good, challenge }, "input.conflict", "challenge, nonce"],
        [
          { ...good, nonce: undefined, challenge, profile: "crypto-only" },
          "input.conflict",
          "challenge",
        ],
        [{ ...good, statement: "AAAA" }, "input.conflict", "statement"],
        [{ ...good, token: { audience: "a" } }, "input.conflict", "token"],
        [{ ...good, nonce: undefined, challenge: { nonce } }, "api.request", "challenge.cookie"],
      ];
      for (const [body, code, field] of wrong) {
        const problem = await refused(await verify(service, body), 400, code);
        equal(Object(problem["fields"]).field, field, JSON.stringify(problem));
        deepEqual(Object.keys(problem), KNOWN_PROBLEM);
      }
    },
  },
  {
    name:
      "a policy with an unknown key, and evidence of no variant, are refused by their own codes",
    async run(service) {
      const good = await goodBody(service);
      const unknown = { ...good, policy: { inline: { version: 1, allowLabs: true } } };
      await refused(await verify(service, unknown), 400, "policy.unknown_key");
      const { nonce } = good;
      const none = { variant: "sev-nsp", evidence: { report: "AAAA" }, nonce };
      await refused(await verify(service, none), 400, "input.unknown");
      await refused(await verify(service, { nonce }), 400, "input.missing");
      await refused(await verify(service, {}), 400, "input.missing");
      await refused(await verify(service, { envelope: good["envelope"] }), 400, "input.missing");
    },
  },
  {
    name: "JSON that is none, has two readings or is nested without end is refused",
    async run(service) {
      const bodies = [
        "",
        "{",
        "[]]",
        '{"profile":"full","profile":"crypto-only"}',
        '{"\\u0070rofile":"full","profile":"crypto-only"}',
        `{"policy":{"inline":${"[".repeat(5000)}${"]".repeat(5000)}}}`,
        '{"policy":{"inline":{"version":9007199254740993}}}',
        '{"nonce":"\\ud800"}',
        "\ufeff{}",
      ];
      for (const body of bodies) await refused(await post(service, body), 400, "api.json");
      await refused(await post(service, "[]"), 400, "api.request");
      await refused(await post(service, "null"), 400, "api.request");
      const latin = new Uint8Array([0x7b, 0x22, 0xe4, 0x22, 0x3a, 0x31, 0x7d]);
      await refused(await post(service, latin), 400, "api.json");
    },
  },
  {
    name: "a body is at most 1 MiB, and one of just that size is read",
    async run(service) {
      const most = 1024 * 1024;
      const body = (size: number): string => `{"x":"${"a".repeat(size - 8)}"}`;
      await refused(await post(service, body(most)), 400, "api.request");
      await refused(await post(service, body(most + 1)), 413, "api.body_too_large");
    },
  },
  {
    name: "a body that is compressed is refused as it comes, and none other by that",
    async run(service) {
      const encodings = ["gzip", "deflate", "br", "gzip, gzip", "x"];
      for (const encoding of encodings) {
        const headers = { ...JSON_TYPE, "content-encoding": encoding };
        const response = await post(service, "{}", headers);
        equal(response.headers.get("accept-encoding"), "identity");
        await refused(response, 415, "api.body_encoding");
      }
      const headers = { ...JSON_TYPE, "content-encoding": "identity" };
      const good = JSON.stringify(await goodBody(service));
      await resultOf(await post(service, good, headers));
    },
  },
  {
    name: "a body of another type is refused",
    async run(service) {
      const types = ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"];
      for (const type of [...types, "application/json; charset=latin1", "multipart/form-data"]) {
        const response = await post(service, "{}", { "content-type": type });
        await refused(response, 415, "api.body_type");
      }
      const none = new Blob(["{}"]);
      await refused(await post(service, none, {}), 415, "api.body_type");
    },
  },
  {
    name: "parameters beside an envelope are known, there once, and of their form",
    async run(service) {
      const { envelope } = await service.lab.mint(NONCE);
      const type = { "content-type": "application/vnd.casemate.evidence+json" };
      const ask = (query: string, headers: Readonly<Record<string, string>> = type) =>
        service.ask(`/v1/verify?${query}`, {
          method: "POST",
          headers,
          body: new Uint8Array(envelope),
        });
      for (
        const query of [
          "once=1",
          "nonce=00",
          `nonce=${toHex(NONCE)}&nonce=${toHex(NONCE)}`,
          "__proto__.x=1",
          "constructor.prototype=1",
          "expect.reportData=00",
          "policy.inline=%7B%7D",
          "challenge.nonce=00",
        ]
      ) {
        const code = query === "nonce=00" ? "input.value" : "api.request";
        await refused(await ask(query), 400, code);
      }
      await refused(await ask(`nonce=${toHex(NONCE)}`, JSON_TYPE), 400, "api.request");
      await refused(await ask("a=1".padEnd(9000, "1")), 414, "api.too_long");
    },
  },
  {
    name: "a token that could not be given is refused before anything is verified",
    async run(service) {
      const good = await goodBody(service);
      const audience = "https://keys.example.org";
      const wrong: readonly (readonly [object, number, string])[] = [
        [good, 400, "input.missing"],
        [{ ...good, token: { profile: "casemate" } }, 400, "input.missing"],
        [{ ...good, token: { audience: "" } }, 400, "api.request"],
        [{ ...good, token: { audience: "a\nb" } }, 400, "api.request"],
        [{ ...good, token: { audience, profile: "own" } }, 400, "api.request"],
        [{ ...good, token: { audience }, profile: "crypto-only" }, 400, "results.not_full"],
      ];
      for (const [body, status, code] of wrong) {
        await refused(await verify(service, body, "application/eat+jwt"), status, code);
      }
      const other = { ...good, token: { profile: "ietf" } };
      ok((await verify(service, other, "application/eat+jwt")).ok);
    },
  },
];
