/**
 * Evidence with a part left out, or with the part of another machine in its
 * place: each is refused by its own code, or counts for what remains.
 *
 * @module
 */

import assert from "node:assert/strict";
import { technologies } from "../../src/evidence/registry.ts";
import type { VariantId } from "../../src/evidence/variants/facts.ts";
import { LAB_VARIANTS } from "../../src/lab/mod.ts";
import { ask, mintedOf, outcomeOf } from "./ask.ts";
import { askVendors, SIGNERS } from "./vendor.ts";

/** What comes of a part that is left out, and of another machine's in its place, which the same authorities signed for the same question; null: it is the same file. */
type Fate = readonly [without: string, swapped: string | null];

const MISSING = "input: input.missing";
const GOOD = "lab-trusted: null";

const REPORT: Fate = [MISSING, "rejected: snp.signature_mismatch"];
const CRLS: Fate = ["unavailable: snp.crl_missing", null];
const QUOTE: Fate = [MISSING, "rejected: tpm.signature_mismatch"];
const SAME: Fate = [MISSING, null];
const OPTIONAL: Fate = [GOOD, null];

const SNP: Readonly<Record<string, Fate>> = {
  report: REPORT,
  leaf: REPORT,
  chainAskArk: SAME,
  crls: CRLS,
};

const COLLATERAL: Readonly<Record<string, Fate>> = {
  tcbInfo: SAME,
  qeIdentity: SAME,
  tcbChain: SAME,
  pckCrl: SAME,
  rootCrl: SAME,
};

const QUOTED: Readonly<Record<string, Fate>> = {
  tpmQuoteMsg: QUOTE,
  tpmQuoteSig: QUOTE,
  pcrs: SAME,
  eventLog: OPTIONAL,
};

const CERTIFIED: Readonly<Record<string, Fate>> = {
  ...QUOTED,
  akPub: [MISSING, "rejected: tpm.ak_key_mismatch"],
  akCert: [MISSING, "rejected: tpm.ak_key_mismatch"],
  akCertIssuers: ["rejected: tpm.root_unknown", null],
  akCertCrls: ["unavailable: tpm.revocation_not_checked", null],
};

const IDENTITY: Readonly<Record<string, Fate>> = {
  documentCrls: OPTIONAL,
  identityDocument: SAME,
  identitySignature: SAME,
  identityCert: OPTIONAL,
};

const FATES: Readonly<Record<VariantId, Readonly<Record<string, Fate>>>> = {
  "sev-snp": SNP,
  // Any trust domain that answers and runs what is pinned is as good.
  "tdx": { quote: [MISSING, GOOD], ...COLLATERAL },
  "gcp-tdx": {
    quote: [MISSING, GOOD],
    ...COLLATERAL,
    pckCrlChain: OPTIONAL,
    eventLog: SAME,
    ccelTable: OPTIONAL,
  },
  "aws-sev-snp": {
    ...SNP,
    document: [MISSING, "rejected: nitro.user_data_mismatch"],
    ...IDENTITY,
  },
  "gcp-sev-snp": { ...SNP, ...CERTIFIED },
  "azure-sev-snp": {
    hclReport: REPORT,
    leaf: REPORT,
    chainAskArk: SAME,
    crls: CRLS,
    ...QUOTED,
    akPub: [GOOD, "rejected: tpm.signature_mismatch"],
  },
  "azure-tdx": {
    hclReport: [MISSING, "rejected: hcl.td_report_mismatch"],
    tdQuote: [MISSING, "rejected: hcl.td_report_mismatch"],
    ...COLLATERAL,
    pckCrlChain: OPTIONAL,
    ...QUOTED,
    akPub: [GOOD, "rejected: tpm.signature_mismatch"],
  },
  // Any instance of AWS that answers and runs what is pinned is as good, unless modules or an account are.
  "aws-nitro-tpm": { document: [MISSING, GOOD], ...IDENTITY },
  "azure-trusted-launch": CERTIFIED,
  "gcp-sev-es": CERTIFIED,
  "qemu-vtpm": CERTIFIED,
  "openstack": CERTIFIED,
};

for (const variant of LAB_VARIANTS) {
  Deno.test(`no part of ${variant} can be left out or taken from another machine unseen`, async () => {
    const [one, two] = [await mintedOf(variant), await mintedOf(variant, "two")];
    const fates = FATES[variant];
    assert.deepEqual(Object.keys(one.files).toSorted(), Object.keys(fates).toSorted());
    for (const [role, [without, swapped]] of Object.entries(fates)) {
      assert.equal(await outcomeOf(one, { files: { [role]: undefined } }), without, role);
      if (swapped === null) continue;
      const found = await outcomeOf(one, { files: { [role]: two.files[role] } });
      assert.equal(found, swapped, role);
    }
  });
}

/** Steps that need a file which may be left out, by its role. */
const STEPS: Readonly<Record<string, RegExp>> = {
  crls: /^snp\.revocation$/,
  akCertCrls: /^tpm\.ak-revocation$/,
  documentCrls: /^nitro\.revocation$/,
  eventLog: /^logs\.(?:log|data)$/,
  ccelTable: /^gce\.ccel-table$/,
  identityCert: /^ec2\.(?:identity|instance)$/,
  firmwareEndorsement: /^gce\.endorsement$/,
  akCert: /^tpm\.ak-/,
};

