import assert from "node:assert/strict";
import { LAB_LINES } from "../lab/mod.ts";
import { MINTED_LINES } from "./lab_program.ts";

Deno.test("MINTED_LINES are the lab's, which `--help` need not load", () => {
  assert.deepEqual(MINTED_LINES, LAB_LINES);
});
