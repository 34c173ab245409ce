/**
 * Azure's trusted launch under the contract suite.
 *
 * @module
 */

import type { Contract } from "./contract.ts";
import { bendsOfVtpmPolicy } from "./paravisor_tpm.ts";
import { tpmContract } from "./tpm.ts";

/** Azure's trusted launch: a TPM, and nothing else. */
export const azureTrustedLaunchContract: Contract = {
  parts: ["tpm"],
  signed: tpmContract.signed,
  damage: tpmContract.damage,
  together: [],
  absent: { akCertRoots: "a lab's root is given as one" },
  forms: tpmContract.forms,
  expired: tpmContract.expired,
  notYet: tpmContract.notYet,
  otherNonce: "tpm.qualifying_data_mismatch",
  base: "join",
  bends: (base) => bendsOfVtpmPolicy(base, "azure-trusted-launch"),
  shown: [],
};
