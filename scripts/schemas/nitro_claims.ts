/**
 * Schemas of the claims of AWS: `NitroEvidence` of `src/evidence/nitro/report.ts`, and those of its variants.
 *
 * @module
 */
import type { JsonSchema } from "../../src/core/decode.ts";
import {
  ANY_HEX,
  CERTIFICATE,
  exactly,
  hexOf,
  listOf,
  MOMENT,
  orNull,
  TEXT,
  upTo,
  words,
  YES_OR_NO,
} from "./shapes.ts";
import { SNP_CLAIMS } from "./snp_claims.ts";

const DOCUMENT = exactly({
  kind: [words("enclave", "tpm"), "Whose registers it has"],
  moduleId: [TEXT, "Module that issued it"],
  timestamp: [upTo(Number.MAX_SAFE_INTEGER), "When it was made, milliseconds since 1970"],
  digest: [words("SHA384"), "Hash of the registers"],
  registers: [
    listOf(exactly({ register: [upTo(31), "Number"], value: [hexOf(48), "Value"] })),
    "Registers, rising",
  ],
  publicKey: [orNull(ANY_HEX), "Public key of the caller"],
  userData: [orNull(ANY_HEX), "Data of the caller"],
  nonce: [orNull(ANY_HEX), "Nonce of the caller"],
});

/** Claims of an attestation document. */
export const NITRO_CLAIMS: JsonSchema = exactly({
  document: [DOCUMENT, "Attestation document"],
  certificates: [listOf(CERTIFICATE), "From the certificate that signed it to the root"],
  lab: [YES_OR_NO, "Whether the root is a lab's"],
  revocationChecked: [YES_OR_NO, "Whether lists cover every certificate that names one"],
  revocationLists: [
    listOf(exactly({
      issuer: [TEXT, "Issuer, RFC 4514"],
      thisUpdate: [MOMENT, "Time of issue"],
      nextUpdate: [MOMENT, "Time by which the next is due"],
      entries: [upTo(Number.MAX_SAFE_INTEGER), "How many certificates it revokes"],
    })),
    "Lists that were used",
  ],
});

const INSTANCE = exactly({
  accountId: [{ type: "string", pattern: "^[0-9]{12}$" }, "Account"],
  instanceId: [TEXT, "Instance"],
  region: [TEXT, "Region"],
  availabilityZone: [TEXT, "Availability zone"],
  imageId: [TEXT, "Image"],
  instanceType: [TEXT, "Instance type"],
  architecture: [TEXT, "Architecture"],
  pendingTime: [TEXT, "When it was started, as AWS writes it"],
  version: [TEXT, "Version of the document"],
  certificate: [CERTIFICATE, "Certificate of the region"],
  lab: [YES_OR_NO, "Whether that certificate is a lab's"],
});

const OF_INSTANCE = {
  instance: [
    orNull(INSTANCE),
    "What the identity document says; null where none was verified",
  ],
} as const;

/** Claims of an instance with NitroTPM. */
export const AWS_NITRO_TPM_CLAIMS: JsonSchema = exactly({
  vtpm: [NITRO_CLAIMS, "Attestation document"],
  ...OF_INSTANCE,
});

/** Claims of an instance with SEV-SNP and NitroTPM. */
export const AWS_SEV_SNP_CLAIMS: JsonSchema = exactly({
  tee: [SNP_CLAIMS, "Report"],
  vtpm: [NITRO_CLAIMS, "Attestation document"],
  ...OF_INSTANCE,
});
