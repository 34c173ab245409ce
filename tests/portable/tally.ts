/**
 * Asks both engines about bent evidence, case by case, and stops at the first
 * difference.
 *
 * @module
 */

import { createEngine, type Engine, type Operation } from "../../src/core/crypto.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { createPortableEngine, type Operations } from "../../src/core/portable/engine.ts";
import { inlineModule } from "../../wasm/inline.ts";
import { allOperations, askBoth } from "./strict.ts";

/** A question to an engine. */
export type Question = readonly [operation: Operation, parts: readonly Uint8Array[]];

/** What both engines are asked about one case. */
export interface Asked {
  /** The question that counts, and others. */
  readonly questions: readonly [Question, ...Question[]];
  /** What was done to the case. */
  readonly steps: readonly string[];
}

/** What came of some cases. */
export interface Tally {
  /** How many questions both engines were asked. */
  readonly questions: number;
  /** How often the question that counts came to which code; `accepted` is one. */
  readonly codes: ReadonlyMap<string, number>;
}

/** Cases by number. */
export interface Cases {
  /** Number of the first. */
  readonly first: number;
  /** How many. */
  readonly count: number;
}

/**
 * Asks about cases by number.
 *
 * @param cases Which.
 * @param make Makes a case.
 * @param operations Those of the portable engine; by default those of all technologies.
 * @throws {AssertionError} saying the case and the question over which the engines differ.
 */
export async function tallyCases(
  { first, count }: Cases,
  make: (number: number) => Promise<Asked>,
  operations?: Operations,
): Promise<Tally> {
  const portable = createPortableEngine(operations ?? await allOperations());
  const engines = [createEngine(await inlineModule()), portable] as const;
  const codes = new Map<string, number>();
  let asked = 0;
  for (let number = first; number < first + count; number++) {
    const { questions: [main, ...others], steps } = await make(number);
    const what = `of case ${number} (${steps.join(", ")})`;
    const code = await outcomeOf(engines, main, what);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    for (const question of others) await outcomeOf(engines, question, what);
    asked += 1 + others.length;
  }
  return { questions: asked, codes };
}

async function outcomeOf(
  engines: readonly [Engine, Engine],
  [operation, parts]: Question,
  what: string,
): Promise<string> {
  try {
    await askBoth(engines, operation, parts, what);
    return "accepted";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    if (String(error).includes("[engine.failed]")) return "failed";
    throw error;
  }
}

/**
 * Asks about cases and writes what came of them.
 *
 * @param title What the cases are of.
 * @param cases Which.
 * @param compare Asks about them.
 */
export async function tellTally(
  title: string,
  cases: Cases,
  compare: (cases: Cases) => Promise<Tally>,
): Promise<void> {
  const start = performance.now();
  const { questions, codes } = await compare(cases);
  const seconds = Math.round((performance.now() - start) / 1000);
  const { first, count } = cases;
  console.log(
    `${title}: ${count} cases from ${first}, ${questions} questions, no difference, ${seconds} s`,
  );
  for (const [code, times] of [...codes].sort(([, one], [, other]) => other - one)) {
    console.log(`${times}\t${code}`);
  }
}
