/**
 * The verification suite that every runtime runs: cases in, plain results out.
 *
 * Neutral on purpose: it names no runtime, gets the library as an argument, and
 * leaves the comparison of results to whoever drives it.
 *
 * @module
 */

import type * as CasemateLibrary from "../../mod.ts";
import type { Engine } from "../../src/core/crypto.ts";
import type * as CasemateLogs from "../../src/evidence/logs/mod.ts";

/** The library, from source or as packed; entries that take no envelopes lack the functions for them. */
export type Library =
  & Pick<typeof CasemateLibrary, "examine" | "verify">
  & Partial<Pick<typeof CasemateLibrary, "examineEnvelope" | "verifyEnvelope">>;

/** One case, ready for JSON; byte strings are base64. */
export interface RuntimeCase {
  /** Unique name. */
  readonly name: string;
  /** Technology. */
  readonly variant: string;
  /** What a node sends, base64; absent where evidence is given file by file. */
  readonly envelope?: string;
  /** Evidence by role, or what is given beside the envelope; a list where there may be several files. */
  readonly files: Readonly<Record<string, string | readonly string[]>>;
  /** Roots of the lab. */
  readonly labRoots: readonly string[];
  /** What the report data must begin with, zeros after it; null asks for no freshness. */
  readonly nonce: string | null;
  /** The statement that the evidence is bound to; absent where there is none. */
  readonly statement?: string;
  /** What is expected beside the nonce: words and hex, report data in base64. */
  readonly expected?: Readonly<Record<string, string>>;
  /** Policy as plain data. */
  readonly policy: unknown;
  /** How much is examined. */
  readonly profile: "full" | "crypto-only";
  /** Moment of the verification, ISO 8601. */
  readonly now: string;
  /** Which engine verifies. */
  readonly engine: "wasm" | "portable" | "both";
}

/** An event log, ready for JSON. */
export interface RuntimeLog {
  /** Unique name. */
  readonly name: string;
  /** Whose registers it leads to. */
  readonly kind: "pcr" | "rtmr";
  /** The log, base64. */
  readonly log: string;
}

/** What came of a case, ready for JSON. */
export interface RuntimeResult {
  /** Name of the case. */
  readonly name: string;
  /** What `examine` said: the whole result, or the error. */
  readonly examined: unknown;
  /** What `verify` said: the verdict, or the error; null for a log, which is no evidence. */
  readonly verified: unknown;
}

/**
 * Runs the suite.
 *
 * @param library The library to run.
 * @param cases The cases.
 */
export async function runSuite(
  library: Library,
  cases: readonly RuntimeCase[],
): Promise<readonly RuntimeResult[]> {
  const results: RuntimeResult[] = [];
  for (const one of cases) results.push(await judge(library, one));
  return results;
}

/**
 * Reads event logs and replays them.
 *
 * @param readEventLog The library's function for that.
 * @param engine The engine that it asks.
 * @param logs The logs.
 */
export async function runLogs(
  readEventLog: typeof CasemateLogs.readEventLog,
  engine: Engine,
  logs: readonly RuntimeLog[],
): Promise<readonly RuntimeResult[]> {
  const results: RuntimeResult[] = [];
  for (const { name, kind, log } of logs) {
    const examined = await settle(() => readEventLog(engine, bytes(log), kind));
    results.push({ name, examined, verified: null });
  }
  return results;
}

type Request = Parameters<Library["examine"]>[0];

type Terms = Parameters<typeof CasemateLibrary.examineEnvelope>[1];

async function judge(library: Library, one: RuntimeCase): Promise<RuntimeResult> {
  const { examine, verify } = functionsFor(library, one);
  return {
    name: one.name,
    examined: await settle(examine),
    verified: await settle(async () => {
      const { verdict, outcome } = await verify();
      return { verdict, outcome };
    }),
  };
}

type Result = ReturnType<Library["examine"]>;

/** What is called for a case. */
function functionsFor(
  library: Library,
  one: RuntimeCase,
): { readonly examine: () => Result; readonly verify: () => Result } {
  if (one.envelope === undefined) {
    const request = readRequest(one);
    return { examine: () => library.examine(request), verify: () => library.verify(request) };
  }
  const { examineEnvelope, verifyEnvelope } = library;
  if (examineEnvelope === undefined || verifyEnvelope === undefined) {
    throw new TypeError("This entry of the library takes no envelopes");
  }
  const [envelope, terms] = [bytes(one.envelope), readEnvelopeTerms(one)];
  return {
    examine: () => examineEnvelope(envelope, terms),
    verify: () => verifyEnvelope(envelope, terms),
  };
}

function readRequest(one: RuntimeCase): Request {
  const request: unknown = {
    ...readTerms(one),
    variant: one.variant,
    evidence: readFiles(one),
    ...(one.statement === undefined ? {} : { statement: bytes(one.statement) }),
  };
  // Which files there are differs by technology; the library reads them strictly.
  return request as Request;
}

function readEnvelopeTerms(one: RuntimeCase): Terms {
  const terms: unknown = { ...readTerms(one), endorsements: readFiles(one) };
  // Likewise.
  return terms as Terms;
}

function readFiles({ files }: RuntimeCase): Readonly<Record<string, unknown>> {
  const read = Object.entries(files).map(([role, file]) => [
    role,
    typeof file === "string" ? bytes(file) : file.map(bytes),
  ]);
  return Object.fromEntries(read);
}

function readTerms(one: RuntimeCase): object {
  return {
    expect: one.nonce === null
      ? { freshness: "none" }
      : { nonce: bytes(one.nonce), ...readExpected(one) },
    policy: one.policy,
    now: new Date(one.now),
    profile: one.profile,
    engine: one.engine,
    labRoots: one.labRoots.map(bytes),
  };
}

function readExpected({ expected = {} }: RuntimeCase): object {
  const { reportData, ...stated } = expected;
  return { ...stated, ...(reportData === undefined ? {} : { reportData: bytes(reportData) }) };
}

/** What errors of the library say beside their message. */
interface Explained {
  readonly code?: unknown;
  readonly fields?: unknown;
  readonly retryable?: unknown;
}

/** The value, or the error by what is stable of it. */
async function settle(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name, message } = error;
    const { code = null, fields = null, retryable = null }: Explained = Object(error);
    return { error: name, message, code, fields, retryable };
  }
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
