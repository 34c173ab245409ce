import assert from "node:assert/strict";
import { InputError } from "../core/errors.ts";
import { sevSnp } from "../evidence/snp/mod.ts";
import { qemuVtpm } from "../evidence/qemu_vtpm/mod.ts";
import { technologies } from "../evidence/registry.ts";
import { readPolicy } from "../policy/policy.ts";
import { withReference } from "./reference.ts";

const ONE = "11".repeat(48);

function section(policy: unknown, reference: unknown): unknown {
  const read = readPolicy(policy, technologies, "given");
  return withReference(read, { policy, reference }, sevSnp).sections["sev-snp"];
}

function codeOf(policy: unknown, reference: unknown): string {
  try {
    section(policy, reference);
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error.code;
  }
  return "taken";
}

Deno.test("withReference() puts reference values into the variant's section beside the policy", () => {
  const policy = { version: 1, "sev-snp": { debug: "allow" } };
  const reference = { version: 1, "sev-snp": { measurements: [ONE] } };
  const merged = Object(section(policy, reference));
  assert.deepEqual([merged.measurements, merged.debug, merged.vmpl], [[ONE], "allow", [0]]);
  const alone = Object(section(undefined, reference));
  assert.deepEqual([alone.measurements, alone.debug], [[ONE], "forbid"]);
});

Deno.test("withReference() reaches into the parts of a variant", () => {
  const policy = readPolicy(undefined, technologies, "given");
  const document = {
    version: 1,
    "qemu-vtpm": { vtpm: { registers: { sha256: { "11": ["22".repeat(32)] } } } },
  };
  const merged = withReference(policy, { reference: document }, qemuVtpm).sections["qemu-vtpm"];
  assert.deepEqual(Object(merged).vtpm.registers, { sha256: { "11": ["22".repeat(32)] } });
});

Deno.test("withReference() refuses what would be passed over, weaken a check, or stand twice", () => {
  const good = { version: 1, "sev-snp": { measurements: [ONE] } };
  assert.equal(codeOf(undefined, good), "taken");
  assert.equal(codeOf({ version: 1, "sev-snp": { measurements: [ONE] } }, good), "input.conflict");
  assert.equal(codeOf(undefined, { version: 2 }), "policy.version");
  assert.equal(codeOf(undefined, { version: 1 }), "input.missing");
  assert.equal(codeOf(undefined, { version: 1, "sev-snq": {} }), "policy.unknown_key");
  const weak = { version: 1, "sev-snp": { debug: "allow" } };
  assert.equal(codeOf(undefined, weak), "policy.unknown_key");
  const empty = { version: 1, "sev-snp": { measurements: [] } };
  assert.equal(codeOf(undefined, empty), "policy.value");
  assert.equal(codeOf(undefined, { version: 1, "sev-snp": [] }), "policy.value");
  for (const other of [null, "text", 7, []]) assert.equal(codeOf(undefined, other), "policy.value");
});
