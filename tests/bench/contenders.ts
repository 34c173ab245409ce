/**
 * What is measured: this project's stages, the bare primitives of the runtime,
 * and others' verifiers, all over the same evidence.
 *
 * @module
 */

import { p384 } from "@noble/curves/nist.js";
import { createEngine } from "../../src/core/crypto.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { verify } from "../../src/evidence/snp/verify.ts";
import { examine } from "../../mod.ts";
import type { SnpOracle } from "../oracle/snp/oracles.ts";
import {
  askSignature,
  type BareSignature,
  type BenchEvidence,
  reportSignature,
} from "./evidence.ts";
import { type Contender, contender } from "./measure.ts";

/** Parameters of the report's signature (AMD 56860 §7.3) and of the certificates' (AMD 57230). */
const P384 = { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" };
const PSS = { name: "RSA-PSS", hash: "SHA-384", saltLength: 48 };

/** A moment at which no certificate is in force any more. */
const TOO_LATE = new Date("2099-01-01T00:00:00Z");

/**
 * This project's stages, from bytes to an answer.
 *
 * @param evidence What is verified.
 * @param wasm The engine's module.
 */
export function ownStages(
  evidence: BenchEvidence,
  wasm: Uint8Array<ArrayBuffer>,
): readonly Contender[] {
  const { files, now, labRoots } = evidence;
  const again = (): Promise<unknown> => verify(inlineEngine, files, { now, labRoots });
  const tooLate = (): Promise<unknown> =>
    verify(inlineEngine, files, { now: TOO_LATE, labRoots }).then(
      () => mustHold("verify-unsigned", false),
      (error) => mustHold("verify-unsigned", error.code === "snp.certificate_expired"),
    );
  const parse = (): Promise<unknown> => inlineEngine.run("snp_report", [files.report]);
  const request = {
    variant: "sev-snp",
    evidence: files,
    expect: { freshness: "none" },
    now,
    labRoots,
  } as const;
  return [
    contender("parse", "parse the report", parse),
    contender("verify-unsigned", "verify, chain known, refused before the signature", tooLate),
    contender("verify-warm", "verify, chain known", again),
    contender(
      "examine-warm",
      "examine(): verify and appraise, chain known",
      () => examine(request),
    ),
    contender("verify-cold", "verify, first sight of the chain", async () => {
      await inlineEngine.run("cache_clear", []);
      return await again();
    }),
    contender("engine-start", "compile the module and parse once", () => {
      const engine = createEngine(new WebAssembly.Module(wasm));
      return engine.run("snp_report", [files.report]);
    }),
  ];
}

/**
 * Bare primitives of the runtime, with imported keys: no parsing, no checks.
 *
 * @param evidence Where keys and signatures are from.
 */
export async function primitives(evidence: BenchEvidence): Promise<readonly Contender[]> {
  const [report, ask] = [reportSignature(evidence), askSignature(evidence)];
  return [
    await webCrypto("webcrypto-p384", "WebCrypto P-384 verify, bare", P384, report),
    await webCrypto("webcrypto-rsa4096", "WebCrypto RSA-4096-PSS verify, bare", PSS, ask),
    nobleVerify("noble-p384", "@noble/curves P-384 verify, bare", p384, report),
  ];
}

/**
 * google/go-sev-guest as a native program; its own clock measures, parsing of the report left out.
 *
 * @param oracle The running program.
 * @param evidence A real report, of a processor that it knows.
 */
export function goSevGuest(oracle: SnpOracle, evidence: BenchEvidence): Contender {
  const { files: { report, leaf, chainAskArk: chain }, now } = evidence;
  return {
    id: "go-sev-guest",
    title: "google/go-sev-guest, native: verify.SnpAttestation",
    batch: async (rounds) => {
      const input = { report, leaf, chain, crls: [] };
      const said = await oracle.ask({ input, now, root: null, line: "" }, rounds);
      if (!said.accepted) throw new Error(`go-sev-guest refuses ${evidence.name}: ${said.error}`);
      return said.nanoseconds / 1000;
    },
  };
}

/**
 * A bare verification by the runtime.
 *
 * @param id Stable name.
 * @param title What it does.
 * @param algorithm Parameters of WebCrypto, for key and signature.
 * @param signature What is verified.
 */
export async function webCrypto(
  id: string,
  title: string,
  algorithm: typeof P384 | Omit<typeof PSS, "saltLength">,
  { spki, message, signature }: BareSignature,
): Promise<Contender> {
  const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  return contender(id, title, async () => {
    mustHold(id, await crypto.subtle.verify(algorithm, key, signature, message));
  });
}

/**
 * A bare verification by @noble/curves.
 *
 * @param id Stable name.
 * @param title What it does.
 * @param curve The curve.
 * @param signature What is verified.
 */
export function nobleVerify(
  id: string,
  title: string,
  curve: typeof p384,
  { spki, message, signature }: BareSignature,
): Contender {
  // The key is the end of SubjectPublicKeyInfo: 0x04, x, y (RFC 5480 §2.2), each as long as R.
  const key = spki.slice(-1 - signature.length);
  // Both S and n - S are signatures in the vendors' schemes, so the check for the lower one is off.
  const options = { prehash: true, lowS: false };
  return contender(id, title, () => {
    mustHold(id, curve.verify(signature, message, key, options));
    return Promise.resolve();
  });
}

/**
 * A contender that ends otherwise would be measured doing something else.
 *
 * @param id Its name.
 * @param holds Whether it ended as it should.
 */
export function mustHold(id: string, holds: boolean): void {
  if (!holds) throw new Error(`${id} does not end as it should`);
}
