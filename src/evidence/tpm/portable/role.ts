/**
 * The two kinds of keys that certificates are about.
 *
 * @module
 */

/** What a key is: an attestation key, which signs quotes, or an endorsement key, which stands for the TPM. */
export type Role = "AK" | "EK";

/** How names of files begin that belong to a key. */
export const PREFIXES: Readonly<Record<Role, string>> = { AK: "ak", EK: "ek" };
