/**
 * Intel's root key, pinned by certificate and by key.
 *
 * One root stands above the Platform CA and the Processor CA, which issue PCK
 * certificates, and above the certificate that signs TCB info and QE identity.
 * It is believed only where both digests agree; the certificate itself travels
 * in the quote and with the collateral.
 *
 * Origin: Intel, https://certificates.trustedservices.intel.com/Intel_SGX_Provisioning_Certification_RootCA.pem;
 * the same certificate stands in every PCK chain, compared on 2026-11-21.
 *
 * @module
 */

import type { Anchor } from "../anchors.ts";

/** The pinned roots. */
export const INTEL_ROOTS: readonly Anchor[] = [
  {
    // CN=Intel SGX Root CA, P-256, 2018-05-21 to 2049-12-31
    line: "",
    certificateSha256: "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3",
    spkiSha256: "a0af031289f5d5d4132f9186068a7fc13628633ba235777472e29b6b6c67a49e",
    lab: false,
  },
];
