/**
 * Measures what stands around the verification of evidence: policies, reference
 * values, tokens, audit bundles, reports, and collateral that is kept. Each
 * beside the verification that it belongs to, or beside another's program.
 *
 * @module
 */

import { importPKCS8, importSPKI, jwtVerify, SignJWT } from "jose";
import { stringify } from "yaml";
import { examine, type Request } from "../../mod.ts";
import { writeBundle } from "../../src/audit/bundle.ts";
import { confirmBundle } from "../../src/audit/confirm.ts";
import { plainOf } from "../../src/audit/plain.ts";
import { readBundle } from "../../src/audit/read.ts";
import { allCodes } from "../../src/cli/code_table.ts";
import type { CanonicalValue } from "../../src/core/canonical_json.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import {
  generateSigningKey,
  keyPem,
  readSigningKey,
  type SigningKey,
} from "../../src/core/signing_key.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { sevSnp } from "../../src/evidence/snp/mod.ts";
import { tdx } from "../../src/evidence/tdx/mod.ts";
import { parsePolicyText } from "../../src/policy/parse.ts";
import { readPolicy } from "../../src/policy/policy.ts";
import { ownerAuthority, signReference } from "../../src/policy/reference/authority.ts";
import { readReference } from "../../src/policy/reference/read.ts";
import { readSignedReference } from "../../src/policy/reference/signed.ts";
import { renderReport } from "../../src/report/report.ts";
import { earClaims, signResult } from "../../src/results/ear.ts";
import { verifyToken } from "../../src/results/judge.ts";
import { completeFiles } from "../../src/verifier/complete.ts";
import { NOW } from "../lab_authority.ts";
import {
  AUDIENCE,
  expectation,
  goodToken,
  OPTIONS,
  realResult,
  verifierKey,
} from "../results/tokens.ts";
import { mintedOf, requestFor } from "../variants/ask.ts";
import { bare as bareSnp } from "../vendors/snp.ts";
import { sourceOver } from "../vendors/sources.ts";
import { bare as bareTdx } from "../vendors/tdx.ts";
import { mustHold } from "./contenders.ts";
import { type Contender, contender, measure, type Timing } from "./measure.ts";

/** Contenders over one thing. */
export interface DecisionSection {
  /** What. */
  readonly title: string;
  /** Id of the one that others are compared with. */
  readonly baseline: string;
  /** How long each took. */
  readonly timings: readonly Timing[];
}

/** Sets of reference values that are accepted at once. */
const SET_COUNTS = [1, 4, 16] as const;

/** What the verification itself takes, chains and collateral known. */
const VERIFICATION = "verification";

/**
 * Measures all of it.
 *
 * @param rounds Rounds in which all of a section take their turn.
 */
export async function measureDecision(rounds: number): Promise<readonly DecisionSection[]> {
  const sections: readonly (readonly [string, string, readonly Contender[]])[] = [
    ["Policy and reference values, SEV-SNP", VERIFICATION, await documents()],
    ["Tokens, ES256", "jose-verify", await tokens()],
    ["Audit bundle and report, azure-sev-snp", VERIFICATION, await records()],
    ["Collateral from a warm cache, SEV-SNP", VERIFICATION, await snpCollateral()],
    ["Collateral from a warm cache, TDX", VERIFICATION, await tdxCollateral()],
  ];
  const measured: DecisionSection[] = [];
  for (const [title, baseline, contenders] of sections) {
    measured.push({ title, baseline, timings: await measure(contenders, rounds) });
  }
  return measured;
}

function verification(request: Request, title = "examine(), chain known"): Contender {
  return contender(VERIFICATION, title, async () => {
    const { verdict } = await examine(request);
    mustHold(VERIFICATION, verdict === "lab-trusted");
  });
}

type MintedReference = Awaited<ReturnType<typeof mintedOf>>["reference"];

/** A document of which the last set alone is met. */
function documentOf(variant: string, values: MintedReference, count: number): CanonicalValue {
  const wrong = { measurements: [{ known: "computed", value: ["5f".repeat(48)] }] };
  const right = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, { known: "computed", value }]),
  );
  const sets = Array.from({ length: count }, (_, i) => ({
    name: `1.${i}`,
    [variant]: i === count - 1 ? right : { ...right, ...wrong },
  }));
  return plainOf({ version: 1, release: "1", issued: "2026-01-01T00:00:00Z", sets });
}

