/**
 * Evidence of an instance with NitroTPM, collected on the node.
 *
 * @module
 */

import type { Issuer } from "../device/issuer.ts";
import { needed } from "../device/refused.ts";
import { identityOf } from "../ec2/identity_device.ts";
import { nitroDocument } from "../tpm/nitro_document.ts";

/** Collects evidence of `aws-nitro-tpm`. */
export const awsNitroTpmIssuer: Issuer = {
  variant: "aws-nitro-tpm",
  issue: async (devices, { binding }) => {
    const tpm = needed(devices.tpm, "aws-nitro-tpm", "TPM");
    const document = await nitroDocument(tpm, { nonce: binding, userData: null });
    return { document, ...await identityOf(devices, "aws-nitro-tpm") };
  },
};
