/**
 * What an attestation document of AWS Nitro says, as the engine reads it.
 *
 * Sources: AWS, "Validate a NitroTPM Attestation Document" and "Verifying the
 * root of trust" (Nitro Enclaves); RFC 8949, RFC 9052.
 *
 * @module
 */

import type { CertificateSummary } from "../../core/x509.ts";

/** A register of SHA-384. */
export interface NitroRegister {
  /** Number, 0 to 31. */
  readonly register: number;
  /** Value, 48 bytes, hex. */
  readonly value: string;
}

/** An attestation document. */
export interface NitroDocument {
  /** Whether its registers are an enclave's (`pcrs`) or a NitroTPM's (`nitrotpm_pcrs`). */
  readonly kind: "enclave" | "tpm";
  /** Module that issued it, as `i-0123456789abcdef0-tpm0000000000000000`. */
  readonly moduleId: string;
  /** When it was made, milliseconds since 1970. */
  readonly timestamp: number;
  /** Hash of the registers. */
  readonly digest: "SHA384";
  /** Registers, rising. */
  readonly registers: readonly NitroRegister[];
  /** Public key of the caller, hex; null where there is none. */
  readonly publicKey: string | null;
  /** Data of the caller, hex; null where there are none. */
  readonly userData: string | null;
  /** Nonce of the caller, hex; null where there is none. */
  readonly nonce: string | null;
}

/** A revocation list that was used. */
export interface NitroRevocationList {
  /** Issuer as RFC 4514 text. */
  readonly issuer: string;
  /** ISO 8601. */
  readonly thisUpdate: string;
  /** ISO 8601. */
  readonly nextUpdate: string;
  /** Revoked certificates. */
  readonly entries: number;
}

/** A document that was verified. */
export interface NitroEvidence {
  /** The document. */
  readonly document: NitroDocument;
  /** From the certificate that signed to the root. */
  readonly certificates: readonly CertificateSummary[];
  /** Whether the root is a lab's. */
  readonly lab: boolean;
  /** Whether every certificate but the root that names a distribution point is covered by a list, and none is revoked. */
  readonly revocationChecked: boolean;
  /** Lists that were used. */
  readonly revocationLists: readonly NitroRevocationList[];
}
