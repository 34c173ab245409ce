/**
 * Google's SEV-SNP under the contract suite.
 *
 * @module
 */

import type { Vector } from "../vectors.ts";
import type { Bend, Contract } from "./contract.ts";
import {
  bendsOfGceVtpm,
  ENDORSEMENT_DAMAGE,
  endorsementFields,
  GCE_VTPM_DAMAGE,
  gceVtpmFields,
  gceVtpmForms,
} from "./gcp_vtpm.ts";
import { sectionOf } from "./paravisor_tpm.ts";
import { sevSnpContract } from "./sev_snp.ts";

const ID = "gcp-sev-snp";

/** Google's SEV-SNP. */
export const gcpSevSnpContract: Contract = {
  parts: ["sev-snp", "tpm"],
  signed: (vector) => [
    ...sevSnpContract.signed(vector),
    ...gceVtpmFields(vector),
    ...endorsementFields(vector),
  ],
  damage: { ...sevSnpContract.damage, ...GCE_VTPM_DAMAGE, ...ENDORSEMENT_DAMAGE },
  together: [],
  absent: {
    akCertRoots: "a lab's root is given as one",
    attestationPb: "gcp-sev-es has a vector of it",
    firmwareEndorsementRoots: "a lab's root is given as one; a refused vector has it",
  },
  forms: (vector) => [...sevSnpContract.forms(vector), ...gceVtpmForms(vector)],
  expired: "snp.crl_expired",
  notYet: "snp.crl_not_yet_valid",
  otherNonce: "snp.report_data_mismatch",
  base: "join",
  bends: (base) => [...bendsOfGceVtpm(base, ID), ...ofReport(base)],
  shown: [],
};

function ofReport(base: Vector): readonly Bend[] {
  const section = sectionOf(base, ID);
  return [
    {
      what: "another launch measurement",
      code: "snp.measurement_mismatch",
      change: { section: { ...section, tee: { measurements: ["ee".repeat(48)] } } },
    },
    { what: "no lab root", code: "snp.lab_on_vendor_path", change: { labRoots: [] } },
    {
      what: "no list of AMD's",
      code: "snp.crl_missing",
      verdict: "unavailable",
      change: { files: { crls: [] } },
    },
  ];
}
