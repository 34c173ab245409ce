import assert from "node:assert/strict";
import { EXIT_CODE_OF_CLASS } from "../core/code_entry.ts";
import { EXIT_CODES, exitCodeOf } from "./exit_codes.ts";

Deno.test("exitCodeOf() follows the design, and a result without verdict and outcome is a mistake", () => {
  assert.deepEqual(
    (["trusted", "lab-trusted", "rejected", "unavailable", "platform-only"] as const).map((
      verdict,
    ) => exitCodeOf({ verdict, outcome: null })),
    [0, 0, 3, 4, 6],
  );
  assert.deepEqual(
    (["genuine", "not-genuine"] as const).map((outcome) => exitCodeOf({ verdict: null, outcome })),
    [0, 3],
  );
  assert.equal(exitCodeOf({ verdict: null, outcome: null }), 1);
});

Deno.test("EXIT_CODES hold every exit code of a class", () => {
  const listed = EXIT_CODES.map(([code]) => code);
  for (const code of Object.values(EXIT_CODE_OF_CLASS)) {
    assert.ok(listed.includes(code), String(code));
  }
});
