/**
 * What a verification over HTTP comes to.
 *
 * @module
 */

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createLocalJWKSet, jwtVerify } from "jose";
import { writeCmwCbor, writeCmwJson } from "../../src/evidence/envelope/cmw.ts";
import { toBase64, toHex } from "../../src/core/bytes.ts";
import { examineToken } from "../../src/results/judge.ts";
import { readVerifierKeys } from "../../src/results/jwks.ts";
import { LAB_STATEMENT } from "../../src/lab/mod.ts";
import { answered, answering, envelopeOf, refused, resultOf, verify } from "./asking.ts";
import { base64Files, GARBAGE } from "./lab.ts";
import type { ServiceCase, ServiceUnderTest } from "./service_case.ts";

const AUDIENCE = "https://keys.example.org";
const JWT = "application/eat+jwt";
const OWN_NONCE = new Uint8Array(32).fill(0x3c);

/** All that a token under the registered policy is asked for with. */
async function tokenRequest(service: ServiceUnderTest): Promise<object> {
  const { issued, minted } = await answered(service);
  return {
    envelope: envelopeOf(minted),
    challenge: answering(issued),
    policy: { digest: service.lab.digest },
    token: { audience: AUDIENCE },
  };
}

async function jwks({ ask }: ServiceUnderTest): Promise<{ keys: Record<string, string>[] }> {
  return await (await ask("/.well-known/jwks.json")).json();
}

/** What of a token's claims these cases look at. */
interface Claims {
  readonly casemate: Readonly<Record<string, unknown>>;
  readonly iss: string;
}

