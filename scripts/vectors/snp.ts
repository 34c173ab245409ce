/**
 * Mints the vectors of SEV-SNP: each product line and form of leaf, and bent
 * evidence beside it.
 *
 * @module
 */

import { concat, toHex } from "../../src/core/bytes.ts";
import { type AmdAuthority, createAmdAuthority, type LabLine, mintSnp } from "../../src/lab/mod.ts";
import { type Bent, bentCases, type Good, GOOD_CASES } from "./snp_cases.ts";
import { type Evidence, type MintedCase, NONCE, only, TIME, type VectorSource } from "./source.ts";

/** Names of the files of a case. */
const REPORT = "report.bin";
const LEAF = "leaf.der";
const CHAIN = "chain.der";
const CRL = "crl.der";
const ROOT = "root.der";

/** SEV-SNP. */
export const sevSnpVectors: VectorSource = {
  files: { report: REPORT, leaf: LEAF, chainAskArk: CHAIN, crls: [CRL] },
  labRoot: ROOT,
  mint,
};

type Minted = Awaited<ReturnType<typeof mintSnp>>;

/** RSA keys are slow to make: all lines share the first authority's. */
async function* mint(): AsyncGenerator<MintedCase> {
  const first = await createAmdAuthority({ line: "Genoa", now: TIME });
  const keys = { ARK: first.ARK.key, VCEK: first.VCEK.key, VLEK: first.VLEK.key };
  const authorities: Partial<Record<LabLine, AmdAuthority>> = { Genoa: first };
  for (const good of GOOD_CASES) {
    const authority = authorities[good.line] ??
      await createAmdAuthority({ line: good.line, now: TIME, keys });
    authorities[good.line] = authority;
    yield* mintGood(good, authority);
  }
}

/** A good case, and the bent ones that are made from it. */
async function* mintGood(good: Good, authority: AmdAuthority): AsyncGenerator<MintedCase> {
  const { name, form, version, says } = good;
  const options = { now: TIME, form, version, reportData: NONCE };
  const minted = await mintSnp(authority, options);
  const policy = policyOf(minted, good.policy);
  yield {
    name,
    says,
    policy,
    verdict: "lab-trusted",
    code: null,
    own: evidenceOf(minted),
    base: null,
  };
  const { leafKey } = minted;
  // Bent evidence is made for chips of 64 bytes of id only.
  const hwid = minted.report.subarray(0x1a0, 0x1e0);
  for (const bent of bentCases(name, authority)) {
    const again = await mintSnp(authority, { ...options, leafKey, hwid, bends: bent.bends });
    yield bentCase(good, bent, again);
  }
}

function bentCase(good: Good, bent: Bent, minted: Minted): MintedCase {
  const { name, says, verdict, code } = bent;
  return {
    name,
    says,
    policy: policyOf(minted, bent.barePolicy ? {} : good.policy),
    verdict,
    code,
    own: only(evidenceOf(minted), bent.files),
    base: good.name,
  };
}

function policyOf({ measurement }: Minted, more: Good["policy"] = {}): unknown {
  const section = { measurements: [toHex(measurement)] };
  return { version: 1, allowLab: true, ...more, "sev-snp": section };
}

function evidenceOf({ report, der }: Minted): Evidence {
  const { leaf, intermediate, ark, crl } = der;
  return {
    [REPORT]: report,
    [LEAF]: leaf,
    [CHAIN]: concat(intermediate, ark),
    [CRL]: crl,
    [ROOT]: ark,
  };
}
