/**
 * Azure VM with trusted launch: a TPM of the host, whose keys Microsoft
 * certifies. No CPU protects the memory. Which root that is, and that its
 * certificates are in force, is the operator's to state: none is built in.
 *
 * @module
 */

import { type VtpmVariant, vtpmVariant } from "../tpm/variant.ts";
import { VARIANTS } from "../variants/table.ts";

export type { VtpmEvidence, VtpmPolicy, VtpmVariant } from "../tpm/variant.ts";

/** The variant `azure-trusted-launch`. */
export const azureTrustedLaunch: VtpmVariant<"azure-trusted-launch"> = vtpmVariant(
  "azure-trusted-launch",
  VARIANTS["azure-trusted-launch"],
  { yes: [], no: VARIANTS["azure-trusted-launch"].provesNot },
);
