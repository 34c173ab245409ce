/**
 * Two engines that must agree.
 *
 * @module
 */

import type { Engine, Operation } from "../core/crypto.ts";
import { CasemateError, RejectedError } from "../core/errors.ts";
import { refusal } from "../core/refusal.ts";

/** Longest text of a value in a disagreement, characters. */
const MAX_TEXT = 100;

/** An engine that asks two others. */
export interface ComparingEngine extends Engine {
  /**
   * The first disagreement so far. To be asked at the end, since somebody on
   * the way may take a refusal for something else.
   */
  readonly disagreement: () => RejectedError | undefined;
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
  return {
    disagreement: () => first,
    async run(operation, parts) {
      const [one, other] = await Promise.all([
        outcomeOf(wasm, operation, parts),
        outcomeOf(portable, operation, parts),
      ]);
      const texts = differenceOf(one, other);
      if (texts === undefined) {
        if ("refused" in one) throw one.refused;
        return one.answer;
      }
      const [wasmSays, portableSays] = texts;
      const error = refusal("engine.disagreement", {
        expected: "the same from both engines",
        operation,
        wasm: wasmSays,
        portable: portableSays,
      });
      if (error instanceof RejectedError) first ??= error;
      throw error;
    },
  };
}

/** An engine that fails has said nothing that could be compared: that is no refusal, and no answer either. */
async function outcomeOf(
  engine: Engine,
  operation: Operation,
  parts: readonly Uint8Array[],
): Promise<Outcome> {
  try {
    return { answer: await engine.run(operation, parts) };
  } catch (error) {
    if (error instanceof CasemateError) return { refused: error };
    throw error;
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

function isComposed(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function valueText(value: unknown, path: string): string {
  const text = JSON.stringify(value) ?? String(value);
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return path === "" ? short : `${path} is ${short}`;
}
