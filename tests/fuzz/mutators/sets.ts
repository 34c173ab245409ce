/**
 * Reference documents with several sets: what is trusted meets one of them
 * whole, by itself, and the document must be in force.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import type { Request, Result } from "../../../mod.ts";
import { parsePolicyText } from "../../../src/policy/parse.ts";
import type { Dice } from "../../bends/dice.ts";
import { questionOf } from "../../contracts/question.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertTyped, isAccepted, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { editData } from "./data_edits.ts";
import { type Base, isPlain, outcome, type Plain, referenceBases } from "./reference.ts";

/** What a set does with each value. */
const WAYS = ["right", "other", "absent", "both", "twice"] as const;
type Way = typeof WAYS[number];

/** A value near another: of the same form, and not the same. */
function near(value: unknown): unknown {
  if (typeof value === "string") {
    const digit = value.at(-1) === "0" ? "1" : "0";
    return /[0-9a-f]{8}$/i.test(value) ? value.slice(0, -1) + digit : value;
  }
  if (typeof value === "number") return value + 1;
  if (Array.isArray(value)) return value.map(near);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, near(one)]));
}

const KNOWN = { known: "computed", from: "an image" } as const;

/** A value as a document has it; undefined leaves it out. */
function written(value: unknown, way: Way): unknown {
  if (way === "absent") return undefined;
  if (way === "right") return { ...KNOWN, value };
  if (way === "other") return { ...KNOWN, value: near(value) };
  const second = way === "both" ? near(value) : value;
  return [{ ...KNOWN, value }, { known: "observed", value: second }];
}

/** A section in the long form; `ways` say what becomes of the values in turn. */
function longOf(section: Plain, base: Base, ways: Way[], path = ""): Plain {
  const members = Object.entries(section).flatMap(([key, value]) => {
    const isPart = isPlain(value) && !base.technology.references.includes(path + key);
    const long = isPart
      ? longOf(value, base, ways, `${path}${key}.`)
      : written(value, ways.shift() ?? "right");
    return long === undefined ? [] : [[key, long] as const];
  });
  return Object.fromEntries(members);
}

const DAY = 86_400_000;
const moment = (now: Date, days: number): string =>
  `${new Date(now.getTime() + days * DAY).toISOString().slice(0, 19)}Z`;

interface Given {
  readonly base: number;
  readonly sets: readonly (readonly Way[])[];
  /** Days from the moment of the question. */
  readonly issued: number;
  readonly notAfter: number | null;
  readonly steps: readonly Step[];
}

function documentOf(base: Base, { sets, issued, notAfter }: Given): Plain {
  const { technology: { id }, vector: { now }, reference } = base;
  const section = reference[id];
  return {
    version: 1,
    release: "casemate-1.4.0",
    issued: moment(now, issued),
    ...(notAfter === null ? {} : { notAfter: moment(now, notAfter) }),
    sets: sets.map((ways, i) => ({
      name: `1.${i}`,
      [id]: longOf(isPlain(section) ? section : {}, base, [...ways]),
    })),
  };
}

/** A document on its way: as data while it is some, then as text. */
interface Bent {
  readonly data: unknown;
  readonly text: Uint8Array | null;
}

const asText = ({ data, text }: Bent, dice: Dice): Uint8Array =>
  text ?? new TextEncoder().encode(dice.once(2) ? JSON.stringify(data) ?? "" : stringify(data));

const STEPS: StepTable<Bent> = {
  "as it is": (bent) => bent,
  "data": ({ data }, dice) => ({ data: editData(data, dice), text: null }),
  "sets turned": ({ data }) => {
    const sets: unknown = Object(data).sets;
    if (!Array.isArray(sets)) throw new RangeError("There are no sets");
    return { data: { ...Object(data), sets: [...sets].reverse() }, text: null };
  },
  "bytes": async (bent, dice) => ({ ...bent, text: await anyByteStep(asText(bent, dice), dice) }),
};

async function asked({ technology, vector, policy }: Base, reference: unknown) {
  // The library takes anything, and reads it strictly.
  return await outcome({ ...questionOf(technology, vector), policy, reference } as Request);
}

/** Asserts that a result of several sets is that of the best of them, alone. */
async function assertOneWhole(base: Base, document: Plain, result: Result): Promise<void> {
  const sets = Array.isArray(document["sets"]) ? document["sets"] : [];
  const own = sets.filter((set) => Object.hasOwn(Object(set), base.technology.id));
  const alone = [];
  for (const set of own) {
    const single = await asked(base, { ...document, sets: [set] });
    // One that says nothing of this variant is none, here.
    if (single === "input.missing") continue;
    assert.ok(typeof single !== "string", `a set alone is refused: ${single}`);
    if (isAccepted(single)) alone.push(Object(set).name);
  }
  assert.equal(isAccepted(result), alone.length > 0, "sets together come to what one of them does");
  if (isAccepted(result)) assert.ok(alone.includes(result.reference?.set), "it names that set");
}

function assertInForce(document: Plain, { vector: { now } }: Base): void {
  const { issued, notAfter } = document;
  assert.ok(Date.parse(String(issued)) <= now.getTime(), `issued ${issued}`);
  const end = notAfter === undefined || notAfter === null ? Infinity : Date.parse(`${notAfter}`);
  assert.ok(now.getTime() <= end, `over since ${notAfter}`);
}

async function endOf(base: Base, { data, text }: Bent): Promise<string> {
  let document = data;
  try {
    if (text !== null) document = parsePolicyText(text, "r.yaml");
  } catch (error) {
    assertTyped(error);
    return error.code;
  }
  const result = await asked(base, document);
  if (typeof result === "string") return result;
  if (isPlain(document) && Array.isArray(document["sets"])) {
    await assertOneWhole(base, document, result);
    if (isAccepted(result)) assertInForce(document, base);
  }
  return isAccepted(result) ? "accepted" : result.code ?? "none";
}

/** Reference documents with sets. */
export const sets: Kind = kindOf<Given>({
  id: "sets",
  says: "reference documents with several sets",
  given: async () => {
    const ways = fc.array(fc.constantFrom("right", ...WAYS), { minLength: 1, maxLength: 4 });
    return fc.record({
      base: fc.nat((await referenceBases()).length - 1),
      sets: fc.array(ways, { minLength: 1, maxLength: 3 }),
      issued: fc.constantFrom(-1, -1, -400, 0, 1),
      notAfter: fc.constantFrom(null, null, 1, 0, -1, -500),
      steps: someSteps(STEPS, { "as it is": 3, "data": 3 }),
    });
  },
  async judge(given) {
    const base = (await referenceBases())[given.base];
    if (base === undefined) throw new RangeError("There are no vectors");
    const start: Bent = { data: parse(stringify(documentOf(base, given))), text: null };
    const bent = await takeSteps(STEPS, start, given.steps);
    const file = bent.text ?? new TextEncoder().encode(JSON.stringify(bent.data) ?? "");
    return await timed(() => endOf(base, bent), { reference: file });
  },
});
