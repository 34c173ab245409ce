/**
 * Instances with SEV-SNP and NitroTPM under the contract suite.
 *
 * @module
 */

import type { Vector } from "../vectors.ts";
import type { Bend, Contract } from "./contract.ts";
import { bendsOfIdentity, IDENTITY_DAMAGE } from "./ec2.ts";
import { DOCUMENT_DAMAGE, documentFields, OTHER_VALUE, pinsOf } from "./nitro.ts";
import { sevSnpContract } from "./sev_snp.ts";

const ID = "aws-sev-snp";

/** Instances with SEV-SNP and NitroTPM. */
export const awsSevSnpContract: Contract = {
  parts: ["nitro-enclave", "sev-snp"],
  signed: (vector) => [...sevSnpContract.signed(vector), ...documentFields(vector)],
  damage: { ...sevSnpContract.damage, ...DOCUMENT_DAMAGE, ...IDENTITY_DAMAGE },
  together: [],
  forms: () => [],
  expired: "snp.crl_expired",
  notYet: "snp.crl_not_yet_valid",
  otherNonce: "snp.report_data_mismatch",
  // Without a statement, nonce and report data are two questions.
  otherNonceOf: ({ statement }) =>
    statement === undefined ? "nitro.nonce_mismatch" : "snp.report_data_mismatch",
  base: "stated",
  bends: (base) => [...bendsOfIdentity(base), ...ofPolicy(base)],
  shown: [],
};

function ofPolicy(base: Vector): readonly Bend[] {
  const registers = pinsOf(base, ID);
  return [
    {
      what: "another value of a register",
      code: "nitro.register_mismatch",
      change: { section: { vtpm: { registers: { ...registers, "11": [OTHER_VALUE] } } } },
    },
    {
      what: "no register pinned, and the launch measurement of AWS's firmware alone",
      code: "nitro.registers_not_pinned",
      verdict: "platform-only",
      change: { section: {} },
    },
    {
      what: "another launch measurement",
      code: "snp.measurement_mismatch",
      change: { section: { tee: { measurements: [OTHER_VALUE] }, vtpm: { registers } } },
    },
    {
      what: "another region demanded",
      code: "ec2.region_mismatch",
      change: { section: { vtpm: { registers }, regions: ["eu-central-1"] } },
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
