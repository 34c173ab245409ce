/**
 * The part of the contract suite that is about files: damaged, left out, in
 * another form, of another device.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat } from "../../src/core/bytes.ts";
import type { AnyTechnology, FilesByRole } from "../../src/evidence/evidence.ts";
import { assertRefused, assertVerdict, shown } from "../result.ts";
import type { Vector } from "../vectors.ts";
import type { Contract } from "./contract.ts";
import { ask, codeOf } from "./question.ts";

/** Name of a test, with the technology's. */
export type Named = (what: string) => string;

/** The files of a role with a change made to each, one after the other. */
function changedFiles(
  files: FilesByRole,
  role: string,
  change: (file: Uint8Array) => Uint8Array,
): FilesByRole {
  const file = files[role];
  if (file === undefined) return {};
  return { [role]: file instanceof Uint8Array ? change(file) : file.map(change) };
}

/** Files that are damaged, or in each other's place. */
export function bendFiles(
  technology: AnyTechnology,
  { damage: usual, damageOf }: Contract,
  vector: Vector,
  named: Named,
): void {
  const damage = { ...usual, ...damageOf?.(vector) };
  const given = technology.files.filter(({ role }) => vector.files[role] !== undefined);
  for (const { role } of given) {
    Deno.test(named(`${vector.name} with a damaged ${role} is refused`), async () => {
      const expected = damage[role];
      assert.ok(expected, `the contract says what comes of a damaged ${role}`);
      const changes = {
        short: (file: Uint8Array) => file.subarray(0, -1),
        long: (file: Uint8Array) => concat(file, Uint8Array.of(0)),
        empty: () => new Uint8Array(),
      };
      for (const how of ["short", "long", "empty"] as const) {
        const files = changedFiles(vector.files, role, changes[how]);
        assert.equal(await codeOf(ask(technology, vector, { files })), expected[how], how);
      }
    });
  }
  Deno.test(named(`${vector.name} with two files in each other's place is refused`), async () => {
    const roles = given.map(({ role }) => role);
    for (const [i, one] of roles.entries()) {
      for (const other of roles.slice(i + 1)) {
        const files = { [one]: first(vector.files[other]), [other]: first(vector.files[one]) };
        const code = await codeOf(ask(technology, vector, { files }));
        assert.match(code ?? "accepted", /^[a-z]+[0-9]*\.[a-z0-9_]+$/, `${one}, ${other}`);
      }
    }
  });
}

/** Files that no vector has, so that nothing above bends them. */
export function coverFiles(
  technology: AnyTechnology,
  { absent = {} }: Contract,
  good: readonly Vector[],
  named: Named,
): void {
  Deno.test(named("each file is in an accepted vector, or listed with a reason"), () => {
    const missing = technology.files.map(({ role }) => role)
      .filter((role) => good.every(({ files }) => files[role] === undefined));
    assert.deepEqual(missing, Object.keys(absent));
  });
}

/** Files that are left out; vectors have every file that is needed, and those that belong together. */
export function leaveOut(
  technology: AnyTechnology,
  { together }: Contract,
  vector: Vector,
  named: Named,
): void {
  const without = (roles: readonly string[]): FilesByRole =>
    Object.fromEntries(roles.map((role) => [role, undefined]));
  const needed = technology.files.flatMap(({ role, required }) => required ? [role] : []);
  Deno.test(named(`${vector.name} without a file that is needed is no question`), async () => {
    for (const role of [...needed, ...together.flatMap(({ roles }) => roles)]) {
      const files = without([role]);
      assert.equal(await codeOf(ask(technology, vector, { files })), "input.missing", role);
    }
    for (const { roles, beside } of together) {
      for (const role of [...roles, ...beside]) {
        const files = without([...roles, ...beside].filter((other) => other !== role));
        assert.equal(await codeOf(ask(technology, vector, { files })), "input.missing", role);
      }
    }
  });
  for (const { roles, beside, absent: { verdict, code } } of together) {
    Deno.test(named(`${vector.name} without ${roles.join(", ")} gives ${code}`), async () => {
      const files = without([...roles, ...beside]);
      assertVerdict(await ask(technology, vector, { files }), verdict, code);
    });
  }
}

/** Files in other forms. */
export function keepForms(
  technology: AnyTechnology,
  { forms }: Contract,
  vector: Vector,
  named: Named,
): void {
  for (const { what, files } of forms(vector)) {
    Deno.test(named(`${vector.name} with ${what} is the same`), async () => {
      const [one, other] = [
        await ask(technology, vector),
        await ask(technology, vector, { files }),
      ];
      assert.equal(other.verdict, vector.verdict, shown(other));
      // The digest is of the files as they were given; all else is of what they say.
      assert.notEqual(other.digests.evidence, one.digests.evidence);
      const digests = { ...other.digests, evidence: one.digests.evidence };
      assert.deepEqual({ ...other, digests }, one);
    });
  }
}

function first(file: FilesByRole[string]): Uint8Array | undefined {
  return file instanceof Uint8Array ? file : file?.[0];
}

function countOf(file: FilesByRole[string]): number {
  return file instanceof Uint8Array ? 1 : file?.length ?? 0;
}

/** Files of other vectors. */
export function mixDevices(
  technology: AnyTechnology,
  vector: Vector,
  good: readonly Vector[],
  named: Named,
): void {
  Deno.test(named(`${vector.name} with a file of another device is refused`), async () => {
    for (const other of good.filter(({ name }) => name !== vector.name)) {
      for (const { role } of technology.files) {
        // What one of them lacks is no other device's.
        if (vector.files[role] === undefined || other.files[role] === undefined) continue;
        // More or fewer than belong to the rest are no question.
        if (countOf(vector.files[role]) !== countOf(other.files[role])) continue;
        const result = await ask(technology, vector, { files: { [role]: other.files[role] } });
        assert.ok(result.code !== null, `${role} of ${other.name}`);
        assertRefused(result, result.code);
      }
    }
  });
}
