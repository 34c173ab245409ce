/**
 * What a `trusted` verdict on TPM evidence proves, for a person.
 *
 * @module
 */

import type { Claim } from "../evidence.ts";

/** Claims, and what is never proven. */
export const TPM_PROVES: { readonly yes: readonly Claim[]; readonly no: readonly string[] } = {
  yes: [
    {
      says: "a TPM's attestation key signed this quote, if who certified the key tells the truth",
      needs: [
        "tpm.signature",
        "tpm.attributes",
        "tpm.ak-root",
        "tpm.ak-chain",
        "tpm.ak-certificate",
      ],
      otherwise:
        "that a TPM made this quote: nobody whom you believe certifies the key, so any program could have",
    },
    {
      says: "its issuer has not revoked the key",
      needs: ["tpm.ak-revocation"],
      otherwise: "that the key was not revoked",
    },
    {
      says: "the quoted registers that say what runs have the values that you expected",
      needs: ["tpm.pcrs", "tpm.what-runs"],
      otherwise: "what runs",
    },
    {
      says:
        "the event log led to the quoted registers, so that the digests that it lists for them were measured",
      needs: ["logs.log", "logs.data", "logs.replay"],
      otherwise: "what was measured, event by event",
    },
    {
      says: "Secure Boot was on, by the firmware's word",
      needs: ["logs.replay", "tpm.secure-boot"],
      otherwise: "that Secure Boot was on",
    },
    {
      says: "the quote was made for your question",
      needs: ["tpm.qualifying-data"],
      otherwise: "that the quote was made for your question",
    },
  ],
  no: [
    "that memory is encrypted or kept from the host: a TPM says what was measured, not what protects it",
    "that this TPM sits in the machine that you talk to: a quote can be relayed from another",
    "that firmware and host measured what they started, which a TPM takes from them in good faith",
    "that what an event log tells from behind the firmware's hand-over was not measured by what ran later",
    "that nothing broke in after the boot",
  ],
};
