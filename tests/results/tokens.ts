/**
 * Results and tokens for tests: what the lab reached, the same as if it stood on
 * hardware, keys made once, and tokens bent in each way.
 *
 * @module
 */

import { toBase64url } from "../../src/core/base64url.ts";
import {
  generateSigningKey,
  readSigningKey,
  type SigningKey,
  type SigningKeyKind,
} from "../../src/core/signing_key.ts";
import type { Root } from "../../src/evidence/finding.ts";
import { earClaims, signResult, type TokenOptions } from "../../src/results/ear.ts";
import { ALGORITHMS } from "../../src/results/jws.ts";
import type { TokenExpectation } from "../../src/results/read.ts";
import type { Result, Verdict } from "../../src/results/result.ts";
import { ask, mintedOf, NONCE, NOW } from "../variants/ask.ts";

export { NONCE, NOW } from "../variants/ask.ts";

/** Who relies on the tokens of these tests. */
export const AUDIENCE = "https://keys.example.org";

/** How tokens of these tests are made. */
export const OPTIONS: TokenOptions = { audience: AUDIENCE, build: "casemate 1.2.3" };

const keys = new Map<SigningKeyKind, Promise<SigningKey>>();

/**
 * The verifier's key of a kind, made once.
 *
 * @param kind The kind.
 */
export function verifierKey(kind: SigningKeyKind = "P-256"): Promise<SigningKey> {
  const known = keys.get(kind) ??
    generateSigningKey(kind).then(({ pkcs8 }) => readSigningKey(pkcs8));
  keys.set(kind, known);
  return known;
}

type Variant = Parameters<typeof mintedOf>[0];

const results = new Map<Variant, Promise<Result>>();

/**
 * What the lab's evidence of a variant comes to: `lab-trusted`.
 *
 * @param variant The variant.
 */
export function labResult(variant: Variant = "sev-snp"): Promise<Result> {
  const known = results.get(variant) ?? mintedOf(variant).then((minted) => ask(minted));
  results.set(variant, known);
  return known;
}

/** Roots as the lab's evidence would have them if it came from hardware. */
const REAL_ROOTS: Readonly<Partial<Record<Variant, Root>>> = {
  "sev-snp": "amd",
  "tdx": "intel",
  "azure-sev-snp": "paravisor",
  "aws-nitro-tpm": "provider",
};

/**
 * The same, told as if it had come from hardware. Only for the making of tokens:
 * no verification can say this of lab evidence.
 *
 * @param variant The variant.
 * @param change What differs.
 */
export async function realResult(
  variant: Variant = "sev-snp",
  change: Partial<Result> = {},
): Promise<Result> {
  const lab = await labResult(variant);
  const whole = REAL_ROOTS[variant] ?? "none";
  const cpu: Root = variant.endsWith("tdx") ? "intel" : "amd";
  const findings = lab.findings.map((finding) => ({
    ...finding,
    root: /^(?:snp|tdx)\./.test(finding.id) ? cpu : whole,
  }));
  const roots: readonly Root[] = cpu === whole || whole === "provider" ? [whole] : [cpu, whole];
  const verdict: Verdict = "trusted";
  return {
    ...lab,
    verdict,
    findings,
    roots,
    weakestRoot: whole,
    exceptions: [],
    warnings: [],
    ...change,
  };
}

/**
 * A token about evidence as if it had come from hardware.
 *
 * @param options What differs in how it is made.
 * @param kind The verifier's key.
 */
export async function goodToken(
  options: Partial<TokenOptions> = {},
  kind: SigningKeyKind = "P-256",
): Promise<string> {
  return await signResult(await realResult(), await verifierKey(kind), { ...OPTIONS, ...options });
}

/**
 * What the relying party of these tests expects.
 *
 * @param change What differs.
 */
export async function expectation(
  change: Partial<TokenExpectation> = {},
): Promise<TokenExpectation> {
  const { digests } = await realResult();
  const { publicKey } = await verifierKey();
  return {
    keys: [publicKey],
    audience: AUDIENCE,
    nonce: NONCE,
    policy: { digest: digests.policy },
    now: NOW,
    ...change,
  };
}

/** What of a token is written otherwise. */
export interface Forged {
  /** Members of the header; undefined leaves one out. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** The header's text, whole. */
  readonly headerText?: string;
  /** Claims; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The payload's text, whole. */
  readonly payloadText?: string;
  /** How it is made before that. */
  readonly options?: Partial<TokenOptions>;
  /** The result that it is about. */
  readonly result?: Result;
}

/**
 * A token that the verifier's own key signed, whatever stands in it: the
 * signature holds, so that only the check in question can refuse it.
 *
 * @param forged What is written otherwise.
 */
export async function forgedToken(forged: Forged): Promise<string> {
  const key = await verifierKey();
  const { kind, id } = key.publicKey;
  const header = { alg: ALGORITHMS[kind][0], kid: id, typ: "eat+jwt", ...forged.header };
  const made = earClaims(forged.result ?? await realResult(), { ...OPTIONS, ...forged.options });
  const head = forged.headerText ?? JSON.stringify(header);
  const body = forged.payloadText ?? JSON.stringify({ ...made, ...forged.claims });
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const signed = `${toBase64url(text(head))}.${toBase64url(text(body))}`;
  return `${signed}.${toBase64url(await key.sign(text(signed)))}`;
}
