/**
 * Schemas of the claims of Google's variants: `GcpTdxEvidence`, `GcpSevSnpEvidence`
 * and `GceTpmEvidence` of `src/evidence/`.
 *
 * @module
 */
import type { JsonSchema } from "../../src/core/decode.ts";
import { LOG } from "./log_claims.ts";
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
  YES_OR_NO,
} from "./shapes.ts";
import { SNP_CLAIMS } from "./snp_claims.ts";
import { TDX_CLAIMS } from "./tdx_claims.ts";
import { TPM_CLAIMS } from "./tpm_claims.ts";

const UINT32 = upTo(0xffff_ffff);
const DECIMAL: JsonSchema = { type: "string", pattern: "^[0-9]{1,20}$" };

/** Absent ids are empty. */
const ID: JsonSchema = { type: "string", pattern: "^(?:[0-9a-f]{32})?$" };

/** A Name: hash algorithm, then hash. */
const NAME: JsonSchema = {
  type: "string",
  pattern: "^(?:000b[0-9a-f]{64}|000c[0-9a-f]{96}|000d[0-9a-f]{128})$",
};

const INSTANCE = exactly({
  zone: [TEXT, "Zone"],
  projectNumber: [DECIMAL, "Number of the project"],
  projectId: [TEXT, "Id of the project"],
  instanceId: [DECIMAL, "Id of the instance"],
  instanceName: [TEXT, "Name of the instance"],
  security: [
    orNull(exactly({
      version: [orNull(DECIMAL), "Version"],
      isProduction: [orNull(YES_OR_NO), "Whether it is the production environment"],
    })),
    "What is said of the environment",
  ],
});

const SNP_ENDORSEMENT = exactly({
  svn: [UINT32, "Security version"],
  policy: [{ type: "string", pattern: "^0x[0-9a-f]{16}$" }, "Guest policy"],
  familyId: [ID, "FAMILY_ID"],
  imageId: [ID, "IMAGE_ID"],
  measurements: [
    listOf(exactly({
      vmsas: [UINT32, "Number of VMSAs"],
      measurement: [hexOf(48), "Launch measurement"],
    })),
    "Launch measurements",
  ],
  svsmMeasurement: [orNull(hexOf(48)), "Launch measurement with the SVSM"],
});

const TDX_ENDORSEMENT = exactly({
  svn: [UINT32, "Security version"],
  measurements: [
    listOf(exactly({
      ramGib: [UINT32, "Memory, GiB"],
      earlyAccept: [YES_OR_NO, "Whether the firmware accepts all memory"],
      mrTd: [hexOf(48), "MRTD"],
    })),
    "MRTD by shape of the VM",
  ],
});

const ENDORSEMENT = exactly({
  timestamp: [orNull(MOMENT), "When it was made"],
  digest: [hexOf(48), "SHA-384 of the firmware"],
  commit: [ANY_HEX, "Commit that it was built from; empty where it is not said"],
  sevSnp: [orNull(SNP_ENDORSEMENT), "Of SEV-SNP"],
  tdx: [orNull(TDX_ENDORSEMENT), "Of TDX"],
  certificates: [listOf(CERTIFICATE), "From the certificate that signed to the root"],
  lab: [YES_OR_NO, "Whether the root is a lab's"],
});

const CCEL_TABLE = exactly({
  maker: [TEXT, "Who made the firmware"],
  logBytes: [upTo(2 ** 32), "Room for the log, bytes"],
  logAddress: [{ type: "string", pattern: "^0x[0-9a-f]{16}$" }, "Where it lies"],
});

/** Claims of a vTPM with a certified key. */
export const GCP_SEV_ES_CLAIMS: JsonSchema = exactly({
  vtpm: [TPM_CLAIMS, "Quotes of the vTPM"],
  instance: [INSTANCE, "Which instance it is, by the key's certificate"],
});

/** Claims of SEV-SNP on Google Cloud. */
export const GCP_SEV_SNP_CLAIMS: JsonSchema = exactly({
  tee: [SNP_CLAIMS, "AMD's report"],
  vtpm: [TPM_CLAIMS, "Quotes of the vTPM"],
  instance: [INSTANCE, "Which instance it is, by the key's certificate"],
  reportSha256: [hexOf(32), "SHA-256 of the report, which a statement's quote answers"],
  akName: [NAME, "Name of the key, which a statement's report answers"],
  firmware: [orNull(ENDORSEMENT), "Firmware that Google endorses; null without an endorsement"],
});

/** Claims of TDX on Google Cloud. */
export const GCP_TDX_CLAIMS: JsonSchema = exactly({
  tee: [TDX_CLAIMS, "Intel's quote"],
  log: [orNull(LOG), "Event log; null where none was given"],
  ccelTable: [orNull(CCEL_TABLE), "Table that points to it; null where none was given"],
  firmware: [orNull(ENDORSEMENT), "Firmware that Google endorses; null without an endorsement"],
});
