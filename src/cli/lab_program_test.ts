import assert from "node:assert/strict";
import { LAB_LINES, LEVEL_STATUSES } from "../lab/mod.ts";
import { MINTED_LINES } from "./lab_program_snp.ts";
import { MINTED_STATUSES } from "./lab_program_tdx.ts";
import { MINTED_KEYS } from "./lab_program_tpm.ts";
import { TPM_KEYS } from "./lab/tpm_options.ts";

Deno.test("MINTED_LINES are the lab's, which `--help` need not load", () => {
  assert.deepEqual(MINTED_LINES, LAB_LINES);
});

Deno.test("MINTED_STATUSES are the lab's, which `--help` need not load", () => {
  assert.deepEqual(MINTED_STATUSES, LEVEL_STATUSES);
});

Deno.test("MINTED_KEYS are the lab's, which `--help` need not load", () => {
  assert.deepEqual(MINTED_KEYS, Object.keys(TPM_KEYS));
});
