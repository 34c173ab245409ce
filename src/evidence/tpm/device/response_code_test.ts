import assert from "node:assert/strict";
import { readResponseCode, wantsAgain } from "./response_code.ts";

/** Codes with their names and what they are about (Part 2 §6.6.2). */
const CODES: readonly (readonly [number, string, string])[] = [
  [0x100, "TPM_RC_INITIALIZE", ""],
  [0x101, "TPM_RC_FAILURE", ""],
  [0x128, "TPM_RC_PCR_CHANGED", ""],
  [0x12f, "TPM_RC_AUTH_UNAVAILABLE", ""],
  [0x143, "TPM_RC_COMMAND_CODE", ""],
  [0x14a, "TPM_RC_NV_UNINITIALIZED", ""],
  [0x18b, "TPM_RC_HANDLE", "handle 1"],
  [0x28b, "TPM_RC_HANDLE", "handle 2"],
  [0x1d5, "TPM_RC_SIZE", "parameter 1"],
  [0x2d5, "TPM_RC_SIZE", "parameter 2"],
  [0x1df, "TPM_RC_INTEGRITY", "parameter 1"],
  [0xfd5, "TPM_RC_SIZE", "parameter 15"],
  [0x98e, "TPM_RC_AUTH_FAIL", "session 1"],
  [0x99d, "TPM_RC_POLICY_FAIL", "session 1"],
  [0xa9d, "TPM_RC_POLICY_FAIL", "session 2"],
  [0x902, "TPM_RC_OBJECT_MEMORY", ""],
  [0x90a, "TPM_RC_TESTING", ""],
  [0x910, "TPM_RC_REFERENCE_H0", ""],
  [0x91a, "TPM_RC_REFERENCE_S2", ""],
  [0x922, "TPM_RC_RETRY", ""],
  [0xb0143, "TPM_RC_COMMAND_CODE", "from the resource manager"],
  [0x17f, "0x17f", ""],
  [0x1b9, "0x1b9", "handle 1"],
  [0x01e, "0x01e", ""],
];

for (const [number, name, about] of CODES) {
  Deno.test(`readResponseCode() reads 0x${number.toString(16)} as ${name} ${about}`, () => {
    const read = readResponseCode(number);

    assert.deepEqual([read.number, read.name, read.about], [number, name, about]);
    assert.match(read.says, /^[a-zA-Z]/);
  });
}

Deno.test("wantsAgain() is true of RETRY, TESTING and YIELDED alone", () => {
  const all = Array.from({ length: 0x1000 }, (_, number) => number).filter(wantsAgain);

  assert.deepEqual(all, [0x908, 0x90a, 0x922]);
});
