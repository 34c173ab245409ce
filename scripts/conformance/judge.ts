/**
 * Whether an answer is what a vector expects, by the harness's rules.
 *
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import type { Answer } from "../../src/conformance/mod.ts";
import { type Plain, plain, type Vector } from "./vectors.ts";

/** How a vector came out. */
export interface Outcome {
  /** Which vector. */
  readonly id: string;
  /** `skipped` where it needs what is not built. */
  readonly status: "passed" | "differs" | "skipped";
  /** What came, and why that is not what was expected. */
  readonly says: string;
}

/**
 * The capability that a vector needs and that is not there.
 *
 * @param vector The vector.
 * @param have What the program says of itself.
 * @returns Its path; undefined where nothing lacks.
 */
export function lacks({ stage, needs }: Vector, have: Plain): string | undefined {
  const stages = have["stages_supported"];
  if (!Array.isArray(stages) || !stages.includes(stage)) return stage;
  const wanted = Object.entries(needs).filter(([path]) => path !== "execution_mode");
  return wanted.find(([path, value]) => !fits(at(have, path), value))?.[0];
}

function at(have: Plain, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (value, name) => typeof value === "object" && value !== null ? plain(value)[name] : undefined,
    have,
  );
}

/** A list is what is there or what would do. */
function fits(have: unknown, wanted: unknown): boolean {
  const has = Array.isArray(have) ? have : [have];
  const would: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  return would.some((value) => has.includes(value));
}

/**
 * Compares an answer with what is expected.
 *
 * @param vector The vector.
 * @param answer The answer.
 */
export function compare(vector: Vector, { exit, output, says }: Answer): Outcome {
  const wrong = exit !== vector.exit
    ? `exit ${exit}, not ${vector.exit}`
    : exit === 10
    ? wrongRejection(vector, plain(plain(output)["rejection"]))
    : exit === 0
    ? wrongOutputs(vector, plain(plain(output)["outputs"]))
    : null;
  const { id } = vector;
  if (wrong === null) return { id, status: "passed", says };
  return { id, status: "differs", says: `${wrong} (${says})` };
}

function wrongRejection({ codes, by }: Vector, { code, stage }: Plain): string | null {
  if (codes.length > 0 && !codes.includes(String(code))) {
    return `${code}, not ${codes.join(" or ")}`;
  }
  return by === null || stage === by ? null : `rejected by ${stage}, not ${by}`;
}

/** Text is compared in any case; members that are not expected are not looked at. */
function wrongOutputs({ outputs }: Vector, given: Plain): string | null {
  const wrong = Object.entries(outputs).filter(([name, value]) => {
    const has = given[name];
    return typeof value === "string" && typeof has === "string"
      ? value.toLowerCase() !== has.toLowerCase()
      : !isDeepStrictEqual(has, value);
  });
  if (wrong.length === 0) return null;
  return wrong.map(([name, value]) => `${name}: ${differing(given[name], value)}`).join("; ");
}

function differing(has: unknown, wanted: unknown): string {
  const both = [has, wanted].every((value) => typeof value === "object" && value !== null);
  if (!both || Array.isArray(has)) return `${JSON.stringify(has)}, not ${JSON.stringify(wanted)}`;
  const given = plain(has);
  const unlike = Object.entries(plain(wanted))
    .filter(([name, value]) => !isDeepStrictEqual(given[name], value))
    .map(([name, value]) => `${name} ${JSON.stringify(given[name])}, not ${JSON.stringify(value)}`);
  return unlike.join(", ");
}
