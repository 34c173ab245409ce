/**
 * TPMs that nobody vouches for under the contract suite: QEMU's and OpenStack's.
 *
 * @module
 */

import type { Contract } from "./contract.ts";
import { bendsOfVtpmPolicy } from "./paravisor_tpm.ts";
import { tpmContract } from "./tpm.ts";

const UNCERTIFIED = "nobody certifies keys of such TPMs; vectors of tpm have certificates";

/**
 * Such a variant.
 *
 * @param id Its id.
 */
export function vtpmContract(id: "qemu-vtpm" | "openstack"): Contract {
  return {
    parts: ["tpm"],
    signed: tpmContract.signed,
    // A zero behind the last event is padding, as firmware leaves it.
    damage: {
      ...tpmContract.damage,
      eventLog: { short: "logs.truncated", long: "trusted: null", empty: "input.empty" },
    },
    together: [],
    absent: {
      akCert: UNCERTIFIED,
      akCertIssuers: UNCERTIFIED,
      akCertRoots: UNCERTIFIED,
      akCertCrls: UNCERTIFIED,
    },
    forms: tpmContract.forms,
    expired: tpmContract.expired,
    notYet: tpmContract.notYet,
    // Without certificates nothing begins or ends.
    validityOf: () => null,
    otherNonce: "tpm.qualifying_data_mismatch",
    base: "enrolled",
    bends: (base) => [
      ...bendsOfVtpmPolicy(base, id),
      {
        what: "a policy that accepts no evidence which nobody vouches for",
        code: "trust.root_not_accepted",
        verdict: "platform-only",
        change: { without: ["acceptRoots"] },
      },
    ],
    shown: [],
  };
}
