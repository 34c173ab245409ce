/**
 * Evidence of QEMU with a software TPM, collected on the node.
 *
 * @module
 */

import type { Issuer } from "../device/issuer.ts";
import { bareTpmIssuer } from "../tpm/bare_issue.ts";

/** Collects evidence of `qemu-vtpm`. */
export const qemuVtpmIssuer: Issuer = bareTpmIssuer("qemu-vtpm");
