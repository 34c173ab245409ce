/**
 * TCB info and QE identity that are not quite JSON, or not quite Intel's: on
 * their own, where the signature refuses them, and signed by the lab, so that
 * they reach the reader of their members.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { tdx } from "../../src/evidence/tdx/mod.ts";
import { fileOf } from "../contracts/change.ts";
import { assertJudged, assertShown, RUNS, type Subject } from "../robustness.ts";
import { readVectors, type Vector } from "../vectors.ts";
import { asFile, ask, codeOf, mint } from "./ask.ts";
import { asText, type DocumentName, DOCUMENTS, FORMAT_CODES } from "./documents.ts";
import { meansTheSame } from "./meaning.ts";

const vectors = (await readVectors("tdx")).filter(({ code }) => code === null);
const subject: Subject = { technology: tdx, vectors, means: meansTheSame };
const anyVector = fc.constantFrom(...vectors);
const anyDocument = fc.constantFrom(...DOCUMENTS);

/** A token of JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[-+.\w]+|[{}[\]:,]/g;

/** What stands in place of a token, each wrong somewhere. */
const ODD: readonly string[] = [
  "",
  "null",
  "true",
  "NaN",
  "-0",
  "01",
  "1.0",
  "1e999",
  "18446744073709551616",
  '""',
  '"\\ud800"',
  '"\u0000"',
  '"2026-02-30T00:00:00Z"',
  "[]",
  "[[]]",
  "{}",
  '{"a":1,"a":2}',
  "'a'",
  "//",
  ",",
  "}",
  "]".repeat(3),
  "[".repeat(3000),
  '{"a":'.repeat(3000),
];

/** A text with one of its tokens replaced. */
function withToken(text: string, place: number, odd: string): string {
  const tokens = [...text.matchAll(TOKEN)];
  const token = tokens[place % tokens.length];
  assert.ok(token);
  return text.slice(0, token.index) + odd + text.slice(token.index + token[0].length);
}

const textOf = (vector: Vector, name: DocumentName): string =>
  new TextDecoder().decode(fileOf(vector, name));

const replaced = fc.tuple(fc.nat(), fc.constantFrom(...ODD));

Deno.test("verification of JSON that is not quite JSON ends in a typed refusal (tdx)", async () => {
  const check = async (
    vector: Vector,
    name: DocumentName,
    [place, odd]: [number, string],
  ): Promise<void> => {
    const text = textOf(vector, name);
    const other = withToken(text, place, odd);
    fc.pre(other !== text);
    const file = asFile(other);
    assert.equal(await assertJudged(subject, vector, name, file), false);
    await assertShown(tdx, file);
  };
  await fc.assert(fc.asyncProperty(anyVector, anyDocument, replaced, check), RUNS);
});

Deno.test("verification of any JSON in place of a document ends in a typed refusal (tdx)", async () => {
  const wraps = [
    (json: string) => json,
    (json: string) => `{"tcbInfo":${json},"signature":"${"ab".repeat(64)}"}`,
    (json: string) => `{"enclaveIdentity":${json},"signature":"${"ab".repeat(64)}"}`,
    (json: string) => `{"tcbInfo":{"id":"TDX","version":3,"x":${json}},"signature":null}`,
  ];
  const text = fc.tuple(fc.constantFrom(...wraps), fc.json()).map(([wrap, json]) => wrap(json));
  const check = async (vector: Vector, name: DocumentName, json: string): Promise<void> => {
    assert.equal(await assertJudged(subject, vector, name, asFile(json)), false);
    await assertShown(tdx, asFile(json));
  };
  await fc.assert(fc.asyncProperty(anyVector, anyDocument, text, check), RUNS);
});

/** Kind of a value, whole numbers told apart from others. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return Number.isSafeInteger(value) ? "integer" : typeof value;
}

/** Paths of all members and items of a value, as lists of keys. */
function pathsOf(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...at, key]));
  return at.length === 0 ? inner : [at, ...inner];
}

/** A value with a change at a path; what is changed is given with the key under which it stands. */
function changedAt(
  value: unknown,
  [key, ...rest]: readonly string[],
  change: (key: string, item: unknown) => readonly (readonly [string, unknown])[],
): unknown {
  if (typeof value !== "object" || value === null || key === undefined) return value;
  const entries = Object.entries(value).flatMap(([name, item]) => {
    if (name !== key) return [[name, item] as const];
    return rest.length === 0
      ? change(name, item)
      : [[name, changedAt(item, rest, change)] as const];
  });
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

/** A change that Intel's form leaves no room for. */
type Misfit = (key: string, item: unknown) => readonly (readonly [string, unknown])[];

const otherKind = fc.tuple(
  fc.constant("a value of another kind"),
  fc.jsonValue({ maxDepth: 2 }).map((other): Misfit => (key, item) => [
    // A fraction is a number, but none that stands in a document.
    [key, kindOf(other) === kindOf(item) ? 0.5 : other],
  ]),
);
const oneMore = fc.tuple(
  fc.constant("a member that no form knows"),
  fc.constantFrom("x", "__proto__", "", "TcbInfo").map((name): Misfit => (key, item) =>
    // An item of a list has no name, and some lists may have one more of them.
    /^\d+$/.test(key) ? [[key, 0.5]] : [[name, item], [key, item]]
  ),
);

Deno.test("verification of signed documents of another form ends in a refusal of the form (tdx)", async () => {
  const check = async (
    name: DocumentName,
    place: number,
    [what, misfit]: [string, Misfit],
  ): Promise<void> => {
    let path = "";
    const bends = asText(name, (text) => {
      const plain: unknown = JSON.parse(text);
      const paths = pathsOf(plain);
      const at = paths[place % paths.length] ?? [];
      path = at.join(".");
      const other = JSON.stringify(changedAt(plain, at, misfit));
      assert.notEqual(other, text, path);
      return other;
    });
    const code = await codeOf(ask(await mint({ bends })));
    assert.equal(code, FORMAT_CODES[name], `${what} at ${path}`);
  };
  const misfits = fc.oneof(otherKind, oneMore);
  await fc.assert(fc.asyncProperty(anyDocument, fc.nat(), misfits, check), RUNS);
});
