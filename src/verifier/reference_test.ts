import assert from "node:assert/strict";
import { InputError } from "../core/errors.ts";
import type { AnyTechnology } from "../evidence/evidence.ts";
import { sevSnp } from "../evidence/snp/mod.ts";
import { qemuVtpm } from "../evidence/qemu_vtpm/mod.ts";
import { technologies } from "../evidence/registry.ts";
import { readPolicy } from "../policy/policy.ts";
import { readReferenceFor, type Reference } from "./reference.ts";

const ONE = "11".repeat(48);
const TWO = "22".repeat(48);

function read(policy: unknown, reference: unknown, technology: AnyTechnology = sevSnp): Reference {
  const known = readPolicy(policy, technologies, "given");
  const found = readReferenceFor(reference, known, technology);
  assert.ok(found);
  return found;
}

function section(policy: unknown, reference: unknown, technology?: AnyTechnology): unknown {
  return read(policy, reference, technology).candidates[0].section;
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

const long = (...sets: readonly object[]): object => ({
  version: 1,
  release: "r",
  issued: "2026-11-20T10:00:00Z",
  sets,
});

Deno.test("readReferenceFor() puts reference values into the variant's section beside the policy", () => {
  const policy = { version: 1, "sev-snp": { debug: "allow" } };
  const reference = { version: 1, "sev-snp": { measurements: [ONE] } };
  const merged = Object(section(policy, reference));
  assert.deepEqual([merged.measurements, merged.debug, merged.vmpl], [[ONE], "allow", [0]]);
  const alone = Object(section(undefined, reference));
  assert.deepEqual([alone.measurements, alone.debug], [[ONE], "forbid"]);
});

Deno.test("readReferenceFor() reaches into the parts of a variant", () => {
  const document = {
    version: 1,
    "qemu-vtpm": { vtpm: { registers: { sha256: { "11": ["22".repeat(32)] } } } },
  };
  const policy = { version: 1, "qemu-vtpm": { vtpm: { secureBoot: "any" } } };
  const { vtpm } = Object(section(policy, document, qemuVtpm));
  assert.deepEqual(vtpm.registers, { sha256: { "11": ["22".repeat(32)] } });
  assert.equal(vtpm.secureBoot, "any");
});

Deno.test("readReferenceFor() refuses what would be passed over, weaken a check, or stand twice", () => {
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

Deno.test("readReferenceFor() gives one section for each set, and none of another's values in it", () => {
  const document = long(
    { name: "a", "sev-snp": { measurements: { known: "computed", from: "OVMF", value: [ONE] } } },
    { name: "b", tdx: { mrTd: [ONE] } },
    {
      name: "c",
      "sev-snp": {
        measurements: [{ known: "observed", value: [TWO] }, {
          known: "published",
          value: [ONE, TWO],
        }],
        minimumGuestSvn: 3,
      },
    },
  );
  const { candidates, document: { release }, owner } = read(undefined, document);
  assert.deepEqual([release, owner], ["r", null]);
  const told = candidates.map(({ set, section, origins }) => {
    const { measurements, minimumGuestSvn } = Object(section);
    return { set, measurements, minimumGuestSvn, origins };
  });
  assert.deepEqual(told, [
    {
      set: "a",
      measurements: [ONE],
      minimumGuestSvn: null,
      origins: [{ key: "measurements", known: "computed", from: "OVMF" }],
    },
    {
      set: "c",
      measurements: [TWO, ONE],
      minimumGuestSvn: 3,
      origins: [
        { key: "measurements", known: "observed", from: null },
        { key: "measurements", known: "published", from: null },
        { key: "minimumGuestSvn", known: "given", from: null },
      ],
    },
  ]);
});

Deno.test("readReferenceFor() refuses a key that the policy says, in whichever set it stands", () => {
  const policy = { version: 1, "sev-snp": { minimumGuestSvn: 3 } };
  const sets = [
    { name: "a", "sev-snp": { measurements: [ONE] } },
    { name: "b", "sev-snp": { measurements: [TWO], minimumGuestSvn: 1 } },
  ];
  assert.equal(codeOf(policy, long(...sets)), "input.conflict");
});

Deno.test("readReferenceFor() holds values against each other under the policy that they go with", () => {
  const zeros = "00".repeat(32);
  const reference = {
    version: 1,
    "qemu-vtpm": { vtpm: { registers: { sha256: { "4": ["22".repeat(32)], "11": [zeros] } } } },
  };
  const loader = { version: 1, "qemu-vtpm": { vtpm: { whatRuns: [4] } } };
  const { vtpm } = Object(section(loader, reference, qemuVtpm));
  assert.deepEqual(vtpm.registers.sha256["11"], [zeros]);
  assert.throws(
    () => section(undefined, reference, qemuVtpm),
    (error) =>
      error instanceof InputError && error.code === "policy.value" && /PCR 11/.test(error.message),
  );
});
