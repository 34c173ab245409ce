/**
 * Evidence of which a vendor signed one part and a lab another: never `trusted`,
 * and the lab is never hidden.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import {
  createNitroAuthority,
  LAB_STATEMENT,
  labRegisters,
  mintGcpSevSnp,
  mintGcpTdx,
  mintNitro,
} from "../../src/lab/mod.ts";
import { examine, type Request } from "../../mod.ts";
import { overReal, realEntry } from "../corpus.ts";
import { assertRefused, assertVerdict, shown } from "../result.ts";
import { AUTHORITIES, type Changes, mintedOf, NONCE, NOW, sectionOf } from "./ask.ts";
import { askVendors, type Signer, SIGNERS } from "./vendor.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Ids of the steps that a signer is behind. */
const STEPS: Readonly<Record<Signer, RegExp>> = {
  tee: /^(?:snp|tdx)\./,
  vtpm: /^(?:tpm\.|nitro\.(?!user-data))/,
  firmware: /^gce\.(?:endorsement|firmware)/,
  instance: /^ec2\.(?:identity|instance|account|region)/,
};

const PAIRED = ["aws-sev-snp", "gcp-sev-snp", "aws-nitro-tpm"] as const;

for (const variant of PAIRED) {
  for (const lab of SIGNERS[variant]) {
    Deno.test(`${variant} is a lab's where a lab signed as ${lab}, whoever signed the rest`, async () => {
      const minted = await mintedOf(variant);
      const vendors = SIGNERS[variant].filter((signer) => signer !== lab);
      for (const profile of ["full", "crypto-only"] as const) {
        const result = await askVendors(vendors, minted, { profile });
        assert.equal(result.verdict, profile === "full" ? "lab-trusted" : null, shown(result));
        assert.ok(result.roots.includes("lab"), result.roots.join());
        assert.equal(result.weakestRoot, "lab");
        assert.doesNotMatch(result.says, /AMD|provider/);
        const steps = result.findings.filter(({ id }) => STEPS[lab].test(id));
        assert.ok(steps.length > 0);
        assert.deepEqual([...new Set(steps.map(({ root }) => root))], ["lab"]);
      }
    });
  }

  Deno.test(`${variant} needs each vendor's root to be accepted, though a lab signed the rest`, async () => {
    const minted = await mintedOf(variant);
    const result = await askVendors(["vtpm"], minted, { policy: { acceptRoots: ["amd"] } });
    assertVerdict(result, "platform-only", "trust.root_not_accepted");
  });
}

Deno.test("that two parts are of one machine rests on both", async () => {
  const minted = await mintedOf("gcp-sev-snp");
  for (const vendor of SIGNERS["gcp-sev-snp"]) {
    const { findings } = await askVendors([vendor], minted);
    assert.equal(findings.find(({ id }) => id === "pairing.binding")?.root, "lab");
  }
});

const statement = (variant: string) => ({ ...LAB_STATEMENT, variant });

/** Evidence of Google's with an endorsement of its firmware, and what is asked. */
async function endorsed(): Promise<readonly (readonly ["gcp-tdx" | "gcp-sev-snp", Changes])[]> {
  const { amd, intel, tpm, firmware } = AUTHORITIES;
  const question = { now: NOW, nonce: NONCE };
  const authorities = { intel: await intel(), firmware: await firmware() };
  const td = await mintGcpTdx(authorities, { ...question, statement: statement("gcp-tdx") });
  const snp = await mintGcpSevSnp(
    { amd: await amd(), tpm: await tpm(), firmware: await firmware() },
    { ...question, statement: statement("gcp-sev-snp") },
  );
  const root = td.firmware?.root ?? "";
  return [
    ["gcp-tdx", {
      files: td.files,
      statement: td.statement,
      labRoots: [encode(td.tdx.root + root)],
    }],
    ["gcp-sev-snp", {
      files: snp.files,
      statement: snp.statement,
      labRoots: [encode(snp.snp.root + snp.vtpm.quotes[0].root + root)],
    }],
  ];
}

