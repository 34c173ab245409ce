/**
 * Two engines that must agree.
 *
 * @module
 */

import type { Engine, Operation } from "../core/crypto.ts";
import { CasemateError, RejectedError } from "../core/errors.ts";

/** Longest text of a value in a disagreement, characters. */
const MAX_TEXT = 100;

/** An engine that asks two others. */
export interface ComparingEngine extends Engine {
  /**
   * The first disagreement so far. To be asked at the end, since somebody on
   * the way may take a refusal for something else.
   */
  readonly disagreement: () => RejectedError | undefined;
  /** How many operations both came to the same in. */
  readonly compared: () => number;
}

/** What an engine came to. */
type Outcome = { readonly answer: unknown } | { readonly refused: CasemateError };

/**
 * An engine that runs every operation in both, and answers only where both say
 * the same: an equal answer, or a refusal with the same code.
 *
 * @param wasm The WASM module.
 * @param portable The portable engine.
 */
export function compareEngines(wasm: Engine, portable: Engine): ComparingEngine {
  let first: RejectedError | undefined;
  let compared = 0;
  return {
    disagreement: () => first,
    compared: () => compared,
    async run(operation, parts) {
      const [one, other] = await Promise.all([
        outcomeOf("wasm", () => wasm.run(operation, parts)),
        outcomeOf("portable", () => portable.run(operation, parts)),
      ]);
      const texts = differenceOf(one, other);
      if (texts !== undefined) {
        const error = disagreementOf(operation, texts);
        first ??= error;
        throw error;
      }
      compared += 1;
      if ("refused" in one) throw one.refused;
      return one.answer;
    },
  };
}

function disagreementOf(
  operation: Operation,
  [wasm, portable]: readonly [string, string],
): RejectedError {
  const message = `The two engines do not agree: wasm ${wasm}, portable ${portable}`;
  const fields = { expected: "the same from both engines", operation, wasm, portable };
  return new RejectedError(message, { code: "engine.disagreement", fields });
}

/** An engine that fails has said nothing that could be compared: that is no refusal, and no answer either. */
async function outcomeOf(name: string, run: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { answer: await run() };
  } catch (cause) {
    if (cause instanceof CasemateError) return { refused: cause };
    throw new Error(`Cannot compare the engines: ${name} failed [engine.failed]`, { cause });
  }
}

/** What each says where they differ. */
function differenceOf(one: Outcome, other: Outcome): readonly [string, string] | undefined {
  if ("refused" in one || "refused" in other) {
    const texts = [outcomeText(one), outcomeText(other)] as const;
    return texts[0] === texts[1] ? undefined : texts;
  }
  return differenceOfValues(one.answer, other.answer, "");
}

function outcomeText(outcome: Outcome): string {
  return "refused" in outcome ? `refuses with ${outcome.refused.code}` : "accepts";
}

/** The first place where two answers differ, and what stands there in each. */
function differenceOfValues(
  one: unknown,
  other: unknown,
  path: string,
): readonly [string, string] | undefined {
  if (!isComposed(one) || !isComposed(other) || Array.isArray(one) !== Array.isArray(other)) {
    // Of what is no plain data, as a Map, the members do not tell all.
    if (Object.is(one, other)) return undefined;
    return [valueText(one, path), valueText(other, path)];
  }
  const [members, others] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  for (const key of new Set([...members.keys(), ...others.keys()])) {
    const at = path === "" ? key : `${path}.${key}`;
    if (members.has(key) !== others.has(key)) {
      const say = (has: boolean): string => `${at} is ${has ? "there" : "absent"}`;
      return [say(members.has(key)), say(others.has(key))];
    }
    const found = differenceOfValues(members.get(key), others.get(key), at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a value is an array or a plain object. */
function isComposed(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function valueText(value: unknown, path: string): string {
  const text = JSON.stringify(value) ?? String(value);
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return path === "" ? short : `${path} is ${short}`;
}
