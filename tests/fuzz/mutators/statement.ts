/**
 * Statements: whatever is accepted has one form, and says what another reader
 * finds in it.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { readStatement, writeStatement } from "../../../mod.ts";
import { fromHex, toHex } from "../../../src/core/bytes.ts";
import { statements } from "../../protocol/vectors.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertTyped, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { jsonSteps } from "./json_steps.ts";

/** Statements that are right. */
export const STATEMENTS: readonly Uint8Array[] = statements.cases.map(({ bytes }) =>
  fromHex(bytes)
);

const STEPS: StepTable<Uint8Array> = jsonSteps({
  raws: [
    ...['"serve"', '"join"', '"renew"', '"cluster-cert"', '"zero"', '"cluster"', '"member"'],
    ...['"batch"', `"${"a1".repeat(32)}"`, `"${"A1".repeat(32)}"`, `"${"b4".repeat(16)}"`, '"30"'],
    ...['"worker"', '"tdx"', '"a.b-c"', `"${"a".repeat(63)}"`, `"${"a".repeat(64)}"`, "7"],
  ],
  names: ["purpose", "phase", "audience", "clusterId", "role", "nodeName", "manifestSequence"],
});

/** What must hold of bytes that are accepted. */
function assertOneForm(bytes: Uint8Array): void {
  const statement = readStatement(bytes);
  assert.equal(toHex(writeStatement(statement)), toHex(bytes), "it is written as it was read");
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  // No other reader finds another member or another value, since sorted members without blanks are all there is.
  const sorted = Object.entries(statement).sort(([a], [b]) => a < b ? -1 : 1);
  assert.equal(text, JSON.stringify(Object.fromEntries(sorted)));
  assert.equal(sorted.length, 15);
}

/** How bytes end that may be a statement. */
function endOf(bytes: Uint8Array): string {
  try {
    readStatement(bytes);
  } catch (error) {
    assertTyped(error);
    assert.match(error.code, /^statement\./);
    return error.code;
  }
  assertOneForm(bytes);
  return "accepted";
}

interface Given {
  readonly start: number;
  readonly steps: readonly Step[];
}

/** Statements. */
export const statement: Kind = kindOf<Given>({
  id: "statement",
  says: "statements",
  given: () =>
    Promise.resolve(fc.record({
      start: fc.nat(STATEMENTS.length - 1),
      steps: someSteps(STEPS, { "canonical tree": 12, "tree": 3 }),
    })),
  async judge({ start, steps }) {
    const file = await takeSteps(STEPS, STATEMENTS[start] ?? new Uint8Array(), steps);
    return await timed(() => Promise.resolve(endOf(file)), { statement: file });
  },
});
