/**
 * Measures verification of TDX quotes beside what it is made of and beside others.
 *
 * @module
 */

import { p256 } from "@noble/curves/nist.js";
import phala from "npm:@phala/dcap-qvl@0.3.9";
import startPhalaWeb, { js_verify as phalaWebVerify } from "npm:@phala/dcap-qvl-web@0.3.3";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { INTEL_ROOTS } from "../../src/evidence/tdx/roots.ts";
import { verifyUnder } from "../../src/evidence/tdx/verify.ts";
import { examine } from "../../mod.ts";
import { hasCargo } from "../oracle/build.ts";
import { TdxOracle } from "../oracle/tdx/oracles.ts";
import { type Contender, contender, measure, type Timing } from "./measure.ts";
import { mustHold, nobleVerify, webCrypto } from "./contenders.ts";
import { portableTdx } from "./portable.ts";
import {
  chooseTdxEvidence,
  phalaCollateral,
  quoteSignature,
  type TdxBenchEvidence,
} from "./tdx_evidence.ts";

/** Parameters of all signatures in quotes and collateral. */
const P256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A moment at which nothing is in force any more. */
const TOO_LATE = new Date("2099-01-01T00:00:00Z");

/** What one run found about TDX. */
export interface TdxTimings {
  /** Where the evidence is from. */
  readonly evidence: string;
  /** How long each took. */
  readonly timings: readonly Timing[];
  /** Who was left out, and why. */
  readonly skipped: readonly string[];
}

/**
 * Measures all who can be measured here.
 *
 * @param rounds Rounds in which all take their turn.
 */
export async function measureTdx(rounds: number): Promise<TdxTimings> {
  const evidence = await chooseTdxEvidence();
  const { name, real } = evidence;
  const contenders = [
    ...ownStages(evidence),
    ...portableTdx(evidence),
    ...await primitives(evidence),
    ...real ? await phalas(evidence) : [],
  ];
  const skipped = [
    "google/go-tdx-guest: refuses real quotes whose FMSPC has letters",
    ...real ? [] : ["@phala/dcap-qvl, @phala/dcap-qvl-web: no real evidence"],
  ];
  if (!await hasCargo()) {
    const missing = [...skipped, "dcap-qvl, native: cargo is missing"];
    return { evidence: name, timings: await measure(contenders, rounds), skipped: missing };
  }
  await using oracle = await TdxOracle.startDcapQvl();
  const timings = await measure([...contenders, ...natives(oracle, evidence)], rounds);
  return { evidence: name, timings, skipped };
}

/** This project's stages, from bytes to an answer. */
function ownStages({ asked, files, anchors, real }: TdxBenchEvidence): readonly Contender[] {
  const { now } = asked;
  const again = (): Promise<unknown> => verifyUnder(inlineEngine, files, { anchors, now });
  const tooLate = async (): Promise<void> => {
    const code = await verifyUnder(inlineEngine, files, { anchors, now: TOO_LATE })
      .then(() => "accepted", (error) => error instanceof CasemateError ? error.code : "");
    mustHold("tdx-unsigned", code === "tdx.certificate_expired");
  };
  const request = {
    variant: "tdx",
    evidence: files,
    expect: { freshness: "none" },
    now,
  } as const;
  return [
    contender("tdx-parse", "read the quote", () => inlineEngine.run("tdx_quote", [files.quote])),
    contender("tdx-unsigned", "verify, platform known, refused before the signatures", tooLate),
    contender("tdx-warm", "verify, platform and collateral known", again),
    // Only Intel's roots and labs' are known there, and this lab's evidence has no mark of a lab.
    ...real && anchors === INTEL_ROOTS
      ? [
        contender("tdx-examine", "examine(): verify and appraise, known", () => examine(request)),
      ]
      : [],
    contender("tdx-cold", "verify, first sight of platform and collateral", async () => {
      await inlineEngine.run("cache_clear", []);
      return await again();
    }),
  ];
}

async function primitives(evidence: TdxBenchEvidence): Promise<readonly Contender[]> {
  const signature = quoteSignature(evidence);
  return [
    await webCrypto("webcrypto-p256", "WebCrypto P-256 verify, bare", P256, signature),
    nobleVerify("noble-p256", "@noble/curves P-256 verify, bare", p256, signature),
  ];
}

/** The packages of npm, which know Intel's root alone. */
async function phalas(evidence: TdxBenchEvidence): Promise<readonly Contender[]> {
  await startPhalaWeb();
  const { files: { quote }, asked: { now } } = evidence;
  const collateral = phalaCollateral(evidence);
  const seconds = Math.floor(now.getTime() / 1000);
  const holds = (id: string, said: { readonly status: unknown }): Promise<void> => {
    mustHold(id, said.status === "UpToDate");
    return Promise.resolve();
  };
  return [
    contender(
      "phala-js",
      "npm @phala/dcap-qvl 0.3.9, JavaScript",
      () => holds("phala-js", phala.verify(quote, collateral, seconds)),
    ),
    contender(
      "phala-web",
      "npm @phala/dcap-qvl-web 0.3.3, WASM",
      () => holds("phala-web", phalaWebVerify(quote, collateral, BigInt(seconds))),
    ),
  ];
}

/** The crate as a native program, with either arithmetic; its own clock measures. */
function natives(oracle: TdxOracle, { asked, name }: TdxBenchEvidence): readonly Contender[] {
  return [false, true].map((rustCrypto) => ({
    id: rustCrypto ? "dcap-qvl-rustcrypto" : "dcap-qvl-ring",
    title: `dcap-qvl 0.7.1, native, ${rustCrypto ? "RustCrypto" : "ring"}`,
    batch: async (rounds) => {
      const said = await oracle.ask(asked, { rounds, rustCrypto });
      if (!said.accepted) throw new Error(`dcap-qvl refuses ${name}: ${said.error}`);
      return said.nanoseconds / 1000;
    },
  }));
}
