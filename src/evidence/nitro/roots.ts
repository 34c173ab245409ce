/**
 * AWS's root of Nitro attestation, pinned by certificate and by key.
 *
 * One root stands above the documents of enclaves and of NitroTPMs in all
 * regions of AWS's commercial partition. The certificate itself travels in the
 * document, and is believed only where both digests agree.
 *
 * Origin: https://aws-nitro-enclaves.amazonaws.com/AWS_NitroEnclaves_Root-G1.zip
 * (AWS, "Verifying the root of trust": SHA-256 of the certificate
 * 64:1A:03:21:A3:E2:44:EF:E4:56:46:31:95:D6:06:31:7E:D7:CD:CC:3C:17:56:E0:98:93:F3:C6:8F:79:BB:5B);
 * compared on 2026-11-21 with the one that a real document carries.
 *
 * @module
 */

import type { Anchor } from "../anchors.ts";

/** The pinned root. */
export const AWS_NITRO_ROOTS: readonly Anchor[] = [
  {
    // CN=aws.nitro-enclaves,OU=AWS,O=Amazon,C=US, P-384, 2019-10-28 to 2049-10-28
    line: "",
    certificateSha256: "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b",
    spkiSha256: "f2caf5ecc6190b4a8399b78bc58a2bbcd0382375db8a1bfd78a82743874fd225",
    lab: false,
  },
];
