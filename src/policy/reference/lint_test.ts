import assert from "node:assert/strict";
import { technologies } from "../../evidence/registry.ts";
import { lintReference } from "./lint.ts";
import { pinsOf } from "./pins.ts";
import { readReference } from "./read.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const ONE = "11".repeat(48);

const computed = (value: unknown): object => ({ known: "computed", from: "the image", value });

const CLEAN = {
  version: 1,
  release: "r",
  issued: "2026-11-20T10:00:00Z",
  notAfter: "2027-05-20T10:00:00Z",
  sets: [{ name: "a", "sev-snp": { measurements: computed([ONE]) } }],
};

function lint(document: unknown): readonly string[] {
  return lintReference(readReference(document, technologies), technologies, NOW).map((
    { set, variant, key, says },
  ) => [set, variant, key, says].filter((part) => part !== null).join(" | "));
}

const withSet = (section: object, variant = "sev-snp"): object => ({
  ...CLEAN,
  sets: [{ name: "a", [variant]: section }],
});

Deno.test("lintReference() has nothing to say of values that pin what runs and say how they are known", () => {
  assert.deepEqual(lint(CLEAN), []);
});

Deno.test("lintReference() tells what is doubtful", () => {
  const [set] = CLEAN.sets;
  const cases: readonly (readonly [document: unknown, says: RegExp])[] = [
    [{ version: 1, "sev-snp": { measurements: computed([ONE]) } }, /^it has no release/],
    [{ ...CLEAN, notAfter: undefined }, /^it has no end/],
    [{ ...CLEAN, notAfter: "2026-11-21T00:00:00Z" }, /^it has expired/],
    [{ ...CLEAN, issued: "2026-12-01T00:00:00Z" }, /^it is issued later/],
    [{ ...CLEAN, sets: [set, { ...set, name: "b" }] }, /^b \| it accepts the same as set a$/],
    [
      withSet({ measurements: { known: "observed", value: [ONE] } }),
      /measurements \| it was observed/,
    ],
    [withSet({ measurements: [ONE] }), /measurements \| it does not say how/],
    [withSet({ measurements: { known: "published", value: [ONE] } }), /does not say from what/],
    [withSet({ measurements: computed(["00".repeat(48)]) }), /all zeros .* \(\[0\]\)/],
    [withSet({ measurements: computed(["ff".repeat(48)]) }), /all ones/],
    [
      withSet({ measurements: computed([ONE]), minimumGuestSvn: computed(0) }),
      /minimumGuestSvn \| 0 is the lowest/,
    ],
    [
      withSet({
        measurements: computed([ONE]),
        minimumTcb: computed({ genoa: { reported: { snp: 0 } } }),
      }),
      /minimumTcb \| 0 .*\(genoa\.reported\.snp\)/,
    ],
    [withSet({ minimumGuestSvn: computed(3) }), /measurements \| it does not pin MEASUREMENT/],
    [
      withSet({
        tee: { idKeyDigests: computed([ONE]) },
        vtpm: { registers: computed({ sha256: { 4: ["11".repeat(32)] } }) },
      }, "azure-sev-snp"),
      /azure-sev-snp \| vtpm\.registers \| it does not pin PCR 11/,
    ],
  ];
  for (const [document, says] of cases) {
    const told = lint(document);
    assert.equal(told.length, 1, told.join("\n"));
    assert.match(told.join(), says);
  }
});

Deno.test("lintReference() knows two orders of one set, and zeros that are right", () => {
  const registers = computed({ sha256: { 11: ["11".repeat(32)], 4: ["22".repeat(32)] } });
  const turned = computed({ sha256: { 4: ["22".repeat(32)], 11: ["11".repeat(32)] } });
  const document = {
    ...CLEAN,
    sets: [
      { name: "a", "qemu-vtpm": { vtpm: { registers } } },
      { name: "b", "qemu-vtpm": { vtpm: { registers: turned } } },
    ],
  };
  assert.deepEqual(lint(document), ["b | it accepts the same as set a"]);
  const runtime = computed({ zero: { sha256: ["00".repeat(32)] } });
  assert.deepEqual(lint(withSet({ vtpm: { registers }, runtime }, "qemu-vtpm")), []);
  const later = computed({ member: { sha256: ["00".repeat(32)] } });
  const told = lint(withSet({ vtpm: { registers }, runtime: later }, "qemu-vtpm"));
  assert.match(told.join(), /runtime \| all zeros .* \(member\.sha256\[0\]\)/);
});

Deno.test("pinsOf() finds a key for each register that must be pinned", () => {
  for (const technology of technologies) {
    const pins = pinsOf(technology);
    assert.ok(pins.length > 0, technology.id);
    for (const { key } of pins) assert.ok(technology.references.includes(key), technology.id);
  }
  const [enclave] = technologies.filter(({ id }) => id === "nitro-enclave");
  assert.ok(enclave);
  assert.deepEqual(pinsOf(enclave).map(({ register }) => register), ["PCR 0", "PCR 1", "PCR 2"]);
});
