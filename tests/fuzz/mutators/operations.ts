/**
 * Single operations of the engines, for files that clouds add: both engines are
 * asked, over files that were made to fit and then changed.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { equal } from "../../../src/core/bytes.ts";
import type { Operation } from "../../../src/core/crypto.ts";
import { operations as ec2 } from "../../../src/evidence/ec2/portable/mod.ts";
import { operations as gce } from "../../../src/evidence/gce/portable/mod.ts";
import { operations as hcl } from "../../../src/evidence/hcl/portable/mod.ts";
import { operations as nitro } from "../../../src/evidence/nitro/portable/mod.ts";
import { Dice } from "../../bends/dice.ts";
import { agreeingEngine } from "../../portable/strict.ts";
import type { Question } from "../../portable/tally.ts";
import { type Execution, type Kind, kindOf, type NamedFiles } from "../kind.ts";
import { assertTyped, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { BYTE_STEPS } from "./bytes.ts";

const engine = agreeingEngine({ ...hcl, ...gce, ...ec2, ...nitro });

/** What is asked; the first question counts. */
type Questions = readonly [Question, ...Question[]];

/** A kind of file that operations read. */
export interface Asking {
  /** Name of the kind. */
  readonly id: string;
  /** What it is. */
  readonly says: string;
  /** Questions about files that were bent in their own way, or not. */
  readonly make: (dice: Dice) => Questions | Promise<Questions>;
  /** Which parts of the first question are files, whose bytes may be changed. */
  readonly files: readonly number[];
  /** Of the parts of the first question what a signature is over, so that it must not change once it is made. */
  readonly signed?: (parts: readonly Uint8Array[]) => Uint8Array;
  /** Asserts what holds of an answer whatever the file was. */
  readonly holds?: (question: Question, answer: unknown) => void | Promise<void>;
}

/** Puts a file in the place of another in every question. */
function replaced(
  [main, ...others]: Questions,
  old: Uint8Array | undefined,
  file: Uint8Array,
): Questions {
  const put = ([operation, parts]: Question): Question => [
    operation,
    parts.map((part) => part === old ? file : part),
  ];
  return [put(main), ...others.map(put)];
}

function stepsOf({ files }: Asking): StepTable<Questions> {
  const bytes = Object.entries(BYTE_STEPS).map(([name, step]) =>
    [name, async (questions: Questions, dice: Dice) => {
      const old = questions[0][1][dice.pick(files)];
      return replaced(questions, old, await step(old ?? new Uint8Array(), dice));
    }] as const
  );
  return { "as made": (questions) => questions, ...Object.fromEntries(bytes) };
}

/** How an operation ends, with what must hold of its answer. */
async function endOf([operation, parts]: Question, holds: Asking["holds"]): Promise<string> {
  try {
    const answer = await engine.run(operation, parts);
    await holds?.([operation, parts], answer);
    return "accepted";
  } catch (error) {
    // Arguments that are no files may be wrong in the tables of bends, which is a mistake of the caller.
    if (/\[engine\.failed\]/.test(String(error))) return "no question";
    assertTyped(error);
    return error.code;
  }
}

/** Asserts that nothing that is signed was changed behind the signer's back. */
function assertSigned({ signed }: Asking, [, made]: Question, [, given]: Question): void {
  if (signed !== undefined) assert.ok(equal(signed(made), signed(given)), "what is signed changed");
}

function named(questions: Questions): NamedFiles {
  const parts = questions.flatMap(([operation, parts]) =>
    parts.map((part, i): readonly [string, Uint8Array] => [`${operation}-${i}`, part])
  );
  return Object.fromEntries(parts);
}

/** Questions by a number, or by the next one where two bends do not go together, which they say by a RangeError. */
async function madeBy({ make }: Asking, number: number): Promise<Questions> {
  try {
    return await make(new Dice(number));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return await make(new Dice(number + 1));
  }
}

interface Given {
  readonly made: number;
  readonly steps: readonly Step[];
}

/** Makes the kind. */
export function operationKind(asking: Asking): Kind {
  const table = stepsOf(asking);
  return kindOf<Given>({
    id: asking.id,
    says: asking.says,
    given: () =>
      Promise.resolve(fc.record({
        made: fc.nat(0x7fff_ffff),
        steps: someSteps(table, { "as made": 8 }),
      })),
    async judge({ made, steps }): Promise<Execution> {
      const start = await madeBy(asking, made);
      const questions = await takeSteps(table, start, steps);
      return await timed(async () => {
        const [main, ...others] = questions;
        const end = await endOf(main, asking.holds);
        if (end === "accepted") assertSigned(asking, start[0], main);
        for (const other of others) await endOf(other, asking.holds);
        return end;
      }, named(questions));
    },
  });
}

/** Asserts the answer to an operation of that name alone. */
export function holdsOf<T>(
  name: Operation,
  check: (parts: readonly Uint8Array[], answer: T) => void | Promise<void>,
): NonNullable<Asking["holds"]> {
  return async ([operation, parts], answer) => {
    if (operation !== name) return;
    assert.equal(typeof answer, "object", name);
    // The engines answer with this shape; their tests hold it.
    await check(parts, answer as T);
  };
}
