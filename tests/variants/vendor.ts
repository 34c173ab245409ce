/**
 * The engine as it would answer about evidence of the vendors themselves: what
 * the lab signed is read as theirs. Only so can a test see what a verdict says
 * of roots that nobody here has the keys of.
 *
 * @module
 */

import { examine } from "../../src/verifier/examine.ts";
import type { Engine } from "../../src/core/crypto.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import type { VariantId } from "../../src/evidence/variants/facts.ts";
import type { MintedVariant } from "../../src/lab/mod.ts";
import type { Result } from "../../mod.ts";
import { type Changes, requestFor } from "./ask.ts";

/** Who signs: the CPU's vendor, whoever certifies keys of TPMs or signs attestation documents, whoever endorses firmware, the region of an instance. */
export type Signer = "tee" | "vtpm" | "firmware" | "instance";

/** Operations that say who signed. */
const OPERATIONS: Readonly<Record<Signer, readonly string[]>> = {
  tee: ["snp_verify", "tdx_verify"],
  vtpm: ["tpm_verify", "nitro_verify"],
  firmware: ["gce_endorsement"],
  instance: ["x509_describe"],
};

/** Who signs evidence of a variant, as the lab mints it. */
export const SIGNERS: Readonly<Record<VariantId, readonly Signer[]>> = {
  "sev-snp": ["tee"],
  "tdx": ["tee"],
  "gcp-tdx": ["tee"],
  "aws-sev-snp": ["tee", "vtpm", "instance"],
  "gcp-sev-snp": ["tee", "vtpm"],
  "azure-sev-snp": ["tee"],
  "azure-tdx": ["tee"],
  "aws-nitro-tpm": ["vtpm", "instance"],
  "azure-trusted-launch": ["vtpm"],
  "gcp-sev-es": ["vtpm"],
  "qemu-vtpm": ["vtpm"],
  "openstack": ["vtpm"],
};

/** Asks as if these had signed, and a lab all the rest. */
export async function askVendors(
  signers: readonly Signer[],
  evidence: MintedVariant,
  changes: Changes = {},
): Promise<Result> {
  return await examine(engineOf(signers), requestFor(evidence, changes));
}

function engineOf(signers: readonly Signer[]): Engine {
  const operations = signers.flatMap((signer) => OPERATIONS[signer]);
  return {
    run: async (operation, parts) => {
      const answer = await inlineEngine.run(operation, parts);
      return operations.includes(operation) ? withoutLab(answer) : answer;
    },
  };
}

function withoutLab(answer: unknown): unknown {
  const text = JSON.stringify(answer);
  return JSON.parse(text, (name: string, value: unknown) => name === "lab" ? false : value);
}
