/**
 * What a policy says counts for the variant that it says it of: sections of the
 * technologies are none of a variant's parts, and nothing that must be pinned is
 * pinned by silence, by a list of nothing or by what stands elsewhere.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { VariantId } from "../../src/evidence/variants/facts.ts";
import { VARIANTS } from "../../src/evidence/variants/table.ts";
import { LAB_ACCOUNT, LAB_REGION, LAB_VARIANTS, type MintedVariant } from "../../src/lab/mod.ts";
import { ask, mintedOf, outcomeOf, sectionOf } from "./ask.ts";

/** Technologies of a variant's parts, by the member of its section. */
const PARTS: Readonly<Record<VariantId, Readonly<Record<string, string>>>> = {
  "sev-snp": {},
  "tdx": {},
  "gcp-tdx": { tee: "tdx" },
  "aws-sev-snp": { tee: "sev-snp", vtpm: "nitro-enclave" },
  "gcp-sev-snp": { tee: "sev-snp", vtpm: "tpm" },
  "azure-sev-snp": { tee: "sev-snp", vtpm: "tpm" },
  "azure-tdx": { tee: "tdx", vtpm: "tpm" },
  "aws-nitro-tpm": { vtpm: "nitro-enclave" },
  "azure-trusted-launch": { vtpm: "tpm" },
  "gcp-sev-es": { vtpm: "tpm" },
  "qemu-vtpm": { vtpm: "tpm" },
  "openstack": { vtpm: "tpm" },
};

/** What every verdict needs, by the path in the section, and the code where it is open. */
const NEEDED: Readonly<Record<VariantId, Readonly<Record<string, string>>>> = {
  "sev-snp": { measurements: "snp.measurement_not_pinned" },
  "tdx": {
    mrTd: "tdx.mrtd_not_pinned",
    rtmr1: "tdx.rtmr1_not_pinned",
    rtmr2: "tdx.rtmr2_not_pinned",
  },
  "gcp-tdx": {
    "tee.mrTd": "tdx.mrtd_not_pinned",
    "tee.rtmr1": "tdx.rtmr1_not_pinned",
    "tee.rtmr2": "tdx.rtmr2_not_pinned",
  },
  "aws-sev-snp": { "vtpm.registers": "nitro.registers_not_pinned" },
  "gcp-sev-snp": {
    "vtpm.registers": "tpm.registers_not_pinned",
    "project": "gce.project_not_pinned",
  },
  "azure-sev-snp": {
    "tee.idKeyDigests": "hcl.id_key_not_pinned",
    "vtpm.registers": "tpm.registers_not_pinned",
  },
  "azure-tdx": {
    "tee.mrTd": "tdx.mrtd_not_pinned",
    "vtpm.registers": "tpm.registers_not_pinned",
  },
  "aws-nitro-tpm": { "vtpm.registers": "nitro.registers_not_pinned" },
  "azure-trusted-launch": { "vtpm.registers": "tpm.registers_not_pinned" },
  "gcp-sev-es": {
    "vtpm.registers": "tpm.registers_not_pinned",
    "project": "gce.project_not_pinned",
  },
  "qemu-vtpm": { "vtpm.registers": "tpm.registers_not_pinned" },
  "openstack": { "vtpm.registers": "tpm.registers_not_pinned" },
};

type Plain = Readonly<Record<string, unknown>>;

/** A section without what stands at a path. */
function without(section: Plain, [first = "", ...rest]: readonly string[]): Plain {
  const { [first]: found, ...others } = section;
  assert.notEqual(found, undefined, `${first} stands in the section`);
  return rest.length === 0 ? others : { ...others, [first]: without(Object(found), rest) };
}

/** A section with something else at a path. */
function changed(section: Plain, [first = "", ...rest]: readonly string[], to: unknown): Plain {
  const inner = rest.length === 0 ? to : changed(Object(section[first]), rest, to);
  return { ...section, [first]: inner };
}

/** All paths of a section, to the keys of technologies. */
function pathsOf(minted: MintedVariant): readonly string[] {
  return Object.entries(sectionOf(minted)).flatMap(([key, value]) =>
    key === "tee" || key === "vtpm"
      ? Object.keys(Object(value)).map((inner) => `${key}.${inner}`)
      : [key]
  );
}

for (const variant of LAB_VARIANTS) {
  const needed = NEEDED[variant];

  Deno.test(`${variant} needs ${Object.keys(needed).join(", ")} pinned, each of them`, async () => {
    const minted = await mintedOf(variant);
    assert.deepEqual(pathsOf(minted).toSorted(), Object.keys(needed).toSorted());
    const section = Object(sectionOf(minted));
    for (const [path, code] of Object.entries(needed)) {
      const open = without(section, path.split("."));
      assert.equal(await outcomeOf(minted, { section: open }), `platform-only: ${code}`, path);
      // A list of nothing is no wish to skip it.
      if (!path.endsWith("s") && !/rtmr|mrTd/.test(path)) continue;
      for (const empty of path.endsWith("registers") ? [{}, []] : [[]]) {
        const nothing = changed(section, path.split("."), empty);
        const outcome = await outcomeOf(minted, { section: nothing });
        assert.match(outcome, /^input: policy\.value$|^platform-only: .*_not_pinned$/, path);
      }
    }
  });

  Deno.test(`${variant} takes no section of its parts' technologies for its own`, async () => {
    const minted = await mintedOf(variant);
    const section = Object(sectionOf(minted));
    const parts = Object.entries(PARTS[variant]);
    for (const [member, technology] of parts) {
      const inner: unknown = section[member];
      if (inner === undefined) continue;
      const code = Object.entries(needed).find(([path]) => path.startsWith(`${member}.`))?.[1];
      const open = without(section, [member]);
      // What stands in the technology's section is of evidence that is that and nothing else.
      const elsewhere = technology === "nitro-enclave" ? {} : { [technology]: inner };
      const outcome = await outcomeOf(minted, { section: open, policy: elsewhere });
      assert.equal(outcome, `platform-only: ${code}`, technology);
      // The keys of a part do not stand beside the part.
      const flat = await outcomeOf(minted, { section: { ...open, ...Object(inner) } });
      assert.equal(flat, "input: policy.unknown_key", technology);
    }
    if (parts.length === 0) {
      assert.equal(
        await outcomeOf(minted, { section: { tee: section } }),
        "input: policy.unknown_key",
      );
    }
  });
}

