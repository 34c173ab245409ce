/**
 * Google's SEV-ES under the contract suite.
 *
 * @module
 */

import type { Contract } from "./contract.ts";
import { bendsOfGceVtpm, GCE_VTPM_DAMAGE, gceVtpmFields, gceVtpmForms } from "./gcp_vtpm.ts";
import { tpmContract } from "./tpm.ts";

/** Google's SEV-ES. */
export const gcpSevEsContract: Contract = {
  parts: ["tpm"],
  signed: gceVtpmFields,
  damage: GCE_VTPM_DAMAGE,
  together: [],
  absent: { akCertRoots: "a lab's root is given as one; tests of real quotes give these" },
  forms: gceVtpmForms,
  expired: tpmContract.expired,
  notYet: tpmContract.notYet,
  otherNonce: "tpm.qualifying_data_mismatch",
  base: "join",
  bends: (base) => bendsOfGceVtpm(base, "gcp-sev-es"),
  shown: [{
    what: "a table of an event log that was cut",
    bytes: new TextEncoder().encode("CCEL".padEnd(40, "\0")),
    code: "gce.ccel_table",
  }],
};
