import assert from "node:assert/strict";
import { DecodeError } from "../../core/decode.ts";
import { type TpmPolicy, tpmPolicy } from "./policy.ts";

function decode(section: unknown): TpmPolicy {
  return tpmPolicy.decode(section, "tpm");
}

const A = "0a".repeat(32);
const B = "0B".repeat(48);

Deno.test("tpmPolicy is strict where nothing is said", () => {
  assert.deepEqual(decode({}), {
    registers: {},
    whatRuns: [4, 11],
    selection: null,
    notInLog: [],
    akRevocation: "required",
    clock: "safe",
    resetCount: null,
    restartCount: null,
    qualifiedSigners: null,
    akNames: null,
    firmwareVersions: null,
    secureBoot: "any",
    eventLog: "any",
  });
});

Deno.test("tpmPolicy reads registers as objects and as texts", () => {
  const expected = { sha256: { "4": [A, "ab".repeat(32)] }, sha384: { "11": [B.toLowerCase()] } };
  const nested = { sha256: { "4": [A, "AB".repeat(32)] }, sha384: { "11": [B] } };
  assert.deepEqual(decode({ registers: nested }).registers, expected);
  const texts = [`sha256:4=${A}`, `sha384:11=${B}`, `sha256:4=${"AB".repeat(32)}`];
  assert.deepEqual(decode({ registers: texts }).registers, expected);
});

Deno.test("tpmPolicy reads a selection with ranges, as casemate tpm quote writes them", () => {
  assert.deepEqual(decode({ selection: ["sha256:0-3,2,11", "sha384:7-6"] }).selection, [
    { bank: "sha256", registers: [0, 1, 2, 3, 11] },
    { bank: "sha384", registers: [6, 7] },
  ]);
  for (const text of ["sha256:0-24", "sha256:-3", "sha256:0-", "sha256:0-3-5"]) {
    assert.throws(() => decode({ selection: [text] }), /sha256:0-7,11/, text);
  }
});

Deno.test("tpmPolicy reads a selection, registers rising and once", () => {
  assert.deepEqual(decode({ selection: ["sha256:11,4,4", "sha384:23"] }).selection, [
    { bank: "sha256", registers: [4, 11] },
    { bank: "sha384", registers: [23] },
  ]);
});

/** Sections that are refused, and what the message says. */
const REFUSED: readonly (readonly [string, unknown, RegExp])[] = [
  ["registers of SHA-1", { registers: { sha1: { "4": ["00".repeat(20)] } } }, /SHA-1/],
  ["a text of SHA-1", { registers: [`sha1:4=${"0a".repeat(20)}`] }, /SHA-1/],
  ["a selection of SHA-1", { selection: ["sha1:4"] }, /SHA-1/],
  ["a bank that nobody knows", { registers: { sha3: { "4": [A] } } }, /not known/],
  ["no bank", { registers: {} }, /at least one of/],
  ["no register", { registers: { sha256: {} } }, /at least one of/],
  ["no value", { registers: { sha256: { "4": [] } } }, /1 to 2048/],
  ["register 24", { registers: { sha256: { "24": [A] } } }, /not known/],
  ["a value of another bank", { registers: { sha384: { "4": [A] } } }, /48 bytes/],
  ["a text of another bank's length", { registers: [`sha384:4=${A}`] }, /sha256:11=HEX/],
  ["a text with register 24", { registers: [`sha256:24=${A}`] }, /sha256:11=HEX/],
  ["a text with register 04", { registers: [`sha256:04=${A}`] }, /sha256:11=HEX/],
  ["no text", { registers: [] }, /1 to 2048/],
  [
    "an unset register that says what runs",
    { registers: [`sha256:11=${"00".repeat(32)}`] },
    /whatRuns/,
  ],
  ["the same of all ones", { registers: [`sha256:4=${"FF".repeat(32)}`] }, /whatRuns/],
  ["nothing that runs", { whatRuns: [] }, /1 to 24/],
  ["register 24 that runs", { whatRuns: [24] }, /0 to 23/],
  ["the debug register that runs", { whatRuns: [4, 16] }, /PCR 16, which any program/],
  ["the application's register that runs", { whatRuns: [23] }, /PCR 23, which any program/],
  ["a bank selected twice", { selection: ["sha256:4", "sha256:11"] }, /twice/],
  ["an empty selection", { selection: ["sha256:"] }, /sha256:0-7,11/],
  ["a Name that is short", { akNames: [`000b${"00".repeat(31)}`] }, /a Name/],
  ["a Name of SHA-1", { qualifiedSigners: [`0004${"00".repeat(20)}`] }, /a Name/],
  ["a counter beyond 32 bits", { resetCount: 2 ** 32 }, /whole number/],
  ["a key that nobody knows", { register: {} }, /did you mean "registers"/],
];

for (const [what, section, says] of REFUSED) {
  Deno.test(`tpmPolicy refuses ${what}`, () => {
    assert.throws(
      () => decode(section),
      (error) =>
        error instanceof DecodeError && says.test(error.message) && /^tpm/.test(error.path),
    );
  });
}

Deno.test("tpmPolicy lets a register be pinned unset that does not say what runs", () => {
  const unset = "00".repeat(32);
  const { registers } = decode({ registers: { sha256: { "12": [unset] } } });
  assert.deepEqual(registers.sha256?.["12"], [unset]);
  decode({ registers: { sha256: { "11": [unset] } }, whatRuns: [4] });
});
