/**
 * AWS Nitro Enclaves: attestation documents that AWS's hypervisor signs.
 *
 * @module
 */

import { type NitroTechnology, nitroTechnology } from "./technology.ts";

export type { NitroCode } from "./codes.ts";
export type { NitroFiles } from "./files.ts";
export type { NitroKind } from "./kind.ts";
export type { NitroPolicy } from "./policy.ts";
export type { NitroRegisters } from "./policy_registers.ts";
export type { NitroDocument, NitroEvidence, NitroRegister, NitroRevocationList } from "./report.ts";
export type { NitroTechnology } from "./technology.ts";

/**
 * Nitro Enclaves as the rest of the program sees them: no variant, since no
 * node runs in an enclave, but documents of the same form and root as those of
 * NitroTPMs, which must not pass for them.
 */
export const nitroEnclave: NitroTechnology<"nitro-enclave"> = nitroTechnology(
  "nitro-enclave",
  "AWS Nitro Enclaves",
  "enclave",
);

/** Documents of NitroTPMs: the part that AWS's variants consist of, and none on its own. */
export const nitroTpm: NitroTechnology<"nitro-tpm"> = nitroTechnology(
  "nitro-tpm",
  "AWS NitroTPM",
  "tpm",
);