/** Roles that mean nothing without another. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  akCert: ["akCertIssuers", "akCertCrls"],
  eventLog: ["ccelTable"],
};

Deno.test("a step whose file is left out is passed off as done by no profile", async () => {
  for (const variant of LAB_VARIANTS) {
    const minted = await mintedOf(variant);
    const { checks } = technologies.find(({ id }) => id === variant) ?? {};
    for (const [role, steps] of Object.entries(STEPS)) {
      const ids = checks?.map(({ id }) => id).filter((id) => steps.test(id)) ?? [];
      const named = role === "akCert" && variant.startsWith("gcp");
      if (ids.length === 0 || named) continue;
      const left = [role, ...BESIDE[role] ?? []].map((one) => [one, undefined]);
      const files = Object.fromEntries(left);
      for (const profile of ["full", "crypto-only"] as const) {
        const { findings } = await ask(minted, { files, profile });
        const found = findings.filter(({ id }) => ids.includes(id));
        assert.equal(found.length, ids.length, `${variant} ${role}`);
        for (const { id, kind } of found) assert.equal(kind, "unchecked", `${variant} ${id}`);
        const needed = found.filter(({ required }) => required);
        assert.equal(profile === "full" || needed.length === 0, true, `${variant} ${role}`);
      }
    }
  }
});

/** Both halves of a pair at once: what one machine says of another is refused even where all of it is genuine. */
const HALVES: Readonly<Record<string, readonly (readonly [readonly string[], string])[]>> = {
  "aws-sev-snp": [[["report", "leaf"], "rejected: nitro.user_data_mismatch"]],
  "gcp-sev-snp": [
    [["report", "leaf"], "rejected: snp.report_data_mismatch"],
    [
      ["tpmQuoteMsg", "tpmQuoteSig", "akPub", "akCert", "pcrs"],
      "rejected: snp.report_data_mismatch",
    ],
  ],
  "azure-sev-snp": [
    [["hclReport", "leaf"], "rejected: hcl.key_mismatch"],
    [["tpmQuoteMsg", "tpmQuoteSig", "akPub", "pcrs"], "rejected: hcl.key_mismatch"],
  ],
  "azure-tdx": [
    [["hclReport", "tdQuote"], "rejected: hcl.key_mismatch"],
    [["tpmQuoteMsg", "tpmQuoteSig", "akPub", "pcrs"], "rejected: hcl.key_mismatch"],
  ],
};

Deno.test("the whole half of a pair from another machine is refused, whichever half", async () => {
  for (const variant of LAB_VARIANTS) {
    const [one, two] = [await mintedOf(variant), await mintedOf(variant, "two")];
    for (const [roles, code] of HALVES[variant] ?? []) {
      const files = Object.fromEntries(roles.map((role) => [role, two.files[role]]));
      assert.equal(await outcomeOf(one, { files }), code, `${variant} ${roles}`);
    }
  }
});

Deno.test("two files of a role that has one are refused before anything is verified", async () => {
  const several = ["crls", "documentCrls", "tpmQuoteMsg", "tpmQuoteSig"];
  for (const variant of LAB_VARIANTS) {
    const minted = await mintedOf(variant);
    for (const [role, file] of Object.entries(minted.files)) {
      if (!(file instanceof Uint8Array) || several.includes(role)) continue;
      const outcome = await outcomeOf(minted, { files: { [role]: [file, file] } });
      assert.match(outcome, /^input: input\.(?:missing|value)$/, `${variant} ${role}`);
    }
  }
});

Deno.test("a key without proof that it lives in a TPM has the root none, or is refused", async () => {
  const without = {
    akCert: undefined,
    akCertIssuers: undefined,
    akCertCrls: undefined,
  };
  for (const variant of ["azure-trusted-launch", "qemu-vtpm", "openstack"] as const) {
    const minted = await mintedOf(variant);
    const policy = { acceptRoots: ["amd", "intel", "paravisor", "provider"] };
    const result = await askVendors(SIGNERS[variant], minted, { files: without, policy });
    assert.deepEqual(
      [result.verdict, result.code, result.weakestRoot],
      ["platform-only", "trust.root_not_accepted", "none"],
    );
    const crypto = await ask(minted, { files: without, profile: "crypto-only" });
    assert.match(crypto.says, /without a chain, rooted in nothing/);
  }
  for (const variant of ["gcp-sev-es", "gcp-sev-snp"] as const) {
    const minted = await mintedOf(variant);
    for (const profile of ["full", "crypto-only"] as const) {
      const { code } = await ask(minted, { files: without, profile });
      assert.equal(code, "gce.instance_missing", variant);
    }
  }
});

Deno.test("a certificate makes no TPM of a host stronger, whoever signed it", async () => {
  for (const variant of ["qemu-vtpm", "openstack"] as const) {
    const result = await askVendors(["vtpm"], await mintedOf(variant), {
      policy: { acceptRoots: ["amd", "intel", "paravisor", "provider"] },
    });
    assert.deepEqual([result.code, result.weakestRoot], ["trust.root_not_accepted", "none"]);
  }
});
