/**
 * Reference documents: whatever one says, the verdict is the one that a policy
 * with the same values gives, and it can say nothing that a policy alone may.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { InputError, type Request, type Result } from "../../../mod.ts";
import type { AnyTechnology } from "../../../src/evidence/evidence.ts";
import { technologies } from "../../../src/evidence/registry.ts";
import { parsePolicyText } from "../../../src/policy/parse.ts";
import { examine } from "../../../src/verifier/examine.ts";
import { editText } from "../../bends/byte_edits.ts";
import type { Dice } from "../../bends/dice.ts";
import { questionOf } from "../../contracts/question.ts";
import { readVectors, type Vector } from "../../vectors.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertResult, assertTyped, bothEngines, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { editData } from "./data_edits.ts";

/** Plain data with members. */
export type Plain = Readonly<Record<string, unknown>>;

/** Whether a value is such. */
export const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Evidence with its policy, the reference values apart. */
export interface Base {
  /** What the evidence is of. */
  readonly technology: AnyTechnology;
  /** The evidence. */
  readonly vector: Vector;
  /** The policy without reference values. */
  readonly policy: Plain;
  /** The reference values. */
  readonly reference: Plain;
}

/** Members of a section by whether they are reference values. */
function split(section: Plain, { references }: AnyTechnology, path = ""): readonly [Plain, Plain] {
  const [rest, values]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  for (const [key, value] of Object.entries(section)) {
    const here = path + key;
    const isPart = references.some((one) => one.startsWith(`${here}.`)) && isPlain(value);
    if (!isPart) (references.includes(here) ? values : rest)[key] = value;
    else [rest[key], values[key]] = split(value, { references } as AnyTechnology, `${here}.`);
  }
  return [rest, values];
}

let loaded: Promise<readonly Base[]> | undefined;

/** The first accepted vector of each technology that has reference values; loaded once. */
export function referenceBases(): Promise<readonly Base[]> {
  return loaded ??= loadBases();
}

async function loadBases(): Promise<readonly Base[]> {
  const all = await Promise.all(technologies.map(async (technology: AnyTechnology) => {
    const vectors = await readVectors(technology.id);
    return vectors.filter(({ code }) => code === null).slice(0, 1).map((vector): Base => {
      const policy = isPlain(vector.policy) ? vector.policy : {};
      const section = policy[technology.id];
      const [rest, values] = split(isPlain(section) ? section : {}, technology);
      return {
        technology,
        vector,
        policy: { ...policy, [technology.id]: rest },
        reference: { version: 1, [technology.id]: values },
      };
    });
  }));
  return all.flat();
}

/** A document on its way: as data while it is some, then as text. */
interface Bent {
  readonly base: Base;
  readonly data: unknown;
  readonly text: Uint8Array | null;
}

const asText = ({ data, text }: Bent, dice: Dice): Uint8Array =>
  text ?? new TextEncoder().encode(dice.once(2) ? JSON.stringify(data) ?? "" : stringify(data));

/** A key that belongs in the policy, where it would do something. */
function weakened({ base, data }: Bent, dice: Dice): Bent {
  const { id } = base.technology;
  const section = isPlain(data) ? data[id] : undefined;
  const weak = dice.pick<Plain>([
    { debug: "allow" },
    { revocation: "if-given" },
    { vmpl: [0, 1, 2, 3] },
    { tcbStatuses: ["OutOfDate"] },
    { whatRuns: [23] },
    { tee: { debug: "allow" } },
    { vtpm: { whatRuns: [23], eventLog: "ignore" } },
    { allowLab: true },
  ]);
  const inside = dice.once(6)
    ? { ...Object(data), acceptRoots: ["none"], admitVariants: [id] }
    : { ...Object(data), [id]: { ...Object(section), ...weak } };
  return { base, data: inside, text: null };
}

