/**
 * Attacks on nodes: each is refused by its own code. That they succeed where the
 * defence is switched off, `weakened_node.ts` shows.
 *
 * @module
 */

import assert from "node:assert/strict";
import { testWithTpm } from "../tpm/swtpm.ts";
import { ATTACKS } from "./node.ts";

/** Attacks that no other test makes, and what refuses them. */
const REFUSED: Readonly<Record<string, string>> = {
  "rogue-service": "statement.role_mismatch",
  "none": "succeeded",
};

for (const [name, code] of Object.entries(REFUSED)) {
  testWithTpm(`${name}: ${code}`, async () => {
    assert.equal(await ATTACKS[name]?.(), code);
  });
}
