/**
 * SEV-SNP on Azure under the contract suite.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import type { Vector } from "../vectors.ts";
import { fileOf } from "./change.ts";
import type { Bend, Contract, SignedField } from "./contract.ts";
import { bendsOfHcl, HARDWARE_AT, hclDamage, hclFields, RUNTIME_DAMAGE } from "./hcl.ts";
import {
  bendsOfParavisorTpm,
  bendsOfVtpmPolicy,
  OTHER_NONCE,
  PARAVISOR_TPM_DAMAGE,
  paravisorTpmFields,
  paravisorTpmForms,
  sectionOf,
} from "./paravisor_tpm.ts";
import { sevSnpContract } from "./sev_snp.ts";

const ID = "azure-sev-snp";

/** SEV-SNP on Azure. */
export const azureSevSnpContract: Contract = {
  parts: ["sev-snp", "tpm"],
  signed: (vector) => [
    ...hclFields(vector),
    ...reportFields(vector),
    ...paravisorTpmFields(vector),
  ],
  damage: { ...sevSnpContract.damage, ...PARAVISOR_TPM_DAMAGE, ...RUNTIME_DAMAGE },
  damageOf: hclDamage,
  together: [],
  forms: paravisorTpmForms,
  expired: "snp.crl_expired",
  notYet: "snp.crl_not_yet_valid",
  ...OTHER_NONCE,
  base: "join",
  bends: (base, vectors) => [
    ...bendsOfHcl(base, "tdx"),
    ...bendsOfParavisorTpm(vectors, "parts"),
    ...bendsOfVtpmPolicy(base, ID),
    ...ofPolicy(base),
  ],
  shown: [{
    what: "an HCL report that is cut short",
    bytes: new TextEncoder().encode("HCLA".padEnd(1235, "\0")),
    code: "hcl.length",
  }],
};

/** Fields of AMD's report where it stands; a byte that is changed in the HCL report may meet no other rule first. */
function reportFields(vector: Vector): readonly SignedField[] {
  const fields = sevSnpContract.signed(vector);
  if (vector.files["report"] !== undefined) return fields;
  return fields.map((field) => ({ ...field, role: "hclReport", at: HARDWARE_AT + field.at }));
}

function ofPolicy(base: Vector): readonly Bend[] {
  const { tee, vtpm } = sectionOf(base, ID);
  const other = "ee".repeat(48);
  return [
    {
      what: "nobody named whose the paravisor may be",
      code: "hcl.id_key_not_pinned",
      verdict: "platform-only",
      change: { section: { vtpm } },
    },
    {
      what: "another signer of the paravisor",
      code: "snp.id_key_mismatch",
      change: { section: { tee: { ...tee, idKeyDigests: [other] }, vtpm } },
    },
    {
      what: "another launch measurement",
      code: "snp.measurement_mismatch",
      change: { section: { tee: { ...tee, measurements: [other] }, vtpm } },
    },
    {
      what: "two leaves",
      code: "x509.count",
      change: { files: { leaf: concat(fileOf(base, "leaf"), fileOf(base, "leaf")) } },
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
