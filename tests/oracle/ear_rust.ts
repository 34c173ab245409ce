/**
 * Holds this project's tokens against the crate `ear`, which reads the claims of
 * draft-ietf-rats-ear-04: `deno task oracle:ear-rust`. Needs cargo, so it is no
 * part of `deno task test`.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { SigningKeyKind } from "../../src/core/signing_key.ts";
import { readClaims } from "../../src/results/claims.ts";
import { earClaims, signResult, type TokenOptions } from "../../src/results/ear.ts";
import { jwkOf } from "../../src/results/jwks.ts";
import { ALGORITHMS } from "../../src/results/jws.ts";
import type { Result } from "../../src/results/result.ts";
import { labResult, OPTIONS, realResult, verifierKey } from "../results/tokens.ts";
import { ask, mintedOf } from "../variants/ask.ts";
import { buildCrate } from "./build.ts";
import { LineProgram } from "./line_program.ts";

interface Answer {
  readonly accepted: boolean;
  readonly reason: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly lowered: Readonly<Record<string, unknown>>;
}

const path = await buildCrate("ear_rust", "ear-oracle");

const { audience: _, ...NOBODY } = OPTIONS;

/** For nobody: the library refuses each audience. */
const FOREIGN: TokenOptions = { ...NOBODY, profile: "ietf" };

/** The library's clock is the machine's, so the token is of now. */
function ofNow(result: Result): Result {
  return { ...result, time: new Date().toISOString() };
}

async function asked(
  oracle: LineProgram,
  result: Result,
  options: TokenOptions = FOREIGN,
  kind: SigningKeyKind = "P-256",
): Promise<Answer> {
  const key = await verifierKey(kind);
  const token = await signResult(result, key, options);
  const [algorithm] = ALGORITHMS[kind];
  // The program's answer is of this form; its source stands beside.
  return await oracle.ask({ token, algorithm, jwk: jwkOf(key.publicKey) }) as Answer;
}

/** What both know of claims; parts have no order. */
function understood(claims: Readonly<Record<string, unknown>>): object {
  const { own: _, nbf: __, appraisals, ...others } = readClaims(claims);
  return { ...others, appraisals: appraisals.toSorted((a, b) => a.name < b.name ? -1 : 1) };
}

Deno.test("crate ear reads tokens of the profile ietf as they are meant, and lowers no status", async () => {
  await using oracle = new LineProgram(path);
  const snp = await mintedOf("sev-snp");
  const unpinned = await ask(snp, { section: {} });
  const results: readonly (readonly [Result, Partial<TokenOptions>])[] = [
    [await realResult("sev-snp"), {}],
    [await realResult("tdx"), {}],
    [await realResult("azure-sev-snp"), {}],
    [await realResult("aws-nitro-tpm", { nonce: null }), {}],
    [await labResult("azure-tdx"), {}],
    [unpinned, {}],
    [{ ...unpinned, roots: ["amd"], weakestRoot: "amd" }, { platformOnly: "warning" }],
    [await ask(snp, { expect: { nonce: new Uint8Array(32).fill(0x5f) } }), {}],
    [await ask(snp, { files: { report: new Uint8Array(3) } }), {}],
  ];
  for (const [result, change] of results) {
    const now = ofNow(result);
    const options = { ...FOREIGN, ...change };
    const { accepted, reason, claims, lowered } = await asked(oracle, now, options);
    assert.ok(accepted, reason);
    assert.deepEqual(lowered, claims);
    assert.deepEqual(understood(claims), understood(earClaims(now, options)));
  }
});

Deno.test("crate ear verifies signatures of each kind, and refuses expired tokens and any audience", async () => {
  await using oracle = new LineProgram(path);
  for (const kind of ["P-256", "P-384", "Ed25519"] as const) {
    const { accepted, reason } = await asked(oracle, ofNow(await realResult()), FOREIGN, kind);
    assert.ok(accepted, `${kind}: ${reason}`);
  }
  const old = { ...await realResult(), time: "2026-01-01T00:00:00.000Z" };
  assert.match((await asked(oracle, old)).reason, /[Ee]xpired/);
  // Why tokens for it are for nobody.
  const audience = await asked(oracle, ofNow(await realResult()), { ...OPTIONS, profile: "ietf" });
  assert.match(audience.reason, /[Aa]udience/);
});