export const VERIFY_CASES: readonly ServiceCase[] = [
  {
    name: "an envelope that answers a nonce of the service is verified under a registered policy",
    async run(service) {
      const { issued, minted } = await answered(service);
      const result = await resultOf(
        await verify(service, {
          envelope: envelopeOf(minted),
          challenge: answering(issued),
          expect: { clusterId: LAB_STATEMENT.clusterId, purpose: "serve" },
          policy: { digest: service.lab.digest },
        }),
      );

      deepEqual([result.verdict, result.code], ["lab-trusted", null], result.says);
      equal(result.freshness, service.remembers ? "single-use" : "time-limited");
      equal(result.freshness, issued.freshness);
      equal(result.nonce, issued.nonce);
      equal(result.binding, "nonce");
      equal(`sha256:${result.digests.policy}`, service.lab.digest);
      equal(result.reference?.release ?? null, null);
      equal(result.statement?.nodeName, LAB_STATEMENT.nodeName);
    },
  },
  {
    name:
      "NET-02 a token is signed by the service's key, and says whether its nonce can come twice",
    async run(service) {
      const request = await tokenRequest(service);
      const response = await verify(service, request, JWT);
      equal(response.status, 200, await response.clone().text());
      equal(response.headers.get("content-type"), JWT);
      const token = await response.text();

      const set = createLocalJWKSet(await jwks(service));
      const currentDate = service.now();
      const terms = { audience: AUDIENCE, issuer: service.lab.issuer, typ: "eat+jwt", currentDate };
      const { payload } = await jwtVerify<Claims>(token, set, terms);
      equal(payload.casemate["freshness"], service.remembers ? "single-use" : "time-limited");
      equal(payload.casemate["verdict"], "lab-trusted");
    },
  },
  {
    name: "a relying party takes a token by key set, nonce and policy",
    async run(service) {
      const { issued, minted } = await answered(service);
      const { digest } = service.lab;
      const body = {
        envelope: envelopeOf(minted),
        challenge: answering(issued),
        policy: { digest },
        token: { audience: AUDIENCE },
      };
      const token = await (await verify(service, body, JWT)).text();
      const keys = new TextEncoder().encode(JSON.stringify(await jwks(service)));

      const { verdict, claims } = await examineToken(token, {
        keys: await readVerifierKeys(keys),
        audience: AUDIENCE,
        nonce: Uint8Array.from(issued.nonce.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
        policy: { digest: digest.slice("sha256:".length) },
        now: service.now(),
        issuer: service.lab.issuer,
        allowLab: true,
      });
      equal(verdict, "lab-trusted");
      equal(claims.own?.freshness, issued.freshness);
    },
  },
  {
    name: "NET-02 no token is signed under a policy that comes along, nor without one",
    async run(service) {
      const request = await tokenRequest(service);
      const inline = { ...request, policy: { inline: service.lab.policy } };
      await refused(await verify(service, inline, JWT), 403, "api.unregistered");
      const { policy: _, ...none } = inline;
      await refused(await verify(service, none, JWT), 403, "api.unregistered");
      const other = { ...request, policy: { digest: `sha256:${"0".repeat(64)}` } };
      await refused(await verify(service, other, JWT), 403, "api.policy_unknown");
      // None of that was read as far as to spend the nonce.
      equal((await verify(service, request, JWT)).status, 200);
    },
  },
  {
    name: "NET-03 evidence that is only there comes to no verdict, or to a refusal, signed or not",
    async run(service) {
      const { issued } = await answered(service);
      const question = { challenge: answering(issued), policy: { digest: service.lab.digest } };
      const empty = await verify(service, { ...question, variant: "sev-snp", evidence: {} });
      deepEqual([empty.status, (await empty.json()).code], [400, "api.request"]);
      const other = await service.lab.mint(OWN_NONCE);
      const body = { ...question, envelope: envelopeOf(other) };
      const { verdict, code } = await resultOf(await verify(service, body));
      deepEqual([verdict, code], ["rejected", "snp.report_data_mismatch"]);
    },
  },
  {
    name: "evidence in pieces is verified as the library does it",
    async run(service) {
      const { issued, minted } = await answered(service);
      const result = await resultOf(
        await verify(service, {
          variant: "sev-snp",
          evidence: base64Files(minted.files),
          statement: toBase64(minted.statement),
          challenge: answering(issued),
          policy: { inline: service.lab.policy },
          reference: service.lab.reference,
        }),
      );
      deepEqual([result.verdict, result.freshness], ["lab-trusted", issued.freshness]);
    },
  },
  {
    name: "the forms of an envelope come to the same",
    async run(service) {
      const minted = await service.lab.mint(OWN_NONCE);
      const { envelope } = minted;
      const cmw = writeCmwJson(envelope);
      const forms: readonly unknown[] = [
        envelopeOf(minted),
        toBase64(envelope),
        JSON.parse(new TextDecoder().decode(cmw)),
        toBase64(writeCmwCbor(envelope)),
      ];
      const digests = new Set<string>();
      for (const form of forms) {
        const body = {
          envelope: form,
          nonce: toHex(OWN_NONCE),
          policy: { digest: service.lab.digest },
        };
        const { verdict, freshness, digests: { evidence } } = await resultOf(
          await verify(service, body),
        );
        deepEqual([verdict, freshness], ["lab-trusted", "caller"]);
        digests.add(evidence);
      }
      equal(digests.size, 1);
    },
  },
  {
    name: "an envelope alone is the body, and the query has the rest",
    async run(service) {
      const minted = await service.lab.mint(OWN_NONCE);
      const query = new URLSearchParams({
        "nonce": toHex(OWN_NONCE),
        "policy.digest": service.lab.digest,
        "expect.role": LAB_STATEMENT.role,
        "variant": "sev-snp",
      });
      const bodies: readonly (readonly [string, Uint8Array])[] = [
        ["application/vnd.casemate.evidence+json", minted.envelope],
        ["application/cmw+json; charset=utf-8", writeCmwJson(minted.envelope)],
        ["application/cmw+cbor", writeCmwCbor(minted.envelope)],
      ];
      for (const [type, bytes] of bodies) {
        const response = await service.ask(`/v1/verify?${query}`, {
          method: "POST",
          headers: { "content-type": type },
          body: new Uint8Array(bytes),
        });
        equal((await resultOf(response)).verdict, "lab-trusted", type);
      }
    },
  },
  {
    name: "what the caller says decides: another cluster, another policy, no question at all",
    async run(service) {
      const minted = await service.lab.mint(OWN_NONCE);
      const base = { envelope: envelopeOf(minted), nonce: toHex(OWN_NONCE) };
      const policy = { digest: service.lab.digest };
      const clusterId = "00".repeat(31) + "01";
      const asked: readonly (readonly [object, unknown, unknown, string])[] = [
        [
          { ...base, policy, expect: { clusterId } },
          "rejected",
          "statement.cluster_mismatch",
          "caller",
        ],
        [base, "platform-only", "snp.measurement_not_pinned", "caller"],
        [
          { ...base, nonce: undefined, freshness: "none", policy },
          "platform-only",
          "freshness.not_checked",
          "none",
        ],
      ];
      for (const [body, verdict, code, freshness] of asked) {
        const result = await resultOf(await verify(service, body));
        deepEqual([result.verdict, result.code, result.freshness], [verdict, code, freshness]);
      }
    },
  },
  {
    name: "with signatures alone nothing is said of a question",
    async run(service) {
      const minted = await service.lab.mint(OWN_NONCE);
      const body = { envelope: envelopeOf(minted), profile: "crypto-only" };
      const result = await resultOf(await verify(service, { ...body, nonce: toHex(OWN_NONCE) }));
      deepEqual([result.verdict, result.outcome, result.freshness], [null, "genuine", "none"]);
      const bad = { variant: "sev-snp", profile: "crypto-only" };
      const { leaf = "" } = base64Files(minted.files);
      const evidence = { ...base64Files(minted.files), report: toBase64(GARBAGE), leaf };
      const { outcome } = await resultOf(await verify(service, { ...bad, evidence }));
      equal(outcome, "not-genuine");
    },
  },
  {
    name: "a token about refused evidence refuses it",
    async run(service) {
      const request = await tokenRequest(service);
      const other = await service.lab.mint(OWN_NONCE);
      const body = { ...request, envelope: envelopeOf(other) };
      const token = await (await verify(service, body, "application/jwt")).text();
      match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
      const { payload } = await jwtVerify<Claims>(token, createLocalJWKSet(await jwks(service)), {
        currentDate: service.now(),
      });
      deepEqual([payload.casemate["verdict"], payload.casemate["code"]], [
        "rejected",
        "snp.report_data_mismatch",
      ]);
      ok(payload["eat_nonce"]);
    },
  },
];
