/**
 * Attacks on nodes, where the defence against each is switched off: all of them
 * succeed then, and none does in the program as it is.
 *
 * @module
 */

import assert from "node:assert/strict";
import { testWithTpm } from "../tpm/swtpm.ts";
import { ATTACKS } from "./node.ts";
import { weaken, type Weakening } from "./weaken.ts";

/** A rogue service is refused twice: by what is expected of its evidence, and by what its statement says. */
const ANY_SERVER: readonly Weakening[] = [
  {
    file: "src/node/channel_calls.ts",
    find: 'const expected = { clusterId, role: "control-plane" } as const;',
    replace: "const expected = { clusterId };",
  },
  {
    file: "src/node/join.ts",
    find: "requireControlPlane(reached.statement, intent.chain);",
    replace: "",
  },
];

/** The attack, what refuses it, and what is switched off. */
const CASES: readonly (readonly [string, string, readonly Weakening[]])[] = [
  ["epoch-root", "node.init_body", [{
    file: "src/node/init.ts",
    find: "if (actual === request.body) return;",
    replace: "if (actual !== '') return;",
  }]],
  ["foreign-owner", "node.owner_request", [{
    file: "src/node/owner_requests.ts",
    find: "if (made.includes(clusterId)) return;",
    replace: "if (made.length > 0) return;",
  }]],
  ["late-join", "statement.phase_mismatch", [{
    file: "src/node/passage.ts",
    find: "if (register !== null) await enterPhase(register, mark);",
    replace: "",
  }]],
  ["rogue-service", "statement.role_mismatch", ANY_SERVER],
  ["rollback", "manifest.rollback", [{
    file: "src/manifest/chain.ts",
    find: "if (this.sequence < lowest) {",
    replace: "if (this.sequence < 0) {",
  }]],
];

for (const [attack, code, weakenings] of CASES) {
  testWithTpm(`${attack}: ${code}, and where that is switched off it succeeds`, async () => {
    assert.equal(await ATTACKS[attack]?.(), code);
    await using weakened = await weaken(weakenings);
    assert.equal((await weakened.run("tests/attacks/node.ts", attack)).trim(), "succeeded");
  });
}

testWithTpm(
  "rogue-service: what it states refuses it, where its evidence may be anybody's",
  async () => {
    const [first] = ANY_SERVER;
    assert.ok(first !== undefined);
    await using weakened = await weaken([first]);
    assert.equal(
      (await weakened.run("tests/attacks/node.ts", "rogue-service")).trim(),
      "node.server",
    );
  },
);