async function documents(): Promise<readonly Contender[]> {
  const minted = await mintedOf("sev-snp");
  const request = requestFor(minted);
  const { variant, reference, policy: section } = minted;
  const { policy: given } = requestFor(minted, { section });
  const text = new TextEncoder().encode(stringify(request.policy));
  const sets = SET_COUNTS.map((count) => {
    const asked = { ...request, policy: given, reference: documentOf(variant, reference, count) };
    return contender(`sets-${count}`, `the same with ${count} sets, the last fits`, async () => {
      const result = await examine(asked);
      mustHold("sets", result.verdict === "lab-trusted");
      mustHold("sets", result.reference?.set === `1.${count - 1}`);
    });
  });
  const four = documentOf(variant, reference, 4);
  const owner = await verifierKey("P-384");
  const file = await signReference(four, [owner]);
  const authorities = [ownerAuthority([owner.publicKey])];
  const read = (value: unknown) => Promise.resolve(readPolicy(value, technologies, "policy", NOW));
  return [
    verification(request),
    ...sets,
    contender("policy", "read the policy, plain data", () => read(request.policy)),
    contender(
      "policy-yaml",
      `the same as YAML of ${text.length} bytes`,
      () => read(parsePolicyText(text, "policy")),
    ),
    contender(
      "reference",
      "read reference values of 4 sets, plain data",
      () => Promise.resolve(readReference(four, technologies)),
    ),
    contender(
      "reference-signed",
      `verify their signature, P-384, ${file.length} bytes`,
      () => readSignedReference(file, authorities),
    ),
  ];
}

async function tokens(): Promise<readonly Contender[]> {
  const { pkcs8, publicKey } = await generateSigningKey("P-256");
  const key: SigningKey = await readSigningKey(pkcs8);
  const result = await realResult();
  const claims = earClaims(result, OPTIONS);
  const own = await goodToken();
  const expected = await expectation();
  const open = await importSPKI(
    keyPem("PUBLIC KEY", expected.keys[0]?.spki ?? publicKey.spki),
    "ES256",
  );
  const secret = await importPKCS8(keyPem("PRIVATE KEY", pkcs8), "ES256");
  const header = { alg: "ES256", typ: "eat+jwt", kid: publicKey.id };
  const terms = { audience: AUDIENCE, currentDate: NOW, typ: "eat+jwt" };
  return [
    contender("sign", "build the claims and sign", () => signResult(result, key, OPTIONS)),
    contender(
      "jose-sign",
      "jose 6.2.17: sign claims that are there",
      () => new SignJWT({ ...claims }).setProtectedHeader(header).sign(secret),
    ),
    contender("verify", `verifyToken(), ${own.length} characters`, async () => {
      mustHold("verify", (await verifyToken(own, expected)).verdict === "trusted");
    }),
    contender("jose-verify", "jose 6.2.17: signature, times, audience", async () => {
      mustHold("jose-verify", (await jwtVerify(own, open, terms)).payload.exp !== undefined);
    }),
  ];
}

async function records(): Promise<readonly Contender[]> {
  const request = requestFor(await mintedOf("azure-sev-snp"));
  const result = await examine(request);
  const bundle = writeBundle(request, result, { casemate: "1.0.0" });
  const known = { labRoots: request.labRoots ?? [] };
  const technology = technologies.find(({ id }) => id === request.variant);
  if (technology === undefined) throw new Error("There is no such variant");
  const page = () => renderReport(result, { technology, codes: allCodes(), version: "1.0.0" });
  return [
    verification(request),
    contender(
      "audit-write",
      `write an audit bundle of ${bundle.length} bytes`,
      () => Promise.resolve(writeBundle(request, result, { casemate: "1.0.0" })),
    ),
    contender("audit-verify", "read it and verify it again", async () => {
      const read = readBundle(bundle, "bundle");
      const { difference } = await confirmBundle(inlineEngine, read, known, "1.0.0");
      mustHold("audit-verify", difference === null);
    }),
    contender("report", `draw a report of ${page().length} bytes`, () => Promise.resolve(page())),
  ];
}

/** Evidence without anything beside it, in a cache that has all of the rest. */
type Bare = Pick<Awaited<ReturnType<typeof bareSnp>>, "http" | "terms">;

async function beside(
  technology: typeof sevSnp | typeof tdx,
  files: FilesByRole,
  { http, terms }: Bare,
): Promise<readonly Contender[]> {
  const { collateral, clock } = sourceOver(http);
  const context = { engine: inlineEngine, now: clock.now(), labRoots: terms.labRoots };
  const complete = () => completeFiles(technology, files, collateral, context);
  const { files: whole, missing } = await complete();
  mustHold("complete", missing.length === 0);
  const policy = { version: 1, allowLab: true };
  const { labRoots } = terms;
  const request: unknown = {
    ...{ variant: technology.id, evidence: whole, expect: { freshness: "none" } },
    ...{ policy, now: clock.now(), labRoots },
  };
  return [
    // What runs is pinned by nobody here.
    contender(VERIFICATION, "examine(), collateral and chain known", async () => {
      const { findings } = await examine(request as Request);
      mustHold(VERIFICATION, findings.every(({ kind }) => kind !== "mismatch"));
    }),
    contender("complete", "completeFiles(), all of it kept", complete),
  ];
}

async function snpCollateral(): Promise<readonly Contender[]> {
  const bare = await bareSnp();
  return await beside(sevSnp, { report: bare.minted.report }, bare);
}

async function tdxCollateral(): Promise<readonly Contender[]> {
  const bare = await bareTdx();
  return await beside(tdx, { quote: bare.minted.quote }, bare);
}