Deno.test("a lab's endorsement makes all a lab's, even where the verdict would do without it", async () => {
  for (const [variant, changes] of await endorsed()) {
    const minted = await mintedOf(variant);
    for (const profile of ["full", "crypto-only"] as const) {
      const result = await askVendors(SIGNERS[variant], minted, { ...changes, profile });
      assert.equal(result.verdict, profile === "full" ? "lab-trusted" : null, shown(result));
      assert.equal(result.weakestRoot, "lab");
      const step = result.findings.find(({ id }) => id === "gce.endorsement");
      assert.deepEqual([step?.kind, step?.root], ["match", "lab"]);
    }
  }
});

Deno.test("Google's endorsement is Google's word, whoever else signed", async () => {
  const [[variant, changes] = ["gcp-tdx", {}] as const] = await endorsed();
  const minted = await mintedOf(variant);
  const everybody: readonly Signer[] = ["tee", "vtpm", "firmware"];
  const pinned = await askVendors(everybody, minted, changes);
  assert.deepEqual([pinned.verdict, pinned.roots], ["trusted", ["intel"]], shown(pinned));
  const { tee: { mrTd: _, ...tee } } = Object(sectionOf(minted));
  const unpinned = await askVendors(everybody, minted, { ...changes, section: { tee } });
  assert.deepEqual(unpinned.roots, ["intel", "provider"]);
  assert.equal(unpinned.says, "Confidential, rooted in Intel and the cloud provider's word");
  const crypto = await askVendors(everybody, minted, { ...changes, profile: "crypto-only" });
  assert.deepEqual([crypto.roots, crypto.weakestRoot], [["intel", "provider"], "provider"]);
  const alone = { ...changes, section: { tee }, policy: { acceptRoots: ["intel"] } };
  assertVerdict(
    await askVendors(everybody, minted, alone),
    "platform-only",
    "trust.root_not_accepted",
  );
});

/** A real report of AWS's beside a document that a lab made for it. */
async function realReport(): Promise<Request> {
  const { input: { files, verifyAt: now } } = realEntry("aws-snp/milan-v3-vlek-trustee");
  const { report, leaf, chain_ask_ark: chainAskArk } = files;
  assert.ok(report && leaf && chainAskArk && now);
  const registers = await labRegisters("tpm");
  const minted = await mintNitro(await createNitroAuthority({ now }), {
    now,
    nonce: NONCE,
    registers,
    userData: plainHash("sha256", report),
  });
  const pinned = registers.filter(([register]) => register === 4 || register === 11);
  const section = {
    // No list of AMD's was kept with the evidence, and its TCB is the corpus's matter.
    tee: { revocation: "if-given" },
    vtpm: {
      registers: Object.fromEntries(
        pinned.map(([register, value]) => [String(register), [toHex(value)]]),
      ),
    },
  };
  const request: unknown = {
    variant: "aws-sev-snp",
    evidence: { report, leaf, chainAskArk, document: minted.document },
    expect: { nonce: NONCE, reportData: report.subarray(0x50, 0x90) },
    policy: {
      version: 1,
      acceptRoots: ["amd", "provider"],
      acceptCompromised: { milan: "2030-01-01" },
      "aws-sev-snp": section,
    },
    now,
    labRoots: [encode(minted.root)],
  };
  return request as Request;
}

Deno.test({
  ...overReal(
    "a real report beside a lab's document is never trusted, and none without a lab root",
  ),
  async fn() {
    const request = await realReport();
    const result = await examine(request);
    assert.notEqual(result.verdict, "trusted");
    assert.equal(result.weakestRoot, "lab", shown(result));
    assert.ok(["amd", "lab"].every((root) => result.roots.some((one) => one === root)));
    assertRefused(await examine({ ...request, labRoots: [] }), "nitro.lab_root");
  },
});

// Keeps the helper honest: what it calls a vendor's is a lab's without it.
Deno.test("the same evidence under the lab's own engine is a lab's", async () => {
  for (const variant of PAIRED) {
    const result = await askVendors([], await mintedOf(variant));
    assert.deepEqual([result.verdict, result.roots], ["lab-trusted", ["lab"]]);
  }
});
