/**
 * What command lines leave, held against what is wanted.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Case } from "./cases.ts";
import type { Ran } from "./fake_host.ts";

/** Text as it was before it was wrapped. */
function unwrapped(text: string): string {
  return text.replace(/\s+/g, " ");
}

/**
 * Holds what a command line left against its case.
 *
 * @param ran What it left.
 * @param wanted The case.
 */
export function expectCase(ran: Ran, wanted: Case): void {
  assert.equal(ran.exitCode, wanted.exit, ran.out + ran.err);
  for (const part of wanted.out ?? []) {
    const found = ran.out.includes(part) || unwrapped(ran.out).includes(unwrapped(part));
    assert.ok(
      found,
      `${part} is not in\n${ran.out}`,
    );
  }
  for (const part of wanted.err ?? []) {
    assert.ok(unwrapped(ran.err).includes(part), `${part} is not in\n${ran.err}`);
  }
  for (const part of wanted.never ?? []) {
    assert.ok(!(ran.out + ran.err).includes(part), `${part} is in\n${ran.out}${ran.err}`);
  }
  assert.doesNotMatch(ran.out + ran.err, /^\s+at .*:\d+:\d+/m, "a stack trace");
}

/**
 * The same for a command line that cannot be followed: one sentence, then flag, code and remedy.
 *
 * @param ran What it left.
 * @param wanted The case.
 */
export function expectError(ran: Ran, wanted: Case): void {
  expectCase(ran, wanted);
  assert.equal(ran.out, "", "standard output is for results");
  assert.match(
    ran.err,
    /^error: Cannot [^\n]+(\n {7}[^\n]+)*\n {2}look at {5}\S.*\n/,
    "one sentence, then the flag",
  );
  assert.match(
    ran.err,
    new RegExp(
      String.raw`\n {2}code {8}[a-z0-9]+\.[a-z_]+ \(exit ${wanted.exit}\)\n {2}what to do  \S`,
    ),
  );
}

/**
 * The same where JSON was asked for.
 *
 * @param ran What it left.
 * @param wanted The case.
 */
export function expectJsonError(ran: Ran, wanted: Case): void {
  // `lab` and `completions` have no `-o`: then that is the error, in JSON all the same.
  const told = JSON.parse(ran.out);

  assert.equal(ran.err, "");
  assert.deepEqual(Object.keys(told.error).sort(), ["code", "fields", "message", "remedy"]);
  assert.ok(ran.exitCode === wanted.exit);
}

/**
 * Arguments with `-o json` first among a command's own flags, so that no forgotten value swallows it.
 *
 * @param args The arguments.
 */
export function withJson(args: readonly string[]): readonly string[] {
  const at = args.findIndex((arg) => arg.startsWith("-") && arg !== "-");
  return args.toSpliced(at < 0 ? args.length : at, 0, "-o", "json");
}
