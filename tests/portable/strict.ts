/**
 * An engine that asks both and stops at any difference: answers must be deeply
 * equal; refusals must have the same code and the same fields, but for the
 * words of a reason.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Engine, Operation } from "../../src/core/crypto.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { createPortableEngine, type Operations } from "../../src/core/portable/engine.ts";
import { technologies } from "../../src/evidence/registry.ts";
import type { AnyTechnology } from "../../src/evidence/evidence.ts";

/** What an engine came to. */
export type Outcome =
  | { readonly answer: unknown }
  | { readonly code: string; readonly fields: Readonly<Record<string, string>> }
  | { readonly failed: true };

/** Operations that the portable engine has for all technologies. */
export async function allOperations(): Promise<Operations> {
  const listed: readonly AnyTechnology[] = technologies;
  const loaded = await Promise.all(listed.map(({ portable }) => portable?.() ?? {}));
  return Object.assign({}, ...loaded);
}

/** The portable engine for all technologies. */
export async function portableEngine(): Promise<Engine> {
  return createPortableEngine(await allOperations());
}

/** What an engine comes to; reasons are left out, since each engine has its own words. */
export async function outcomeOf(
  engine: Engine,
  operation: Operation,
  parts: readonly Uint8Array[],
): Promise<Outcome> {
  return settle(await answerOf(engine, operation, parts));
}

/** Asserts that two engines come to the same; gives what the first said, as it said it. */
export async function askBoth(
  [wasm, portable]: readonly [Engine, Engine],
  operation: Operation,
  parts: readonly Uint8Array[],
  what = "",
): Promise<unknown> {
  const [one, other] = await Promise.all([
    answerOf(wasm, operation, parts),
    answerOf(portable, operation, parts),
  ]);
  // An engine that fails is a mistake of the calling code, which some tests make.
  assert.deepEqual(settle(other), settle(one), `${operation} ${what}`);
  if ("error" in one) throw one.error;
  return one.answer;
}

/**
 * An engine that asks both and stops at any difference, over operations of the caller's choice.
 *
 * @param operations Those of the portable engine.
 */
export function agreeingEngine(operations: Operations): Engine {
  const engines = [inlineEngine, createPortableEngine(operations)] as const;
  return { run: (operation, parts) => askBoth(engines, operation, parts) };
}

type Answer = { readonly answer: unknown } | { readonly error: unknown };

async function answerOf(
  engine: Engine,
  operation: Operation,
  parts: readonly Uint8Array[],
): Promise<Answer> {
  try {
    return { answer: await engine.run(operation, parts) };
  } catch (error) {
    return { error };
  }
}

function settle(given: Answer): Outcome {
  if ("answer" in given) return { answer: given.answer };
  const { error } = given;
  if (!(error instanceof CasemateError)) {
    assert.match(String(error), /\[engine\.failed\]/);
    return { failed: true };
  }
  const fields = Object.entries(error.fields).map(([name, text]) =>
    name === "reason" ? [name, ""] : [name, text]
  );
  return { code: error.code, fields: Object.fromEntries(fields) };
}
