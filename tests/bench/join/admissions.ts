/**
 * What the logs of agents say of their admission.
 *
 * @module
 */

import { median } from "../measure.ts";

/** What a log says. */
export interface LogSays {
  /** When it was admitted, ms since the epoch; null as long as it was not. */
  readonly joined: number | null;
  /** Codes of refusals since the release. */
  readonly refused: readonly string[];
}

/** A storm, from its beginning until the last was admitted. */
export interface Storm {
  /** How many joined. */
  readonly joined: number;
  /** Until all were members, s. */
  readonly seconds: number;
  /** Admissions in a second. */
  readonly perSecond: number;
  /** From the release to the admission of one, s. */
  readonly p50: number;
  /** The same, of the slowest hundredth. */
  readonly p99: number;
  /** How many were refused somewhere before. */
  readonly retried: number;
  /** How often agents told of each refusal; an agent tells of the same one once. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Longest that is waited for all, ms. */
const PATIENCE = 240_000;

/** Between two looks, ms. */
const LOOK = 250;

/**
 * Reads a log.
 *
 * @param path Where it is.
 * @param since Beginning of the storm, ms since the epoch.
 */
export async function readAdmission(path: string, since: number): Promise<LogSays> {
  const refused: string[] = [];
  let joined: number | null = null;
  for (const line of (await Deno.readTextFile(path)).split("\n")) {
    // A line that is being written has no end yet.
    if (!line.endsWith("}")) continue;
    const { time, event, code } = JSON.parse(line);
    const at = Date.parse(time);
    if (event === "refused" && at >= since) refused.push(String(code));
    if (event === "admitted") joined = at;
  }
  return { joined, refused };
}

/**
 * Waits until all are admitted.
 *
 * @param logs Paths of their logs.
 * @param since Beginning of the storm, ms since the epoch.
 */
export async function untilAdmitted(logs: readonly string[], since: number): Promise<void> {
  let left = logs;
  while (left.length > 0) {
    const says = await Promise.all(left.map((path) => readAdmission(path, since)));
    left = left.filter((_, i) => says[i]?.joined === null);
    if (Date.now() - since > PATIENCE) {
      const codes = new Set(says.flatMap(({ joined, refused }) => joined === null ? refused : []));
      throw new Error(`${left.length} were not admitted: ${[...codes].join(", ")}`);
    }
    await new Promise((done) => setTimeout(done, LOOK));
  }
}

/**
 * What came of a storm.
 *
 * @param logs Paths of logs, all of agents that are admitted.
 * @param since Its beginning, ms since the epoch.
 */
export async function stormOf(logs: readonly string[], since: number): Promise<Storm> {
  const says = await Promise.all(logs.map((path) => readAdmission(path, since)));
  const joined = says.flatMap(({ joined }) => joined === null ? [] : [joined]);
  const took = joined.map((at) => (at - since) / 1000).sort((a, b) => a - b);
  const seconds = took.at(-1) ?? NaN;
  const refused: Record<string, number> = {};
  for (const code of says.flatMap((one) => one.refused)) refused[code] = (refused[code] ?? 0) + 1;
  return {
    joined: joined.length,
    seconds,
    perSecond: joined.length / seconds,
    p50: median(took),
    p99: took[Math.ceil(took.length * 0.99) - 1] ?? NaN,
    retried: says.filter((one) => one.refused.length > 0).length,
    refused,
  };
}
