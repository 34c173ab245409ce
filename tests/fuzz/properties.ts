/**
 * What holds of every execution, whatever the input is.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type Schema, Validator } from "@cfworker/json-schema";
import { CasemateError, InputError, type Request, type Result } from "../../mod.ts";
import type { CodeEntry } from "../../src/core/code_entry.ts";
import { allCodes } from "../../src/cli/code_table.ts";
import { examine } from "../../src/verifier/examine.ts";
import { inlineEngine as bothEngines } from "../portable/crypto_inline.ts";
import { shown } from "../result.ts";
import { type Timed, timedInThread } from "../thread_time.ts";
import { type Execution, Finding, type NamedFiles } from "./kind.ts";

export { bothEngines };

/** Longest message of an error, characters: it explains, and does not hand the input back. */
const MAX_MESSAGE = 2000;

const CODES: ReadonlyMap<string, CodeEntry> = allCodes();

/** A schema of `docs/schemas`, read once. */
export async function readSchema(name: string): Promise<Validator> {
  const text = await Deno.readTextFile(new URL(`../../docs/schemas/${name}`, import.meta.url));
  const parsed: Schema = JSON.parse(text);
  return new Validator(parsed, "2020-12", false);
}

const resultSchema = await readSchema("result.v1.json");

/** Asserts that what was thrown is an error that a caller can act on, with a code of a table. */
export function assertTyped(error: unknown): asserts error is CasemateError {
  // Anything else is a bug; it is told with its own stack.
  if (!(error instanceof CasemateError)) throw error;
  const entry = CODES.get(error.code);
  assert.ok(entry, `${error.code} stands in a table`);
  assert.notEqual(entry.class, "bug", error.code);
  assert.equal(entry.class === "input", error instanceof InputError, error.code);
  assert.ok(error.message.length <= MAX_MESSAGE, `${error.code}: ${error.message.length} letters`);
}

/** Asserts what holds of each result, whatever it says. */
export function assertResult(result: Result): void {
  const { valid, errors } = resultSchema.validate(JSON.parse(JSON.stringify(result)));
  assert.ok(valid, `not of the schema: ${JSON.stringify(errors.slice(-2))} ${shown(result)}`);
  const codes = [result.code, ...result.findings.map(({ code }) => code)];
  for (const code of codes) assert.ok(code === null || CODES.has(code), `${code} is in no table`);
  if (result.verdict === null) return;
  const good = ["trusted", "lab-trusted"].includes(result.verdict);
  assert.equal(result.code === null, good, shown(result));
  assert.equal(result.verdict === "trusted", good && result.weakestRoot !== "lab", shown(result));
}

/** Whether a result is one that `verify` resolves with. */
export function isAccepted({ verdict, outcome }: Result): boolean {
  return verdict === "trusted" || verdict === "lab-trusted" || outcome === "genuine";
}

/** A question, and what may come of it. */
export interface Trial {
  /** The question. */
  readonly request: Request;
  /** Asked where it was accepted: null where that is right, else what is wrong with it. */
  readonly objection: (result: Result) => string | null | Promise<string | null>;
  /** What is kept of it where a property does not hold. */
  readonly files: NamedFiles;
}

/**
 * Asks both engines, and asserts that they agree, that the result is of its
 * form or the error of its kind, and that nothing is accepted that must not be.
 *
 * @param trial The question.
 * @throws {Finding} where that does not hold.
 */
export async function examineTrial(trial: Trial): Promise<Execution> {
  const { request, objection, files } = trial;
  const once = async (): Promise<string> => {
    try {
      const result = await examine(bothEngines, request);
      assertResult(result);
      if (!isAccepted(result)) return result.code ?? result.outcome ?? "none";
      const wrong = await objection(result);
      assert.ok(wrong === null, `accepted, though ${wrong}`);
      return "accepted";
    } catch (error) {
      assertTyped(error);
      return error.code;
    }
  };
  return await timed(once, files);
}

/**
 * Does something once, with the time that it takes of the processor.
 *
 * @param once What is done; says how it ended.
 * @param files The input.
 * @throws {Finding} where it throws.
 */
export async function timed(once: () => Promise<string>, files: NamedFiles): Promise<Execution> {
  const run = async (): Promise<Timed<string>> => {
    try {
      return await timedInThread(once);
    } catch (error) {
      throw new Finding(error, files);
    }
  };
  const first = await run();
  return {
    ...first,
    bytes: Object.values(files).reduce((sum, file) => sum + file.length, 0),
    again: async () => (await run()).milliseconds,
    files,
  };
}
