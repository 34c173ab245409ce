/**
 * Holds this project's tokens against veraison/ear, the library that Veraison's
 * services are made with: `deno task oracle:ear`. Needs Go, so it is no part of
 * `deno task test`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toBase64 } from "../../src/core/bytes.ts";
import { toBase64url } from "../../src/core/base64url.ts";
import {
  generateSigningKey,
  readSigningKey,
  SIGNING_KEY_KINDS,
  type SigningKeyKind,
} from "../../src/core/signing_key.ts";
import { readClaims } from "../../src/results/claims.ts";
import { earClaims, signResult, type TokenOptions } from "../../src/results/ear.ts";
import { examineToken } from "../../src/results/judge.ts";
import { ALGORITHMS, decodeJws } from "../../src/results/jws.ts";
import type { Result } from "../../src/results/result.ts";
import { type Aspect, ASPECTS } from "../../src/results/tier.ts";
import { expectation, labResult, OPTIONS, realResult } from "../results/tokens.ts";
import { ask, mintedOf, NONCE } from "../variants/ask.ts";
import { buildGo, hasGo } from "./build.ts";
import { LineProgram } from "./line_program.ts";

interface Appraisal {
  readonly status: string;
  readonly allowed: string;
  readonly vector: Readonly<Record<Aspect, number>>;
  readonly policy: string | null;
}

interface Answer {
  readonly accepted: boolean;
  readonly reason: string;
  readonly nonce: string | null;
  readonly submods: Readonly<Record<string, Appraisal>> | null;
  readonly token: string;
}

/** Asks the library. */
async function asked(oracle: LineProgram, request: object): Promise<Answer> {
  // The program's answer is of this form; its source stands beside.
  return await oracle.ask(request) as Answer;
}

if (!await hasGo()) throw new Error("There is no Go on this machine");

const path = await buildGo("ear", "casemate-ear");

const FOREIGN: TokenOptions = { ...OPTIONS, profile: "veraison" };

const pairs = new Map(
  await Promise.all(
    SIGNING_KEY_KINDS.map(async (kind) => [kind, await generateSigningKey(kind)] as const),
  ),
);

function pairOf(kind: SigningKeyKind): Awaited<ReturnType<typeof generateSigningKey>> {
  const pair = pairs.get(kind);
  assert.ok(pair);
  return pair;
}

/** The library's clock is the machine's, so the token is of now. */
function ofNow(result: Result): Result {
  return { ...result, time: new Date().toISOString() };
}

async function signedBy(kind: SigningKeyKind, result: Result, options: TokenOptions = FOREIGN) {
  const { pkcs8, publicKey } = pairOf(kind);
  const token = await signResult(ofNow(result), await readSigningKey(pkcs8), options);
  return { kind: "verify", token, algorithm: ALGORITHMS[kind][0], key: toBase64(publicKey.spki) };
}

/** Results of every verdict and of several variants. */
async function results(): Promise<readonly (readonly [string, Result, Partial<TokenOptions>])[]> {
  const snp = await mintedOf("sev-snp");
  return [
    ["trusted SEV-SNP", await realResult("sev-snp"), {}],
    ["trusted TDX", await realResult("tdx"), {}],
    ["trusted Azure", await realResult("azure-sev-snp"), {}],
    ["trusted NitroTPM", await realResult("aws-nitro-tpm"), {}],
    ["lab", await labResult("azure-tdx"), {}],
    ["platform-only", await ask(snp, { section: {} }), {}],
    ["platform-only with a warning", {
      ...await ask(snp, { section: {} }),
      roots: ["amd"],
      weakestRoot: "amd",
    }, {
      platformOnly: "warning",
    }],
    ["rejected", await ask(snp, { expect: { nonce: new Uint8Array(32).fill(0x5f) } }), {}],
    ["rejected at once", await ask(snp, { files: { report: new Uint8Array(3) } }), {}],
  ];
}