const STEPS: StepTable<Bent> = {
  "as it is": (bent) => bent,
  "data": ({ base, data }, dice) => ({ base, data: editData(data, dice), text: null }),
  "weakened": weakened,
  "text": (bent, dice) => ({
    ...bent,
    text: new TextEncoder().encode(editText(new TextDecoder().decode(asText(bent, dice)), dice)),
  }),
  "bytes": async (bent, dice) => ({ ...bent, text: await anyByteStep(asText(bent, dice), dice) }),
};

/** What comes of asking: the result, or the code of the refusal. */
export async function outcome(request: Request): Promise<Result | string> {
  try {
    const result = await examine(bothEngines, request);
    assertResult(result);
    return result;
  } catch (error) {
    assertTyped(error);
    assert.ok(
      error instanceof InputError && /^(policy|input|reference)\./.test(error.code),
      error.code,
    );
    return error.code;
  }
}

/** A value with another's members put into it. */
function joined(into: unknown, from: unknown): unknown {
  if (!isPlain(into) || !isPlain(from)) return from;
  const members = Object.entries(from).map(([key, value]) =>
    [key, Object.hasOwn(into, key) ? joined(into[key], value) : value] as const
  );
  return { ...into, ...Object.fromEntries(members) };
}

/** Asserts that a document which is taken has reference values alone, and that they count as in a policy. */
async function assertSame({ base, ...bent }: Bent, data: unknown, result: Result): Promise<void> {
  const { technology, vector } = base;
  const section = isPlain(data) ? data[technology.id] : undefined;
  assert.ok(isPlain(section), "there are values for this variant");
  assert.deepEqual(
    split(section, technology)[0],
    withoutValues(section, technology),
    "a key of a policy",
  );
  const policy = joined(base.policy, { [technology.id]: section });
  const plain = await examine(bothEngines, { ...questionOf(technology, vector), policy });
  assert.deepEqual(
    told(result),
    told(plain),
    `as a policy it says otherwise, ${bent.text === null}`,
  );
}

/** A result without what says that there was a document of reference values. */
function told(result: Result): object {
  const { policy: _policy, reference: _reference, ...digests } = result.digests;
  return { ...result, digests, reference: null };
}

/** A section of which nothing is left but the frames of its parts. */
function withoutValues(section: Plain, { references }: AnyTechnology): Plain {
  const parts = Object.keys(section).filter((key) =>
    references.some((one) => one.startsWith(`${key}.`))
  );
  return Object.fromEntries(parts.map((key) => [key, {}]));
}

async function judged(bent: Bent): Promise<string> {
  const { technology, vector, policy } = bent.base;
  let data: unknown = bent.data;
  try {
    if (bent.text !== null) data = parsePolicyText(bent.text, "r.yaml");
  } catch (error) {
    assertTyped(error);
    return error.code;
  }
  // The library takes anything, and reads it strictly.
  const request = { ...questionOf(technology, vector), policy, reference: data } as Request;
  const result = await outcome(request);
  if (typeof result === "string") return result;
  if (data !== undefined) await assertSame(bent, data, result);
  return result.code ?? "accepted";
}

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

/** Reference documents. */
export const reference: Kind = kindOf<Given>({
  id: "reference",
  says: "reference documents, as YAML, JSON and plain data",
  given: async () => {
    const known = await referenceBases();
    return fc.record({
      base: fc.nat(known.length - 1),
      steps: someSteps(STEPS, { "data": 5, "weakened": 2 }),
    });
  },
  async judge({ base: number, steps }) {
    const base = (await referenceBases())[number];
    if (base === undefined) throw new RangeError("There are no vectors");
    const start: Bent = { base, data: parse(stringify(base.reference)), text: null };
    const bent = await takeSteps(STEPS, start, steps);
    const file = bent.text ?? new TextEncoder().encode(JSON.stringify(bent.data) ?? "");
    return await timed(() => judged(bent), { reference: file });
  },
});
