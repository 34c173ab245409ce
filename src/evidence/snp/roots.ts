/**
 * AMD's root keys (ARK), pinned by certificate and by key.
 *
 * A product line has one ARK, above the ASK that signs VCEKs and the ASVK that
 * signs VLEKs alike. Bergamo and Siena stand under Genoa's. A root certificate
 * is believed only where both digests agree; the certificate itself travels
 * with the chain.
 *
 * Origin: AMD Key Distribution Service, `/vcek/v1/<line>/cert_chain` and
 * `/vlek/v1/<line>/cert_chain` (AMD 57230 §4); the same certificates stand in
 * google/go-sev-guest `verify/trust/` (Apache-2.0), compared on 2026-11-21.
 *
 * @module
 */

import type { Anchor } from "../anchors.ts";

/** The pinned roots. */
export const AMD_ROOTS: readonly Anchor[] = [
  {
    // CN=ARK-Milan, RSA-4096, 2020-10-22 to 2045-10-22
    line: "Milan",
    certificateSha256: "69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd",
    spkiSha256: "9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9",
    lab: false,
  },
  {
    // CN=ARK-Genoa, RSA-4096, 2022-01-26 to 2047-01-26
    line: "Genoa",
    certificateSha256: "4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1",
    spkiSha256: "429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831",
    lab: false,
  },
  {
    // CN=ARK-Turin, RSA-4096, 2023-05-15 to 2048-05-15
    line: "Turin",
    certificateSha256: "1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a",
    spkiSha256: "4f125410563a2ab9a50356f9243f6fe0b6f73de98603f53f90339c70e9d7ad08",
    lab: false,
  },
];
