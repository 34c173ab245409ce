/**
 * Schemas of the claims of Azure's variants: `AzureSevSnpEvidence`,
 * `AzureTdxEvidence` and `VtpmEvidence` of `src/evidence/`.
 *
 * @module
 */
import type { JsonSchema } from "../../src/core/decode.ts";
import { ANY_HEX, exactly, hexOf, listOf, orNull, TEXT, upTo, words } from "./shapes.ts";
import { SNP_CLAIMS } from "./snp_claims.ts";
import { TDX_CLAIMS } from "./tdx_claims.ts";
import { TPM_CLAIMS } from "./tpm_claims.ts";

/** A digest of SHA-256, SHA-384 or SHA-512. */
const DIGEST: JsonSchema = {
  type: "string",
  pattern: "^(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$",
};

const RUNTIME = exactly({
  hashAlgorithm: [words("sha256", "sha384", "sha512"), "Hash over them"],
  hash: [DIGEST, "Its value"],
  bytes: [upTo(16_384), "Their length"],
  keys: [
    listOf(exactly({
      kid: [TEXT, "Name"],
      keyOps: [listOf(TEXT), "What it may do"],
      bits: [upTo(4096), "Length of the RSA modulus"],
      spki: [ANY_HEX, "SubjectPublicKeyInfo, DER"],
      spkiSha256: [hexOf(32), "Its SHA-256"],
    })),
    "Keys",
  ],
  vmConfiguration: [
    listOf(exactly({
      name: [TEXT, "Name"],
      value: [{ type: ["string", "integer", "boolean", "null"] }, "Value"],
    })),
    "Settings of the VM, by the host's word",
  ],
  userData: [orNull(hexOf(64)), "What the guest wrote to NV index 0x01400002"],
  others: [listOf(TEXT), "Members that are not known here"],
});

const HCL = exactly({
  sha256: [orNull(hexOf(32)), "SHA-256 of the HCL report; null where its parts were given"],
  version: [orNull(upTo(2)), "Version of its header; null likewise"],
  runtime: [RUNTIME, "Runtime data"],
});

/** Claims of SEV-SNP on Azure. */
export const AZURE_SEV_SNP_CLAIMS: JsonSchema = exactly({
  tee: [SNP_CLAIMS, "AMD's report of the paravisor"],
  hcl: [HCL, "What the paravisor says"],
  vtpm: [TPM_CLAIMS, "Quote of its TPM"],
});

/** Claims of TDX on Azure. */
export const AZURE_TDX_CLAIMS: JsonSchema = exactly({
  tee: [TDX_CLAIMS, "Intel's quote of the paravisor"],
  hcl: [HCL, "What the paravisor says"],
  vtpm: [TPM_CLAIMS, "Quote of its TPM"],
});

/** Claims of a variant that is a TPM and nothing else. */
export const VTPM_CLAIMS: JsonSchema = exactly({
  vtpm: [TPM_CLAIMS, "Quote of the TPM"],
});
