/**
 * The steps of verification, in the order in which they are done: what stands
 * before a refused step was established, unless there was nothing to do it with.
 *
 * @module
 */

import type { Check } from "../evidence.ts";
import { LOG_CHECKS } from "../logs/checks.ts";

export { LOG_CHECKS } from "../logs/checks.ts";

/** Steps that need the key's certificate. */
export const CERTIFICATE_CHECKS: readonly Check[] = [
  {
    id: "tpm.ak-root",
    link: "root",
    title: "Root of the key's certificate",
    source: "RFC 5280 §6.1",
  },
  {
    id: "tpm.ak-certificate",
    link: "chain",
    title: "Certificates fit their purpose",
    source: "TCG TPM 2.0 Keys for Device Identity and Attestation §8",
  },
  {
    id: "tpm.ak-chain",
    link: "chain",
    title: "Chain of the key's certificate",
    source: "RFC 5280 §6.1",
  },
  { id: "tpm.ak-revocation", link: "chain", title: "Not revoked", source: "RFC 5280 §6.3" },
  {
    id: "tpm.ak-validity",
    link: "chain",
    title: "Certificates in force",
    source: "RFC 5280 §4.1.2.5",
  },
];

/** The steps. */
export const TPM_CHECKS: readonly Check[] = [
  {
    id: "tpm.quote",
    link: "evidence",
    title: "Quote made by a TPM",
    source: "TPM 2.0 Library Part 2 §10.12",
  },
  {
    id: "tpm.key",
    link: "key",
    title: "Attestation key well formed",
    source: "TPM 2.0 Library Part 2 §12.2",
  },
  ...CERTIFICATE_CHECKS,
  {
    id: "tpm.signature",
    link: "evidence",
    title: "Quote signature",
    source: "TPM 2.0 Library Part 3 §18.4",
  },
  {
    id: "tpm.pcrs",
    link: "evidence",
    title: "Registers as they were quoted",
    source: "TPM 2.0 Library Part 1 §17.6, Part 2 §10.12.1",
  },
  ...LOG_CHECKS,
];
