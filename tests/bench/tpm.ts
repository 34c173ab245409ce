/**
 * Measures verification of TPM quotes and reading of event logs beside others.
 *
 * @module
 */

import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { createPortableEngine } from "../../src/core/portable/engine.ts";
import type { Engine } from "../../src/core/crypto.ts";
import { compareReplay, readClaims, readEventLog } from "../../src/evidence/logs/mod.ts";
import { quotesOf } from "../../src/evidence/tpm/files.ts";
import { tpm } from "../../src/evidence/tpm/mod.ts";
import { fromFileUrl, output } from "../../scripts/process.ts";
import { hasGo } from "../oracle/build.ts";
import { TpmOracle } from "../oracle/tpm/oracle.ts";
import { isHere } from "../runtimes/programs.ts";
import { mustHold, webCrypto } from "./contenders.ts";
import { type Contender, contender, measure, type Timing } from "./measure.ts";
import { chooseLogs, type LogEvidence, mintQuotes, type QuoteEvidence } from "./tpm_evidence.ts";

const OPENSSL = fromFileUrl(new URL("openssl.mjs", import.meta.url));

/** WebCrypto's words for the signatures of each kind of key. */
const ALGORITHMS = {
  "RSA-2048": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  "P-256": { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
} as const;

/** What was measured of one thing. */
export interface TpmSection {
  /** What. */
  readonly title: string;
  /** Id of the one that others are compared with. */
  readonly baseline: string;
  /** How long each took. */
  readonly timings: readonly Timing[];
}

/** What one run found about TPMs. */
export interface TpmTimings {
  /** One section for each kind of key and for each log. */
  readonly sections: readonly TpmSection[];
  /** Who was left out, and why. */
  readonly skipped: readonly string[];
}

/**
 * Measures all who can be measured here.
 *
 * @param rounds Rounds in which all take their turn.
 */
export async function measureTpm(rounds: number): Promise<TpmTimings> {
  const portable = createPortableEngine(await tpm.portable?.() ?? {});
  const [go, node] = [await hasGo(), await isHere("node")];
  await using stack = new AsyncDisposableStack();
  const oracle = go ? stack.use(await TpmOracle.start()) : null;
  const sections: TpmSection[] = [];
  for (const quote of await mintQuotes()) {
    const contenders = [
      ...ownQuotes(quote, portable),
      await webCrypto("webcrypto", "WebCrypto, bare", ALGORITHMS[kindOf(quote)], quote.signature),
      ...node ? [openssl(quote)] : [],
      ...oracle === null ? [] : [goTpmTools(oracle, quote)],
    ];
    const timings = await measure(contenders, rounds);
    const title = `TPM quote, ${quote.kind}, 14 registers`;
    sections.push({ title, baseline: "webcrypto", timings });
  }
  for (const log of await chooseLogs()) {
    const others = oracle === null ? [] : goEventlog(oracle, log);
    const timings = await measure([...ownLogs(log, portable), ...others], rounds);
    sections.push({ title: log.title, baseline: "log-read", timings });
  }
  const skipped = [
    ...go ? [] : ["go-tpm-tools, go-eventlog: Go is missing"],
    ...node ? [] : ["OpenSSL: Node is missing"],
  ];
  return { sections, skipped };
}

function kindOf({ kind }: QuoteEvidence): keyof typeof ALGORITHMS {
  if (kind === "P-384") throw new Error("P-384 is not measured");
  return kind;
}

/** This project's verification: from files to what is proven. */
function ownQuotes(
  { bare, certified, labRoots, now }: QuoteEvidence,
  portable: Engine,
): readonly Contender[] {
  const verify = (engine: Engine, files: typeof bare): Promise<unknown> =>
    tpm.verify(engine, files, { now, labRoots });
  const [{ quote }] = quotesOf(bare);
  return [
    contender("parse", "read the quote", () => inlineEngine.run("tpm_quote", [quote])),
    contender("bare", "verify, key alone", () => verify(inlineEngine, bare)),
    contender("warm", "verify, chain and lists known", () => verify(inlineEngine, certified)),
    contender("cold", "verify, first sight of chain and lists", async () => {
      await inlineEngine.run("cache_clear", []);
      return await verify(inlineEngine, certified);
    }),
    contender("portable-bare", "portable engine: key alone", () => verify(portable, bare)),
    contender(
      "portable",
      "portable engine: with chain and lists",
      () => verify(portable, certified),
    ),
  ];
}

/** OpenSSL by its own clock, as Node has it; the key is imported once. */
function openssl({ kind, signature }: QuoteEvidence): Contender {
  const { spki, message, signature: value } = signature;
  const hex = { spki: spki.toHex(), message: message.toHex(), signature: value.toHex() };
  return {
    id: "openssl",
    title: `OpenSSL ${kind} verify, bare, through Node`,
    batch: async (times) => {
      const question = JSON.stringify({ ...hex, times });
      const { nanoseconds } = JSON.parse(await output("node", [OPENSSL, question]));
      return nanoseconds / 1000;
    },
  };
}

/** The library by its own clock. The log is left out, since it reads certificates where the lab's has labels. */
function goTpmTools(oracle: TpmOracle, { kind, question }: QuoteEvidence): Contender {
  return {
    id: "go-tpm-tools",
    title: "go-tpm-tools, native: VerifyAttestation, key alone",
    batch: async (rounds) => {
      const said = await oracle.ask(question, rounds);
      if (!said.accepted) throw new Error(`go-tpm-tools refuses ${kind}: ${said.error}`);
      return said.nanoseconds / 1000;
    },
  };
}

/** This project's reading of a log: in all of its banks, all data hashed. */
function ownLogs(
  { log, registers, question }: LogEvidence,
  portable: Engine,
): readonly Contender[] {
  const quoted = Object.entries(question.registers).map(([register, value]) => (
    { bank: question.bank, register: Number(register), value }
  ));
  const readAll = async (): Promise<void> => {
    const read = await readEventLog(inlineEngine, log, registers);
    const { registers: compared, believed } = compareReplay(read, quoted, []);
    mustHold("log-claims", compared.every(({ state }) => state === "explained"));
    await readClaims(read, believed);
  };
  return [
    contender(
      "log-read",
      "read, replay, hash data",
      () => readEventLog(inlineEngine, log, registers),
    ),
    contender("log-claims", "the same, and read the claims", readAll),
    contender(
      "log-portable",
      "portable engine: read, replay, hash data",
      () => readEventLog(portable, log, registers),
    ),
  ];
}

/** The library by its own clock: in one bank, and no data hashed but where the state is read. */
function goEventlog(oracle: TpmOracle, { name, question }: LogEvidence): readonly Contender[] {
  return [true, false].map((replayOnly) => ({
    id: replayOnly ? "go-eventlog-replay" : "go-eventlog",
    title: replayOnly
      ? "go-eventlog, native: parse and replay one bank"
      : "go-eventlog, native: twice, data hashed, state read",
    batch: async (rounds) => {
      const said = await oracle.ask({ ...question, replayOnly }, rounds);
      if (!said.accepted) throw new Error(`go-eventlog refuses ${name}: ${said.error}`);
      return said.nanoseconds / 1000;
    },
  }));
}
