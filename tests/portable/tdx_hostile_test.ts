/**
 * Long and deep files end in the same typed refusal in both engines, whatever
 * their size.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createEngine } from "../../src/core/crypto.ts";
import { inlineModule } from "../../wasm/inline.ts";
import { outcomeOf, portableEngine } from "./strict.ts";
import { HOSTILE } from "./tdx_hostile.ts";
import { plainState, questionsOf } from "./tdx_state.ts";

const wasm = createEngine(await inlineModule());
const portable = await portableEngine();
const right = await plainState();

for (const { title, limit, of } of HOSTILE) {
  Deno.test(`both engines say the same of ${title}`, async () => {
    for (const size of [8 * 1024, Math.min(limit, 64 * 1024), 1024 * 1024]) {
      const [verification, ...shown] = await questionsOf(of(right, size));
      assert.ok(verification);
      const [operation, parts] = verification;
      const outcome = await outcomeOf(portable, operation, parts);

      assert.deepEqual(outcome, await outcomeOf(wasm, operation, parts), `${size} bytes`);
      if (size === 1024 * 1024) assert.ok("code" in outcome, "it is refused");
      for (const [operation, parts] of shown) {
        const other = await outcomeOf(wasm, operation, parts);
        assert.deepEqual(await outcomeOf(portable, operation, parts), other, `${size} bytes`);
      }
    }
  });
}
