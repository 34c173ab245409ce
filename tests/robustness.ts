/**
 * Properties that verification has whatever its files are: it ends in a
 * verdict or a typed error, and nothing is accepted but what is right.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { CasemateError, InputError, NotTrustedError, type Result, verify } from "../mod.ts";
import { concat } from "../src/core/bytes.ts";
import { inlineEngine } from "../src/core/crypto_inline.ts";
import type { AnyTechnology, FilesByRole } from "../src/evidence/evidence.ts";
import { fileOf } from "./contracts/change.ts";
import { questionOf } from "./contracts/question.ts";
import { shown } from "./result.ts";
import type { Vector } from "./vectors.ts";

/** Runs of each property: enough to reach every parser, few enough for every test run. */
export const RUNS = { numRuns: 100, seed: 0x5e5 };

/** What the properties are about. */
export interface Subject {
  /** The technology. */
  readonly technology: AnyTechnology;
  /** Evidence that is right. */
  readonly vectors: readonly Vector[];
  /** Whether a file in place of a vector's own must come to the same, since all that differs has no meaning. */
  readonly means: (vector: Vector, role: string, file: Uint8Array) => boolean;
}

/** Asks what throws unless it trusts; a refusal or an error of the operator's is let through, anything else is a bug. */
export async function settle(
  { technology }: Subject,
  vector: Vector,
  files: FilesByRole,
): Promise<Result | InputError> {
  try {
    return await verify(questionOf(technology, vector, { files }));
  } catch (error) {
    if (error instanceof NotTrustedError) return error.result;
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** Asserts that files in place of a vector's own are refused, and by a typed error. */
export async function assertNotAccepted(
  subject: Subject,
  vector: Vector,
  files: FilesByRole,
): Promise<InputError | Result> {
  const outcome = await settle(subject, vector, files);
  if (!(outcome instanceof InputError)) assert.equal(outcome.verdict, "rejected", shown(outcome));
  return outcome;
}

async function assertAccepted(
  subject: Subject,
  vector: Vector,
  files: FilesByRole,
): Promise<void> {
  const outcome = await settle(subject, vector, files);
  assert.ok(!(outcome instanceof InputError), String(outcome));
  assert.equal(outcome.verdict, vector.verdict, shown(outcome));
}

/**
 * Asserts that a file in place of a vector's own is refused, or, where all that
 * differs has no meaning, that it is accepted.
 *
 * @returns Whether it means the same.
 */
export async function assertJudged(
  subject: Subject,
  vector: Vector,
  role: string,
  file: Uint8Array,
): Promise<boolean> {
  const same = subject.means(vector, role, file);
  await (same ? assertAccepted : assertNotAccepted)(subject, vector, { [role]: file });
  return same;
}

/** Asserts that showing a file ends in a description, in nothing, or in a typed error. */
export async function assertShown(technology: AnyTechnology, file: Uint8Array): Promise<void> {
  try {
    const answer = await technology.show(inlineEngine, file);
    if (answer !== null) assert.equal(typeof answer.title, "string");
  } catch (error) {
    assert.ok(error instanceof CasemateError, String(error));
  }
}

/** Changes of bytes: where, modulo the length, and by which bits; the case of letters often. */
export const edits: fc.Arbitrary<[number, number][]> = fc.array(
  fc.tuple(fc.nat(), fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constant(0x20))),
  { minLength: 1, maxLength: 4 },
);

/** A copy with changes of bytes, of which there is at least one. */
export function editedBy(file: Uint8Array, changes: readonly [number, number][]): Uint8Array {
  const copy = concat(file);
  const places = new Map(changes.map(([at, by]) => [at % copy.length, by]));
  for (const [at, by] of places) copy[at] = (copy[at] ?? 0) ^ by;
  return copy;
}

/** A copy with a piece put in. */
export function stuffed(file: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  return concat(file.subarray(0, at), piece, file.subarray(at));
}

const NOT_QUITE_PEM =
  /^(-----BEGIN (CERTIFICATE|X509 CRL|X)-----\n?[A-Za-z0-9+/=\n ]{0,80}(-----END CERTIFICATE-----)?\n?){1,3}$/;

/** A file of a vector, and how another in its place is judged. */
interface Place {
  readonly vector: Vector;
  readonly role: string;
  readonly file: Uint8Array;
  readonly judge: (other: Uint8Array) => Promise<boolean>;
}

/**
 * Runs a property over every file of every vector.
 *
 * @param subject What it is about.
 * @param given What it is given beside a file.
 * @param check What must hold.
 * @param numRuns How often it is tried.
 */
export async function overFiles<T>(
  subject: Subject,
  given: fc.Arbitrary<T>,
  check: (place: Place, value: T) => Promise<void>,
  numRuns: number = RUNS.numRuns,
): Promise<void> {
  const { technology, vectors } = subject;
  const anyRole = fc.constantFrom(...technology.files.map(({ role }) => role));
  const anyVector = fc.constantFrom(...vectors);
  const property = fc.asyncProperty(anyVector, anyRole, given, async (vector, role, value) => {
    const judge = (other: Uint8Array): Promise<boolean> =>
      assertJudged(subject, vector, role, other);
    await check({ vector, role, file: fileOf(vector, role), judge }, value);
  });
  await fc.assert(property, { ...RUNS, numRuns });
}

/**
 * Registers the tests that any technology must pass.
 *
 * @param subject What they are about.
 */
export function testRobustness(subject: Subject): void {
  const test = <T>(
    what: string,
    given: fc.Arbitrary<T>,
    check: (place: Place, value: T) => Promise<void>,
  ): void => {
    const name = `verification of ${what} ends in a typed refusal (${subject.technology.id})`;
    Deno.test(name, () => overFiles(subject, given, check));
  };
  const piece = fc.uint8Array({ minLength: 1, maxLength: 40 });

  test("random bytes in any role", fc.uint8Array({ maxLength: 3000 }), async (at, random) => {
    await assertNotAccepted(subject, at.vector, { [at.role]: random });
  });
  test("a file with bytes changed anywhere", edits, async ({ file, judge }, changes) => {
    await judge(editedBy(file, changes));
  });
  test("a file cut or stuffed anywhere", fc.tuple(fc.nat(), piece), async (at, [place, more]) => {
    const cut = place % at.file.length;
    await at.judge(at.file.subarray(0, cut));
    await at.judge(stuffed(at.file, cut, more));
  });
  test(
    "a file that is repeated, or a part of it",
    fc.tuple(fc.nat(), fc.nat()),
    async ({ file, judge }, [from, size]) => {
      const start = from % file.length;
      const end = start + 1 + size % (file.length - start);
      await judge(stuffed(file, end, file.subarray(start, end)));
      await judge(concat(file, file));
    },
  );
  test("PEM that is not quite PEM", fc.stringMatching(NOT_QUITE_PEM), async (at, pem) => {
    const file = new TextEncoder().encode(pem);
    await assertNotAccepted(subject, at.vector, { [at.role]: file });
  });
}
