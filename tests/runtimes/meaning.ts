/**
 * Whether what all runtimes say alike says anything.
 *
 * @module
 */

import assert from "node:assert/strict";
import { technologies } from "../../mod.ts";
import { PORTABLE_SHARE } from "./amount.ts";
import type { Question } from "./asked.ts";
import type { RuntimeCase } from "./suite.ts";

/** A case and what came of it. */
interface Answer {
  readonly asked: RuntimeCase;
  readonly text: string;
}

/**
 * Equal results prove little if all were errors: each technology must have met each kind of end.
 *
 * @param question What was asked, and answered.
 */
export function assertMeaningful(question: Question): void {
  const answers = answersOf(question);
  for (const { id } of technologies) {
    const own = answers.filter(({ asked }) => asked.variant === id);
    assertEnds(id, own.map(({ text }) => text).join("\n"));
  }
}

/** Variants without certificates: no lab vouches for their evidence, and nothing of it can be out of reach. */
const UNCERTIFIED: readonly string[] = ["qemu-vtpm", "openstack"];

function assertEnds(id: string, text: string): void {
  const uncertified = UNCERTIFIED.includes(id);
  const verdicts = uncertified ? ["trusted"] : ["lab-trusted", "unavailable"];
  for (const verdict of [...verdicts, "platform-only", "rejected"]) {
    assert.ok(text.includes(`"verdict":"${verdict}"`), `no case of ${id} ends ${verdict}`);
  }
  const errors = uncertified ? [] : ["UnavailableError"];
  for (const error of ["InputError", "RejectedError", ...errors]) {
    assert.ok(text.includes(`"error":"${error}"`), `no case of ${id} throws ${error}`);
  }
}

/**
 * The portable engine says of each of its cases what the one in WASM says, but for the words of a reason.
 *
 * @param question What was asked, and answered.
 */
export function assertEnginesAgree(question: Question): void {
  const answers = answersOf(question);
  const saidBy = (engine: RuntimeCase["engine"]): ReadonlyMap<string, unknown> =>
    new Map(
      answers.filter(({ asked }) => asked.engine === engine)
        .map(({ asked, text }) => [`${asked.variant} ${asked.name}`, endOf(text)] as const),
    );
  const [wasm, portable] = [saidBy("wasm"), saidBy("portable")];
  assert.ok(portable.size >= 300 / PORTABLE_SHARE, `${portable.size} cases`);
  for (const [name, end] of portable) assert.deepEqual(end, wasm.get(name), name);
}

/** Verdict, code and claims. */
function endOf(text: string): unknown {
  const { examined, verified }: { examined: unknown; verified: unknown } = JSON.parse(text);
  const whole = new Map(Object.entries(Object(examined)));
  const kept = ["verdict", "code", "outcome", "weakestRoot", "claims", "error"];
  const { verdict, code }: { verdict?: unknown; code?: unknown } = Object(verified);
  return [...kept.map((key) => whole.get(key)), verdict, code];
}

function answersOf({ asked, answers }: Question): readonly Answer[] {
  return asked.cases.flatMap((one, i) => {
    const text = answers[i];
    return text === undefined ? [] : [{ asked: one, text }];
  });
}
