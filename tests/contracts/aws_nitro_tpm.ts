/**
 * Instances with NitroTPM under the contract suite.
 *
 * @module
 */

import type { Vector } from "../vectors.ts";
import type { Bend, Contract } from "./contract.ts";
import { bendsOfIdentity, IDENTITY_DAMAGE } from "./ec2.ts";
import { DOCUMENT_DAMAGE, documentFields, OTHER_VALUE, pinsOf } from "./nitro.ts";

const ID = "aws-nitro-tpm";

/** Instances with NitroTPM. */
export const awsNitroTpmContract: Contract = {
  parts: ["nitro-enclave"],
  signed: documentFields,
  damage: { ...DOCUMENT_DAMAGE, ...IDENTITY_DAMAGE },
  together: [],
  forms: () => [],
  expired: "nitro.crl_expired",
  notYet: "nitro.crl_not_yet_valid",
  validityOf: ({ files }) =>
    files["documentCrls"] === undefined
      ? { expired: "nitro.certificate_expired", notYet: "nitro.certificate_not_yet_valid" }
      : { expired: "nitro.crl_expired", notYet: "nitro.crl_not_yet_valid" },
  otherNonce: "nitro.nonce_mismatch",
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
      what: "no register pinned",
      code: "nitro.registers_not_pinned",
      verdict: "platform-only",
      change: { section: {} },
    },
    {
      what: "another region demanded",
      code: "ec2.region_mismatch",
      change: { section: { vtpm: { registers }, regions: ["eu-central-1"] } },
    },
  ];
}
