import assert from "node:assert/strict";
import { DecodeError } from "../../core/decode.ts";
import type { NitroKind } from "./kind.ts";
import { type NitroPolicy, nitroPolicy } from "./policy.ts";

function decode(section: unknown, kind: NitroKind = "tpm"): NitroPolicy {
  return nitroPolicy(kind).decode(section, "vtpm");
}

function assertRefused(section: unknown, path: string, kind: NitroKind = "tpm"): void {
  assert.throws(
    () => decode(section, kind),
    (error) => error instanceof DecodeError && error.path === path,
    JSON.stringify(section),
  );
}

const A = "0a".repeat(48);
const B = "0B".repeat(48);
const ZERO = "00".repeat(48);

Deno.test("nitroPolicy pins nothing where nothing is said, and knows what says what runs", () => {
  const rest = { registers: {}, modules: null, revocation: "if-given" };
  assert.deepEqual(decode({}), { ...rest, whatRuns: [4, 11] });
  assert.deepEqual(decode({}, "enclave"), { ...rest, whatRuns: [0, 1, 2] });
});

Deno.test("nitroPolicy reads registers as an object and as texts", () => {
  const expected = { "4": [A, B.toLowerCase()], "31": [A] };
  assert.deepEqual(decode({ registers: { "4": [A, B], "31": [A] } }).registers, expected);
  assert.deepEqual(decode({ registers: [`4=${A}`, `4=${B}`, `31=${A}`] }).registers, expected);
});

Deno.test("nitroPolicy refuses registers that no document has, and values of other lengths", () => {
  for (const number of ["32", "-1", "04", "4 ", "x", ""]) {
    assertRefused({ registers: { [number]: [A] } }, `vtpm.registers.${number}`);
    assertRefused({ registers: [`${number}=${A}`] }, "vtpm.registers[0]");
  }
  for (const value of ["", A.slice(2), `${A}00`, `0x${A}`]) {
    assertRefused({ registers: { "4": [value] } }, "vtpm.registers.4[0]");
    assertRefused({ registers: [`4=${value}`] }, "vtpm.registers[0]");
  }
  assertRefused({ registers: {} }, "vtpm.registers");
  assertRefused({ registers: { "4": [] } }, "vtpm.registers.4");
  assertRefused({ registers: { "sha384": { "4": [A] } } }, "vtpm.registers.sha384");
});

Deno.test("nitroPolicy refuses zeros for what runs, and takes them for anything else", () => {
  assertRefused({ registers: { "11": [A, ZERO] } }, "vtpm.registers.11");
  assertRefused({ registers: [`4=${ZERO}`] }, "vtpm.registers.4");
  assertRefused({ registers: { "2": [ZERO] } }, "vtpm.registers.2", "enclave");
  assert.deepEqual(decode({ registers: { "15": [ZERO] } }).registers, { "15": [ZERO] });
});

Deno.test("nitroPolicy refuses registers for what runs that what runs can set", () => {
  for (const register of [16, 23]) assertRefused({ whatRuns: [4, register] }, "vtpm.whatRuns");
  for (const register of [16, 20, 31]) {
    assertRefused({ whatRuns: [register] }, "vtpm.whatRuns", "enclave");
  }
  assert.deepEqual(decode({ whatRuns: [15] }, "enclave").whatRuns, [15]);
  assertRefused({ whatRuns: [] }, "vtpm.whatRuns");
  assertRefused({ whatRuns: [32] }, "vtpm.whatRuns[0]");
});

Deno.test("nitroPolicy refuses modules that are none, and keys of other sections", () => {
  for (const module of ["", "i", "-i-0123456789abcdef0", "i-0123 ", "i/0"]) {
    assertRefused({ modules: [module] }, "vtpm.modules[0]");
  }
  assertRefused({ revocation: "never" }, "vtpm.revocation");
  assertRefused({ measurements: [A] }, "vtpm.measurements");
});
