/**
 * Attacks on the owner's word, refused each with its own code. What they do
 * where a defence is gone, `weakened_manifest.ts` shows.
 *
 * @module
 */

import assert from "node:assert/strict";
import { attack, NAMES } from "./manifest.ts";

/** What refuses each. */
const CODES: Readonly<Record<string, string>> = {
  "own-cluster": "manifest.cluster",
  "changed-first": "manifest.signature",
  "own-next": "manifest.signature",
  "other-history": "manifest.previous",
  "rollback": "manifest.rollback",
  "fork": "manifest.fork",
  "expired": "manifest.expired",
  "promotion": "manifest.cluster",
  "one-custodian": "manifest.custodians",
  "greedy-custodians": "manifest.owner",
  "foreign-ticket": "manifest.ticket",
  "lab-in-earnest": "snp.lab_on_vendor_path",
  "foreign-node": "statement.cluster_mismatch",
};

for (const [name, code] of Object.entries(CODES)) {
  Deno.test(`${name} is refused: ${code}`, async () => assert.equal(await attack(name), code));
}

Deno.test("every attack on the owner's word has its code", () => {
  assert.deepEqual(Object.keys(CODES), [...NAMES]);
});
