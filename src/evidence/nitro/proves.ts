/**
 * What a `trusted` verdict on an attestation document proves, for a person.
 *
 * @module
 */

import type { Claim } from "../evidence.ts";
import type { NitroKind } from "./kind.ts";

const MODULE: Readonly<Record<NitroKind, string>> = {
  enclave: "AWS's hypervisor signed this document for an enclave",
  tpm: "AWS's hypervisor signed this document for an instance's NitroTPM",
};

/**
 * Claims, and what is never proven.
 *
 * @param kind Kind of document.
 */
export function provesOf(
  kind: NitroKind,
): { readonly yes: readonly Claim[]; readonly no: readonly string[] } {
  return {
    yes: [
      {
        says: MODULE[kind],
        needs: ["nitro.document", "nitro.root", "nitro.chain", "nitro.signature"],
        otherwise: MODULE[kind].replace("AWS's", "that AWS's"),
      },
      {
        says: "AWS has not revoked who issued its certificate, by the lists that were given",
        needs: ["nitro.revocation"],
        otherwise:
          "that the authorities in it are not revoked: no revocation list was given for them",
      },
      {
        says: "the registers that say what runs have the values that you expected",
        needs: ["nitro.debug", "nitro.what-runs"],
        otherwise: "what runs",
      },
      {
        says: "the document was made for your question",
        needs: ["nitro.nonce"],
        otherwise: "that the document was made for your question",
      },
    ],
    no: [
      "anything against AWS: its hypervisor makes the document, the registers in it and the key that signs",
      "that this document is of the machine that you talk to: a document can be relayed from another",
      "that nothing broke in after the start",
    ],
  };
}