const BY_REGISTERS = LAB_VARIANTS.filter((variant) => VARIANTS[variant].whatRuns === "pcrs");

for (const variant of BY_REGISTERS) {
  Deno.test(`${variant} needs every register that says what runs, and some must`, async () => {
    const minted = await mintedOf(variant);
    const section = Object(sectionOf(minted));
    for (const whatRuns of [[], [16], [23], [4, 4.5], [32]]) {
      const outcome = await outcomeOf(minted, {
        section: { ...section, vtpm: { ...section.vtpm, whatRuns } },
      });
      assert.equal(outcome, "input: policy.value", String(whatRuns));
    }
    const { sha256: bank = section.vtpm.registers } = section.vtpm.registers;
    for (const register of ["4", "11"]) {
      const { [register]: _, ...rest } = bank;
      const registers = bank === section.vtpm.registers ? rest : { sha256: rest };
      assert.match(
        await outcomeOf(minted, { section: { ...section, vtpm: { registers } } }),
        /^platform-only: (?:tpm|nitro)\.registers_not_pinned$/,
        register,
      );
    }
    // More that says what runs needs more pinned.
    const more = { ...section.vtpm, whatRuns: [4, 11, 7] };
    assert.match(
      await outcomeOf(minted, { section: { ...section, vtpm: more } }),
      /^platform-only: (?:tpm|nitro)\.registers_not_pinned$/,
    );
  });
}

/** Keys of a section by the registers of the table. */
const KEYS: Readonly<Record<string, string>> = {
  "MEASUREMENT": "measurements",
  "ID_KEY_DIGEST": "idKeyDigests",
  "MRTD": "mrTd",
  "RTMR 1": "rtmr1",
  "RTMR 2": "rtmr2",
  "PCR 4": "registers",
  "PCR 11": "registers",
};

Deno.test("what the table says must be pinned is what verdicts need", () => {
  for (const variant of LAB_VARIANTS) {
    const pinned = VARIANTS[variant].measurements.filter((one) => one.pinned).map(({ register }) =>
      KEYS[register]
    );
    // Google's endorsement can stand in for it.
    if (variant === "gcp-tdx") pinned.push("mrTd");
    const keys = Object.keys(NEEDED[variant]).filter((path) => path !== "project").map((path) =>
      path.split(".").at(-1)
    );
    assert.deepEqual([...new Set(pinned)].toSorted(), keys.toSorted(), variant);
  }
});

Deno.test("a variant that is not admitted is refused, whatever else the policy says of it", async () => {
  for (const variant of LAB_VARIANTS) {
    const minted = await mintedOf(variant);
    const others = LAB_VARIANTS.filter((other) => other !== variant);
    const refused = await ask(minted, { policy: { admitVariants: others } });
    assert.deepEqual([refused.verdict, refused.code], ["rejected", "trust.variant_not_admitted"]);
    assert.equal(
      await outcomeOf(minted, { policy: { admitVariants: [variant] } }),
      "lab-trusted: null",
    );
  }
});

Deno.test("whose instance of AWS it must be is answered by a verified document, or not at all", async () => {
  const none = { identityDocument: undefined, identitySignature: undefined };
  for (const variant of ["aws-sev-snp", "aws-nitro-tpm"] as const) {
    const minted = await mintedOf(variant);
    const asks = [
      [{ account: LAB_ACCOUNT }, { account: "999999999999" }, "ec2.account_mismatch"],
      [{ regions: [LAB_REGION] }, { regions: ["eu-central-1"] }, "ec2.region_mismatch"],
    ] as const;
    for (const [right, wrong, code] of asks) {
      const asking = (pinned: object, files = {}): Promise<string> =>
        outcomeOf(minted, { section: { ...sectionOf(minted), ...pinned }, files });
      assert.equal(await asking(right), "lab-trusted: null");
      assert.equal(await asking(wrong), `rejected: ${code}`);
      for (const files of [{}, none]) {
        const outcome = await asking(right, { ...files, identityCert: undefined });
        assert.equal(outcome, "unavailable: ec2.identity_missing", variant);
      }
    }
  }
});

Deno.test("a paravisor that nobody signed is named by no policy", async () => {
  const minted = await mintedOf("azure-sev-snp");
  const section = changed(Object(sectionOf(minted)), ["tee", "idKeyDigests"], ["00".repeat(48)]);
  assert.equal(await outcomeOf(minted, { section }), "input: policy.value");
});