Deno.test("veraison/ear reads tokens of the profile veraison as they are meant, and lowers no status", async () => {
  await using oracle = new LineProgram(path);
  for (const [name, result, change] of await results()) {
    const options = { ...FOREIGN, ...change };
    const request = await signedBy("P-256", result, options);
    const { accepted, reason, nonce, submods } = await asked(oracle, request);
    assert.ok(accepted, `${name}: ${reason}`);
    assert.equal(nonce, readClaims(decodeJws(request.token).claims).nonce);
    const meant = readClaims(earClaims(ofNow(result), options)).appraisals;
    assert.deepEqual(Object.keys(submods ?? {}).sort(), meant.map((one) => one.name).sort());
    for (const { name: label, status, vector, policies } of meant) {
      const read = submods?.[label];
      assert.deepEqual([read?.status, read?.allowed], [status, status], `${name}: ${label}`);
      assert.equal(read?.policy, policies[0]);
      // The library writes 0 for what is absent.
      const whole = Object.keys(vector).length === 0
        ? {}
        : Object.fromEntries(ASPECTS.map((aspect) => [aspect, vector[aspect] ?? 0]));
      assert.deepEqual(read?.vector, whole);
    }
  }
});

for (const kind of SIGNING_KEY_KINDS) {
  Deno.test(`veraison/ear verifies signatures of ${kind}, and refuses other keys, bent and expired tokens`, async () => {
    await using oracle = new LineProgram(path);
    const request = await signedBy(kind, await realResult());
    assert.ok((await asked(oracle, request)).accepted);
    const other = toBase64((await generateSigningKey(kind)).publicKey.spki);
    const [head = "", body = "", tail = ""] = request.token.split(".");
    const bent = `${head}.${body.startsWith("eyJ") ? "eyK" : "eyJ"}${body.slice(3)}.${tail}`;
    const old = await signResult(
      { ...await realResult(), time: "2026-01-01T00:00:00.000Z" },
      await readSigningKey(pairOf(kind).pkcs8),
      FOREIGN,
    );
    for (const change of [{ key: other }, { token: bent }, { token: old }]) {
      assert.ok(!(await asked(oracle, { ...request, ...change })).accepted);
    }
  });
}

Deno.test("veraison/ear refuses this project's own profile, which it does not know", async () => {
  await using oracle = new LineProgram(path);
  for (const profile of ["casemate", "ietf", "trustee"] as const) {
    const request = await signedBy("P-256", await realResult(), { ...OPTIONS, profile });
    assert.match((await asked(oracle, request)).reason, /eat_profile|verifier-id|mandatory/);
  }
});

Deno.test("tokens that veraison/ear signs are read here, and refused for what they do not say: how long, and for whom", async () => {
  await using oracle = new LineProgram(path);
  const { pkcs8, publicKey } = pairOf("P-384");
  const claims = {
    eat_profile: "tag:github.com,2023:veraison/ear",
    iat: Math.floor(Date.now() / 1000),
    eat_nonce: toBase64url(NONCE),
    "ear.verifier-id": { build: "vts 1", developer: "https://veraison-project.org" },
    submods: {
      cpu0: {
        "ear.status": "affirming",
        "ear.trustworthiness-vector": { hardware: 2 },
        "ear.appraisal-policy-id": "p",
      },
    },
  };
  const { token, reason } = await asked(oracle, {
    kind: "sign",
    claims,
    algorithm: "ES384",
    key: toBase64(pkcs8),
  });
  assert.ok(token, reason);
  const terms = await expectation({
    keys: [publicKey],
    profile: "veraison",
    policy: { id: "p" },
    acceptRoots: ["none"],
    now: new Date(),
  });
  await assert.rejects(examineToken(token, terms), {
    code: "results.claims",
    fields: { claim: "exp" },
  });

  const added = { exp: claims.iat + 300, aud: OPTIONS.audience };
  const { appraisals, nonce } = readClaims({ ...decodeJws(token).claims, ...added });
  assert.equal(nonce, claims.eat_nonce);
  assert.deepEqual(appraisals[0]?.status, "affirming");
  assert.equal(appraisals[0]?.vector.hardware, 2);
});
