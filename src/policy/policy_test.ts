import assert from "node:assert/strict";
import { InputError } from "../core/errors.ts";
import type { SnpPolicy } from "../evidence/snp/mod.ts";
import { technologies } from "../evidence/registry.ts";
import { parsePolicyText } from "./parse.ts";
import { readPolicy } from "./policy.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string) =>
  readPolicy(parsePolicyText(utf8(text), "p.yaml"), technologies, "p.yaml");

function refused(text: string): InputError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error(`accepted ${text}`);
}

Deno.test("readPolicy() has strict defaults", () => {
  const policy = readPolicy(undefined, technologies, "defaults");
  assert.deepEqual(policy.acceptRoots, ["amd", "intel"]);
  assert.equal(policy.allowLab, false);
  assert.deepEqual(policy.acceptCompromised, {});
  const snp = policy.sections["sev-snp"] as SnpPolicy;
  const { debug, migration, provisionalFirmware, maskedChipId, revocation, vmpl } = snp;
  assert.deepEqual({ debug, migration, provisionalFirmware, maskedChipId, revocation, vmpl }, {
    debug: "forbid",
    migration: "forbid",
    provisionalFirmware: "forbid",
    maskedChipId: "forbid",
    revocation: "require",
    vmpl: [0],
  });
});

Deno.test("readPolicy() takes YAML and JSON alike", () => {
  const yaml = read(
    "version: 1\nacceptCompromised:\n  milan: 2027-01-31\nsev-snp:\n  vmpl: [0, 2]\n",
  );
  const json = read(
    '{"version": 1, "acceptCompromised": {"milan": "2027-01-31"}, "sev-snp": {"vmpl": [0, 2]}}',
  );
  assert.deepEqual(yaml, json);
  assert.deepEqual(yaml.acceptCompromised, { milan: "2027-01-31" });
});

Deno.test("readPolicy() names file and key of what it does not know", () => {
  const top = refused("version: 1\nacceptRoot: [amd]\n");
  assert.equal(top.code, "policy.unknown_key");
  assert.match(top.message, /p\.yaml: acceptRoot .*"acceptRoots"/);
  const deep = refused(
    "version: 1\nsev-snp:\n  minimumTcb:\n    genoa:\n      reported: {ucode: 3}\n",
  );
  assert.equal(deep.code, "policy.unknown_key");
  assert.match(deep.message, /sev-snp\.minimumTcb\.genoa\.reported\.ucode/);
  assert.equal(
    refused("version: 1\nacceptCompromised: {millan: 2027-01-31}\n").code,
    "policy.unknown_key",
  );
});

Deno.test("readPolicy() refuses empty expectations and values of another form", () => {
  for (
    const line of [
      "measurements: []",
      "measurements: ['']",
      "vmpl: []",
      "vmpl: [4]",
      "vmpl: ['0']",
      "debug: true",
      "minimumTcb: {}",
      "denyChips: []",
    ]
  ) {
    assert.equal(refused(`version: 1\nsev-snp:\n  ${line}\n`).code, "policy.value", line);
  }
  assert.equal(refused("version: 1\nacceptRoots: [lab]\n").code, "policy.value");
  assert.equal(refused("version: 1\nacceptRoots: []\n").code, "policy.value");
});

Deno.test("readPolicy() refuses a section whose keys would be passed over", () => {
  assert.equal(refused("version: 1\nsev-snp: !!set {denyChips}\n").code, "policy.syntax");
  for (const section of [new Map([["denyChips", ["00".repeat(64)]]]), new Set(["denyChips"])]) {
    assert.throws(
      () => readPolicy({ version: 1, "sev-snp": section }, technologies, "given"),
      (error) => error instanceof InputError && error.code === "policy.value",
    );
  }
});

Deno.test("readPolicy() knows no keys that every object has", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    for (
      const text of [`${name}: {}`, `sev-snp: {${name}: {}}`, `sev-snp: {debug: {${name}: 1}}`]
    ) {
      const { code } = refused(`version: 1\n${text}\n`);
      assert.match(code, /^policy\.(?:unknown_key|value)$/, text);
    }
  }
});

Deno.test("readPolicy() refuses other versions and a missing one", () => {
  assert.equal(refused("version: 2\n").code, "policy.version");
  assert.equal(refused("version: '1'\n").code, "policy.version");
  assert.equal(refused("allowLab: true\n").code, "policy.version");
});

Deno.test("parsePolicyText() refuses what is not one plain document", () => {
  const bad = [
    "version: 1\nversion: 1\n",
    "a: &x 1\nb: *x\n",
    "version: [1\n",
    "--- 1\n--- 2\n",
    "",
    "version: !!js/function x\n",
    "null\n",
    "---\n",
  ];
  for (const text of bad) assert.equal(refused(text).code, "policy.syntax", JSON.stringify(text));
  assert.throws(
    () => parsePolicyText(Uint8Array.of(0xff, 0xfe), "p"),
    (e: unknown) => e instanceof InputError && e.code === "policy.syntax",
  );
  assert.throws(
    () => parsePolicyText(new Uint8Array(300_000), "p"),
    (e: unknown) => e instanceof InputError && e.code === "input.too_large",
  );
});
