/**
 * What every runtime is asked in one go, and how it answers: each result as the
 * JSON text that this runtime makes of it, so that nothing between here and the
 * comparison can make two texts alike.
 *
 * Neutral as the suite.
 *
 * @module
 */

import type { Engine } from "../../src/core/crypto.ts";
import type { readEventLog } from "../../src/evidence/logs/mod.ts";
import { type Lab, mintAndExamine } from "./minted.ts";
import { type Library, runLogs, runSuite, type RuntimeCase, type RuntimeLog } from "./suite.ts";

/** The library as a runtime has it: from source, packed, or over a module that was given to it. */
export interface Packed {
  /** Verifies. */
  readonly library: Library;
  /** Its engine. */
  readonly engine: Engine;
  /** Reads event logs. */
  readonly readEventLog: typeof readEventLog;
}

/** What is asked, ready for JSON. */
export interface Asked {
  /** Cases for `examine` and `verify`. */
  readonly cases: readonly RuntimeCase[];
  /** Event logs. */
  readonly logs: readonly RuntimeLog[];
}

/** What evidence is minted with, ready for JSON. */
export interface Minting {
  /** An authority in AMD's place that was made before; null has the runtime make its RSA-4096 keys, which takes seconds. */
  readonly amd: unknown;
}

/** Answers of a runtime. */
export interface Answered {
  /** JSON text of each result, in the order of what was asked. */
  readonly texts: readonly string[];
  /** Verdicts of what it minted. */
  readonly minted: readonly (string | null)[];
}

/**
 * Answers cases, then logs.
 *
 * @param packed The library.
 * @param asked What is asked.
 * @returns A JSON text for each, in their order.
 */
export async function answer(packed: Packed, asked: Asked): Promise<readonly string[]> {
  const { library, engine, readEventLog } = packed;
  const results = [
    ...await runSuite(library, asked.cases),
    ...await runLogs(readEventLog, engine, asked.logs),
  ];
  return results.map((result) => JSON.stringify(result));
}

/**
 * Mints evidence and examines it.
 *
 * @param packed The library.
 * @param lab The lab.
 * @param minting What with.
 * @returns The verdicts.
 */
export async function mint(
  packed: Packed,
  lab: Lab,
  { amd }: Minting,
): Promise<readonly (string | null)[]> {
  return await mintAndExamine(packed.library, lab, amd ?? undefined);
}

/**
 * What is asked, in the order of the answers.
 *
 * @param asked What is asked.
 * @returns A unique name for each.
 */
export function labelsOf({ cases, logs }: Asked): readonly string[] {
  return [
    ...cases.map(({ variant, name, engine }) => `${variant} ${name} (${engine})`),
    ...logs.map(({ name, kind }) => `log ${name} (${kind})`),
  ];
}
